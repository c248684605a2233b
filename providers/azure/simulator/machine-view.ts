// How a machine is answered: its model, and the view of it as it runs.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/instance-view

import { isAllocated } from "./disk.ts";
import { compact, idAt, mapAt, mapsAt, numberAt, textAt } from "./json.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

export function renderMachine(world: World, row: ResourceRow): JsonMap {
  const { power: _power, customDataDigest: _digest, osDiskId: _id, storageProfile: _storage, userData: _data, ...model } = row.properties;
  const storage = mapAt(row.properties, "storageProfile");
  return {
    vmId: row.guid,
    ...model,
    storageProfile: compact({
      ...storage,
      osDisk: renderDisk(world, row, mapAt(storage, "osDisk")),
      dataDisks: mapsAt(storage, "dataDisks").map((one) => renderDisk(world, row, one)),
    }),
    timeCreated: new Date(row.createdAt).toISOString(),
  };
}

/** A deallocated machine's disks are answered without size and sku. https://learn.microsoft.com/azure/virtual-machines/states-billing */
function renderDisk(world: World, machine: ResourceRow, entry: JsonMap): JsonMap {
  const row = world.find(idAt(entry, "managedDisk") ?? "");
  const shown = row !== undefined && isAllocated(machine);
  return compact({
    ...entry,
    managedDisk: compact({ storageAccountType: shown ? textAt(row.envelope, "sku", "name") : undefined, ...mapAt(entry, "managedDisk") }),
    diskSizeGB: shown ? numberAt(row.properties, "diskSizeGB") : undefined,
  });
}

const POWER_WORDS: Readonly<Record<string, string>> = {
  starting: "VM starting",
  running: "VM running",
  stopping: "VM stopping",
  stopped: "VM stopped",
  deallocating: "VM deallocating",
  deallocated: "VM deallocated",
};

export function viewInstance(world: World, row: ResourceRow): JsonMap {
  const power = textAt(row.properties, "power") ?? "running";
  const time = new Date(row.createdAt).toISOString();
  const state = row.state.toLowerCase();
  const disks = [mapAt(row.properties, "storageProfile", "osDisk"), ...mapsAt(row.properties, "storageProfile", "dataDisks")];
  const failed = row.state === "Failed";
  return compact({
    computerName: power === "running" ? textAt(row.properties, "osProfile", "computerName") : undefined,
    hyperVGeneration: textAt(world.find(textAt(row.properties, "osDiskId") ?? "")?.properties ?? {}, "hyperVGeneration"),
    disks: disks.map((one) => ({
      name: textAt(one, "name"),
      statuses: [{ code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded", time }],
    })),
    statuses: [
      {
        code: `ProvisioningState/${state}`,
        level: failed ? "Error" : "Info",
        displayStatus: row.state === "Succeeded" ? "Provisioning succeeded" : failed ? "Provisioning failed" : row.state,
        time,
      },
      ...(failed ? [] : [{ code: `PowerState/${power}`, level: "Info", displayStatus: POWER_WORDS[power] ?? power }]),
    ],
  });
}
