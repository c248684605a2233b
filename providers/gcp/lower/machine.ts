// machine on gcp: an Instance with its disks in the insert call. A public address, its keys and its host name are fields of it. Waits for the NAT of its subnet
// and for the rules of its firewalls, save those whose peer is not known yet.

import { type NativeMap, type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { lowerMachineSize } from "../../lowering/machine-size.ts";
import { problem } from "../../lowering/problems.ts";
import { checkPrivateIp } from "../../lowering/ranges.ts";
import { asList, followRef, written } from "../../lowering/read-props.ts";
import { keysToWaitFor } from "../../lowering/waits.ts";
import { lowerZoneLetter } from "../../lowering/zones.ts";
import type { MachineType } from "../catalog/machine-types.ts";
import { regions } from "../catalog/places.ts";
import { machineSizes } from "../catalog/sizes.ts";
import { firewallsOf, rolesToWaitFor, tagsOf } from "./firewall.ts";
import { checkLabels } from "./labels.ts";
import { diskOutputs, lowerBlocks } from "./machine-disks.ts";
import { lowerImage, type MachineImage } from "./machine-image.ts";
import { checkNetworkTags, lowerServiceAccount } from "./machine-refinement.ts";
import { gceName } from "./names.ts";
import { reservedAddresses } from "./ranges.ts";
import { accessMetadata, sshKeysOf } from "./ssh-keys.ts";
import { lowerFirstBoot } from "./user-data.ts";

export const lowerMachine: Lowering = (resource, context) => {
  const { props, refinement } = resource;
  const name = gceName(context);
  const subnet = followRef(props.subnet, context);
  const letter = String(subnet?.props.zone ?? "a");
  const zone = lowerZoneLetter(letter, regions(), context);
  const size = lowerMachineSize(resource, machineSizes, context);
  const image = lowerImage(resource, context);
  const boot = lowerFirstBoot(resource, image, context);
  const disks = lowerBlocks(resource, image, size.size, context);
  const firewalls = firewallsOf(resource, context);
  const account = lowerServiceAccount(resource, context);

  const instance = context.object(
    "instance",
    "gcp.compute.Instance",
    {
      name,
      zone: zone.id,
      machineType: size.name,
      subnetwork: context.native(props.subnet ?? ""),
      networkIP: written(props.private_ip, context),
      externalIp: externalIpOf(resource),
      networkTags: [...tagsOf(firewalls, context), ...asList(refinement.network_tags).map(String)],
      disks: disks.wanted,
      sshKeys: sshKeysOf(resource, image.user, context),
      userData: boot.userData,
      startupScript: boot.startupScript,
      metadata: accessMetadata,
      hostname: hostnameOf(resource),
      provisioningModel: props.spot === true ? "SPOT" : "STANDARD",
      power: props.power === "off" ? "off" : "on",
      shieldedInstanceConfig: shieldOf(image, size.size),
      serviceAccount: account.value,
      labels: context.tags,
    },
    { after: waitsFor(firewalls, subnet, context), from: originsOf(resource) },
  );

  return {
    objects: [instance.object],
    outputs: {
      id: instance.ref("selfLink"),
      name,
      private_ip: typeof props.private_ip === "string" ? props.private_ip : instance.ref("networkIP"),
      ...(isRef(props.public)
        ? { public_ip: nativeRef(`${props.public.address}:address`, "address") }
        : props.public === true
          ? { public_ip: instance.ref("natIP") }
          : {}),
      zone: letter,
      ssh_user: image.user,
      instance_type: size.name,
      ...diskOutputs(resource, instance, context),
    },
    diagnostics: [
      ...size.diagnostics,
      ...image.diagnostics,
      ...(image.diagnostics.length > 0 ? [] : boot.diagnostics),
      ...disks.diagnostics,
      ...account.diagnostics,
      ...checkHostname(resource, context),
      ...checkNetworkTags(resource, firewalls.length, context),
      ...(subnet ? checkPrivateIp(resource, subnet, reservedAddresses, context) : []),
      ...checkLabels(resource, context),
    ],
  };
};

/** Which portable prop stands behind each native one. */
function originsOf({ props, refinement }: PortableResource): Readonly<Record<string, string>> {
  const script = props.cloud_init === undefined ? "user_data" : "cloud_init";
  return {
    machineType: refinement.machine_type === undefined ? "cpu" : "on.gcp.machine_type",
    subnetwork: "subnet",
    zone: "subnet",
    networkIP: "private_ip",
    externalIp: "public",
    networkTags: "firewall",
    disks: "disk",
    sshKeys: "key",
    userData: script,
    startupScript: script,
    hostname: "hostname",
    provisioningModel: "spot",
    power: "power",
    serviceAccount: "on.gcp.service_account",
    labels: "tags",
  };
}

function externalIpOf({ props }: PortableResource): NativeValue {
  if (isRef(props.public)) return nativeRef(`${props.public.address}:address`, "address");
  return props.public === true ? "ephemeral" : "none";
}

/**
 * Compute Engine takes fully qualified names alone; the guest calls itself by the first part. `.internal` is reserved for private use.
 * https://cloud.google.com/compute/docs/instances/custom-hostname-vm
 */
function hostnameOf({ props }: PortableResource): string | undefined {
  if (typeof props.hostname !== "string") return undefined;
  return props.hostname.includes(".") ? props.hostname : `${props.hostname}.internal`;
}

/** "The specified hostname must be RFC1035 compliant": each part begins with a letter. https://cloud.google.com/compute/docs/reference/rest/v1/instances */
function checkHostname({ props, address }: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const flawed = typeof props.hostname === "string" ? props.hostname.split(".").find((part) => !/^[a-z]/.test(part)) : undefined;
  if (flawed === undefined) return [];
  const message = `the host name of \`${address}\` has the part \`${flawed}\`, and on Compute Engine each part begins with a letter`;
  return [problem("K3045", context.place("hostname"), message, { hint: `write for example "m${flawed}"` })];
}

/** Virtual TPM, measured and verified boot. Not on bare metal. https://cloud.google.com/compute/shielded-vm/docs/shielded-vm */
function shieldOf(image: MachineImage, type: MachineType | undefined): NativeMap | undefined {
  if (!image.secureBoot || type?.bareMetal) return undefined;
  return { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true };
}

/** What must be in place before the first boot: the subnet's way out, and the rules that can be there before the machine. */
function waitsFor(
  firewalls: readonly PortableResource[],
  subnet: PortableResource | undefined,
  context: LoweringContext,
): readonly string[] {
  const gateway = followRef(subnet?.props.nat, context);
  const nat = gateway ? keysToWaitFor(gateway, () => ["router"], context) : [];
  return [nat, ...firewalls.map((firewall) => keysToWaitFor(firewall, () => rolesToWaitFor(firewall, context), context))].flat();
}
