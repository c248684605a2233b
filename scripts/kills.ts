// `npm run laws:kills -- [--runs 200] [--seed 1] [--cloud aws,gcp,azure] [--write]`: kills the CLI with SIGKILL at random times, on each simulated cloud over the
// wire, the cloud living on; applies again, judges, and prints a table. Exits 1 when anything was lost, made twice, asked or left to a person. `--write`
// keeps the table in bench/results/kills.md.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/machine.ts";
import { cloudNames } from "../test/support/clouds.ts";
import { setScene, usualWire } from "../test/support/kills/kill-koine.ts";
import { shapeNames, shapeOn } from "../test/support/kills/shapes.ts";
import { type Campaign, runCampaign, writeTable } from "../test/support/kills/tally.ts";
import { root } from "../test/support/koine-process.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    cloud: { type: "string", default: cloudNames.join(",") },
    together: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
  },
});
const asked = values.cloud.split(",");
const runs = Number(values.runs);
const seed = Number(values.seed);

const campaigns: Campaign[] = [];
const wrong: string[] = [];
for (const cloud of cloudNames.filter((name) => asked.includes(name))) {
  const scenes = [];
  for (const name of shapeNames) scenes.push(await setScene(cloud, shapeOn(cloud, name)));
  const durations = scenes.map((scene) => `${scene.shape.name} ${Math.round(scene.duration)} ms`).join(", ");
  console.error(`${cloud}: ${runs} runs; undisturbed: ${durations}`);
  const tell = (line: string): void => {
    wrong.push(line);
    console.error(line);
  };
  campaigns.push(await runCampaign(scenes, { runs, seed, together: Number(values.together), tell }));
  for (const scene of scenes) rmSync(scene.folder, { recursive: true, force: true });
}

const table = writeTable(campaigns);
console.log(table);
if (values.write) {
  const text = `# kill -9 of the CLI at random times

${describeMachine()}. Made by \`npm run laws:kills -- --runs ${runs} --seed ${seed} --write\`: a third of the runs each is a create, an edit (updates in place, a replacement, additions, a
removal) and a destroy, killed with SIGKILL at a time drawn uniformly over the duration of the undisturbed run. The embedded cloud lives on in another process, and every mutating
request is ${usualWire.before} ms under way before it takes effect. Then the same command runs once more, and the world is compared, object by object and property by property,
with that of a run that nobody killed; a second plan has to be empty.

${table}

*before the state*, *nothing in flight*, *intended*, *acknowledged*: what the journal held at the death. *Landed after the death*: requests that took effect when their sender
was dead already. *Prompts*: questions asked. *Manual steps*: commands beyond the one repetition. *Mismatches*: what is missing or differs, and second plans that
are not empty.
`;
  mkdirSync(join(root, "bench", "results"), { recursive: true });
  writeFileSync(join(root, "bench", "results", "kills.md"), text);
}
if (wrong.length > 0) {
  console.error(`${wrong.length} runs were wrong; play them again with --seed ${seed}`);
  process.exitCode = 1;
}
