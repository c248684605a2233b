// The plan file: a claim that is compared with a fresh plan, never instructions. It holds digests, and the changes as data so that `show` and a
// reviewer can read them; no secret stands in it. What is read back is checked field by field and used for nothing else.

import type { BasisParts } from "./basis.ts";
import type { OutputChange, Plan } from "./change.ts";
import { type ChangeData, changeData, type DigestContext } from "./digest.ts";
import { describePlanFileMistake } from "./plan-file-schema.ts";

export const planFileFormat = 1;

export interface PlanFile {
  readonly koinePlan: typeof planFileFormat;
  readonly stack: string;
  readonly world: Plan["world"];
  readonly lineage: string;
  readonly serial: number;
  readonly destroy: boolean;
  readonly refreshOnly?: true;
  readonly offline: boolean;
  /** ISO 8601, for people; part of no digest. */
  readonly createdAt: string;
  readonly digest: Plan["digest"];
  /** Part by part, to say what moved when the basis differs. */
  readonly basis: BasisParts;
  readonly unchanged: number;
  readonly changes: readonly ChangeData[];
  readonly outputs: readonly OutputChange[];
  readonly strays: Plan["strays"];
  readonly settled: Plan["settled"];
  readonly warnings: readonly string[];
  readonly blocked?: Plan["blocked"];
  readonly leftOut?: number;
}

/** The file of a plan. `createdAt` in milliseconds since the epoch. */
export function makePlanFile(plan: Plan, basis: BasisParts, createdAt: number, context: DigestContext): PlanFile {
  const { stack, world, lineage, serial, destroy, offline, digest, unchanged, outputs, strays, settled, warnings, blocked, leftOut } = plan;
  const { refreshOnly } = plan;
  return {
    koinePlan: planFileFormat,
    stack,
    world,
    lineage,
    serial,
    destroy,
    ...(refreshOnly ? { refreshOnly } : {}),
    offline,
    createdAt: new Date(createdAt).toISOString(),
    digest,
    basis,
    unchanged,
    changes: plan.changes.map((change) => changeData(change, context)),
    outputs,
    strays,
    settled,
    warnings,
    ...(blocked ? { blocked } : {}),
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

export function serialisePlanFile(file: PlanFile): string {
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

/** Largest file that is read; a plan of 100,000 changes is about a fifth of it. */
const largest = 512 * 1024 * 1024;

/** Reads a plan file. Anything unexpected is a mistake in words, never a throw. */
export function parsePlanFile(text: string): { readonly file: PlanFile } | { readonly mistake: string } {
  if (text.length > largest) return { mistake: "it is larger than 512 MiB" };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { mistake: "it is not JSON" };
  }
  const mistake = describePlanFileMistake(data, planFileFormat);
  return mistake === undefined ? { file: data as PlanFile } : { mistake };
}
