// machine on azure: a NetworkInterface and the VirtualMachine, its disks in the creating call; with `public = true` an address of its own. Waits for the rules
// of its firewalls, save those whose peer is not known yet; that the subnet has its gateway is settled with the subnet itself.

import { type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { checkPrivateIp } from "../../lowering/ranges.ts";
import { asList, followRef, written } from "../../lowering/read-props.ts";
import { composeUserData } from "../../lowering/user-data.ts";
import { keysToWaitFor } from "../../lowering/waits.ts";
import { lowerIdentities, lowerKeys, lowerUser } from "./machine-access.ts";
import { diskOutputs, lowerBlocks } from "./machine-disks.ts";
import { lowerImage } from "./machine-image.ts";
import { lowerSize } from "./machine-size.ts";
import { armName, machineName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { makePublicAddress } from "./public-address.ts";
import { reservedAddresses } from "./ranges.ts";
import { checkFirewallCount } from "./rule-limits.ts";
import { securityRulesOf } from "./security-rules.ts";
import { checkTags } from "./tags.ts";
import { lowerSecurity } from "./trusted-launch.ts";
import { lowerZone } from "./zones.ts";

/** "The maximum length of the binary array is 65535 bytes." https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#osprofile */
const userData = { cloud: "Azure", limit: 65_535, additions: {} };

export const lowerMachine: Lowering = (resource, context) => {
  const { props } = resource;
  const { tags } = context;
  const name = machineName(context);
  const subnet = followRef(props.subnet, context);
  const letter = String(subnet?.props.zone ?? "a");
  const image = lowerImage(resource, context);
  const size = lowerSize(resource, image, context);
  const security = lowerSecurity(resource, image, size.size, context);
  const user = lowerUser(resource, image.user, context);
  const identities = lowerIdentities(resource, context);
  const data = composeUserData(resource, userData, context);
  const disks = lowerBlocks(resource, image, context);
  const firewalls = asList(props.firewall).flatMap((firewall) => followRef(firewall, context) ?? []);
  const card = lowerInterface(resource, firewalls, context);

  const machine = context.object(
    "machine",
    "azure.compute.VirtualMachine",
    {
      name,
      ...placeOf(context),
      zones: lowerZone(letter, context).zones,
      vmSize: size.name,
      imageReference: image.reference,
      plan: image.plan,
      networkInterface: card.interface.ref("id"),
      computerName: typeof props.hostname === "string" ? props.hostname : undefined, // left out, it is the name that the machine was made with
      adminUsername: user.name,
      sshKeys: lowerKeys(resource, context),
      customData: data.value,
      osDisk: disks.osDisk,
      disks: disks.data,
      securityType: security.type,
      priority: props.spot === true ? "Spot" : undefined,
      identities: identities.identities,
      power: props.power === "off" ? "off" : "on",
      tags,
    },
    { after: waitsFor(subnet, firewalls, context), from: originsOf(resource) },
  );

  return {
    objects: [machine, card.interface, ...card.addresses].map((handle) => handle.object),
    outputs: {
      id: machine.ref("id"),
      name,
      private_ip: typeof props.private_ip === "string" ? props.private_ip : card.interface.ref("privateIPAddress"),
      ...(card.publicIp === undefined ? {} : { public_ip: card.publicIp }),
      zone: letter,
      ssh_user: user.name,
      instance_type: size.name,
      ...diskOutputs(resource, size, machine, context),
    },
    diagnostics: [
      ...image.diagnostics,
      ...size.diagnostics,
      ...security.diagnostics,
      ...user.diagnostics,
      ...identities.diagnostics,
      ...data.diagnostics,
      ...disks.diagnostics,
      ...checkFirewallCount(resource, firewalls.length, context),
      ...(subnet ? checkPrivateIp(resource, subnet, reservedAddresses, context) : []),
      ...checkTags(resource, context),
    ],
  };
};

/** Which portable prop stands behind each native one. */
function originsOf({ props, refinement }: PortableResource): Readonly<Record<string, string>> {
  return {
    zones: "subnet",
    vmSize: refinement.vm_size === undefined ? "cpu" : "on.azure.vm_size",
    imageReference: "image",
    plan: refinement.plan === undefined ? "image" : "on.azure.plan",
    networkInterface: "subnet",
    computerName: "hostname",
    adminUsername: "on.azure.admin_user",
    sshKeys: "key",
    customData: props.cloud_init === undefined ? "user_data" : "cloud_init",
    osDisk: "disk",
    disks: "disk",
    securityType: "on.azure.trusted_launch",
    priority: "spot",
    identities: "on.azure.identities",
    power: "power",
    tags: "tags",
  };
}

interface Card {
  readonly interface: NativeObjectHandle;
  /** The public address that is the machine's alone. */
  readonly addresses: readonly NativeObjectHandle[];
  readonly publicIp?: NativeValue;
}

function lowerInterface(resource: PortableResource, firewalls: readonly PortableResource[], context: LoweringContext): Card {
  const { props } = resource;
  const own = props.public === true ? makePublicAddress("public-address", context) : undefined;
  const kept = isRef(props.public) ? `${props.public.address}:address` : undefined;
  const address = kept ?? own?.key;
  const card = context.object(
    "interface",
    "azure.network.NetworkInterface",
    {
      name: armName(context, nameLimits.network),
      ...placeOf(context),
      subnet: context.native(props.subnet ?? ""),
      privateIPAddress: written(props.private_ip, context),
      publicIPAddress: address === undefined ? undefined : nativeRef(address, "id"),
      applicationSecurityGroups: firewalls.map((firewall) => nativeRef(`${firewall.address}:asg`, "id")),
      tags: context.tags,
    },
    {
      from: {
        subnet: "subnet",
        privateIPAddress: "private_ip",
        publicIPAddress: "public",
        applicationSecurityGroups: "firewall",
        tags: "tags",
      },
    },
  );
  return {
    interface: card,
    addresses: own ? [own] : [],
    ...(address === undefined ? {} : { publicIp: nativeRef(address, "ipAddress") }),
  };
}

/** What must be in place before the first boot: the network's closing rule, and the rules of its firewalls that can be there before the machine. */
function waitsFor(
  subnet: PortableResource | undefined,
  firewalls: readonly PortableResource[],
  context: LoweringContext,
): readonly string[] {
  const network = followRef(subnet?.props.network, context);
  return [
    ...(network ? keysToWaitFor(network, () => ["deny-inbound"], context) : []),
    ...firewalls.flatMap((firewall) => keysToWaitFor(firewall, () => rolesToWaitFor(firewall, context), context)),
  ];
}

function rolesToWaitFor(firewall: PortableResource, context: LoweringContext): readonly string[] {
  return securityRulesOf(firewall, context).flatMap((rule) => (rule.peer.kind === "deferred" ? [] : [rule.role]));
}
