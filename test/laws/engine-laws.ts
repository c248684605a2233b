// The engine's laws as the runner takes them: whole schedules under every fault, and that a seed tells all.

import { canonical } from "../../grammar/graph/canonical.ts";
import { anyStorm } from "./engine-stages.ts";
import { playStorm } from "./engine-storm.ts";
import { defineLaw } from "./law.ts";

export const stormLaw = defineLaw({
  name: "storms",
  arbitrary: anyStorm,
  play: async (storm) => {
    const { wrong, tally } = await playStorm(storm);
    return { wrong, tally };
  },
});

/** Played twice, a schedule leaves the same ledger, the same requests and the same events, byte for byte. */
export const replayLaw = defineLaw({
  name: "replays",
  share: 0.05,
  arbitrary: anyStorm,
  play: async (storm) => {
    const tell = async (): Promise<string> => {
      const { rig, outcomes } = await playStorm(storm);
      return canonical([rig.world.ledger, rig.cloud.wire, outcomes.map((outcome) => outcome.events)] as never);
    };
    const once = await tell();
    const again = await tell();
    return { wrong: once === again ? [] : ["mismatch: the same seed told two stories"], tally: {} };
  },
});
