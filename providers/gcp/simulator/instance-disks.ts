// An instance's disks: those made with it, those attached. https://cloud.google.com/compute/docs/reference/rest/v1/instances/attachDisk

import { DISK_TYPES, takesDisk } from "./disk-type-facts.ts";
import { overDiskQuota, planDisk } from "./disks.ts";
import { refuse, refuseAbsent, refuseInUse, refuseMissing, refuseNotReady, refuseUnimplemented, refuseValue } from "./errors.ts";
import { checkDeviceName } from "./instance-parts.ts";
import { readName, readReference } from "./links.ts";
import type { MachineTypeFacts } from "./machine-type-facts.ts";
import { readNewName } from "./names.ts";
import { addRow } from "./objects.ts";
import type { AttachedDiskResource, DiskResource, Labels } from "./resources.ts";
import type { OperationRow, ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

export interface AttachedDiskBody {
  readonly source?: string;
  readonly deviceName?: string;
  readonly boot?: boolean;
  readonly autoDelete?: boolean;
  readonly mode?: string;
  readonly type?: string;
  readonly interface?: string;
  readonly diskSizeGb?: string;
  readonly guestOsFeatures?: readonly { readonly type: string }[];
  readonly initializeParams?: {
    readonly diskName?: string;
    readonly diskSizeGb?: string;
    readonly diskType?: string;
    readonly sourceImage?: string;
    readonly sourceSnapshot?: string;
    readonly description?: string;
    readonly labels?: Labels;
    readonly provisionedIops?: string;
    readonly provisionedThroughput?: string;
  };
}

type NewDisk = ReturnType<typeof planDisk>;

export interface DiskPlan {
  readonly body: AttachedDiskBody;
  readonly deviceName: string;
  /** A disk that is there, or one to be made. */
  readonly disk:
    | { readonly kind: "existing"; readonly row: ResourceRow<"disks"> }
    | { readonly kind: "new"; readonly name: string; readonly resource: NewDisk };
}

const resourceOf = ({ disk }: DiskPlan): NewDisk => (disk.kind === "existing" ? disk.row.resource : disk.resource);

/** The disk that a source names: in the zone, ready, and nobody's. Throws. */
function requireFreeDisk(world: World, scope: string, field: string, source: string, mode: string): ResourceRow<"disks"> {
  const path = readReference(field, source, { project: world.project, scope }, "disks");
  const row = world.get("disks", path) ?? refuseMissing(path);
  if (row.scope !== scope) refuseValue(field, source, "Disk must be in the same zone as the instance.");
  if (row.resource.status !== "READY") refuseNotReady(path);
  const user = world
    .by("instances", "disk", path)
    .find((one) => mode === "READ_WRITE" || one.resource.disks.some((disk) => disk.source.endsWith(path) && disk.mode === "READ_WRITE"));
  if (user !== undefined) refuseInUse("disk", path, user.id);
  return row;
}

function checkForm(field: string, body: AttachedDiskBody): string {
  if ((body.type ?? "PERSISTENT") !== "PERSISTENT") refuseUnimplemented(`A disk of type ${body.type}`);
  const mode = body.mode ?? "READ_WRITE";
  if (mode !== "READ_WRITE" && mode !== "READ_ONLY") refuseValue(`${field}.mode`, mode, "Must be READ_WRITE or READ_ONLY.");
  if (body.interface !== undefined && body.interface !== "SCSI" && body.interface !== "NVME")
    refuseValue(`${field}.interface`, body.interface, "Must be SCSI or NVME.");
  if ((body.source === undefined) === (body.initializeParams === undefined))
    refuseValue(field, {}, "Exactly one of source and initializeParams must be specified.");
  return mode;
}

/** Checks the disks of a new instance. Throws what is wrong with them. */
export function planDisks(
  world: World,
  scope: string,
  instance: string,
  machine: MachineTypeFacts,
  bodies: readonly AttachedDiskBody[],
): readonly DiskPlan[] {
  const [first] = bodies;
  if (first === undefined) refuseAbsent("resource.disks");
  if (first.boot !== true) refuseValue("resource.disks[0].boot", first.boot ?? false, "The first disk must be the boot disk.");
  if (bodies.filter(({ boot }) => boot === true).length > 1) refuseValue("resource.disks", bodies.length, "Only one boot disk is allowed.");
  const most = machine.shared ? 16 : 128;
  if (bodies.length > most) refuseValue("resource.disks", bodies.length, `The number of disks exceeds the limit of ${most}.`);
  const plans = bodies.map((body, n) => planOne(world, scope, instance, body, n));
  for (const [n, plan] of plans.entries()) checkFit(`resource.disks[${n}]`, machine, plan);
  for (const pick of [
    (plan: DiskPlan) => plan.deviceName,
    (plan: DiskPlan) => (plan.disk.kind === "new" ? plan.disk.name : plan.disk.row.name),
  ]) {
    const seen = new Set<string>();
    for (const [n, plan] of plans.entries()) {
      if (seen.has(pick(plan))) refuseValue(`resource.disks[${n}]`, pick(plan), "Duplicate disk or device name.");
      seen.add(pick(plan));
    }
  }
  return plans;
}

function planOne(world: World, scope: string, instance: string, body: AttachedDiskBody, n: number): DiskPlan {
  const field = `resource.disks[${n}]`;
  const mode = checkForm(field, body);
  const deviceName = body.deviceName ?? `persistent-disk-${n}`;
  checkDeviceName(`${field}.deviceName`, deviceName);
  const params = body.initializeParams;
  if (params === undefined) {
    return { body, deviceName, disk: { kind: "existing", row: requireFreeDisk(world, scope, `${field}.source`, body.source ?? "", mode) } };
  }
  const name = readNewName(params.diskName ?? (n === 0 ? instance : `${instance}-${n}`));
  const path = `projects/${world.project}/${scope}/disks/${name}`;
  // "If a disk with the same name already exists in the given region, the existing disk is attached to the new instance and the new disk is not created."
  if (world.get("disks", path) !== undefined && params.diskName !== undefined)
    return {
      body,
      deviceName,
      disk: { kind: "existing", row: requireFreeDisk(world, scope, `${field}.initializeParams.diskName`, path, mode) },
    };
  if (world.get("disks", path) !== undefined) refuse(409, "alreadyExists", `The resource '${path}' already exists`);
  if (body.boot === true && params.sourceImage === undefined && params.sourceSnapshot === undefined)
    refuseAbsent(`${field}.initializeParams.sourceImage`);
  const resource = planDisk(world, scope, `${field}.initializeParams`, {
    description: params.description,
    sizeGb: params.diskSizeGb ?? body.diskSizeGb,
    type: params.diskType,
    sourceImage: params.sourceImage,
    sourceSnapshot: params.sourceSnapshot,
    provisionedIops: params.provisionedIops,
    provisionedThroughput: params.provisionedThroughput,
    labels: params.labels,
    guestOsFeatures: body.guestOsFeatures,
  });
  return { body, deviceName, disk: { kind: "new", name, resource } };
}

/** https://cloud.google.com/compute/docs/disks/persistent-disks#machine_types: a series takes some types of disks; an image is for one architecture. */
function checkFit(field: string, machine: MachineTypeFacts, plan: DiskPlan): void {
  const disk = resourceOf(plan);
  const type = readName(disk.type);
  if (!takesDisk(machine.series, type))
    refuse(400, "invalid", `Invalid value for field '${field}': '${type} disk type cannot be used by ${machine.name} machine type.'`);
  if (plan.body.boot !== true) return;
  if (DISK_TYPES.get(type)?.bootable === false)
    refuse(400, "invalid", `Invalid value for field '${field}': '${type} cannot be used for a boot disk.'`);
  const arch = machine.arm ? "ARM64" : "X86_64";
  if (disk.architecture !== undefined && disk.architecture !== arch)
    refuse(
      400,
      "invalid",
      `Invalid value for field '${field}': 'The machine type ${machine.name} has the architecture ${arch}, which does not match the disk's ${disk.architecture}.'`,
    );
}

/** The error in which the new disks would end, if any. */
export function overQuota(world: World, scope: string, plans: readonly DiskPlan[]): OperationRow["error"] {
  const size = plans.reduce((sum, { disk }) => sum + (disk.kind === "new" ? Number(disk.resource.sizeGb) : 0), 0);
  return overDiskQuota(world, scope, size);
}

/** Makes the new disks and attaches all. */
export function attachPlanned(
  world: World,
  scope: string,
  plans: readonly DiskPlan[],
): { readonly disks: readonly AttachedDiskResource[]; readonly made: readonly ResourceRow<"disks">[] } {
  const made: ResourceRow<"disks">[] = [];
  const disks = plans.map(({ body, deviceName, disk }, index) => {
    const row = disk.kind === "existing" ? disk.row : addRow(world, "disks", "disk", scope, disk.name, disk.resource);
    if (disk.kind === "new") made.push(row);
    return describeAttached(row.resource, body, deviceName, index);
  });
  return { disks, made };
}

function describeAttached(disk: DiskResource, body: AttachedDiskBody, deviceName: string, index: number): AttachedDiskResource {
  const { licenses, guestOsFeatures, architecture } = disk;
  const carried = Object.fromEntries(
    Object.entries({ licenses, guestOsFeatures, architecture }).filter(([, value]) => value !== undefined),
  );
  return {
    kind: "compute#attachedDisk",
    type: "PERSISTENT",
    mode: body.mode ?? "READ_WRITE",
    source: disk.selfLink,
    deviceName,
    index,
    boot: body.boot ?? false,
    // "Specifies whether the disk will be auto-deleted when the instance is deleted": off for attached ones unless told.
    autoDelete: body.autoDelete ?? false,
    interface: body.interface ?? "SCSI",
    diskSizeGb: disk.sizeGb,
    ...carried,
  };
}

/** Checks one more disk for an instance and describes it. Throws. */
export function planAttachment(
  world: World,
  row: ResourceRow<"instances">,
  machine: MachineTypeFacts,
  body: AttachedDiskBody,
): AttachedDiskResource {
  const mode = checkForm("resource", body);
  if (body.source === undefined) refuseUnimplemented("The creation of a disk by attachDisk");
  const { disks } = row.resource;
  const disk = requireFreeDisk(world, row.scope, "resource.source", body.source, mode);
  const index = disks.reduce((most, one) => Math.max(most, one.index + 1), 0);
  const deviceName = body.deviceName ?? `persistent-disk-${index}`;
  checkDeviceName("resource.deviceName", deviceName);
  if (disks.some((one) => one.deviceName === deviceName))
    refuseValue("resource.deviceName", deviceName, `The device name '${deviceName}' is already in use.`);
  if (body.boot === true && (row.resource.status !== "TERMINATED" || disks.some((one) => one.boot)))
    refuseValue("resource.boot", true, "A boot disk can be attached to a stopped instance without one only.");
  checkFit("resource", machine, { body, deviceName, disk: { kind: "existing", row: disk } });
  return describeAttached(disk.resource, body, deviceName, index);
}
