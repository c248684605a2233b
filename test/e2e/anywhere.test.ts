// One file, three clouds: examples/anywhere with nothing changed but the value of `primary`, as processes, each cloud through its own SDK.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cloudNames, clouds, mutationsOn, ownedOn, tallyClouds } from "../support/clouds.ts";
import { copyExample, expectKoine, worldOf } from "../support/run-koine.ts";
import { vandalise } from "../support/vandalise.ts";

interface PlanData {
  readonly changes: readonly {
    readonly key: string;
    readonly action: string;
    readonly props: readonly { readonly cause: string }[];
    readonly operations: readonly { readonly steps: readonly { readonly operation: string }[] }[];
  }[];
}

async function planOf(folder: string, args: readonly string[]): Promise<PlanData> {
  const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--format", "json", ...args], 0);
  return JSON.parse(stdout) as PlanData;
}

/** `instances.insert`, without the provider's prefix. */
function operationsOf(plan: PlanData): readonly string[] {
  return plan.changes
    .flatMap((change) => change.operations.flatMap((operation) => operation.steps.map((step) => step.operation)))
    .map((operation) => operation.slice(operation.indexOf(":") + 1))
    .sort();
}

describe.each(cloudNames)("examples/anywhere on %s", (cloud) => {
  const on = ["--set", `primary=${cloud}`];

  test("check, plan, apply, empty plan, drift mended, destroy to an empty world", { timeout: 300_000 }, async () => {
    const folder = copyExample("anywhere");
    await expectKoine(folder, ["check", ...on], 0);
    const planFile = join(folder, "first.plan");
    await expectKoine(folder, ["plan", "--simulate", "-o", planFile, ...on], 0);
    const world = worldOf(folder);
    const untouched = tallyClouds(world);
    const planned = operationsOf(await planOf(folder, on));
    await expectKoine(folder, ["apply", "--simulate", planFile, ...on], 0);

    // The plan listed every request that was sent, and nothing was left out.
    expect(
      mutationsOn(cloud, world)
        .map((request) => request.operation)
        .sort(),
    ).toEqual(planned);
    expect(ownedOn(cloud, world).length).toBeGreaterThan(10);
    for (const other of cloudNames) if (other !== cloud) expect(clouds[other].requests(world)).toEqual([]);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode", ...on], 0);

    const applied = tallyClouds(world);
    const hurt = vandalise(cloud, world);
    const drift = await planOf(folder, on);
    const shown = new Set(drift.changes.map((change) => change.key.slice(0, change.key.lastIndexOf(":"))));
    for (const address of hurt) expect(shown).toContain(address);
    expect(drift.changes.flatMap((change) => change.props).every((prop) => prop.cause !== "author")).toBe(true);
    await expectKoine(folder, ["apply", "--simulate", "--yes", ...on], 0);
    expect(tallyClouds(world)).toEqual(applied);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode", ...on], 0);

    const removal = operationsOf(await planOf(folder, [...on, "--destroy"]));
    const before = mutationsOn(cloud, world).length;
    await expectKoine(folder, ["destroy", "--simulate", "--yes", ...on], 0);
    expect(
      mutationsOn(cloud, world)
        .slice(before)
        .map((request) => request.operation)
        .sort(),
    ).toEqual(removal);
    expect(tallyClouds(world)).toEqual(untouched);
  });
});

test("the whole stack moves from vendor to vendor by `--set primary`, and leaves nothing behind", { timeout: 300_000 }, async () => {
  const folder = copyExample("anywhere");
  await expectKoine(folder, ["plan", "--simulate", "--set", "primary=aws"], 0);
  const untouched = tallyClouds(worldOf(folder));
  for (const cloud of cloudNames) {
    await expectKoine(folder, ["apply", "--simulate", "--yes", "--set", `primary=${cloud}`], 0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode", "--set", `primary=${cloud}`], 0);
    for (const other of cloudNames) {
      if (other === cloud) expect(ownedOn(other, worldOf(folder)).length).toBeGreaterThan(10);
      else expect(ownedOn(other, worldOf(folder))).toEqual([]);
    }
  }
  await expectKoine(folder, ["destroy", "--simulate", "--yes", "--set", "primary=azure"], 0);
  expect(tallyClouds(worldOf(folder))).toEqual(untouched);
});

test("check compiles for every cloud that the input may choose, and lower shows them side by side", async () => {
  const folder = copyExample("anywhere");
  const checked = await expectKoine(folder, ["check"], 0);
  for (const cloud of cloudNames) expect(checked.stderr).toContain(`when \`primary\` is \`${cloud}\``);
  const { stdout } = await expectKoine(folder, ["lower"], 0);
  const [head = ""] = stdout.split("\n");
  expect(head.trim().split(/\s+/)).toEqual([...cloudNames].sort());
  const data = JSON.parse((await expectKoine(folder, ["lower", "--format", "json"], 0)).stdout) as {
    readonly choices: readonly { readonly on: { readonly primary: string }; readonly objects: object }[];
  };
  expect(data.choices.map((choice) => choice.on.primary)).toEqual([...cloudNames].sort());
  for (const choice of data.choices) expect(Object.keys(choice.objects).length).toBeGreaterThan(10);
});
