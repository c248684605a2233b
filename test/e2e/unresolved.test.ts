// A request that nobody can know about holds up what depends on it and nothing else, exits 4, and one command decides it. The CLI as a process, the
// embedded EC2 over the wire, faults by plan.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { expectKoine, makeStack, worldOf } from "../support/run-koine.ts";
import { livingObjects } from "../support/world.ts";

const stack = `
stack shop
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
network other { cidr = 10.1.0.0/16 }
address ip { }
`;

interface OpenEntry {
  readonly operation: string;
  readonly key: string;
  readonly state: string;
  readonly reason?: string;
}

interface PlanData {
  readonly changes: readonly { readonly key: string }[];
  readonly blocked?: readonly { readonly key: string; readonly reason: string }[];
  readonly strays: readonly { readonly id: { readonly id: string } }[];
}

function prepare(faults: string): { readonly folder: string; readonly faulty: { readonly environment: Readonly<Record<string, string>> } } {
  const folder = makeStack({ "main.koine": stack });
  const file = join(folder, "faults.yaml");
  writeFileSync(file, faults);
  return { folder, faulty: { environment: { KOINE_SIMULATE_FAULTS: file } } };
}

async function listOpen(folder: string): Promise<readonly OpenEntry[]> {
  const { stdout } = await expectKoine(folder, ["state", "settle", "--simulate", "--format", "json"], 0);
  return (JSON.parse(stdout) as { readonly open: readonly OpenEntry[] }).open;
}

async function readPlan(folder: string, options = {}): Promise<PlanData> {
  const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--format", "json"], 0, options);
  return JSON.parse(stdout) as PlanData;
}

function living(folder: string, type: string): readonly string[] {
  return livingObjects(readWorld(worldOf(folder)))
    .filter((object) => object.type === type)
    .map((object) => object.id);
}

/** Applies; then nothing is left to do and nothing is open. `left`: ids of objects that are only reported. */
async function demandDone(folder: string, left: readonly string[] = []): Promise<void> {
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  const empty = await readPlan(folder);
  expect(empty.changes).toEqual([]);
  expect(empty.strays.map((stray) => stray.id.id)).toEqual(left);
  expect(empty.blocked).toBeUndefined();
  expect(await listOpen(folder)).toEqual([]);
}

describe("a request of which nobody knows what it did", { timeout: 240_000 }, () => {
  test("made two objects: the rest is applied, exit 4, and `settle --is` says which one it is", async () => {
    const { folder, faulty } = prepare(`rules:
  - { operation: CreateVpc, where: { CidrBlock: 10.0.0.0/16 }, nth: 1, do: { kind: twice } }
  - { operation: CreateVpc, where: { CidrBlock: 10.0.0.0/16 }, nth: 1, do: { kind: cut, when: after } }
`);
    const first = await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, faulty);
    expect(first.stderr).toContain("1 unresolved");
    expect(living(folder, "vpc")).toHaveLength(3);
    // All that does not stand on it is there.
    const { stdout } = await expectKoine(folder, ["state", "list", "--simulate"], 0);
    for (const key of ["address.ip:eip", "network.other:vpc", "network.other:attachment", "network.main:gateway"])
      expect(stdout).toContain(key);
    expect(stdout).not.toContain("subnet.a");

    const [open] = await listOpen(folder);
    expect(open).toMatchObject({ key: "network.main:vpc", reason: expect.stringContaining("2 objects carry the mark of one request") });
    const plan = await readPlan(folder);
    expect(plan.changes).toEqual([]);
    expect(plan.blocked?.map((one) => one.key).sort()).toEqual([
      "network.main:attachment",
      "network.main:vpc",
      "subnet.a:association",
      "subnet.a:route",
      "subnet.a:subnet",
      "subnet.a:table",
    ]);
    // Another apply cannot know more; it makes no second one.
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 4);
    expect(living(folder, "vpc")).toHaveLength(3);
    expect((await listOpen(folder))[0]?.state).toBe("unresolved");

    const [one = "", twin = ""] = plan.strays.map((stray) => stray.id.id);
    const settle = ["state", "settle", "network.main", "--simulate"];
    const others = living(folder, "vpc").filter((id) => id !== one && id !== twin);
    const refusals = [
      [["--is", "vpc-00000000000000000", "--yes"], 1, "there is no aws.ec2.Vpc"],
      [["--is", others[0] ?? "", "--yes"], 1, "is `network.other:vpc` already"],
    ] as const;
    for (const [args, status, words] of refusals) expect((await expectKoine(folder, [...settle, ...args], status)).stderr).toContain(words);
    const misspelt = await expectKoine(folder, ["state", "settle", "network.mian", "--never", "--yes", "--simulate"], 1);
    expect(misspelt.stderr).toContain("did you mean `network.main`?");

    await expectKoine(folder, [...settle, "--is", one, "--operation", open?.operation.slice(0, 6) ?? "", "--yes"], 0);
    // What the request made is known now; the twin might be anybody's copy of its marks, and is left to a person.
    await demandDone(folder, [twin]);
    expect(new Set(living(folder, "vpc"))).toEqual(new Set([one, twin, ...others]));
  });

  test("made nothing, and it may not be looked for: `settle --never`, and apply makes it", async () => {
    const { folder, faulty } = prepare(`rules:
  - { operation: AllocateAddress, nth: 1, do: { kind: cut, when: before } }
  - { operation: DescribeAddresses, where: { Filter.1.Name: "tag:koine:operation" }, do: { kind: deny } }
`);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, faulty);
    const again = await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, faulty);
    expect(again.stderr).toContain("not authorized");
    const shown = await expectKoine(folder, ["state", "settle", "--simulate"], 0);
    expect(shown.stdout).toContain("address.ip:eip  create of aws.ec2.Eip, ec2:AllocateAddress");
    expect(shown.stdout).toContain("unresolved: ");
    const settled = await expectKoine(folder, ["state", "settle", "address.ip", "--never", "--yes", "--simulate"], 0);
    expect(settled.stderr).toContain("a stray of this stack");
    await demandDone(folder);
    expect(living(folder, "address")).toHaveLength(1);
  });

  test("`settle --never` was wrong: what it did make is a stray, and the next apply ends it", async () => {
    const { folder, faulty } = prepare(`rules:
  - { operation: AllocateAddress, nth: 1, do: { kind: cut, when: after } }
  - { operation: DescribeAddresses, where: { Filter.1.Name: "tag:koine:operation" }, do: { kind: deny } }
`);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, faulty);
    const [lost] = living(folder, "address");
    await expectKoine(folder, ["state", "settle", "address.ip", "--never", "--yes", "--simulate"], 0);
    await demandDone(folder);
    expect(living(folder, "address")).toHaveLength(1);
    expect(living(folder, "address")).not.toContain(lost);
  });
});
