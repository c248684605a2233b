// Names of remote objects: `<stack>-<name>[-<key>]`, readable, within the cloud's alphabet and length, stable under edits elsewhere.

import { sha256 } from "@noble/hashes/sha2.js";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";

export interface NameLimit {
  readonly length: number;
  /** Matches one allowed character. */
  readonly alphabet: RegExp;
}

/** Kept free for the generation that the engine appends from the second one on: `-g2`. */
const generationRoom = 4;
const hashLength = 6;

/**
 * The name of an object of `resource`. A character outside the alphabet becomes its lower case or `-`. Where that loses something, or the name
 * is too long, a short hash of the address keeps it distinct.
 */
export function nameObject(stack: string, resource: NamedResource, limit: NameLimit): string {
  const component = readComponent(resource);
  const wanted = `${stack}-${component}${resource.name}${resource.key === undefined ? "" : `-${resource.key}`}`;
  const name = fitAlphabet(wanted, limit.alphabet);
  const room = limit.length - generationRoom;
  if (component === "" && name === wanted && name.length <= room) return name;
  return `${name.slice(0, room - hashLength - 1).replace(/[-.]+$/, "")}-${hash(`${stack}/${resource.address}`)}`;
}

export type NamedResource = Pick<PortableResource, "address" | "kind" | "name" | "key">;

/** `cluster.db["a"]/machine.node[0]` → `db-a-`: the use of a component that the resource belongs to. */
function readComponent(resource: NamedResource): string {
  if (!resource.address.includes("/")) return "";
  const end = resource.address.lastIndexOf(`/${resource.kind}.${resource.name}`);
  if (end < 0) return "";
  return resource.address
    .slice(0, end)
    .replace(/[^./]+\./g, "")
    .replace(/\["?|"?\]/g, "-")
    .replace(/-?$/, "-");
}

/** What becomes of each character under an alphabet, kept because a stack names many objects with few characters. */
const fitted = new WeakMap<RegExp, Map<string, string>>();

function fitAlphabet(text: string, alphabet: RegExp): string {
  const known = fitted.get(alphabet) ?? new Map<string, string>();
  fitted.set(alphabet, known);
  let fit = "";
  for (const character of text) {
    let replacement = known.get(character);
    if (replacement === undefined) {
      const lower = character.toLowerCase();
      replacement = alphabet.test(character) ? character : alphabet.test(lower) ? lower : "-";
      known.set(character, replacement);
    }
    fit += replacement;
  }
  return fit;
}

function hash(text: string): string {
  const bytes = sha256(new TextEncoder().encode(text));
  let hex = "";
  for (const byte of bytes.subarray(0, hashLength / 2)) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
