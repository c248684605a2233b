// The main job, as a person would do it: compile, plan, apply, plan again, edit, apply, destroy; then one stack on three vendors. Every step is
// the CLI as a process of its own, on the embedded clouds through the vendors' SDKs. Needs no account and no network.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";

const root = join(import.meta.dirname, "..");
const koine = join(root, "bin", "koine");
let folder = copy("web");
const began = performance.now();
const timings: { readonly title: string; readonly seconds: number }[] = [];

function say(text: string): void {
  console.log(`\n${styleText(["bold", "cyan"], `── ${text}`)}`);
}

function run(title: string, args: readonly string[], expected: number): void {
  say(title);
  console.log(styleText("dim", `$ koine ${args.join(" ")}`));
  const start = performance.now();
  const { status, error } = spawnSync(koine, ["-C", folder, ...args], { stdio: "inherit" });
  if (error) throw error;
  timings.push({ title, seconds: (performance.now() - start) / 1000 });
  if (status !== expected) {
    console.error(`\nThe demo stops: exit ${status} where ${expected} was expected. The stack is in ${folder}.`);
    process.exit(1);
  }
}

function copy(example: string): string {
  const scratch = mkdtempSync(join(tmpdir(), "koine-demo-"));
  cpSync(join(root, "examples", example), scratch, { recursive: true, filter: (path) => !path.includes(".koine/") });
  return scratch;
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`the edit of ${file} found nothing to change`);
  writeFileSync(path, after);
}

const plan = join(folder, "first.plan");

run("Compile examples/web: syntax, types, kinds, checks. No cloud is called.", ["check"], 0);
run("Plan it on the embedded EC2, and keep the plan.", ["plan", "--simulate", "-o", plan], 0);
run("Apply exactly that plan.", ["apply", "--simulate", plan], 0);
run("Plan again: nothing is left to do.", ["plan", "--simulate", "--detailed-exitcode"], 0);

say("Edit the stack: one more web server, larger data disks, one more port.");
edit("web.koine", (text) =>
  text.replace("size = 100GiB", "size = 150GiB").replace("allow tcp 80, 443 from any", "allow tcp 80, 443, 8443 from any"),
);
run(
  "What can be changed in place is: the plan shows the update, and what is new.",
  ["plan", "--simulate", "--set", "replicas=3", "--detailed-exitcode"],
  2,
);
run("Apply it.", ["apply", "--simulate", "--set", "replicas=3", "--yes"], 0);

say("Edit again: a newer image.");
edit("web.koine", (text) => text.replace('"ubuntu-22.04"', '"ubuntu-24.04"'));
run(
  "An image cannot be changed in place: successors first, and the plan says which prop forces what.",
  ["apply", "--simulate", "--set", "replicas=3", "--yes"],
  0,
);
run("What there is now.", ["output", "--simulate"], 0);
run("Destroy everything.", ["destroy", "--simulate", "--yes"], 0);

rmSync(folder, { recursive: true, force: true });

say("Now another stack, examples/anywhere, on three vendors. Nothing changes but the value of one input.");
folder = copy("anywhere");
run("What it becomes on each of them.", ["lower"], 0);
for (const cloud of ["aws", "gcp", "azure"]) {
  run(
    `Apply it on ${cloud}${cloud === "aws" ? "" : ", where it moves: made there, then ended where it was"}.`,
    ["apply", "--simulate", "--yes", "--set", `primary=${cloud}`],
    0,
  );
  run("Plan again: nothing is left to do.", ["plan", "--simulate", "--detailed-exitcode", "--set", `primary=${cloud}`], 0);
}
run("Destroy everything.", ["destroy", "--simulate", "--yes", "--set", "primary=azure"], 0);

rmSync(folder, { recursive: true, force: true });
say(`Done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
for (const { title, seconds } of timings) console.log(`  ${seconds.toFixed(1).padStart(5)} s  ${title}`);
console.log(`
Go on:
  bin/koine -C DIR init --template web      a stack of your own
  bin/koine -C DIR plan --simulate          on the embedded clouds
  bin/koine -C DIR plan                     on your accounts, with the credentials of your environment
`);
