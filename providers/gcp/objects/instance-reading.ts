// Instances as their rows show them, and their disks, which have to be read by themselves: by the lineage of many instances in pages, by the mark of few.
// Reads only.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import { known } from "../../handlers/body.ts";
import type { Described } from "../../handlers/handler.ts";
import { disks } from "../collections.ts";
import { childLabels } from "../marks.ts";
import type { AttachedDisk, Disk, GceCall, Instance } from "../operations.ts";
import { nameOf, pathOf } from "../paths.ts";
import { filterByLabel, readByPaths, sweep } from "../sweep.ts";
import { describeLabelled, orAbsent, orEmpty, toNumber } from "./described.ts";
import { accessConfigNames, ownKeys } from "./instance-insert.ts";

export interface DescribedInstance extends Described {
  /** What is attached, disks of others among it. */
  readonly attached: readonly AttachedDisk[];
}

export function describeInstance(row: Instance): readonly DescribedInstance[] {
  const [card] = row.networkInterfaces ?? [];
  const [access] = card?.accessConfigs ?? [];
  const metadata = new Map((row.metadata?.items ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  const zone = row.zone ? nameOf(row.zone) : undefined;
  const machineType = row.machineType ? nameOf(row.machineType) : undefined;
  const networkIP = orAbsent(card?.networkIP);
  const reserved = access?.name === accessConfigNames.reserved;
  const described = describeLabelled(
    row,
    {
      zone,
      machineType,
      networkIP,
      subnetwork: card?.subnetwork ? pathOf(card.subnetwork) : undefined,
      externalIp: access === undefined ? "none" : reserved ? (access.natIP ?? "ephemeral") : "ephemeral",
      networkTags: orEmpty(row.tags?.items),
      sshKeys: splitKeys(metadata.get(ownKeys.sshKeys)),
      userData: metadata.get(ownKeys.userData),
      startupScript: metadata.get(ownKeys.startupScript),
      metadata: withoutOwnKeys(metadata),
      hostname: orAbsent(row.hostname),
      provisioningModel: row.scheduling?.provisioningModel ?? (row.scheduling?.preemptible ? "SPOT" : "STANDARD"),
      power: powerOf(row.status),
      shieldedInstanceConfig: readFlags(row.shieldedInstanceConfig),
      serviceAccount: readAccount(row),
    },
    {
      networkIP,
      natIP: orAbsent(access?.natIP),
      accessConfig: orAbsent(access?.name),
      machineType,
      zone,
      disks: Object.fromEntries(
        (row.disks ?? []).filter(goesWithIt).flatMap(({ deviceName, source }) => (source ? [[deviceName ?? "", pathOf(source)]] : [])),
      ),
      status: orAbsent(row.status),
    },
    { status: orAbsent(row.status), dead: row.status === "DEPROVISIONING" ? "going" : undefined },
  );
  return described.map((each) => ({ ...each, attached: row.disks ?? [] }));
}

/** https://cloud.google.com/compute/docs/instances/instance-lifecycle */
function powerOf(status: string | null | undefined): string {
  return ["TERMINATED", "STOPPING", "STOPPED", "SUSPENDED", "SUSPENDING"].includes(status ?? "") ? "off" : "on";
}

function splitKeys(text: string | undefined): NativeValue {
  return (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function withoutOwnKeys(metadata: ReadonlyMap<string, string>): NativeMap {
  const own = new Set<string>(Object.values(ownKeys));
  return Object.fromEntries([...metadata].filter(([key]) => !own.has(key)));
}

function readFlags(config: Instance["shieldedInstanceConfig"]): NativeMap | undefined {
  if (!config) return undefined;
  const { enableSecureBoot, enableVtpm, enableIntegrityMonitoring } = config;
  return known({
    enableSecureBoot: orAbsent(enableSecureBoot),
    enableVtpm: orAbsent(enableVtpm),
    enableIntegrityMonitoring: orAbsent(enableIntegrityMonitoring),
  });
}

function readAccount({ serviceAccounts }: Instance): NativeMap | undefined {
  const [account] = serviceAccounts ?? [];
  return account?.email ? { email: account.email, scopes: [...orEmpty(account.scopes)] } : undefined;
}

/** Up to so many instances have their disks read one instance at a time. */
const few = 3;

/**
 * Adds the disks of the instances. Its own are those that carry its child mark; of an instance that somebody else made, those that go with it. Disks that
 * are attached beside, as objects of their own, are left out.
 */
export async function completeInstances(call: GceCall, rows: readonly Described[]): Promise<readonly Described[]> {
  const shown = rows as readonly DescribedInstance[];
  const byPath = new Map<string, Disk>();
  for (const filter of childFilters(shown)) {
    for (const disk of await sweep(disks, call, filter)) if (disk.selfLink) byPath.set(pathOf(disk.selfLink), disk);
  }
  const wanted = shown.flatMap((row) => row.attached.filter(goesWithIt).flatMap(({ source }) => (source ? [pathOf(source)] : [])));
  const missing = [...new Set(wanted)].filter((path) => !byPath.has(path));
  if (missing.length > 0) for (const [path, disk] of (await readByPaths(disks, call, missing)).rows) byPath.set(path, disk);
  const children = Map.groupBy(byPath.values(), (disk) => disk.labels?.[childLabels.object] ?? "");
  return shown.map((row) => addDisks(row, byPath, children.get(row.marks?.object ?? "-") ?? []));
}

function childFilters(rows: readonly Described[]): readonly string[] {
  const key = rows.length > few ? ("lineage" as const) : ("object" as const);
  const values = new Set(rows.flatMap((row) => row.marks?.[key] ?? []));
  return [...values].map((value) => filterByLabel(childLabels[key], value));
}

function goesWithIt({ boot, autoDelete }: AttachedDisk): boolean {
  return boot === true || autoDelete === true;
}

function addDisks(row: DescribedInstance, byPath: ReadonlyMap<string, Disk>, children: readonly Disk[]): Described {
  const own = new Set(children.flatMap(({ selfLink }) => (selfLink ? [pathOf(selfLink)] : [])));
  const attached = row.attached.flatMap((each) => {
    const path = each.source ? pathOf(each.source) : undefined;
    return path !== undefined && (goesWithIt(each) || own.has(path)) ? [{ path, each }] : [];
  });
  const there = new Set(row.attached.flatMap(({ source }) => (source ? [pathOf(source)] : [])));
  const left = children.flatMap((disk) => {
    const path = disk.selfLink ? pathOf(disk.selfLink) : "";
    return there.has(path) || (disk.users ?? []).length > 0
      ? []
      : [{ path, disk, device: disk.labels?.[childLabels.device] ?? nameOf(path) }];
  });
  return {
    ...row,
    props: {
      ...row.props,
      disks: [
        ...attached.map(({ path, each }) => describeDisk(byPath.get(path), each)),
        ...left.map(({ disk, device }) => ({ ...describeDisk(disk, { deviceName: device }), autoDelete: true, attached: false })),
      ],
    },
    attributes: {
      ...row.attributes,
      disks: Object.fromEntries(attached.map(({ path, each }) => [each.deviceName ?? nameOf(path), path])),
      detachedDisks: Object.fromEntries(left.map(({ device, path }) => [device, path])),
    },
  };
}

/** The size is the disk's own: an instance shows the size of when it was attached. */
function describeDisk(disk: Disk | undefined, attached: AttachedDisk): NativeMap {
  return known({
    deviceName: attached.deviceName ?? "",
    boot: attached.boot ?? false,
    autoDelete: attached.autoDelete ?? false,
    attached: true,
    sizeGb: toNumber(disk?.sizeGb ?? attached.diskSizeGb),
    type: disk?.type ? nameOf(disk.type) : undefined,
    sourceImage: attached.boot && disk?.sourceImage ? pathOf(disk.sourceImage) : undefined,
  });
}
