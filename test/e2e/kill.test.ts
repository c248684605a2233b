// `kill -9` right before and right after every durable write of an apply; then apply again: the world equals that of an undisturbed run.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CloudName, cloudNames, clouds, tallyClouds } from "../support/clouds.ts";
import { copyFolder, expectKoine, makeStack, root, runKoine, worldOf } from "../support/run-koine.ts";

const preload = `--import=${join(root, "test", "support", "kill-at-commit.mjs")}`;

const stackOn = (cloud: CloudName) => ({
  "main.koine": `
stack small
${clouds[cloud].block}
network main { cidr = 10.0.0.0/16, internet = false }
subnet a { network = main, cidr = 10.0.0.0/24, public = false }
firewall web {
  network = main
  allow tcp 80 from 10.0.0.0/8
}
address ip {}
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, firewall = web }
`,
});

test.each(cloudNames)(
  "%s: a kill around every durable write loses nothing and makes nothing twice",
  { timeout: 600_000 },
  async (cloud) => {
    // Pins and the plan are made beforehand, so that every run below begins alike.
    const start = makeStack(stackOn(cloud));
    await expectKoine(start, ["plan", "--simulate"], 0);

    const calm = copyFolder(start);
    const counter = join(calm, "commits");
    await expectKoine(calm, ["apply", "--simulate", "--yes"], 0, { environment: { NODE_OPTIONS: preload, KILL_COUNT: counter } });
    const commits = Number(readFileSync(counter, "utf8"));
    expect(commits).toBeGreaterThan(10);
    const expected = tallyClouds(worldOf(calm));

    const cases = Array.from({ length: commits }, (_, index) => index + 1).flatMap((n) => [`before:${n}`, `after:${n}`]);
    const failures: string[] = [];
    const planned = cases.length;
    let kills = 0;
    const work = async (): Promise<void> => {
      for (let at = cases.shift(); at !== undefined; at = cases.shift()) {
        const folder = copyFolder(start);
        const killed = await runKoine(folder, ["apply", "--simulate", "--yes"], { environment: { NODE_OPTIONS: preload, KILL_AT: at } });
        // Writes of one turn share a commit, so a run may need a commit or two fewer than the one that was counted, and end by itself.
        if (killed.signal === "SIGKILL") kills += 1;
        else if (killed.status !== 0) failures.push(`${at}: ended with ${killed.status}\n${killed.stderr}`);
        const again = await runKoine(folder, ["apply", "--simulate", "--yes"]);
        if (again.status !== 0) failures.push(`${at}: apply again gave ${again.status}\n${again.stderr}`);
        const world = tallyClouds(worldOf(folder));
        if (JSON.stringify(world) !== JSON.stringify(expected))
          failures.push(`${at}: ${JSON.stringify(world)} is not ${JSON.stringify(expected)}`);
        const empty = await runKoine(folder, ["plan", "--simulate", "--detailed-exitcode"]);
        if (empty.status !== 0) failures.push(`${at}: a plan afterwards is not empty\n${empty.stdout}${empty.stderr}`);
      }
    };
    await Promise.all([work(), work()]);
    expect(failures).toEqual([]);
    expect(kills).toBeGreaterThan(planned * 0.8);
  },
);
