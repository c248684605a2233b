// A plan may be applied once: the run rows tell whether one was, and whether a killed run may go on with the same file. Pure.

import type { RunRow, SerialRow } from "../state/store.ts";

export type PlanUse =
  | { readonly kind: "fresh" }
  /** A run of this very plan was killed or interrupted and no other run came since: it goes on. `serial` is the one that its basis names. */
  | { readonly kind: "resume"; readonly run: RunRow; readonly serial: number }
  | { readonly kind: "used"; readonly run: RunRow }
  /** A run of this plan was killed, and something else wrote to the state since. */
  | { readonly kind: "overtaken"; readonly run: RunRow; readonly by: string };

/** Judges a plan by the basis it names. `runs` are the latest, newest first; `since`: what wrote to the state since the latest of them began. */
export function judgePlanUse(basis: string, runs: readonly RunRow[], since: readonly SerialRow[] = []): PlanUse {
  const own = runs.filter((run) => run.basis === basis);
  const [newest] = own;
  if (!newest) return { kind: "fresh" };
  const ended = own.find((run) => run.endedAt !== undefined && run.result !== "interrupted");
  if (ended) return { kind: "used", run: ended };
  if (runs[0]?.basis !== basis) return { kind: "overtaken", run: newest, by: "another run" };
  // An apply that only settled, or was killed before it was a run, changed nothing but what this run had begun.
  const other = since.find(({ cause }) => cause !== "" && cause !== "apply" && cause !== "destroy");
  if (other) return { kind: "overtaken", run: newest, by: `\`koine state ${other.cause}\`` };
  // Each attempt raised the serial; the plan was made before the first.
  return { kind: "resume", run: newest, serial: Math.min(...own.map((run) => run.serialBefore)) };
}

/** The latest run, where it was approved by one of these digests and was cut short: what is left of it may go on without being approved again. */
export function findApprovedRun(
  digests: readonly string[],
  runs: readonly RunRow[],
  since: readonly SerialRow[] = [],
): (PlanUse & { readonly kind: "resume" }) | undefined {
  const [latest] = runs;
  if (latest?.approved === undefined || latest.requests === undefined || !digests.includes(latest.approved)) return undefined;
  const use = judgePlanUse(latest.basis, runs, since);
  return use.kind === "resume" ? use : undefined;
}
