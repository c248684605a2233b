// Many kills at times drawn from a seed, and what came of them as one row of a table.

import { mix } from "../../../providers/simulation/seeds.ts";
import type { CloudName } from "../clouds.ts";
import { type Death, playKill, type Scene, type Verdict } from "./kill-koine.ts";

/** In [0, 1): of a seed, a series and a run in it. */
export function drawShare(seed: number, series: number, run: number): number {
  return mix(seed, series, run) / 2 ** 32;
}

export interface Campaign {
  readonly cloud: CloudName;
  readonly verdicts: readonly Verdict[];
  /** Seconds. */
  readonly took: number;
}

/**
 * Kills `runs` runs at times drawn uniformly over the duration of the undisturbed one; scenes take turns. `tell` hears of every wrong one, with what plays it
 * again.
 */
export async function runCampaign(
  scenes: readonly Scene[],
  options: { readonly runs: number; readonly seed: number; readonly together: number; readonly tell: (line: string) => void },
): Promise<Campaign> {
  const [first] = scenes;
  if (!first) throw new Error("there is no scene");
  const began = performance.now();
  const verdicts: Verdict[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < options.runs) {
      const run = next++;
      const scene = scenes[run % scenes.length] ?? first;
      const at = Math.round(drawShare(options.seed, 0, run) * scene.duration);
      const verdict = await playKill(scene, at);
      verdicts.push(verdict);
      if (verdict.wrong.length > 0)
        options.tell(`${scene.cloud} ${scene.shape.name} run ${run}, killed at ${at} ms (${verdict.death}):\n${verdict.wrong.join("\n")}`);
    }
  };
  await Promise.all(Array.from({ length: options.together }, work));
  return { cloud: first.cloud, verdicts, took: (performance.now() - began) / 1000 };
}

const deaths: readonly Death[] = ["before the state", "nothing in flight", "intended", "acknowledged"];

/** Markdown: one line for each cloud. */
export function writeTable(campaigns: readonly Campaign[]): string {
  const head = [
    ...["cloud", "runs", "killed", ...deaths.map((death) => `… ${death}`), "landed after the death"],
    ...["orphans", "duplicates", "prompts", "manual steps", "mismatches", "wall time"],
  ];
  const lines = campaigns.map(({ cloud, verdicts, took }) => {
    const count = (is: (verdict: Verdict) => boolean): number => verdicts.filter(is).length;
    const sum = (of: (verdict: Verdict) => number): number => verdicts.reduce((total, verdict) => total + of(verdict), 0);
    return [
      ...[cloud, verdicts.length, count((one) => one.death !== "ended"), ...deaths.map((death) => count((one) => one.death === death))],
      sum((one) => one.late),
      ...[sum((one) => one.orphans), sum((one) => one.duplicates), sum((one) => one.prompts), sum((one) => one.manualSteps)],
      ...[sum((one) => one.mismatches), `${Math.round(took)} s`],
    ];
  });
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
