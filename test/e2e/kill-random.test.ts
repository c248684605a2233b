// `kill -9` of the CLI at random times of an edit, against a cloud that lives on in another process: a few by a fixed seed. `npm run laws:kills` plays 200 on each
// cloud, of creates, edits and destroys.

import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { cloudNames } from "../support/clouds.ts";
import { setScene } from "../support/kills/kill-koine.ts";
import { shapeOn } from "../support/kills/shapes.ts";
import { runCampaign } from "../support/kills/tally.ts";

test.each(cloudNames)("%s: the world ends as after a run that nobody killed", { timeout: 300_000 }, async (cloud) => {
  const scene = await setScene(cloud, shapeOn(cloud, "edit"));
  try {
    const told: string[] = [];
    const { verdicts } = await runCampaign([scene], { runs: 3, seed: 4, together: 2, tell: (line) => told.push(line) });
    expect(told).toEqual([]);
    expect(verdicts).toHaveLength(3);
    expect(verdicts.map(({ prompts, manualSteps }) => prompts + manualSteps)).toEqual([0, 0, 0]);
  } finally {
    rmSync(scene.folder, { recursive: true, force: true });
  }
});
