// What a newcomer does in a folder outside the clone, each step a process of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { copyExample, expectKoine, makeScratch, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects } from "../support/world.ts";

describe("first steps", () => {
  test("init, check, plan, apply, empty plan, destroy to an empty world", async () => {
    const folder = makeScratch();
    await expectKoine(folder, ["init", "--template", "web"], 0);
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toContain(".koine/");
    await expectKoine(folder, ["check"], 0);
    const planFile = join(folder, "p");
    const planned = await expectKoine(folder, ["plan", "--simulate", "-o", planFile, "--detailed-exitcode"], 2);
    expect(planned.stdout).toContain("machine.web[1]");
    await expectKoine(folder, ["apply", "--simulate", planFile], 0);
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "instance")).toHaveLength(2);
    const second = await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    expect(second.stdout).toContain("No changes");
    const url = await expectKoine(folder, ["output", "urls", "--simulate", "--json"], 0);
    expect(JSON.parse(url.stdout)).toEqual([
      expect.stringMatching(/^http:\/\/\d+\.\d+\.\d+\.\d+$/),
      expect.stringMatching(/^http:\/\/\d+\./),
    ]);
    await expectKoine(folder, ["destroy", "--simulate", "--yes"], 0);
    expect(livingObjects(readWorld(worldOf(folder)))).toEqual([]);
  });

  test("a real plan afterwards sees nothing of the simulated world", async () => {
    const folder = copyExample("web");
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const simulated = await expectKoine(folder, ["state", "list", "--simulate", "--format", "json"], 0);
    const ids = (JSON.parse(simulated.stdout) as { readonly objects: readonly { readonly id: string }[] }).objects.map(
      (object) => object.id,
    );
    expect(ids.length).toBeGreaterThan(10);
    const real = await expectKoine(folder, ["state", "list"], 0);
    expect(real.stdout).toContain("Nothing is under management");
    const offline = await expectKoine(folder, ["plan", "--offline", "--format", "json"], 0);
    for (const id of ids) expect(offline.stdout).not.toContain(id);
    // No credentials are to be found here: it says so, and changes nothing.
    const online = await runKoine(folder, ["plan"], { environment: { AWS_REGION: "eu-west-1" } });
    expect(online.status).toBe(1);
    expect(online.stderr).toMatch(/credentials/i);
    expect(online.stderr).not.toMatch(/\n\s+at /);
    for (const id of ids) expect(online.stdout + online.stderr).not.toContain(id);
  });

  test.each(["web", "lab"])("examples/%s: planned, applied, planned again, destroyed", async (name) => {
    const folder = copyExample(name);
    await expectKoine(folder, ["check"], 0);
    const planFile = join(folder, "p");
    await expectKoine(folder, ["plan", "--simulate", "-o", planFile], 0);
    await expectKoine(folder, ["apply", "--simulate", planFile], 0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    await expectKoine(folder, ["status", "--simulate", "--drift"], 0);
    await expectKoine(folder, ["destroy", "--simulate", "--yes"], 0);
    expect(livingObjects(readWorld(worldOf(folder)))).toEqual([]);
  });

  test("without a terminal and --yes, apply refuses and waits for nobody", async () => {
    const folder = copyExample("lab");
    const result = await runKoine(folder, ["apply", "--simulate"]);
    expect(result.status).toBe(64);
    expect(result.stderr).toContain("--yes");
  });
});
