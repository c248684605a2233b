// The vendor's model of ARM's bodies, read from the installed SDKs: what each serialiser can send, what each deserialiser reads, and which values
// an enumeration has. The SDKs are generated from the specifications, so this is the vendor's description and not ours.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Members by their JSON names. */
export interface ModelNode {
  readonly members: ReadonlyMap<string, ModelMember>;
}

export interface ModelMember {
  /** The function that reads or writes the value; undefined for what is passed on as it is. */
  readonly next: string | undefined;
}

export interface ArmModel {
  /** What a function reads or writes, lists and maps taken off. */
  node(functionName: string): ModelNode | undefined;
  /** Values of a member of what a function is for; undefined where it is no enumeration. */
  values(functionName: string, member: string): readonly string[] | undefined;
}

type Package = "arm-network" | "arm-compute" | "arm-resources";

/** Reads the models of one SDK. */
export function readArmModel(name: Package): ArmModel {
  const folder = join(import.meta.dirname, "../../node_modules/@azure", name, "dist/esm/models");
  const files = readdirSync(folder, { recursive: true }).map(String);
  const code = files.filter((file) => file.endsWith("models.js")).map((file) => readFileSync(join(folder, file), "utf8"));
  const types = files
    .filter((file) => file.endsWith("models.d.ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const functions = new Map<string, string>();
  for (const text of code)
    for (const [, called = "", body = ""] of text.matchAll(/^export function (\w+)\((?:item|result)\) \{\n([\s\S]*?)\n\}/gm))
      functions.set(called, body);
  const nodes = new Map<string, ModelNode | undefined>();
  const node = (called: string): ModelNode | undefined => {
    if (!nodes.has(called)) nodes.set(called, readNode(functions, called));
    return nodes.get(called);
  };
  return { node, values: (called, member) => readValues(types, called, member) };
}

/** Lists and maps hand each item to another function. */
function readNode(functions: ReadonlyMap<string, string>, called: string): ModelNode | undefined {
  const body = functions.get(called);
  if (body === undefined) return undefined;
  const inner =
    /result\.map\(\(item\) => \{\s*return !?(?:item\s*\?\s*item\s*:\s*)?(\w+)\(item\)/.exec(body)?.[1] ??
    /result\[key\] = [\s\S]*?(\w+)\(item\[key\]\)/.exec(body)?.[1];
  if (inner !== undefined) return readNode(functions, inner);
  const members = new Map<string, ModelMember>();
  for (const entry of (/return \{\n([\s\S]*?)\n {4}\};/.exec(body)?.[1] ?? "").split(/\n(?= {8}[\w".])/)) {
    const key = /^ {8}(?:"([^"]+)"|(\w+)):/.exec(entry);
    const json =
      called.endsWith("Serializer") && !called.endsWith("Deserializer") ? (key?.[1] ?? key?.[2]) : /item\["([^"]+)"\]/.exec(entry)?.[1];
    if (json !== undefined) members.set(json, { next: [...entry.matchAll(/(\w+(?:Serializer|Deserializer))\(/g)].at(-1)?.[1] });
  }
  return { members };
}

function readValues(types: string, called: string, member: string): readonly string[] | undefined {
  const base = called.replace(/^_/, "").replace(/(?:Array)?(?:Serializer|Deserializer)$/, "");
  for (const name of [base, base.replace(/Properties(?:Format)?$/, "")]) {
    const fields = new RegExp(`export interface ${name}(?: extends [^{]+)? \\{([\\s\\S]*?)\\n\\}`, "i").exec(types)?.[1];
    const type = new RegExp(`\\n\\s+(?:readonly )?${member}\\??: ([^;]+);`, "i").exec(fields ?? "")?.[1];
    if (type === undefined) continue;
    const known = new RegExp(`export declare enum Known${type} \\{([\\s\\S]*?)\\n\\}`).exec(types)?.[1];
    if (known !== undefined) return [...known.matchAll(/= "([^"]*)"/g)].map(([, value = ""]) => value);
    const union = new RegExp(`export type ${type} = ([^;]+);`).exec(types)?.[1] ?? "";
    const literals = [...union.matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value);
    if (literals.length > 0) return literals;
  }
  return undefined;
}
