// The storm over the wire on each embedded cloud, a few cases by a fixed seed; the long run is `npm run laws -- --only wire-aws` and its like.

import { expect, test } from "vitest";
import { describeFailure } from "./law.ts";
import { wireLaws } from "./wire-laws.ts";

test.each(wireLaws.map((law) => [law.name, law] as const))(
  "%s: whatever happens on the way, one undisturbed apply leaves the world that a calm run makes",
  { timeout: 300_000 },
  async (_, law) => {
    const report = await law.run({ runs: 4, seed: 20 });
    expect(describeFailure(report)).toBe("");
    expect(report.runs).toBe(4);
  },
);
