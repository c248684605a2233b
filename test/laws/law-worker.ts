// A thread that plays laws for `npm run laws`: one message in is one batch, one message out is its report. Keeps nothing between batches.

import { parentPort } from "node:worker_threads";
import { laws } from "./all-laws.ts";
import type { LawReport } from "./law.ts";

export interface Batch {
  readonly law: string;
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
}

export type WorkerMessage =
  | { readonly kind: "played"; readonly cases: number }
  | { readonly kind: "done"; readonly report: LawReport; readonly milliseconds: number };

/** Cases between two signs of life. */
const every = 25;

parentPort?.on("message", async ({ law: name, runs, seed, path }: Batch) => {
  const law = laws.find((each) => each.name === name);
  if (!law) throw new Error(`there is no law \`${name}\``);
  let cases = 0;
  const onCase = (): void => {
    cases += 1;
    if (cases % every === 0) tell({ kind: "played", cases: every });
  };
  const began = performance.now();
  const report = await law.run({ runs, seed, onCase, ...(path !== undefined && { path }) });
  tell({ kind: "done", report, milliseconds: performance.now() - began });
});

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
