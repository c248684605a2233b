// Why an evaluation cannot go on, as a signal that unwinds to the nearest memoised cell. Never leaves compile.ts: what the
// user did wrong was reported before the signal was raised.

import type { Span } from "../source/span.ts";

/** One cell of a cycle, for the message. */
export interface CycleStep {
  readonly label: string;
  readonly span: Span;
}

export type Halt =
  /** A mistake that was already reported; whatever needs the value stays silent. */
  | { readonly halt: "poison" }
  /** Needs an input that has no value yet (only when compiling without inputs). */
  | { readonly halt: "undecided"; readonly inputs: readonly string[] }
  /** The evaluation budget is spent; reported once, everything stops. */
  | { readonly halt: "spent" }
  /** The chain of cells is too long for the stack: finish `task` first, then start again. */
  | {
      readonly halt: "first";
      readonly task: () => unknown;
      readonly chain: readonly { readonly cell: object; readonly step: () => CycleStep }[];
    };

export const poisoned: Halt = { halt: "poison" };
export const budgetSpent: Halt = { halt: "spent" };

export function isHalt(thrown: unknown): thrown is Halt {
  return typeof thrown === "object" && thrown !== null && "halt" in thrown;
}

/** Runs `body`; a mistake or an undecided input gives `otherwise`. A spent budget and a long chain unwind further. */
export function orElse<T, U>(body: () => T, otherwise: (halt: Halt) => U): T | U {
  try {
    return body();
  } catch (thrown) {
    if (isHalt(thrown) && (thrown.halt === "poison" || thrown.halt === "undecided")) return otherwise(thrown);
    throw thrown;
  }
}
