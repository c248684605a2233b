// The promises of the README, each tried on the CLI as a process with the embedded EC2 over the wire.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callWorld, populateForeign, readRequests, readWorld } from "../../providers/aws/simulator/inspect.ts";
import { copyExample, expectKoine, makeStack, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects, mutatingRequests, tallyWorld } from "../support/world.ts";

const small = {
  "main.koine": `
stack small
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
firewall web {
  network = main
  allow tcp 80 from any
}
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, firewall = web }
`,
};

interface PlanData {
  readonly changes: readonly {
    readonly key: string;
    readonly action: string;
    readonly props: readonly { readonly prop: string; readonly cause: string }[];
    readonly operations: readonly { readonly steps: readonly { readonly operation: string }[] }[];
  }[];
}

async function planOf(folder: string, args: readonly string[] = []): Promise<PlanData> {
  const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--format", "json", ...args], 0);
  return JSON.parse(stdout) as PlanData;
}

function operationsOf(plan: PlanData): readonly string[] {
  return plan.changes
    .flatMap((change) => change.operations.flatMap((operation) => operation.steps.map((step) => step.operation.replace("ec2:", ""))))
    .sort();
}

describe("the plan never lies", () => {
  test.each(["web", "lab"])("examples/%s: the mutating requests on the wire are the steps of the plan", async (name) => {
    const folder = copyExample(name);
    const planned = operationsOf(await planOf(folder));
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const sent = mutatingRequests(worldOf(folder)).map((request) => request.operation);
    expect([...sent].sort()).toEqual(planned);
    const removal = operationsOf(await planOf(folder, ["--destroy"]));
    await expectKoine(folder, ["destroy", "--simulate", "--yes"], 0);
    const removed = mutatingRequests(worldOf(folder)).slice(sent.length);
    expect(removed.map((request) => request.operation).sort()).toEqual(removal);
  });

  test("a plan file made before another apply is refused, nothing is done, and it says what moved", async () => {
    const folder = makeStack(small);
    const planFile = join(folder, "old.plan");
    await expectKoine(folder, ["plan", "--simulate", "-o", planFile], 0);
    writeFileSync(join(folder, "main.koine"), small["main.koine"].replace("allow tcp 80 from any", "allow tcp 443 from any"));
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const before = readRequests(worldOf(folder)).filter((request) => request.mutating).length;
    const refused = await expectKoine(folder, ["apply", "--simulate", planFile], 3);
    expect(refused.stderr).toContain("the state went from serial 0 to 1");
    expect(refused.stderr).toContain("`main.koine` was edited");
    expect(readRequests(worldOf(folder)).filter((request) => request.mutating)).toHaveLength(before);
  });

  test("a plan file is applied once", async () => {
    const folder = makeStack(small);
    const planFile = join(folder, "once.plan");
    await expectKoine(folder, ["plan", "--simulate", "-o", planFile], 0);
    await expectKoine(folder, ["apply", "--simulate", planFile], 0);
    const again = await expectKoine(folder, ["apply", "--simulate", planFile], 3);
    expect(again.stderr).toContain("was applied already");
  });

  test("a plan file that was altered, or is of the other world, is refused", async () => {
    const folder = makeStack(small);
    const planFile = join(folder, "altered.plan");
    await expectKoine(folder, ["plan", "--simulate", "-o", planFile], 0);
    const text = readFileSync(planFile, "utf8");
    writeFileSync(planFile, text.replace("10.0.0.0/24", "10.0.1.0/24"));
    expect((await expectKoine(folder, ["apply", "--simulate", planFile], 3)).stderr).toContain("altered");
    writeFileSync(planFile, text);
    expect((await expectKoine(folder, ["apply", planFile], 1)).stderr).toContain("simulated world");
    expect(livingObjects(readWorld(worldOf(folder)))).toEqual([]);
  });
});

describe("drift", () => {
  test("an edit and a deletion out of band are shown, and mended by apply", async () => {
    const folder = makeStack(small);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const before = tallyWorld(worldOf(folder));
    const world = livingObjects(readWorld(worldOf(folder)));
    const id = (type: string): string =>
      world.find((object) => object.type === type && object.tags["koine:address"] !== undefined)?.id ?? "";
    // Somebody opens ssh to the world, tags the network otherwise, and ends the machine.
    callWorld(worldOf(folder), "AuthorizeSecurityGroupIngress", {
      GroupId: id("security-group"),
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
    callWorld(worldOf(folder), "CreateTags", { Resources: [id("vpc")], Tags: [{ Key: "Name", Value: "renamed" }] });
    callWorld(worldOf(folder), "TerminateInstances", { InstanceIds: [id("instance")] });

    const plan = await planOf(folder);
    const byKey = new Map(plan.changes.map((change) => [change.key, change]));
    expect([...byKey.keys()].sort()).toEqual(["firewall.web:group", "machine.m:instance", "network.main:vpc"]);
    expect(byKey.get("firewall.web:group")?.props.map((prop) => prop.cause)).toEqual(["drift"]);
    expect(byKey.get("network.main:vpc")?.props.map((prop) => prop.cause)).toEqual(["drift"]);
    expect(byKey.get("machine.m:instance")?.action).toBe("create");
    const status = await expectKoine(folder, ["status", "--simulate", "--drift"], 0);
    expect(status.stdout).toContain("Drift in 3 objects");

    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    expect(tallyWorld(worldOf(folder))).toEqual(before);
  });
});

describe("nothing is lost, nothing is made twice", () => {
  test("a VPC whose create was cut after its effect is one VPC", async () => {
    const folder = makeStack(small);
    const faults = join(folder, "faults.yaml");
    writeFileSync(faults, "rules:\n  - { operation: CreateVpc, nth: 1, do: { kind: cut, when: after } }\n");
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0, { environment: { KOINE_SIMULATE_FAULTS: faults } });
    const requests = readRequests(worldOf(folder)).filter((request) => request.operation === "CreateVpc");
    expect(requests.map((request) => request.outcome)).toEqual(["cut"]);
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "vpc")).toHaveLength(1);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  });

  test.each(["mutating", "RunInstances", "AuthorizeSecurityGroup*"])(
    "every %s request cut after its effect, once each: the world is that of a calm run",
    async (operation) => {
      const calm = makeStack(small);
      await expectKoine(calm, ["apply", "--simulate", "--yes"], 0);
      const folder = makeStack(small);
      const faults = join(folder, "faults.yaml");
      writeFileSync(faults, `rules:\n  - { operation: "${operation}", nth: [1, 3, 5, 7, 9], do: { kind: cut, when: after } }\n`);
      await expectKoine(folder, ["apply", "--simulate", "--yes"], 0, { environment: { KOINE_SIMULATE_FAULTS: faults } });
      expect(readRequests(worldOf(folder)).some((request) => request.outcome === "cut")).toBe(true);
      expect(tallyWorld(worldOf(folder))).toEqual(tallyWorld(worldOf(calm)));
      await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    },
  );

  test("a cloud that says no leaves what was done recorded, and the next apply does the rest", async () => {
    const folder = makeStack(small);
    const faults = join(folder, "faults.yaml");
    writeFileSync(faults, "rules:\n  - { operation: RunInstances, do: { kind: deny } }\n");
    const partial = await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, { environment: { KOINE_SIMULATE_FAULTS: faults } });
    expect(partial.stderr).toContain("UnauthorizedOperation");
    expect(partial.stderr).not.toMatch(/\n\s+at /);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  });
});

describe("small cost", () => {
  test("300 machines of ours among 2,000 foreign ones are observed by calls in proportion to pages", async () => {
    const folder = makeStack({
      "main.koine": `
stack fleet
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/20 }
machine m[i in 0..300] { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }
`,
    });
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    populateForeign(worldOf(folder), 2000);
    const before = readRequests(worldOf(folder)).length;
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    const calls = readRequests(worldOf(folder)).slice(before);
    expect(calls.filter((call) => call.mutating)).toEqual([]);
    const types = new Set(calls.map((call) => call.operation)).size;
    // 300 of ours are one page of EC2's 1,000: a call or two a native type, none per machine.
    expect(calls.length).toBeLessThanOrEqual(2 * types + 2);
    expect(calls.filter((call) => call.operation === "DescribeInstances").length).toBeLessThanOrEqual(2);
  });
});

describe("bad input", () => {
  test.each([
    ["ten thousand brackets", `stack s\nlet a = ${"[".repeat(10_000)}\n`],
    ["an unterminated everything", 'stack s\nlet a = "${[{ /* \n network x {'],
    ["bytes that are no text", "\u0000\u0001\ufffd\u2028\n\t{{{"],
    ["an empty file", ""],
  ])("%s: exit 1, a place, no stack trace", async (_, text) => {
    const folder = makeStack({ "main.koine": text });
    const result = await runKoine(folder, ["check"], { timeout: 20_000 });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/error K\d{4}/);
    expect(result.stderr).not.toMatch(/\n\s+at |internal error/);
  });
});
