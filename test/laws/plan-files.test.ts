// The laws of plan files and selections, a few cases each; `npm run laws` plays them by the thousand.

import { expect, test } from "vitest";
import { holdLaw, patience } from "./hold-law.ts";
import { forcedLaw, planFileLaw, selectionLaw } from "./plan-file-laws.ts";

test(
  "a plan file is carried out as it stands, once, or refused with nothing sent; a killed one goes on",
  async () => {
    const tally = await holdLaw(planFileLaw, 120);
    for (const event of ["nothing", "drift", "another run", "kill", "edit of the sources", "altered", "faults"])
      expect(tally[`plan-file/${event}`], event).toBeGreaterThan(3);
  },
  patience,
);

test(
  "what --target and --exclude leave out is untouched, and a full apply afterwards makes the same world",
  async () => {
    const tally = await holdLaw(selectionLaw, 60);
    for (const option of ["target", "exclude"]) expect(tally[`selection/${option}`], option).toBeGreaterThan(10);
  },
  patience,
);

test(
  "what --replace names is replaced, and what stands on it as far as it must",
  async () => {
    const tally = await holdLaw(forcedLaw, 40);
    expect(tally["selection/replaced"]).toBeGreaterThan(20);
  },
  patience,
);
