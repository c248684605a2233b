// Names of Google Cloud objects: up to 63 characters, small letters, digits and hyphens, beginning with a letter and not ending with a hyphen. They begin with
// that of the stack, which begins with a letter on every cloud. Pure.
// https://cloud.google.com/compute/docs/naming-resources

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import { shortHash } from "../../lowering/short-hash.ts";

const longest = 63;
const alphabet = /[a-z0-9-]/;
/** A hyphen and six digits. */
const hashRoom = 7;
/** Of a part, in front of its hash. */
const partRoom = 22;

/** `<stack>-<name>[-<key>]`: of the object that stands for a resource. Network tags follow the same rule. */
export function gceName(context: LoweringContext): string {
  return endWell(context.name({ length: longest - hashRoom, alphabet }));
}

/** `<stack>-<name>-<part>-<hash>`: of one of several objects of a resource. The hash keeps parts apart that read alike. */
export function partName(address: string, part: string, context: LoweringContext): string {
  const base = endWell(context.name({ length: longest - partRoom - 2 * hashRoom - 1, alphabet }));
  return `${base}-${toWord(part).slice(0, partRoom)}-${shortHash(`${address}:${part}`)}`.replace(/--+/g, "-");
}

/** The name of a disk as its machine sees it: `/dev/disk/by-id/google-<name>`. What had to be changed is kept apart by a hash. */
export function deviceName(label: string): string {
  const word = toWord(label);
  return word === label && word.length <= longest - hashRoom ? label : `${word.slice(0, longest - hashRoom)}-${shortHash(label)}`;
}

function toWord(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function endWell(name: string): string {
  return name.endsWith("-") ? name + shortHash(name) : name;
}
