// Values that only the cloud can give, through all layers on the embedded EC2: known at once where their origin stays, waited for where it goes.

import { describe, expect, test } from "vitest";
import { actionsOf, applyFully, expectDestroyed, mutationsOf } from "../support/stack-expectations.ts";
import { openStackRig, type StackRig } from "../support/stack-rig.ts";

const head = `stack t
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
subnet b { network = main, cidr = 10.0.1.0/24 }
`;
const origin = (props: string): string => `machine m { cpu = 2, memory = 4GiB, image = "debian-12", ${props} }\n`;

async function withRig(play: (rig: StackRig) => Promise<void>): Promise<void> {
  const rig = await openStackRig();
  try {
    await play(rig);
  } finally {
    await rig.close();
  }
}

function possible(plan: Awaited<ReturnType<StackRig["apply"]>>["plan"]): readonly string[] {
  return plan.changes.filter((change) => change.possible).map((change) => change.key);
}

const peer = `firewall f {
  network = main
  allow tcp 5432 from m.private_ip
}
`;
const tagged = `disk d { size = 5GiB, tags = { of = m.id, at = "\${m.private_ip}:80" } }\n`;
const told = `machine n { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a, user_data = "#!/bin/sh\\necho \${m.private_ip}" }\n`;
const output = `output where = "http://\${m.private_ip}/"\noutput who = m.id\n`;

describe("deferred values", () => {
  test("all are finished at the first apply, and the plan after it is empty", () =>
    withRig(async (rig) => {
      const text = head + origin("subnet = a") + peer + tagged + told + output;
      const { result } = await applyFully(rig, text);
      const machine = rig.idOf("instance", "machine.m:instance");
      const volume = rig.world().find((object) => object.id === rig.idOf("volume", "disk.d:volume"));
      expect(volume?.tags.of).toBe(machine);
      const ip = volume?.tags.at?.replace(":80", "");
      expect(ip).toMatch(/^10\.0\.0\.\d+$/);
      expect(result.outputs.where?.value).toBe(`http://${ip}/`);
      expect(result.outputs.who?.value).toBe(machine);
      const ranges = rig.world().map((object) => (object.row as { peer?: { cidr4?: string } }).peer?.cidr4);
      expect(ranges).toContain(`${ip}/32`);
      await expectDestroyed(rig, text);
    }));

  test("an origin that is changed in place leaves its dependents alone", () =>
    withRig(async (rig) => {
      const text = head + origin("subnet = a") + peer + tagged + told + output;
      await applyFully(rig, text);
      const { plan } = await applyFully(rig, text.replace("cpu = 2", "cpu = 4"));
      expect(actionsOf(plan)).toEqual({ "machine.m:instance": "update" });
      await expectDestroyed(rig, text);
    }));

  test("an origin that is replaced: the most that can happen is shown, and no more is done than needed", () =>
    withRig(async (rig) => {
      const text = head + origin("subnet = a") + peer + tagged + told + output;
      await applyFully(rig, text);
      const n = rig.idOf("instance", "machine.n:instance");
      const { plan } = await applyFully(rig, head + origin("subnet = b") + peer + tagged + told + output);
      expect(actionsOf(plan)).toEqual({
        "machine.m:instance": "replace",
        "machine.n:instance": "replace",
        "disk.d:volume": "update",
        "firewall.f:ingress-tcp-5432-machine.m.private_ip": "replace",
      });
      expect(possible(plan)).toEqual(["disk.d:volume", "firewall.f:ingress-tcp-5432-machine.m.private_ip", "machine.n:instance"]);
      expect(rig.idOf("instance", "machine.n:instance")).not.toBe(n);
      expect(rig.world().find((object) => object.id === rig.idOf("volume", "disk.d:volume"))?.tags.at).toMatch(/^10\.0\.1\./);
      expect(plan.outputs.map((change) => change.name).sort()).toEqual(["where", "who"]);
      await expectDestroyed(rig, text);
    }));

  test("an origin that is replaced and keeps a written address: what hangs on the address is not touched", () =>
    withRig(async (rig) => {
      const text = (image: string): string =>
        head + origin(`subnet = a, private_ip = 10.0.0.50`).replace("debian-12", image) + tagged + told + output;
      await applyFully(rig, text("debian-12"));
      const n = rig.idOf("instance", "machine.n:instance");
      const before = mutationsOf(rig).length;
      const { plan } = await applyFully(rig, text("ubuntu-24.04"));
      // A written address is known at compile time: nothing that reads it waits for anything.
      expect(Object.keys(actionsOf(plan))).not.toContain("machine.n:instance");
      expect(rig.idOf("instance", "machine.n:instance")).toBe(n);
      expect(mutationsOf(rig).slice(before)).toEqual(["TerminateInstances", "RunInstances", "CreateTags"]);
      await expectDestroyed(rig, text("debian-12"));
    }));

  test("an origin with an address that is replaced: what hangs on its interface is kept, with the proof", () =>
    withRig(async (rig) => {
      const text = (image: string): string =>
        `${head}address ip {}\n${origin("subnet = a, public = ip").replace("debian-12", image)}${peer}${told}`;
      await applyFully(rig, text("debian-12"));
      const n = rig.idOf("instance", "machine.n:instance");
      const before = mutationsOf(rig).length;
      await applyFully(rig, text("ubuntu-24.04"));
      expect(rig.idOf("instance", "machine.n:instance")).toBe(n);
      expect(mutationsOf(rig).slice(before)).toEqual(["TerminateInstances", "RunInstances"]);
      await expectDestroyed(rig, text("debian-12"));
    }));

  test("an origin that another hand deletes is made again, and its dependents follow", () =>
    withRig(async (rig) => {
      const text = head + origin("subnet = a") + peer + tagged + output;
      await applyFully(rig, text);
      rig.call("TerminateInstances", { InstanceIds: [rig.idOf("instance", "machine.m:instance")] });
      await applyFully(rig, text);
      expect(rig.world().find((object) => object.id === rig.idOf("volume", "disk.d:volume"))?.tags.of).toBe(
        rig.idOf("instance", "machine.m:instance"),
      );
      await expectDestroyed(rig, text);
    }));

  test("a firewall that admits the address of its own carrier is no circle", () =>
    withRig(async (rig) => {
      const text = `${head}firewall f {\n  network = main\n  allow tcp 80 from m.private_ip\n}\n${origin("subnet = a, firewall = f")}`;
      await applyFully(rig, text);
      await applyFully(rig, text.replace("subnet = a,", "subnet = b,"));
      await expectDestroyed(rig, text);
    }));
});
