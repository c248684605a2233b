// Names of Azure objects. Azure compares them without regard to case, hence small letters only. Pure.
// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import { shortHash } from "../../lowering/short-hash.ts";

const usual = /[a-z0-9_-]/;
/** Virtual machines and what they call themselves know no underscore. */
const ofMachines = /[a-z0-9-]/;

/** The longest name of each type. */
export const nameLimits = {
  group: 90,
  virtualNetwork: 64,
  network: 80,
  disk: 80,
  virtualMachine: 64,
  rule: 80,
} as const;

/** Kept free for the generation that the engine appends: `-g2`. */
const generationRoom = 4;

/** `<stack>-<name>[-<key>]`. Names may not end with a hyphen. */
export function armName(context: LoweringContext, length: number, alphabet = usual): string {
  const name = context.name({ length: length - 7, alphabet });
  return name.endsWith("-") ? name + shortHash(name) : name;
}

/** The name of a part of a resource: `<stack>-<name>-<part>`, with a short hash where the part had to be cut or changed. */
export function partName(context: LoweringContext, part: string, length: number): string {
  const base = armName(context, length);
  const plain = part
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-|-$/g, "");
  const whole = `${base}-${plain}`;
  const room = length - generationRoom;
  if (plain === part && whole.length <= room) return whole;
  return `${whole.slice(0, room - 7).replace(/-+$/, "")}-${shortHash(`${base}/${part}`)}`;
}

const longestLabel = 15;

/** A machine's own disk within it. What Azure calls the disk is the machine's name with this behind, so that a machine that is renamed in the source keeps its disks. */
export function diskLabel(label: string): string {
  const plain = label.toLowerCase();
  if (plain === label && label.length <= longestLabel) return label;
  return `${plain.slice(0, longestLabel - 7).replace(/[-_]+$/, "")}-${shortHash(label)}`;
}

/** The name of a virtual machine, which is what it calls itself where no host name is written: up to 64 characters. */
export function machineName(context: LoweringContext): string {
  return armName(context, nameLimits.virtualMachine, ofMachines);
}
