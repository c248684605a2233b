// Who may reach whom on which port is the same everywhere: the table computed from the objects that a stack became on a cloud, by that vendor's rules,
// equals the table computed from the portable meaning. KOINE_RUNS sets how many cases; `npm run law:reachability` plays a thousand. A failure names
// KOINE_SEED and KOINE_PATH, which play its smallest case again.

import fc from "fast-check";
import { expect, test } from "vitest";
import { judgedClouds } from "../support/reachability/clouds.ts";
import { type CaseSpec, caseSpec } from "../support/reachability/generate.ts";
import { judgeCases } from "../support/reachability/judge-cases.ts";
import { type Comparison, describeDifference } from "../support/reachability/table.ts";
import { writeStack } from "../support/reachability/write-case.ts";

const runs = Number(process.env.KOINE_RUNS ?? 100);
const seed = Number(process.env.KOINE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const path = process.env.KOINE_PATH;
/** Networks in one stack: few enough that a shrunk failure is not lost among them, enough to spread the cost of opening a world. */
const together = 40;
const shrinkFor = 60_000;

test(
  "reachability is the same on every cloud, and what the portable meaning says",
  async () => {
    if (path !== undefined) return expectNone(await shrink(path));
    const cases = fc.sample(caseSpec, { seed, numRuns: runs });
    const results: Comparison[] = [];
    for (let start = 0; start < cases.length; start += together) {
      const batch = cases.slice(start, start + together);
      const judged = await judgeCases(batch, judgedClouds).catch((error: unknown) => String(error));
      if (typeof judged === "string") return expectNone((await shrinkFirst(start, batch)) ?? describeFailure(start, batch, judged));
      const at = judged.findIndex(({ differences }) => differences.length > 0);
      if (at >= 0) expectNone((await shrink(`${start + at}`)) ?? describeFailure(start + at, batch, describeFirst(judged[at])));
      results.push(...judged);
    }
    expect(results).toHaveLength(runs);
    // Not a law about empty tables: much passes, and nearly every cell is one that the portable meaning decides.
    expect(sum(results, "open")).toBeGreaterThan(sum(results, "cells") / 8);
    expect(sum(results, "unpromised")).toBeLessThan(sum(results, "cells") / 50);
  },
  300_000 + runs * 2_000,
);

/** Of a batch that could not be judged, the first case that fails alone. */
async function shrinkFirst(start: number, batch: readonly CaseSpec[]): Promise<string | undefined> {
  for (const at of batch.keys()) {
    const failure = await shrink(`${start + at}`);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Plays one case of the seed alone, and what it shrinks to. Undefined when alone it does not fail. */
async function shrink(from: string): Promise<string | undefined> {
  let last = "";
  const property = fc.asyncProperty(caseSpec, async (spec) => {
    const failure = await judgeCases([spec], judgedClouds).then(
      ([judged]) => describeFirst(judged),
      (error: unknown) => String(error),
    );
    if (failure === "") return true;
    last = failure;
    return false;
  });
  const details = await fc.check(property, { seed, path: from, numRuns: 1, interruptAfterTimeLimit: shrinkFor });
  const [spec] = details.counterexample ?? [];
  return spec && details.failed ? describeFailure(details.counterexamplePath ?? from, [spec], last) : undefined;
}

function describeFailure(at: string | number, cases: readonly CaseSpec[], what: string): string {
  const again = `play it again with KOINE_SEED=${seed} KOINE_PATH=${at} npx vitest run test/laws/reachability.test.ts`;
  return [again, what, writeStack(judgedClouds[0]?.declaration ?? "", cases)].join("\n\n");
}

/** Empty when there is none. */
function describeFirst(judged: Comparison | undefined): string {
  const [difference] = judged?.differences ?? [];
  return difference ? describeDifference(difference) : "";
}

function expectNone(failure: string | undefined): void {
  if (failure !== undefined) expect.fail(failure);
}

function sum(results: readonly Comparison[], count: "cells" | "open" | "unpromised"): number {
  return results.reduce((total, result) => total + result[count], 0);
}
