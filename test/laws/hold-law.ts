// A law as a test: a few cases by a fixed seed, more where a person asks for them.

import { describeFailure, type Law } from "./law.ts";

/** Milliseconds for a test: long runs are played here too. */
export const patience = 1_200_000;

/** Plays a law and gives its counts. More cases: `KOINE_LAW_RUNS=1000 KOINE_LAW_SEED=7 vitest run test/laws/annotations.test.ts`. */
export async function holdLaw(law: Law, usual: number): Promise<Readonly<Record<string, number>>> {
  const seed = Number(process.env.KOINE_LAW_SEED ?? 1);
  const report = await law.run({ runs: Number(process.env.KOINE_LAW_RUNS ?? usual), seed });
  if (report.failure) throw new Error(describeFailure(report));
  return report.tally;
}
