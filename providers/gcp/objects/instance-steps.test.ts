import { describe, expect, it } from "vitest";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeChange } from "../../../engine/provider/provider.ts";
import { instance } from "./instance.ts";
import { diskName, keepsDisks, needOtherDisks, sameDisks } from "./instance-disks.ts";

const id = { type: "gcp.compute.Instance", account: "p", region: "r", id: "projects/p/zones/z/instances/web", incarnation: "1" };
const boot = { deviceName: "boot", boot: true, sizeGb: 10, type: "pd-balanced", sourceImage: "projects/d/global/images/i" };
const data = { deviceName: "data", sizeGb: 10, type: "pd-balanced" };
const desired: NativeMap = {
  name: "web",
  zone: "z",
  machineType: "e2-medium",
  disks: [boot, data],
  labels: { a: "1" },
  externalIp: "none",
};
const attributes: NativeMap = {
  disks: { boot: "projects/p/zones/z/disks/web", data: "projects/p/zones/z/disks/web-data" },
  accessConfig: "External NAT",
};

const keysOf = (change: Partial<NativeChange>): readonly string[] =>
  instance
    .steps({ action: "update", desired, observed: desired, attributes, changed: [], id, generation: 1, ...change })
    .map((step) => step.key);

describe("steps of an instance", () => {
  it("stands still only for what needs it, and is started again", () => {
    const wish = { ...desired, machineType: "e2-standard-2", networkTags: ["web"] };
    expect(keysOf({ desired: wish, changed: ["machineType", "networkTags"] })).toEqual(["tags", "stop", "set:machineType", "start"]);
  });

  it("goes on with an update that broke off while it stood still", () => {
    const wish = { ...desired, machineType: "e2-standard-2", power: "on" };
    const observed = { ...desired, power: "off" };
    expect(keysOf({ desired: wish, observed, changed: ["machineType", "power"] })).toEqual(["set:machineType", "start"]);
    expect(keysOf({ desired: wish, observed: { ...wish, power: "off" }, changed: ["power"] })).toEqual(["start"]);
  });

  it("brings back from its memory one that somebody suspended", () => {
    const [step] = instance.steps({
      action: "update",
      desired: { ...desired, power: "on" },
      observed: { ...desired, power: "off" },
      attributes: { ...attributes, status: "SUSPENDED" },
      changed: ["power"],
      id,
      generation: 1,
    });
    expect(step?.operation).toBe("gcp:instances.resume");
  });

  it("is stopped after it is made, where it is to stand still", () => {
    const create = {
      action: "create",
      desired: { ...desired, power: "off" },
      observed: {},
      attributes: {},
      changed: [],
      generation: 1,
    } as const;
    expect(instance.steps(create).map((step) => step.key)).toEqual(["create", "stop"]);
    expect(instance.steps(create)[0]?.body).not.toHaveProperty("power");
  });

  it("attaches a disk that an interrupted change left, and does not make it again", () => {
    const wish = { ...desired, disks: [boot, data, { ...data, deviceName: "logs" }] };
    const observed = { ...desired, disks: [boot, data, { ...data, deviceName: "logs", attached: false }] };
    const left = { ...attributes, detachedDisks: { logs: "projects/p/zones/z/disks/web-logs" } };
    expect(keysOf({ desired: wish, observed: desired, changed: ["disks"] })).toEqual(["disk:create:logs", "disk:attach:logs"]);
    expect(keysOf({ desired: wish, observed, attributes: left, changed: ["disks"] })).toEqual(["disk:attach:logs"]);
    expect(keysOf({ observed, attributes: left, changed: ["disks"] })).toEqual(["disk:delete:logs"]);
  });

  it("gives the old address back before it takes the new one", () => {
    const change = {
      desired: { ...desired, externalIp: "34.1.2.3" },
      observed: { ...desired, externalIp: "ephemeral" },
      changed: ["externalIp"],
    };
    expect(keysOf(change)).toEqual(["address:remove", "address:add"]);
    expect(keysOf({ ...change, observed: { ...desired, externalIp: "none" } })).toEqual(["address:add"]);
  });

  it("labels its disks before itself, so that a list that breaks off is begun again", () => {
    expect(keysOf({ desired: { ...desired, labels: { a: "2" } }, changed: ["labels"] })).toEqual([
      "disk:label:boot",
      "disk:label:data",
      "label",
    ]);
    expect(keysOf({ marks: true })).toEqual(["mark"]);
  });

  it("says that data is lost where more goes than the boot disk", () => {
    const end = (disks: NativeMap["disks"]) =>
      instance.steps({ action: "delete", desired: {}, observed: { disks: disks ?? [] }, attributes: {}, changed: [], id, generation: 1 })[0]
        ?.impact;
    expect(end([boot, data])).toBe("data-loss");
    expect(end([boot, { ...data, autoDelete: false }])).toBe("downtime");
    expect(end([boot])).toBe("downtime");
  });
});

describe("disks of an instance", () => {
  it("leaves open what one side does not say", () => {
    expect(sameDisks([boot], [{ deviceName: "boot", boot: true }])).toBe(true);
    expect(sameDisks([boot], [{ ...boot, sizeGb: 20 }])).toBe(false);
    expect(sameDisks([boot], [{ ...boot, autoDelete: false }])).toBe(false);
  });

  it("says why another instance is needed", () => {
    expect(needOtherDisks([boot, data], [data])).toContain("cannot be without it");
    expect(needOtherDisks([boot], [{ ...boot, sourceImage: "projects/d/global/images/j" }])).toContain("is made from");
    expect(needOtherDisks([data], [{ ...data, sizeGb: 5 }])).toContain("cannot shrink");
    expect(needOtherDisks([data], [{ ...data, type: "pd-ssd" }])).toContain("keeps its type");
    expect(needOtherDisks([boot, data], [{ ...boot, sizeGb: 20 }])).toBeUndefined();
  });

  it("knows when every device keeps its disk", () => {
    expect(keepsDisks({ disks: [{ ...boot, sizeGb: 20 }] }, { disks: [boot] })).toBe(true);
    expect(keepsDisks({ disks: [boot, data] }, { disks: [boot] })).toBe(false);
    expect(keepsDisks({ disks: [boot] }, { disks: [{ ...boot, attached: false }] })).toBe(false);
  });

  it("names disks within 63 characters, and no two alike", () => {
    expect(diskName("web", "boot", true)).toBe("web");
    expect(diskName("web", "data", false)).toBe("web-data");
    const long = "w".repeat(60);
    expect(diskName(long, "data", false)).toMatch(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
    expect(diskName(long, "data", false)).not.toBe(diskName(long, "logs", false));
  });
});
