// What is done to a resource by POST: a machine's power, and the disks that it takes and gives back.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/start · …/deallocate · …/power-off · …/restart · …/attach-detach-data-disks

import { keyOf } from "./arm-id.ts";
import { refuseWhileBusy } from "./busy.ts";
import type { Passage } from "./delays.ts";
import { refuse } from "./errors.ts";
import { compact, idAt, mapAt, mapsAt, numberAt, textAt } from "./json.ts";
import { listDiskIds, requireAttachable } from "./machine-disks.ts";
import { type Answer, beginOperation, pollingHeaders, type Wire } from "./operation.ts";
import type { Target } from "./put-resource.ts";
import { refuseParameter } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { list, number, oneOf, readBody, record, text } from "./shape.ts";
import { findSize } from "./sizes.ts";
import type { World } from "./world.ts";

interface PowerAction {
  readonly passage: Passage;
  readonly during: string;
  readonly after: string;
}

const POWER: Readonly<Record<string, PowerAction>> = {
  start: { passage: "start", during: "starting", after: "running" },
  restart: { passage: "restart", during: "running", after: "running" },
  poweroff: { passage: "powerOff", during: "stopping", after: "stopped" },
  deallocate: { passage: "deallocate", during: "deallocating", after: "deallocated" },
};

/** Query parameters that each action takes besides the version. */
export const ACTION_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  start: [],
  restart: [],
  poweroff: ["skipShutdown"],
  deallocate: ["forceDeallocate"],
  attachdetachdatadisks: [],
};

export function performAction(world: World, target: Target, action: string, body: unknown, wire: Wire, row: ResourceRow): Answer {
  refuseWhileBusy(world, target.type, wire, row);
  const power = POWER[action];
  if (power === undefined) return exchangeDisks(world, target, body, wire, row);
  const now = textAt(row.properties, "power");
  if (action === "restart" && now !== "running")
    refuse("OperationNotAllowed", `Cannot restart a VM that is not running: '${row.name}' is ${now}.`, 409);
  if (action === "poweroff" && now === "deallocated")
    refuse("OperationNotAllowed", `The VM '${row.name}' is deallocated and cannot be powered off.`, 409);
  const done = now === power.after && action !== "restart";
  return begin(world, target, wire, row, {
    properties: done ? row.properties : { ...row.properties, power: power.during },
    references: row.references,
    passage: power.passage,
    power: power.after,
    title: action,
  });
}

function begin(
  world: World,
  target: Target,
  wire: Wire,
  row: ResourceRow,
  work: {
    readonly properties: JsonMap;
    readonly references: readonly string[];
    readonly passage: Passage;
    readonly power?: string;
    readonly title: string;
  },
): Answer {
  const operation = beginOperation(world, row, {
    title: `${work.title}Operation`,
    passage: work.passage,
    step: "power",
    location: row.location ?? "",
    ...(work.power === undefined ? {} : { detail: { power: work.power } }),
  });
  world.change(row, {
    properties: work.properties,
    references: work.references,
    state: "Updating",
    operation: operation.id,
    etag: world.newGuid("etag"),
  });
  return { status: 202, headers: pollingHeaders(world, target.type.provider, operation, wire, { async: true, location: true }) };
}

const EXCHANGE = record({
  dataDisksToAttach: list(
    record({ diskId: text, lun: number, caching: oneOf("None", "ReadOnly", "ReadWrite"), deleteOption: oneOf("Delete", "Detach") }),
  ),
  dataDisksToDetach: list(record({ diskId: text, detachOption: oneOf("ForceDetach") })),
});

function exchangeDisks(world: World, target: Target, body: unknown, wire: Wire, row: ResourceRow): Answer {
  const read = readBody(EXCHANGE, body, "AttachDetachDataDisksRequest", { code: "InvalidParameter" });
  const size = findSize(textAt(row.properties, "hardwareProfile", "vmSize") ?? "");
  if (size === undefined) throw new Error(`a stored machine has no size: ${row.id}`);
  const storage = mapAt(row.properties, "storageProfile");
  const leaving = new Set(mapsAt(read, "dataDisksToDetach").map((one) => keyOf(textAt(one, "diskId") ?? "")));
  const before = mapsAt(storage, "dataDisks");
  for (const id of leaving)
    if (!before.some((one) => keyOf(idAt(one, "managedDisk") ?? "") === id))
      refuseParameter("dataDisksToDetach", `The disk '${id}' cannot be detached: it is not attached to VM '${row.name}'.`);
  const dataDisks = before.filter((one) => !leaving.has(keyOf(idAt(one, "managedDisk") ?? "")));
  for (const one of mapsAt(read, "dataDisksToAttach")) {
    const id = textAt(one, "diskId") ?? refuseParameter("diskId", "Required parameter 'dataDisksToAttach.diskId' is missing (null).");
    const disk = requireAttachable({ world, armId: row.armId, location: row.location ?? "", body: {}, old: row }, id, size);
    if (dataDisks.some((other) => keyOf(idAt(other, "managedDisk") ?? "") === disk.id))
      refuse("ConflictingUserInput", `Disk '${disk.armId}' cannot be attached as it is attached to this VM already.`, 409);
    const lun = numberAt(one, "lun") ?? firstFree(dataDisks);
    if (lun < 0 || lun > 63 || dataDisks.some((other) => numberAt(other, "lun") === lun))
      refuseParameter("dataDisk.lun", `A disk with LUN ${lun} is specified more than once. Each disk must have a LUN of its own.`);
    dataDisks.push(
      compact({
        lun,
        name: disk.name,
        createOption: "Attach",
        caching: textAt(one, "caching") ?? "None",
        deleteOption: textAt(one, "deleteOption") ?? "Detach",
        managedDisk: { id: disk.armId },
        toBeDetached: false,
      }),
    );
  }
  if (dataDisks.length > size.dataDisks)
    refuse(
      "OperationNotAllowed",
      `The maximum number of data disks allowed to be attached to a VM of this size is ${size.dataDisks}.`,
      409,
      { target: "dataDisks" },
    );
  const properties = { ...row.properties, storageProfile: { ...storage, dataDisks } };
  const nics = mapsAt(row.properties, "networkProfile", "networkInterfaces").flatMap((nic) => idAt(nic) ?? []);
  return begin(world, target, wire, row, {
    properties,
    references: [...listDiskIds(properties), ...nics].map(keyOf),
    passage: "attach",
    title: "AttachDetachDataDisks",
  });
}

function firstFree(disks: readonly JsonMap[]): number {
  const taken = new Set(disks.map((one) => numberAt(one, "lun")));
  for (let lun = 0; ; lun += 1) if (!taken.has(lun)) return lun;
}
