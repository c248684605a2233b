// `node bench/loss.ts [--runs 100] [--seed 1] [--write]`: what is lost when the tool is killed. The same workload, the same seeds, the same latency: Koine over the wire
// against an embedded Compute Engine that lives on, Terraform against a world of files that its provisioners make, where `terraform` is on PATH. `--write` keeps
// the table in bench/results/loss.md.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setScene } from "../test/support/kills/kill-koine.ts";
import {
  findTerraform,
  playTerraformKill,
  setTerraformScene,
  type TerraformScene,
  type TerraformVerdict,
} from "../test/support/kills/kill-terraform.ts";
import { latency, lossShape } from "../test/support/kills/loss-shapes.ts";
import { shapeNames } from "../test/support/kills/shapes.ts";
import { drawShare, runCampaign } from "../test/support/kills/tally.ts";
import { root } from "../test/support/koine-process.ts";
import { describeMachine } from "./machine.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    together: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const together = Number(values.together);

interface Line {
  readonly tool: string;
  readonly verdicts: readonly Pick<TerraformVerdict, "killed" | "orphans" | "duplicates" | "prompts" | "manualSteps" | "mismatches">[];
}

async function runTerraform(version: string): Promise<Line> {
  const scenes: TerraformScene[] = [];
  for (const name of shapeNames) scenes.push(await setTerraformScene(name));
  const verdicts: TerraformVerdict[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs) {
      const number = next++;
      const scene = scenes[number % scenes.length];
      if (scene) verdicts.push(await playTerraformKill(scene, Math.round(drawShare(seed, 0, number) * scene.duration)));
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  for (const { folder } of scenes) rmSync(folder, { recursive: true, force: true });
  return { tool: `Terraform ${version}, local state`, verdicts };
}

async function runKoineSide(): Promise<Line> {
  const scenes = [];
  for (const name of shapeNames) scenes.push(await setScene("gcp", lossShape(name), latency));
  const { verdicts } = await runCampaign(scenes, { runs, seed, together, tell: (line) => console.error(line) });
  for (const { folder } of scenes) rmSync(folder, { recursive: true, force: true });
  return { tool: "Koine, SQLite state", verdicts: verdicts.map((one) => ({ ...one, killed: one.death !== "ended" })) };
}

const lines: Line[] = [];
const terraform = findTerraform();
if (terraform === undefined) console.error("terraform is not on PATH: its half of the table is left out");
else lines.push(await runTerraform(terraform));
lines.push(await runKoineSide());

const head = ["tool", "runs", "killed", "runs with a loss", "orphans", "duplicates", "prompts", "manual steps", "mismatches"];
const rows = lines.map(({ tool, verdicts }) => {
  const sum = (of: (one: Line["verdicts"][number]) => number): number => verdicts.reduce((total, one) => total + of(one), 0);
  const lost = verdicts.filter((one) => one.orphans + one.duplicates + one.mismatches + one.manualSteps > 0).length;
  return [
    ...[tool, verdicts.length, verdicts.filter((one) => one.killed).length, lost],
    ...[
      sum((one) => one.orphans),
      sum((one) => one.duplicates),
      sum((one) => one.prompts),
      sum((one) => one.manualSteps),
      sum((one) => one.mismatches),
    ],
  ];
});
const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
console.log(table);

if (values.write) {
  const text = `# Loss

${describeMachine()}. Made by \`node bench/loss.ts --runs ${runs} --seed ${seed} --write\`.

${table}

Each run is killed with SIGKILL at a time drawn, by the same seed for both tools, uniformly over the duration of that tool's own undisturbed run; then the same command runs once
more, as a person would run it, and the world is judged. A third of the runs each is a create (12 objects in three levels), an edit (two of eight replaced, two gone, two more) and a
destroy. Every request is ${latency.before} ms under way before it takes effect, and its answer ${latency.after} ms after.

*Orphans*: objects that no state knows. *Duplicates*: objects beyond the first of one address. *Prompts*: questions. *Manual steps*: commands beyond the one repetition.
*Mismatches*: what is missing or differs, and second plans that are not empty.

**What is compared.** Koine runs as its command line, over the wire, through Google's SDK, against an embedded Compute Engine in another process. Terraform has no cloud here, so its world is
a folder of files: a \`terraform_data\` for each object, whose provisioner writes a file named by the id that Terraform drew for it, and whose destroy-time provisioner removes it. The
provisioner stands for a provider's request: Terraform writes an object into its state when the create *and* its provisioners are done, as it does when a provider's create returns. The
process alone is killed, not the provisioners that it started: a request that was sent to a cloud takes effect too.

**In Terraform's favour.** Local state, its fastest and most prompt to be written (a remote one is written every 20 seconds by default, see github.com/hashicorp/terraform/pull/35116, so a kill loses more). Nothing of the cloud is slow, denied or
wrong. Its removal of what is gone succeeds. Its default parallelism.

**Not comparable.** A provider with names that must be unique would be refused by the cloud when it makes the object a second time: no duplicate then, but an error at every later apply until a person
imports or removes the orphan. Terraform documents neither: an interrupted create is for the person to find. A provisioner that *fails* taints its object; one whose Terraform died taints nothing,
because nothing was recorded. The durations of the two tools differ, and with them how much of a run is start-up, during which a kill loses nothing.
`;
  mkdirSync(join(root, "bench", "results"), { recursive: true });
  writeFileSync(join(root, "bench", "results", "loss.md"), text);
}
