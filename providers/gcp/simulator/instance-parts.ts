// The parts of an instance that both its creation and its changes check: machine type, tags, metadata, scheduling, accounts, shielding.

import { refuseAbsent, refuseMissing, refuseValue } from "./errors.ts";
import { readName, readReference } from "./links.ts";
import { findMachineType, type MachineTypeFacts } from "./machine-type-facts.ts";
import { checkNetworkTags, fingerprintOf } from "./names.ts";
import type { GuestOsFeature, InstanceResource, MetadataResource, SchedulingResource, ShieldedConfig } from "./resources.ts";
import type { World } from "./world.ts";

/** The machine type that a field names, in its zone. Throws `invalid`. */
export function readMachineType(world: World, scope: string, field: string, text: string | undefined): MachineTypeFacts {
  if (text === undefined) refuseAbsent(field);
  const path = readReference(field, text, { project: world.project, scope }, "machineTypes");
  const zone = readName(scope);
  if (!path.includes(`/${scope}/`)) refuseValue(field, text, `The machine type must be in the zone '${zone}'.`);
  const name = readName(path);
  // Custom types are not among the predefined ones, and not served.
  return findMachineType(zone, name) ?? refuseValue(field, text, `Machine type with name '${name}' does not exist in zone '${zone}'.`);
}

export function readTags(items: readonly string[]): InstanceResource["tags"] {
  checkNetworkTags("resource.tags.items", items, 64);
  return { ...(items.length === 0 ? {} : { items }), fingerprint: fingerprintOf(items.length === 0 ? undefined : { items }) };
}

/** https://cloud.google.com/compute/docs/metadata/setting-custom-metadata#limitations: 256 KB a value, 512 KB in all. */
export function readMetadata(items: NonNullable<MetadataResource["items"]>): MetadataResource {
  const keys = new Set<string>();
  let total = 0;
  for (const { key, value = "" } of items) {
    if (key === undefined || !/^[a-zA-Z0-9_-]{1,128}$/.test(key))
      refuseValue("resource.metadata.items.key", key, "Must be a match of regex '[a-zA-Z0-9-_]{1,128}'");
    if (keys.has(key)) refuseValue("resource.metadata.items.key", key, "Metadata has duplicate key.");
    keys.add(key);
    const size = Buffer.byteLength(value);
    if (size > 262_144) refuseValue("resource.metadata.items.value", key, "Metadata value is too large: at most 262144 bytes.");
    total += size + Buffer.byteLength(key);
  }
  if (total > 524_288) refuseValue("resource.metadata.items", total, "Metadata is too large: at most 524288 bytes.");
  return {
    kind: "compute#metadata",
    ...(items.length === 0 ? {} : { items }),
    fingerprint: fingerprintOf(items.length === 0 ? undefined : { items }),
  };
}

/** https://cloud.google.com/compute/docs/instances/spot: Spot VMs neither migrate nor restart by themselves. */
export function readScheduling(given: Partial<SchedulingResource>, before?: SchedulingResource): SchedulingResource {
  const model = given.provisioningModel ?? before?.provisioningModel ?? (given.preemptible === true ? "SPOT" : "STANDARD");
  if (model !== "STANDARD" && model !== "SPOT") refuseValue("resource.scheduling.provisioningModel", model, "Must be STANDARD or SPOT.");
  const spot = model === "SPOT";
  const scheduling = {
    onHostMaintenance: given.onHostMaintenance ?? before?.onHostMaintenance ?? (spot ? "TERMINATE" : "MIGRATE"),
    automaticRestart: given.automaticRestart ?? before?.automaticRestart ?? !spot,
    preemptible: given.preemptible ?? before?.preemptible ?? spot,
    provisioningModel: model,
    ...(spot ? { instanceTerminationAction: given.instanceTerminationAction ?? before?.instanceTerminationAction ?? "STOP" } : {}),
  };
  if (!["MIGRATE", "TERMINATE"].includes(scheduling.onHostMaintenance))
    refuseValue("resource.scheduling.onHostMaintenance", scheduling.onHostMaintenance, "Must be MIGRATE or TERMINATE.");
  if (spot && (scheduling.automaticRestart || scheduling.onHostMaintenance !== "TERMINATE" || !scheduling.preemptible))
    refuseValue(
      "resource.scheduling",
      {},
      "Scheduling must have preemptible be true, automaticRestart be false and onHostMaintenance be TERMINATE for SPOT.",
    );
  if (!spot && given.instanceTerminationAction !== undefined)
    refuseValue("resource.scheduling.instanceTerminationAction", given.instanceTerminationAction, "Only for SPOT.");
  return scheduling;
}

export function readAccounts(accounts: InstanceResource["serviceAccounts"], number: string): InstanceResource["serviceAccounts"] {
  if (accounts === undefined || accounts.length === 0) return undefined;
  if (accounts.length > 1) refuseValue("resource.serviceAccounts", accounts.length, "At most one service account is supported.");
  return accounts.map(({ email, scopes }) => {
    const address = email === "default" || email === undefined ? `${number}-compute@developer.gserviceaccount.com` : email;
    if (!/^[^@\s]+@[^@\s]+$/.test(address)) refuseValue("resource.serviceAccounts[0].email", email, "Must be an e-mail address.");
    for (const scope of scopes ?? [])
      if (!/^https:\/\/(www\.googleapis\.com\/auth\/|mail\.google\.com)/.test(scope))
        refuseValue("resource.serviceAccounts[0].scopes", scope, "Not a scope.");
    return { email: address, scopes: scopes ?? [] };
  });
}

/** https://cloud.google.com/compute/shielded-vm/docs/shielded-vm: vTPM and integrity monitoring are on where the image allows; secure boot is asked for. */
export function readShielding(features: readonly GuestOsFeature[], given: Partial<ShieldedConfig> | undefined): ShieldedConfig | undefined {
  if (!features.some(({ type }) => type === "UEFI_COMPATIBLE")) {
    if (given !== undefined && Object.values(given).includes(true))
      refuseValue("resource.shieldedInstanceConfig", {}, "Shielded VM Config can only be set when using a UEFI-compatible disk.");
    return undefined;
  }
  const config = {
    enableSecureBoot: given?.enableSecureBoot ?? false,
    enableVtpm: given?.enableVtpm ?? true,
    enableIntegrityMonitoring: given?.enableIntegrityMonitoring ?? true,
  };
  if (config.enableIntegrityMonitoring && !config.enableVtpm)
    refuseValue("resource.shieldedInstanceConfig.enableIntegrityMonitoring", true, "Virtual TPM must be enabled.");
  return config;
}

/** "Hostname must be … RFC 1035, a fully qualified domain name": https://cloud.google.com/compute/docs/instances/custom-hostname-vm */
export function checkHostname(hostname: string | undefined): void {
  if (hostname === undefined) return;
  const labels = hostname.split(".");
  const valid =
    hostname.length <= 253 && labels.length >= 2 && labels.every((label) => /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(label));
  if (!valid) refuseValue("resource.hostname", hostname, "Must be a fully qualified domain name.");
}

/** The first device's name that is free: `persistent-disk-1`. */
export function checkDeviceName(field: string, name: string): void {
  if (!/^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/i.test(name))
    refuseValue(field, name, "Must be a match of regex '[a-z0-9](?:[-a-z0-9_.]{0,61}[a-z0-9])?'");
}

/** The subnetwork that an interface names, and its network. */
export function requireSubnetwork(world: World, scope: string, field: string, text: string) {
  const path = readReference(field, text, { project: world.project, scope }, "subnetworks");
  return world.get("subnetworks", path) ?? refuseMissing(path);
}
