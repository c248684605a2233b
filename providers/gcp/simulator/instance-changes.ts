// What can be changed of an instance, and which changes need it stopped. https://cloud.google.com/compute/docs/reference/rest/v1/instances

import { takesDisk } from "./disk-type-facts.ts";
import { refuse, refuseAbsent, refuseUnimplemented, refuseValue } from "./errors.ts";
import { type AttachedDiskBody, planAttachment } from "./instance-disks.ts";
import { type AccessConfigBody, planAccessConfig, requireInterface, withFingerprint } from "./instance-network.ts";
import { readAccounts, readMachineType, readMetadata, readScheduling, readShielding, readTags } from "./instance-parts.ts";
import { readName, readPath, writeLink } from "./links.ts";
import type { MachineTypeFacts } from "./machine-type-facts.ts";
import { type Call, defineChange, type Method } from "./method.ts";
import { checkFingerprint, numberOf } from "./names.ts";
import { changeRow, type LabelsBody, requireIdle, setLabels, startUpdate } from "./objects.ts";
import { startOperation } from "./operations.ts";
import type { AccessConfigResource, MetadataResource, SchedulingResource, ShieldedConfig } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

type Row = ResourceRow<"instances">;

const ROUTE = "zones/{zone}/instances/{instance}";

function requireStopped(row: Row, what: string): void {
  if (row.resource.status !== "TERMINATED") refuse(400, "resourceNotReady", `The instance must be stopped before ${what} can be changed.`);
}

function define<Body>(
  http: Method["http"],
  verb: string,
  body: string | undefined,
  change: (world: World, row: Row, call: Call<Body>) => object,
  query: readonly string[] = [],
  route = `${ROUTE}/${verb}`,
): Method {
  return defineChange<Body>(
    http,
    `instances.${verb}`,
    route,
    body,
    (world, call) => change(world, requireIdle(world, "instances", call, call.route.instance ?? call.route.resource), call),
    query,
  );
}

function readFlag(field: string, text: string | undefined, otherwise?: boolean): boolean {
  if (text === undefined) return otherwise ?? refuseAbsent(field);
  if (text !== "true" && text !== "false") refuseValue(field, text, "Must be true or false.");
  return text === "true";
}

function machineOf(world: World, row: Row): MachineTypeFacts {
  return readMachineType(world, row.scope, "machineType", row.resource.machineType);
}

/** The other disks of a machine type must fit the new one as well. */
function changeMachineType(world: World, row: Row, text: string | undefined): object {
  const machine = readMachineType(world, row.scope, "machineType", text);
  requireStopped(row, "the machine type");
  if (machine.arm !== machineOf(world, row).arm)
    refuseValue("machineType", text, "The machine type has another architecture than the boot disk.");
  for (const { source } of row.resource.disks) {
    const type = readName(world.get("disks", readPath(source))?.resource.type ?? "");
    if (type !== "" && !takesDisk(machine.series, type))
      refuseValue("machineType", text, `${type} disk type cannot be used by ${machine.name} machine type.`);
  }
  return startUpdate(world, "setMachineType", row, {
    machineType: writeLink(`projects/${world.project}/${row.scope}/machineTypes/${machine.name}`),
  });
}

/** The disk stays in the instance until the operation is done. */
function detach(world: World, row: Row, deviceName: string | undefined): object {
  if (deviceName === undefined) refuseAbsent("deviceName");
  const disk = row.resource.disks.find((one) => one.deviceName === deviceName);
  if (disk === undefined) refuseValue("disk", deviceName, `No attached disk found with device name '${deviceName}'`);
  if (disk.boot && row.resource.status !== "TERMINATED")
    refuseValue("disk", deviceName, "The boot disk of a running instance cannot be detached.");
  return startUpdate(world, "detachDisk", row, { disks: row.resource.disks.filter((one) => one !== disk) });
}

/** A disk is the instance's from the request on, so that nobody else gets it. */
function attach(world: World, row: Row, body: AttachedDiskBody): object {
  const attached = planAttachment(world, row, machineOf(world, row), body);
  if (world.failing === undefined) changeRow(world, row, { disks: [...row.resource.disks, attached] });
  return startOperation(world, { type: "attachDisk", target: row, effect: { kind: "none" } });
}

function changeConfigs(world: World, row: Row, name: string, type: string, accessConfigs: readonly AccessConfigResource[]): object {
  const networkInterfaces = row.resource.networkInterfaces.map((one) => {
    if (one.name !== name) return one;
    const { accessConfigs: _old, ...rest } = one;
    return withFingerprint(accessConfigs.length === 0 ? rest : { ...rest, accessConfigs });
  });
  return startUpdate(world, type, row, { networkInterfaces });
}

function addConfig(world: World, row: Row, name: string | undefined, body: AccessConfigBody): object {
  const one = requireInterface(row, name);
  if ((one.accessConfigs ?? []).length > 0) refuseValue("networkInterface", one.name, "At most one access config currently supported.");
  const planned = planAccessConfig(world, row.scope, "accessConfig", body);
  if ("failure" in planned)
    return startOperation(world, { type: "addAccessConfig", target: row, effect: { kind: "none" }, error: planned.failure });
  const { natIP, ...rest } = planned.plan;
  // An instance that is stopped is lent no address.
  const plan =
    body.natIP === undefined && row.resource.status === "TERMINATED" ? rest : { ...rest, ...(natIP === undefined ? {} : { natIP }) };
  return changeConfigs(world, row, one.name, "addAccessConfig", [plan]);
}

function deleteConfig(world: World, row: Row, name: string | undefined, config: string | undefined): object {
  const one = requireInterface(row, name);
  if (config === undefined) refuseAbsent("accessConfig");
  if (!(one.accessConfigs ?? []).some((each) => each.name === config))
    refuseValue("accessConfig", config, `The access config '${config}' does not exist on '${one.name}'.`);
  return changeConfigs(world, row, one.name, "deleteAccessConfig", []);
}

/** Patch semantics; the address itself is changed by deleting the config and adding another. */
function updateConfig(world: World, row: Row, name: string | undefined, body: AccessConfigBody): object {
  const one = requireInterface(row, name);
  const [config] = one.accessConfigs ?? [];
  if (config === undefined) refuseValue("networkInterface", one.name, "There is no access config to update.");
  if (body.natIP !== undefined && body.natIP !== config.natIP) refuseUnimplemented("The change of natIP by updateAccessConfig");
  if (body.networkTier !== undefined && body.networkTier !== config.networkTier)
    refuseUnimplemented("The change of networkTier by updateAccessConfig");
  return changeConfigs(world, row, one.name, "updateAccessConfig", [{ ...config, name: body.name ?? config.name }]);
}

export const instanceChangeMethods: readonly Method[] = [
  define<LabelsBody>("POST", "setLabels", "InstancesSetLabelsRequest", (world, row, { body }) => setLabels(world, row, body)),
  define<{ readonly items?: readonly string[]; readonly fingerprint?: string }>("POST", "setTags", "Tags", (world, row, { body }) => {
    checkFingerprint(body.fingerprint, row.resource.tags.fingerprint, "Supplied fingerprint does not match current tags fingerprint.");
    return startUpdate(world, "setTags", row, { tags: readTags(body.items ?? []) });
  }),
  define<Partial<MetadataResource>>("POST", "setMetadata", "Metadata", (world, row, { body }) => {
    checkFingerprint(
      body.fingerprint,
      row.resource.metadata.fingerprint,
      "Supplied fingerprint does not match current metadata fingerprint.",
    );
    return startUpdate(world, "setMetadata", row, { metadata: readMetadata(body.items ?? []) });
  }),
  define<{ readonly machineType?: string }>("POST", "setMachineType", "InstancesSetMachineTypeRequest", (world, row, { body }) =>
    changeMachineType(world, row, body.machineType),
  ),
  define<{ readonly email?: string; readonly scopes?: readonly string[] }>(
    "POST",
    "setServiceAccount",
    "InstancesSetServiceAccountRequest",
    (world, row, { body }) => {
      requireStopped(row, "the service account");
      const given = body.email === undefined || body.email === "" ? [] : [{ email: body.email, scopes: body.scopes ?? [] }];
      const accounts = readAccounts(given, numberOf(world.project));
      return accounts === undefined
        ? startUpdate(world, "setServiceAccount", row, {}, ["serviceAccounts"])
        : startUpdate(world, "setServiceAccount", row, { serviceAccounts: accounts });
    },
  ),
  define<Partial<SchedulingResource>>("POST", "setScheduling", "Scheduling", (world, row, { body }) => {
    const before = row.resource.scheduling;
    for (const field of ["preemptible", "provisioningModel"] as const)
      if (body[field] !== undefined && body[field] !== before[field])
        refuseValue(`scheduling.${field}`, body[field], "This cannot be changed.");
    return startUpdate(world, "setScheduling", row, { scheduling: readScheduling(body, before) });
  }),
  define<Partial<ShieldedConfig>>("PATCH", "updateShieldedInstanceConfig", "ShieldedInstanceConfig", (world, row, { body }) => {
    requireStopped(row, "the Shielded VM configuration");
    const features = row.resource.disks.find((disk) => disk.boot)?.guestOsFeatures ?? [];
    const config = readShielding(features, { ...row.resource.shieldedInstanceConfig, ...body });
    return startUpdate(world, "updateShieldedInstanceConfig", row, config === undefined ? {} : { shieldedInstanceConfig: config });
  }),
  define<unknown>(
    "POST",
    "setDeletionProtection",
    undefined,
    (world, row, { query }) =>
      startUpdate(world, "setDeletionProtection", row, {
        deletionProtection: readFlag("deletionProtection", query.deletionProtection, true),
      }),
    ["deletionProtection"],
    "zones/{zone}/instances/{resource}/setDeletionProtection",
  ),
  define<unknown>(
    "POST",
    "setDiskAutoDelete",
    undefined,
    (world, row, { query }) => {
      const autoDelete = readFlag("autoDelete", query.autoDelete);
      const { deviceName } = query;
      if (!row.resource.disks.some((disk) => disk.deviceName === deviceName))
        refuseValue("deviceName", deviceName, `No attached disk found with device name '${deviceName}'`);
      const disks = row.resource.disks.map((disk) => (disk.deviceName === deviceName ? { ...disk, autoDelete } : disk));
      return startUpdate(world, "setDiskAutoDelete", row, { disks });
    },
    ["autoDelete", "deviceName"],
  ),
  define<AttachedDiskBody>("POST", "attachDisk", "AttachedDisk", (world, row, { body }) => attach(world, row, body)),
  define<unknown>("POST", "detachDisk", undefined, (world, row, { query }) => detach(world, row, query.deviceName), ["deviceName"]),
  define<AccessConfigBody>(
    "POST",
    "addAccessConfig",
    "AccessConfig",
    (world, row, { query, body }) => addConfig(world, row, query.networkInterface, body),
    ["networkInterface"],
  ),
  define<unknown>(
    "POST",
    "deleteAccessConfig",
    undefined,
    (world, row, { query }) => deleteConfig(world, row, query.networkInterface, query.accessConfig),
    ["networkInterface", "accessConfig"],
  ),
  define<AccessConfigBody>(
    "POST",
    "updateAccessConfig",
    "AccessConfig",
    (world, row, { query, body }) => updateConfig(world, row, query.networkInterface, body),
    ["networkInterface"],
  ),
];
