import { describe, expect, it } from "vitest";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeChange } from "../../../engine/provider/provider.ts";
import { machineSchema } from "./virtual-machine-schema.ts";
import { machineSteps } from "./virtual-machine-steps.ts";

const id = {
  type: "azure.compute.VirtualMachine",
  account: "s",
  region: "westeurope",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web",
};
const block = (lun: number, diskSizeGB = 32, more: NativeMap = {}): NativeMap => ({
  lun,
  name: `b${lun}`,
  diskSizeGB,
  storageAccountType: "Premium_LRS",
  ...more,
});
const seen: NativeMap = {
  vmSize: "standard_d2s_v5",
  osDisk: { diskSizeGB: 30, storageAccountType: "Premium_LRS" },
  disks: [block(0)],
  power: "on",
  identities: [],
};
const attributes: NativeMap = { osDisk: "/os", disks: { os: "/os", "0": "/d0" }, powerState: "running" };

function stepsTo(desired: NativeMap, changed: readonly string[], more: Partial<NativeChange> = {}): readonly string[] {
  const change: NativeChange = {
    action: "update",
    desired: { ...seen, ...desired },
    observed: seen,
    attributes,
    changed,
    id,
    generation: 1,
    ...more,
  };
  return machineSteps(change).map((step) => step.key);
}

describe("steps of a machine", () => {
  it("put everything that needs it into one stop", () => {
    const desired = {
      vmSize: "standard_d4s_v5",
      osDisk: { diskSizeGB: 64, storageAccountType: "Premium_LRS" },
      disks: [block(0, 32, { storageAccountType: "Standard_LRS" })],
    };
    expect(stepsTo(desired, ["vmSize", "osDisk", "disks"])).toEqual(["stop", "modify:vmSize", "grow:osDisk", "disk:convert:0", "start"]);
  });

  it("do not start what is to stand still, nor stop what does", () => {
    expect(stepsTo({ vmSize: "standard_d4s_v5", power: "off" }, ["vmSize", "power"])).toEqual(["stop", "modify:vmSize"]);
    const off = { observed: { ...seen, power: "off" }, attributes: { ...attributes, powerState: "deallocated" } };
    expect(stepsTo({ vmSize: "standard_d4s_v5", power: "off" }, ["vmSize"], off)).toEqual(["modify:vmSize"]);
  });

  it("give up the place of one that its guest has shut down before it is changed, and start it", () => {
    const off = { observed: { ...seen, power: "off" }, attributes: { ...attributes, powerState: "stopped" } };
    expect(stepsTo({ vmSize: "standard_d4s_v5" }, ["vmSize", "power"], off)).toEqual(["stop", "modify:vmSize", "start"]);
  });

  it("grow a disk while it runs, and past 4 TiB while it does not", () => {
    expect(stepsTo({ disks: [block(0, 64)] }, ["disks"])).toEqual(["disk:grow:0"]);
    expect(stepsTo({ disks: [block(0, 5_000)] }, ["disks"])).toEqual(["stop", "disk:grow:0", "start"]);
  });

  it("go on with what an interrupted change left", () => {
    const left = {
      observed: { ...seen, disks: [block(0), block(1, 16, { attached: false })] },
      attributes: { ...attributes, detachedDisks: { "1": "/d1" } },
    };
    expect(stepsTo({ disks: [block(0), block(1, 16)] }, ["disks"], left)).toEqual(["disk:attach:1"]);
    expect(stepsTo({ disks: [block(0)] }, ["disks"], left)).toEqual(["disk:delete:1"]);
    const marked = { attributes: { ...attributes, markedDisks: { "0": "/d0" } } };
    expect(stepsTo({ disks: [] }, ["disks"], marked)).toEqual(["disk:detach:0", "disk:delete:0"]);
  });

  it("keep the disks of a machine that was taken over, whatever they are called", () => {
    const { name: _, ...unnamed } = block(0);
    expect(stepsTo({ disks: [block(0, 64)] }, ["disks"], { observed: { ...seen, disks: [unnamed] } })).toEqual(["disk:grow:0"]);
  });

  it("say that the machine's own disks go with it", () => {
    const impact = (disks: readonly NativeMap[]) =>
      machineSteps({ action: "delete", desired: {}, observed: { ...seen, disks }, attributes, changed: [], id, generation: 1 })[0]?.impact;
    expect(impact([block(0)])).toBe("data-loss");
    expect(impact([])).toBe("downtime");
  });
});

describe("what needs another machine", () => {
  const { disks, osDisk, vmSize } = machineSchema.props;

  it("is a disk that shrinks, and a size of another class", () => {
    expect(disks?.replaceWhen?.([block(0, 64)], [block(0, 32)], seen)).toContain("disk 0: a disk cannot shrink");
    expect(disks?.replaceWhen?.([block(0, 64)], [block(0, 32, { name: "other" })], seen)).toBeUndefined();
    expect(osDisk?.replaceWhen?.({ diskSizeGB: 64 }, { diskSizeGB: 32 }, seen)).toContain("cannot shrink");
    expect(vmSize?.replaceWhen?.("standard_d2s_v5", "standard_d2ps_v5", seen)).toContain("compatibility class");
    expect(vmSize?.replaceWhen?.("standard_d2s_v5", "standard_d4s_v5", seen)).toBeUndefined();
  });
});
