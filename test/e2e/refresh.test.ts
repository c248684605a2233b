// `--refresh-only`: the state learns what the world says, and nothing is sent that changes it. Also the two guards against taking the wrong account for
// the world: what is gone in great number, and an account that is another one.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { cloudNames, clouds, mutationsOn } from "../support/clouds.ts";
import { expectKoine, makeStack, runKoine, worldOf } from "../support/run-koine.ts";
import { openStackRig } from "../support/stack-rig.ts";
import { vandalise } from "../support/vandalise.ts";

const stackOn = (block: string): string => `stack refreshed
${block}
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
firewall http {
  network = main
  allow tcp 80 from any
  allow tcp 22 from 198.51.100.0/24
}
machine app[i in 0..2] { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, firewall = http }
output first = app[0].private_ip
output second = app[1].private_ip
`;

describe.each(cloudNames)("on %s", (cloud) => {
  test("drift and what is gone are learned once, without a request; the source still asks for what it asks", async () => {
    const text = stackOn(clouds[cloud].block);
    const rig = await openStackRig({ cloud });
    try {
      await rig.apply(text);
      // What was just applied is what the world says.
      expect((await rig.plan(text, { refreshOnly: true })).plan?.changes).toEqual([]);
      const sent = mutationsOn(cloud, rig.directory).length;
      const outputs = await rig.store.readOutputs();
      const hurt = vandalise(cloud, rig.directory);
      const { plan } = await rig.plan(text, { refreshOnly: true });
      const shown = new Set(plan?.changes.map((change) => change.address));
      for (const address of hurt) expect(shown).toContain(address);
      expect(plan?.changes.flatMap((change) => change.operations.flatMap((operation) => operation.steps))).toEqual([]);
      expect(plan?.changes.flatMap((change) => change.props).every((prop) => prop.cause === "drift")).toBe(true);
      expect(plan?.changes.find((change) => change.address === "machine.app[1]" && change.action === "forget")).toBeDefined();

      const { result, events } = await rig.apply(text, { refreshOnly: true });
      expect(result.kind).toBe("done");
      expect(events.filter((event) => event.kind === "step-sent")).toEqual([]);
      expect(mutationsOn(cloud, rig.directory)).toHaveLength(sent);
      expect(
        (await rig.store.readObjects()).some((row) => row.key === "machine.app[1]:instance" || row.key === "machine.app[1]:machine"),
      ).toBe(false);
      // What is gone has no value to give: its output stays as recorded.
      expect(await rig.store.readOutputs()).toEqual(outputs);
      expect((await rig.plan(text, { refreshOnly: true })).plan?.changes).toEqual([]);

      // Learned is not accepted: against the source it is the author's change now.
      const rest = (await rig.plan(text)).plan;
      for (const address of hurt) expect(rest?.changes.map((change) => change.address)).toContain(address);
      expect(rest?.changes.flatMap((change) => change.props).filter((prop) => prop.cause === "drift" || prop.cause === "both")).toEqual([]);
      await rig.apply(text);
      expect((await rig.plan(text)).plan?.changes).toEqual([]);
    } finally {
      await rig.close();
    }
  });
});

const small = `stack small
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`;

test("as a command: with a plan file, with its own words, and not with what contradicts it", { timeout: 180_000 }, async () => {
  const { callWorld, readWorld } = await import("../../providers/aws/simulator/inspect.ts");
  const folder = makeStack({ "main.koine": small });
  const path = join(folder, "p");
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  const nothing = await expectKoine(folder, ["plan", "--simulate", "--refresh-only", "--detailed-exitcode"], 0);
  expect(nothing.stdout).toContain("Nothing to record. The world is as the state says.");
  const vpc = readWorld(worldOf(folder)).find((one) => one.tags["koine:address"] === "network.main:vpc")?.id ?? "";
  callWorld(worldOf(folder), "CreateTags", { Resources: [vpc], Tags: [{ Key: "Name", Value: "renamed" }] });
  const sent = mutationsOn("aws", worldOf(folder)).length;
  const planned = await expectKoine(folder, ["plan", "--simulate", "--refresh-only", "-o", path, "--detailed-exitcode"], 2);
  expect(planned.stdout).toContain("refresh only: nothing is sent)    1 to record, 0 gone");
  expect(planned.stdout).toContain("Tags.Name small-main → renamed (drift)");
  await expectKoine(folder, ["apply", "--simulate", path], 0);
  await expectKoine(folder, ["apply", "--simulate", path], 3);
  expect(mutationsOn("aws", worldOf(folder))).toHaveLength(sent);
  const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 2);
  expect(stdout).toContain("Tags.Name renamed → small-main");
  expect(stdout).not.toContain("drift");
  for (const args of [
    ["plan", "--refresh-only", "--destroy"],
    ["apply", "--refresh-only", path],
  ])
    await expectKoine(folder, [...args, "--simulate"], 64);
});

test("what was in flight is settled by looking, although its token would let it be sent again", async () => {
  const folder = makeStack({
    "main.koine": `${small}machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }\n`,
  });
  const faults = join(folder, "faults.yaml");
  writeFileSync(faults, "rules:\n  - { operation: RunInstances, nth: 1, do: { kind: kill, when: after } }\n");
  const killed = await runKoine(folder, ["apply", "--simulate", "--yes"], { environment: { KOINE_SIMULATE_FAULTS: faults } });
  expect(killed.signal).toBe("SIGKILL");
  const sent = mutationsOn("aws", worldOf(folder)).length;
  const { stderr } = await expectKoine(folder, ["apply", "--simulate", "--yes", "--refresh-only"], 0);
  expect(stderr).toContain("Settled what was in flight: machine.m:instance happened");
  expect(mutationsOn("aws", worldOf(folder))).toHaveLength(sent);
  expect((await expectKoine(folder, ["status", "--simulate"], 0)).stdout).not.toContain("in flight");
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
});

test("a world that lost nearly everything is taken for the wrong account, until the loss is accepted", async () => {
  const folder = makeStack({ "main.koine": small });
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  for (const name of readdirSync(worldOf(folder))) if (name.startsWith("aws.db")) rmSync(join(worldOf(folder), name));
  for (const args of [
    ["plan", "--refresh-only"],
    ["apply", "--yes"],
    ["status", "--drift"],
  ]) {
    const { stderr } = await expectKoine(folder, [...args, "--simulate"], 1);
    expect(stderr).toMatch(/7 of 7 objects are not in account 111122223333 in eu-west-1, which `aws` asked/);
    expect(stderr).toContain("`--accept-loss`");
  }
  expect((await expectKoine(folder, ["status", "--simulate"], 0)).stdout).toContain("7 objects");
  const learned = await expectKoine(folder, ["plan", "--simulate", "--refresh-only", "--accept-loss"], 0);
  expect(learned.stdout).toContain("0 to record, 7 gone");
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--accept-loss"], 0);
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
});

describe("another account is an error that names both, never drift", () => {
  test("where the source names it", async () => {
    const on = (project: string): string => stackOn(clouds.gcp.block.replace("koine-tests", project));
    const rig = await openStackRig({ cloud: "gcp" });
    try {
      await rig.apply(on("koine-tests"));
      const sent = mutationsOn("gcp", rig.directory).length;
      for (const flags of [{}, { acceptLoss: true }, { refreshOnly: true }, { destroy: true }]) {
        const { plan, problems } = await rig.plan(on("koine-others"), flags);
        expect(plan).toBeUndefined();
        expect(problems[0]).toMatchObject({
          kind: "account",
          message: "the state was made in account koine-tests, and `gcp` now speaks for koine-others",
          hint: "use the credentials of that account; another account is another stack",
        });
      }
      expect(mutationsOn("gcp", rig.directory)).toHaveLength(sent);
      expect((await rig.plan(on("koine-tests"))).plan?.changes).toEqual([]);
    } finally {
      await rig.close();
    }
  });

  test("where the credentials tell it: told by each command, exit 1, and nothing is done", async () => {
    const folder = makeStack({ "main.koine": small });
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const sent = mutationsOn("aws", worldOf(folder)).length;
    const database = new DatabaseSync(join(worldOf(folder), "state.db"));
    database.exec("UPDATE object SET body = replace(body, '111122223333', '999988887777')");
    database.close();
    for (const args of [
      ["plan", "--accept-loss"],
      ["apply", "--yes"],
      ["status", "--drift"],
    ]) {
      const { stderr } = await expectKoine(folder, [...args, "--simulate"], 1);
      expect(stderr).toContain("the state was made in account 999988887777, and `aws` now speaks for 111122223333");
    }
    expect(mutationsOn("aws", worldOf(folder))).toHaveLength(sent);
  });
});
