// Annotations through all layers, on the embedded EC2: what is protected, renamed, adopted, only used, left alone, ordered, let go.

import { describe, expect, test } from "vitest";
import { actionsOf, applyFully, expectDestroyed, expectDone, expectEmpty, mutationsOf } from "../support/stack-expectations.ts";
import { openStackRig, type StackRig } from "../support/stack-rig.ts";

const head = `stack t
cloud aws { region = "eu-west-1" }
`;
const place = `${head}network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`;
const machine = (name: string, props = "", annotations = ""): string =>
  `${annotations}\nmachine ${name} { cpu = 2, memory = 4GiB, image = "debian-12", subnet = a${props === "" ? "" : `, ${props}`} }\n`;

async function withRig(play: (rig: StackRig) => Promise<void>): Promise<void> {
  const rig = await openStackRig();
  try {
    await play(rig);
  } finally {
    await rig.close();
  }
}

/** Waits for what another hand has made, by EC2's own rules. */
function newest(rig: StackRig, type: string): string {
  return rig.world().findLast((object) => object.type === type)?.id ?? "";
}

describe("annotations", () => {
  test("@protect refuses a replacement and a destruction, and gives way when it is taken out", () =>
    withRig(async (rig) => {
      const text = `${place}${machine("m", "", "@protect")}`;
      await applyFully(rig, text);
      const replaced = await rig.plan(text.replace("debian-12", "ubuntu-24.04"));
      expect(replaced.problems.map((problem) => [problem.kind, problem.address])).toEqual([["protected", "machine.m"]]);
      const destroyed = await rig.plan(text, { destroy: true });
      expect(destroyed.problems.map((problem) => [problem.kind, problem.address])).toEqual([["protected", "machine.m"]]);
      expect((await rig.plan(place)).problems.map((problem) => problem.kind)).toEqual(["protected"]);
      const before = mutationsOf(rig).length;
      await applyFully(rig, text.replace("@protect\n", ""));
      expect(mutationsOf(rig).slice(before)).toEqual([]);
      await expectDestroyed(rig, place);
    }));

  test("@was renames without a replacement: only marks and names are written", () =>
    withRig(async (rig) => {
      await applyFully(rig, `${place}${machine("old")}disk d { size = 5GiB, attach = old }\n`);
      const id = rig.idOf("instance", "machine.old:instance");
      const before = mutationsOf(rig).length;
      const text = `${place}${machine("new", "", '@was("machine.old")')}disk d { size = 5GiB, attach = new }\n`;
      const { plan } = await applyFully(rig, text);
      expect(plan.changes.map(({ key, action, previousAddress }) => [key, action, previousAddress])).toEqual([
        ["machine.new:instance", "update", "machine.old"],
      ]);
      expect(new Set(mutationsOf(rig).slice(before))).toEqual(new Set(["CreateTags"]));
      expect(rig.idOf("instance", "machine.new:instance")).toBe(id);
      await expectEmpty(rig, text.replace('@was("machine.old")\n', ""));
      await expectDestroyed(rig, text);
    }));

  test("@was moves a whole network to another name without touching what hangs on it", () =>
    withRig(async (rig) => {
      const from = `${place}firewall f {\n  network = main\n  allow tcp 80 from any\n}\n${machine("m", "firewall = f")}`;
      await applyFully(rig, from);
      const ids = rig.world().map((object) => object.id);
      const before = mutationsOf(rig).length;
      const to = from.replace("network main", '@was("network.main")\nnetwork core').replaceAll("network = main", "network = core");
      await applyFully(rig, to);
      expect(rig.world().map((object) => object.id)).toEqual(ids);
      expect(new Set(mutationsOf(rig).slice(before))).toEqual(new Set(["CreateTags"]));
      await expectDestroyed(rig, to);
    }));

  test("@adopt takes over what another hand has made, with a mark, and from then on it is ours", () =>
    withRig(async (rig) => {
      rig.call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
      const vpc = newest(rig, "vpc");
      rig.call("CreateVolume", { AvailabilityZone: "eu-west-1a", Size: 7, VolumeType: "gp3", Encrypted: true });
      const volume = newest(rig, "volume");
      const text = `${head}@adopt("${vpc}")\nnetwork main { cidr = 10.0.0.0/16, internet = false }\n@adopt("${volume}")\ndisk d { size = 9GiB }\n`;
      const { plan } = await applyFully(rig, text);
      expect(actionsOf(plan)).toEqual({ "network.main:vpc": "adopt", "disk.d:volume": "adopt" });
      expect([rig.idOf("vpc", "network.main:vpc"), rig.idOf("volume", "disk.d:volume")]).toEqual([vpc, volume]);
      await expectEmpty(rig, text.replace(/@adopt.*\n/g, ""));
      await expectDestroyed(rig, text);
    }));

  test("@existing is used and verified, never changed, never destroyed", () =>
    withRig(async (rig) => {
      rig.call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
      const vpc = newest(rig, "vpc");
      rig.call("CreateInternetGateway", {});
      const gateway = newest(rig, "internet-gateway");
      rig.call("AttachInternetGateway", { VpcId: vpc, InternetGatewayId: gateway });
      const text = `${head}@existing("${vpc}")\nnetwork main { cidr = 10.0.0.0/16, internet = false }
subnet a { network = main, cidr = 10.0.0.0/24, public = false }\n`;
      const { plan } = await applyFully(rig, text);
      expect(plan.changes.some((change) => change.address === "network.main")).toBe(false);
      const wrong = await rig.plan(text.replace("10.0.0.0/16", "10.0.0.0/17"));
      expect(wrong.problems.map((problem) => problem.kind)).toEqual(["existing"]);
      expectDone(await rig.apply(text, { destroy: true }));
      expect(
        rig
          .world()
          .filter((object) => ["vpc", "internet-gateway", "subnet"].includes(object.type))
          .map((object) => object.id),
      ).toEqual([vpc, gateway]);
    }));

  test("@ignore leaves drift alone, and still writes what it makes", () =>
    withRig(async (rig) => {
      const text = `${place}${machine("m", 'tags = { role = "web" }', '@ignore("tags", "cpu")')}`;
      await applyFully(rig, text);
      const id = rig.idOf("instance", "machine.m:instance");
      expect(rig.world().find((object) => object.id === id)?.tags.role).toBe("web");
      rig.call("CreateTags", { Resources: [id], Tags: [{ Key: "role", Value: "theirs" }] });
      rig.call("StopInstances", { InstanceIds: [id] });
      rig.call("ModifyInstanceAttribute", { InstanceId: id, InstanceType: { Value: "m7i.2xlarge" } });
      rig.call("StartInstances", { InstanceIds: [id] });
      await expectEmpty(rig, text);
      await expectEmpty(rig, text.replace('"web"', '"other"'));
      // What is not ignored is still changed, and the ignored rest stays as it is.
      await applyFully(rig, text.replace("}\n}", "}\n}").replace("tags = {", 'power = "off", tags = {'));
      expect(rig.world().find((object) => object.id === id)?.tags.role).toBe("theirs");
      await expectDestroyed(rig, text);
    }));

  test("@replace chooses the order, and the requests go in it", () =>
    withRig(async (rig) => {
      for (const [order, requests] of [
        ["after", ["TerminateInstances", "RunInstances"]],
        ["before", ["RunInstances", "TerminateInstances"]],
      ] as const) {
        const text = `${place}${machine("m", "", `@replace("${order}")`)}`;
        await applyFully(rig, text);
        const before = mutationsOf(rig).length;
        const other = text.replace("debian-12", "ubuntu-24.04");
        await applyFully(rig, other);
        expect(mutationsOf(rig).slice(before)).toEqual(requests);
        await applyFully(rig, text);
      }
      await expectDestroyed(rig, place);
    }));

  test("@after makes later and ends earlier", () =>
    withRig(async (rig) => {
      const text = `${place}${machine("db")}${machine("web", "", "@after(db)")}`;
      const { events } = await applyFully(rig, text);
      const made = events.flatMap((event) => (event.kind === "operation-done" ? [event.key] : []));
      expect(made.indexOf("machine.web:instance")).toBeGreaterThan(made.indexOf("machine.db:instance"));
      const { events: ends } = await rig.apply(text, { destroy: true });
      const gone = ends.flatMap((event) => (event.kind === "operation-done" ? [event.key] : []));
      expect(gone.indexOf("machine.web:instance")).toBeLessThan(gone.indexOf("machine.db:instance"));
      expect(rig.world()).toEqual([]);
    }));

  test("@forget drops it from the state and keeps the object", () =>
    withRig(async (rig) => {
      const text = `${place}disk d { size = 5GiB }\n`;
      await applyFully(rig, text);
      const id = rig.idOf("volume", "disk.d:volume");
      const before = mutationsOf(rig).length;
      const forgotten = `${place}@forget\ndisk d { size = 5GiB }\n`;
      const { plan } = await applyFully(rig, forgotten);
      expect(actionsOf(plan)).toEqual({ "disk.d:volume": "forget" });
      expect(mutationsOf(rig).slice(before)).toEqual([]);
      await expectEmpty(rig, place);
      expectDone(await rig.apply(place, { destroy: true }));
      expect(rig.world().map((object) => object.id)).toEqual([id]);
    }));
});
