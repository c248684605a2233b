// What a virtual machine looks like to the read calls: the resource itself, its disks, and whether it runs, which no list of a group shows.
// Reads only.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import { known } from "../../handlers/body.ts";
import type { Described } from "../../handlers/handler.ts";
import { chunk } from "../../handlers/pages.ts";
import { readTogether } from "../../handlers/read-together.ts";
import { canonicalId, groupIn, nameIn, namesIn } from "../arm-id.ts";
import { stateOf } from "../handler.ts";
import { flagAt, type Json, mapAt, mapsAt, numberAt, textAt } from "../json.ts";
import { childKeys, markKeys, readTag, readTags } from "../marks.ts";
import { type ArmCall, few, readList, readOne, readResources } from "../reads.ts";
import { describeDisk } from "./disk-shape.ts";
import { describeEnvelope } from "./schema-parts.ts";
import { labelIn } from "./virtual-machine-disks.ts";
import { machineType } from "./virtual-machine-schema.ts";

export interface MachineRow extends Described {
  readonly osDiskId: string | undefined;
  readonly dataDisks: readonly DataDisk[];
  /** Without the statuses that only some reads bring: undefined. */
  readonly powerState: string | undefined;
  readonly resource: Json;
}

export interface DataDisk {
  readonly lun: number;
  readonly id: string;
  readonly name: string;
  readonly deleteOption: string;
}

/** The row alone; `completeMachines` adds disks and power. */
export function describeMachine(resource: Json): readonly MachineRow[] {
  const id = canonicalId(textAt(resource, "id") ?? "");
  const { props, marks } = describeEnvelope(machineType, id, resource);
  const os = mapAt(resource, "properties", "osProfile");
  const security = textAt(resource, "properties", "securityProfile", "securityType");
  const osDisk = textAt(resource, "properties", "storageProfile", "osDisk", "managedDisk", "id");
  const cards = mapsAt(resource, "properties", "networkProfile", "networkInterfaces");
  const card = textAt(cards.find((each) => flagAt(each, "properties", "primary") === true) ?? cards[0], "id");
  const keys = mapsAt(os, "linuxConfiguration", "ssh", "publicKeys").flatMap((each) => textAt(each, "keyData") ?? []);
  const plan = mapAt(resource, "plan");
  const vmId = textAt(resource, "properties", "vmId");
  return [
    {
      id,
      incarnation: vmId,
      props: known({
        ...props,
        vmSize: textAt(resource, "properties", "hardwareProfile", "vmSize"),
        imageReference: mapAt(resource, "properties", "storageProfile", "imageReference"),
        plan: Object.keys(plan).length === 0 ? undefined : plan,
        networkInterface: card === undefined ? undefined : canonicalId(card),
        computerName: textAt(os, "computerName"),
        adminUsername: textAt(os, "adminUsername"),
        sshKeys: keys,
        // What is not asked for is answered as Standard. https://learn.microsoft.com/azure/virtual-machines/trusted-launch
        securityType: security === "Standard" ? undefined : security,
        priority: textAt(resource, "properties", "priority") === "Spot" ? "Spot" : undefined,
        identities: Object.keys(mapAt(resource, "identity", "userAssignedIdentities"))
          .map(canonicalId)
          .sort(),
      }),
      attributes: known({ id, vmId, osDisk: osDisk === undefined ? undefined : canonicalId(osDisk) }),
      marks,
      ...stateOf(resource),
      osDiskId: osDisk === undefined ? undefined : canonicalId(osDisk),
      dataDisks: readDataDisks(resource),
      powerState: readPower(mapAt(resource, "properties", "instanceView")),
      resource,
    },
  ];
}

/** The managed disks in a machine's LUNs. */
export function readDataDisks(machine: Json): readonly DataDisk[] {
  return mapsAt(machine, "properties", "storageProfile", "dataDisks").flatMap((disk) => {
    const id = textAt(disk, "managedDisk", "id");
    const lun = numberAt(disk, "lun");
    if (id === undefined || lun === undefined || flagAt(disk, "toBeDetached") === true) return [];
    return [{ lun, id: canonicalId(id), name: textAt(disk, "name") ?? "", deleteOption: textAt(disk, "deleteOption") ?? "Detach" }];
  });
}

/** `running`, `deallocated`, …; https://learn.microsoft.com/azure/virtual-machines/states-billing */
export function readPower(view: Json): string | undefined {
  const code = mapsAt(view, "statuses")
    .map((each) => textAt(each, "code"))
    .find((each) => each?.toLowerCase().startsWith("powerstate/"));
  return code?.slice("PowerState/".length).toLowerCase();
}

/** Calls are in proportion to the pages of the groups' disks and, beyond a few machines, of the subscription's machines. */
export async function completeMachines(call: ArmCall, rows: readonly MachineRow[]): Promise<readonly MachineRow[]> {
  const groups = [...new Set(rows.map((row) => groupIn(row.id)))];
  const unpowered = rows.filter((row) => row.powerState === undefined).map((row) => row.id);
  const [lists, powers] = await Promise.all([
    Promise.all(groups.map((group) => readDisks(call, group))),
    Promise.all(unpowered.map(async (id) => [id, await readPowerOf(call, id)] as const)),
  ]);
  const listed = lists.flat();
  const disks = indexDisks([...listed, ...(await readTrailingDisks(call, rows, listed))]);
  const powerOf = new Map(powers);
  return rows.map((row) => addPower(addDisks(row, disks), row.powerState ?? powerOf.get(row.id)));
}

/** Disks that machines name and that no list shows yet. */
async function readTrailingDisks(call: ArmCall, rows: readonly MachineRow[], listed: readonly Json[]): Promise<readonly Json[]> {
  const seen = new Set(listed.map((disk) => canonicalId(textAt(disk, "id") ?? "")));
  const named = rows.flatMap((row) => [...row.dataDisks.map((place) => place.id), ...(row.osDiskId === undefined ? [] : [row.osDiskId])]);
  const trailing = [...new Set(named)].filter((id) => !seen.has(id));
  return trailing.length === 0 ? [] : [...(await readResources(call, "disks", trailing)).found.values()];
}

/** Machines that are looked at together share one list. */
function readDisks(call: ArmCall, group: string): Promise<readonly Json[]> {
  return readTogether(
    {
      owner: call.client,
      name: `disks in ${group}`,
      most: 1_000,
      read: (_groups, signal) => readList({ ...call, signal }, "disks.listByResourceGroup", { at: [group] }),
    },
    group,
    call.signal,
  );
}

/** Reads at once of machines made a moment ago, which the list does not show yet. */
const together = 20;

/**
 * Lists of a group do not show whether machines run; the list of the subscription does when asked for statuses only.
 * https://learn.microsoft.com/rest/api/compute/virtual-machines/list-all
 */
async function readPowerOf(call: ArmCall, id: string): Promise<string | undefined> {
  const powers = await readTogether(
    {
      owner: call.client,
      name: "power",
      most: 10_000,
      async read(ids, signal): Promise<ReadonlyMap<string, string | undefined>> {
        const own = { ...call, signal };
        if (ids.length <= few) return new Map(await Promise.all(ids.map(async (each) => [each, await readOnePower(own, each)] as const)));
        const statuses = await readList(own, "virtualMachines.listAll", { query: { statusOnly: "true" } });
        const listed = new Map(
          statuses.map((each) => [canonicalId(textAt(each, "id") ?? ""), readPower(mapAt(each, "properties", "instanceView"))] as const),
        );
        const trailing = ids.filter((each) => !listed.has(each));
        for (const group of chunk(trailing, together))
          await Promise.all(group.map(async (each) => void listed.set(each, await readOnePower(own, each))));
        return listed;
      },
    },
    id,
    call.signal,
  );
  return powers.get(id);
}

export async function readOnePower(call: ArmCall, id: string): Promise<string | undefined> {
  return readPower((await readOne(call, "virtualMachines.instanceView", namesIn(id))) ?? {});
}

interface Disks {
  readonly byId: ReadonlyMap<string, Json>;
  /** Children by the object mark of their machine. */
  readonly byObject: ReadonlyMap<string, readonly Json[]>;
}

function indexDisks(disks: readonly Json[]): Disks {
  return {
    byId: new Map(disks.map((disk) => [canonicalId(textAt(disk, "id") ?? ""), disk])),
    byObject: Map.groupBy(
      disks.filter((disk) => readTag(disk, childKeys.object) !== undefined),
      (disk) => readTag(disk, childKeys.object) ?? "",
    ),
  };
}

function addDisks(row: MachineRow, disks: Disks): MachineRow {
  const object = row.marks?.object;
  const attached: Record<string, string> = {};
  const marked: Record<string, string> = {};
  const shown: NativeMap[] = [];
  for (const place of row.dataDisks) {
    const disk = disks.byId.get(place.id);
    if (!isOwnDisk(place, disk, object)) continue;
    attached[place.lun] = place.id;
    if (disk !== undefined && readTag(disk, childKeys.object) === object) marked[place.lun] = place.id;
    shown.push(showDisk(row.id, place, disk, true));
  }
  const detached: Record<string, string> = {};
  for (const disk of object === undefined ? [] : (disks.byObject.get(object) ?? [])) {
    const { id, holder } = describeDisk(disk);
    const lun = readTag(disk, childKeys.lun);
    if (lun === undefined || holder !== undefined || attached[lun] !== undefined) continue;
    detached[lun] = id;
    shown.push(showDisk(row.id, { lun: Number(lun), id, name: textAt(disk, "name") ?? "", deleteOption: "Delete" }, disk, false));
  }
  shown.sort((a, b) => Number(a.lun) - Number(b.lun));
  const osDisk = showOsDisk(row, disks);
  return {
    ...row,
    props: { ...row.props, disks: shown, ...(osDisk === undefined ? {} : { osDisk }) },
    attributes: {
      ...row.attributes,
      disks: { ...(row.osDiskId === undefined ? {} : { os: row.osDiskId }), ...attached },
      ...(Object.keys(detached).length === 0 ? {} : { detachedDisks: detached }),
      ...(Object.keys(marked).length === 0 ? {} : { markedDisks: marked }),
    },
  };
}

/** A disk that is an object of its own, or that somebody put there to be kept, is none of the machine's. */
function isOwnDisk(place: DataDisk, disk: Json | undefined, object: string | undefined): boolean {
  if (disk !== undefined && readTags("azure.compute.Disk", disk).marks.object !== undefined) return false;
  if (disk !== undefined && object !== undefined && originOf(disk) === object) return true;
  return place.deleteOption === "Delete";
}

/** The mark of the machine that a disk came with: as a child, or copied with the machine's tags when Azure made it. */
function originOf(disk: Json): string | undefined {
  return readTag(disk, childKeys.object) ?? readTag(disk, markKeys.object);
}

function showDisk(machine: string, place: DataDisk, disk: Json | undefined, attached: boolean): NativeMap {
  const { size, sku } = disk === undefined ? { size: undefined, sku: undefined } : describeDisk(disk);
  return known({
    lun: place.lun,
    // Disks of a machine that was taken over have whatever names they have.
    name: disk !== undefined && originOf(disk) !== undefined ? labelIn(nameIn(machine), place.name) : undefined,
    diskSizeGB: size,
    storageAccountType: sku,
    deleteOption: place.deleteOption,
    attached,
  });
}

/** A deallocated machine does not tell size and sort; the disk does. */
function showOsDisk(row: MachineRow, disks: Disks): NativeValue | undefined {
  const disk = row.osDiskId === undefined ? undefined : disks.byId.get(row.osDiskId);
  const inline = mapAt(row.resource, "properties", "storageProfile", "osDisk");
  const own = disk === undefined ? undefined : describeDisk(disk);
  const shown = known({
    diskSizeGB: own?.size ?? numberAt(inline, "diskSizeGB"),
    storageAccountType: own?.sku ?? textAt(inline, "managedDisk", "storageAccountType"),
  });
  return Object.keys(shown).length === 0 ? undefined : shown;
}

function addPower(row: MachineRow, powerState: string | undefined): MachineRow {
  if (powerState === undefined) return row;
  const power = powerState === "running" || powerState === "starting" ? "on" : "off";
  return { ...row, powerState, props: { ...row.props, power }, attributes: { ...row.attributes, powerState } };
}
