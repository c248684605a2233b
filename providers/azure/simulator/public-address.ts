// Public addresses: given out when a static one is made, held while an interface or a NAT gateway names them.
// https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/create-or-update

import { refuse } from "./errors.ts";
import { compact, idAt, mapsAt, numberAt, textAt, textsAt } from "./json.ts";
import { checkZones } from "./regions.ts";
import { type Draft, NETWORK_PART, type ResourceType, requireReferenced, type WriteRequest } from "./resource-type.ts";
import type { ResourceRow } from "./rows.ts";
import { answered, empty, list, number, oneOf, record, text } from "./shape.ts";
import type { World } from "./world.ts";

export const PUBLIC_ADDRESS_TYPE = "Microsoft.Network/publicIPAddresses";

export const publicAddress: ResourceType = {
  type: PUBLIC_ADDRESS_TYPE,
  noun: "publicIPAddresses",
  title: "PublicIpAddress",
  ...NETWORK_PART,
  envelope: {
    sku: record({ name: oneOf("Basic", "Standard", "StandardV2"), tier: oneOf("Regional", "Global") }),
    zones: list(text),
    extendedLocation: empty,
  },
  properties: record({
    publicIPAllocationMethod: oneOf("Static", "Dynamic"),
    publicIPAddressVersion: oneOf("IPv4", "IPv6"),
    idleTimeoutInMinutes: number,
    deleteOption: oneOf("Delete", "Detach"),
    ipTags: empty,
    dnsSettings: empty,
    ddosSettings: record({
      protectionMode: oneOf("VirtualNetworkInherited", "Enabled", "Disabled"),
      ddosProtectionPlan: empty,
      ddosCustomPolicy: empty,
    }),
    publicIPPrefix: empty,
    servicePublicIPAddress: empty,
    linkedPublicIPAddress: empty,
    migrationPhase: oneOf("None"),
    ipAddress: answered,
    ipConfiguration: answered,
    natGateway: answered,
    resourceGuid: answered,
    provisioningState: answered,
    upgradedToV2: answered,
  }),
  tracked: true,
  passages: { create: "network", update: "network", remove: "networkDelete" },
  draft: draftAddress,
  render: (world, row) => {
    const holder = findHolder(world, row);
    return compact({
      resourceGuid: row.guid,
      ...row.properties,
      ...(holder === undefined
        ? {}
        : holder.kind === "gateway"
          ? { natGateway: { id: holder.id } }
          : { ipConfiguration: { id: holder.id } }),
    });
  },
  refuseRemoval: (world, row) => {
    const holder = findHolder(world, row);
    if (holder !== undefined)
      refuse(
        "PublicIPAddressCannotBeDeleted",
        `Public IP address ${row.armId} can not be deleted since it is still allocated to resource ${holder.id}. In order to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do this, see aka.ms/deletepublicip.`,
      );
  },
};

function draftAddress(request: WriteRequest): Draft {
  const { world, body, properties, old } = request;
  const sku = { name: textAt(body, "sku", "name") ?? "Basic", tier: textAt(body, "sku", "tier") ?? "Regional" };
  const method = textAt(properties, "publicIPAllocationMethod") ?? "Dynamic";
  const version = textAt(properties, "publicIPAddressVersion") ?? "IPv4";
  const zones = textsAt(body, "zones");
  checkZones(zones, request.location, request.armId);
  if (old === undefined) {
    const count = world.countBy("resource", "type", PUBLIC_ADDRESS_TYPE);
    if (count >= world.settings.quotas.publicIPAddresses)
      refuse(
        "StandardSkuPublicIPCountLimitReached",
        `Cannot create more than ${count} public IP addresses for this subscription in this region.`,
      );
    // Retired: https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-basic-upgrade-guidance
    if (sku.name === "Basic")
      refuse(
        "IPv4BasicSkuPublicIpCountLimitReached",
        "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
      );
  }
  if (sku.name !== "Basic" && method !== "Static" && version === "IPv4")
    refuse("StandardSkuPublicIPAddressesMustBeStatic", `Standard sku publicIp ${request.armId} must have AllocationMethod set to Static.`);
  if (sku.name === "StandardV2" || version === "IPv6" || sku.tier === "Global")
    refuse("InvalidRequestFormat", "Of public IP addresses the embedded ARM has the regional Standard sku of IPv4 only.");
  if (old !== undefined) {
    const [was, is] = [textsAt(old.envelope, "zones").join(","), zones.join(",")];
    if (was !== is) refuseZones(request.armId, was, is);
    if (textAt(old.envelope, "sku", "name") !== sku.name)
      refuse("PropertyCannotBeChanged", `The sku of ${request.armId} cannot be changed.`);
  }
  const idle = numberAt(properties, "idleTimeoutInMinutes") ?? 4;
  if (idle < 4 || idle > 30)
    refuse("PublicIPAddressIdleTimeoutIsInvalid", `The idle timeout ${idle} of ${request.armId} is not between 4 and 30 minutes.`);
  return {
    envelope: compact({ sku, ...(zones.length === 0 ? {} : { zones: [...zones] }) }),
    properties: compact({
      publicIPAddressVersion: version,
      publicIPAllocationMethod: method,
      idleTimeoutInMinutes: idle,
      ipTags: [],
      ddosSettings: properties.ddosSettings ?? { protectionMode: "VirtualNetworkInherited" },
      ...(properties.deleteOption === undefined ? {} : { deleteOption: properties.deleteOption }),
      ipAddress: (old === undefined ? undefined : textAt(old.properties, "ipAddress")) ?? newAddress(world),
    }),
    references: [],
  };
}

/** https://learn.microsoft.com/azure/reliability/availability-zones-overview: zones are for a resource's life. */
export function refuseZones(armId: string, was: string, is: string): never {
  refuse(
    "ResourceAvailabilityZonesCannotBeModified",
    `Resource ${armId} has an existing availability zone constraint ${was === "" ? "none" : was} and the request has availability zone constraint ${is === "" ? "none" : is}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
  );
}

function newAddress(world: World): string {
  // Of Azure's own 20.0.0.0/8.
  return `20.${world.draw(200) + 20}.${world.draw(256)}.${world.draw(254) + 1}`;
}

interface Holder {
  readonly kind: "gateway" | "configuration";
  readonly id: string;
}

/** What names the address: an interface's configuration or a NAT gateway. */
export function findHolder(world: World, row: ResourceRow): Holder | undefined {
  for (const other of world.referrersOf(row.id)) {
    if (other.type === "Microsoft.Network/natGateways") return { kind: "gateway", id: other.armId };
    const one = mapsAt(other.properties, "ipConfigurations").find(
      (configuration) => idAt(configuration, "properties", "publicIPAddress")?.toLowerCase() === row.id,
    );
    if (one !== undefined) return { kind: "configuration", id: `${other.armId}/ipConfigurations/${textAt(one, "name")}` };
  }
  return undefined;
}

/** A public address that a body names, and that nothing else holds. */
export function requireFreeAddress(request: WriteRequest, id: string): ResourceRow {
  const row = requireReferenced(request, id, PUBLIC_ADDRESS_TYPE);
  const holder = findHolder(request.world, row);
  if (holder !== undefined && !holder.id.toLowerCase().startsWith(request.armId.toLowerCase()))
    refuse(
      "PublicIPAddressInUse",
      `Resource ${request.armId} is referencing public IP address ${row.armId} that is already allocated to resource ${holder.id}.`,
    );
  return row;
}
