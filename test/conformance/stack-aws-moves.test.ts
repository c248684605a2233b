// Resources that move: to other names, regions and clouds. What is made there and ended here leaves nothing behind and nothing twice.

import { describe, expect, test } from "vitest";
import { actionsOf, applyFully, expectDestroyed, mutationsOf } from "../support/stack-expectations.ts";
import { openStackRig, type StackRig } from "../support/stack-rig.ts";

async function withRig(play: (rig: StackRig) => Promise<void>): Promise<void> {
  const rig = await openStackRig();
  try {
    await play(rig);
  } finally {
    await rig.close();
  }
}

/** What bears our marks, by region, without ids. */
function marked(rig: StackRig): readonly string[] {
  return rig
    .world()
    .flatMap((object) => (object.tags["koine:address"] === undefined ? [] : [`${object.region} ${object.tags["koine:address"]}`]))
    .sort();
}

const stack = (network: string, region = "eu-west-1"): string => `stack t
cloud aws { region = "${region}" }
network ${network} { cidr = 10.0.0.0/16 }
subnet a { network = ${network}, cidr = 10.0.0.0/24 }
subnet inner { network = ${network}, cidr = 10.0.1.0/24, public = false, nat = a }
firewall f {
  network = ${network}
  allow tcp 80 from any
  allow tcp 22 from f
}
key k { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" }
address ip {}
machine m { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a, firewall = f, key = k, public = ip }
machine n { cpu = 2, memory = 4GiB, image = "debian-12", subnet = inner }
disk d { size = 5GiB, attach = m }
output at = ip.ip
`;

const two = (placed: string): string => `stack t on west
cloud west = aws { region = "eu-west-1" }
cloud north = aws { region = "eu-north-1" }
network main[c in [west, north]] on c { cidr = 10.0.0.0/16 }
subnet a[c in [west, north]] on c { network = main[c], cidr = 10.0.0.0/24 }
key k on ${placed} { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" }
machine m on ${placed} { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a[${placed}], key = k }
disk d on ${placed} { size = 5GiB, attach = m }
output at = m.private_ip
`;

describe("moves", () => {
  test("a network under another name is another network, and all that stands in it is replaced", () =>
    withRig(async (rig) => {
      await applyFully(rig, stack("main"));
      await applyFully(rig, stack("core"));
      const fresh = await openStackRig();
      try {
        await applyFully(fresh, stack("core"));
        expect(marked(rig)).toEqual(marked(fresh));
        expect(rig.world().length).toBe(fresh.world().length);
      } finally {
        await fresh.close();
      }
      await expectDestroyed(rig, stack("core"));
    }));

  test("another region: everything is made there and ended here", () =>
    withRig(async (rig) => {
      await applyFully(rig, stack("main"));
      const { plan } = await applyFully(rig, stack("main", "eu-north-1"));
      expect(plan.changes.every((change) => change.action !== "update")).toBe(true);
      expect(new Set(rig.world().map((object) => object.region))).toEqual(new Set(["eu-north-1"]));
      expect(rig.world().filter((object) => object.type === "instance")).toHaveLength(2);
      await expectDestroyed(rig, stack("main", "eu-north-1"));
    }));

  test("a resource moves between two clouds of one provider", () =>
    withRig(async (rig) => {
      await applyFully(rig, two("west"));
      expect(marked(rig).filter((mark) => mark.includes("machine.m"))).toEqual(["eu-west-1 machine.m:instance"]);
      await applyFully(rig, two("north"));
      expect(marked(rig).filter((mark) => /machine|disk|key/.test(mark))).toEqual([
        "eu-north-1 disk.d:volume",
        "eu-north-1 key.k:key",
        "eu-north-1 machine.m:instance",
      ]);
      await expectDestroyed(rig, two("north"));
    }));

  test("a cloud under another name moves nothing", () =>
    withRig(async (rig) => {
      await applyFully(rig, stack("main"));
      const before = mutationsOf(rig).length;
      const { plan } = await applyFully(rig, stack("main").replace("cloud aws {", "cloud west = aws {"));
      expect(actionsOf(plan)).toEqual({});
      expect(mutationsOf(rig).slice(before)).toEqual([]);
      await expectDestroyed(rig, stack("main"));
    }));

  test("a cloud block that is deleted with all that was on it: one apply ends it", () =>
    withRig(async (rig) => {
      await applyFully(rig, two("north"));
      const west = `stack t
cloud west = aws { region = "eu-west-1" }
network main["west"] { cidr = 10.0.0.0/16 }
`.replace('main["west"]', "main[c in [west]]");
      await applyFully(rig, west);
      expect(new Set(rig.world().map((object) => object.region))).toEqual(new Set(["eu-west-1"]));
      await expectDestroyed(rig, west);
    }));

  test("two stacks in one account and region do not touch each other", () =>
    withRig(async (rig) => {
      const beside = await openStackRig({ beside: rig });
      try {
        const other = stack("main").replace("stack t", "stack u").replaceAll("10.0.", "10.9.");
        await applyFully(rig, stack("main"));
        await applyFully(beside, other);
        await applyFully(rig, stack("main"));
        await rig.apply(stack("main"), { destroy: true });
        await applyFully(beside, other);
        await expectDestroyed(beside, other);
      } finally {
        await beside.close();
      }
    }));
});
