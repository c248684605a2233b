// The format of stored rows, one number for every store, and the sentences about it that all stores share.

import { randomBytes } from "node:crypto";
import type { StateProblem } from "./state-problem.ts";

/**
 * 1: objects, their history, journal, outputs, runs, lock. 2: adds when and by what each serial was made, and where creates were sent.
 * A higher number is refused; a lower one is upgraded.
 */
export const stateFormat = 2;

/** 128 random bits, hex. */
export function createLineage(): string {
  return randomBytes(16).toString("hex");
}

export function describeNewerFormat(location: string, format: number): StateProblem {
  return {
    message: `the state \`${location}\` has format ${format}, and this Koine reads formats up to ${stateFormat}`,
    hint: "use the newer Koine that wrote it; nothing was changed",
  };
}

/** A defect of a caller: history could not be told apart any more. */
export function describeFallingSerial(from: number, to: number): string {
  return `the serial of a state only rises: it is ${from}, and ${to} was written`;
}
