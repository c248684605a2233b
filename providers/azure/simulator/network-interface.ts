// Network interfaces: their private address in a subnet, and what they tie together: machine, subnet, public address and groups.
// https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/create-or-update

import { containsAddress } from "../../../grammar/net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../../../grammar/net/ipv4.ts";
import { refuse } from "./errors.ts";
import { compact, flagAt, idAt, idsAt, mapAt, mapsAt, textAt, textsAt } from "./json.ts";
import { requireFreeAddress } from "./public-address.ts";
import { quoteEtag } from "./render.ts";
import { type Draft, NETWORK_PART, type ResourceType, requireReferenced, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, empty, flag, list, oneOf, record, reference, text } from "./shape.ts";
import { rangeOfSubnet, SUBNET_TYPE } from "./subnet.ts";
import { addressKey, type World } from "./world.ts";

export const INTERFACE_TYPE = "Microsoft.Network/networkInterfaces";
/** https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-networking-limits */
const MOST_GROUPS = 20;

const CONFIGURATION = record({
  id: answered,
  name: text,
  type: answered,
  etag: answered,
  properties: record({
    privateIPAddress: text,
    privateIPAllocationMethod: oneOf("Static", "Dynamic"),
    privateIPAddressVersion: oneOf("IPv4"),
    privateIPAddressPrefixLength: empty,
    subnet: reference,
    primary: flag,
    publicIPAddress: reference,
    applicationSecurityGroups: list(reference),
    gatewayLoadBalancer: empty,
    virtualNetworkTaps: empty,
    applicationGatewayBackendAddressPools: empty,
    loadBalancerBackendAddressPools: empty,
    loadBalancerInboundNatRules: empty,
    provisioningState: answered,
    privateLinkConnectionProperties: answered,
  }),
});

export const networkInterface: ResourceType = {
  type: INTERFACE_TYPE,
  noun: "networkInterfaces",
  title: "NetworkInterface",
  ...NETWORK_PART,
  envelope: { extendedLocation: empty, kind: answered },
  properties: record({
    ipConfigurations: list(CONFIGURATION),
    networkSecurityGroup: reference,
    enableAcceleratedNetworking: flag,
    enableIPForwarding: flag,
    disableTcpStateTracking: flag,
    dnsSettings: record({
      dnsServers: list(text),
      internalDnsNameLabel: text,
      appliedDnsServers: answered,
      internalFqdn: answered,
      internalDomainNameSuffix: answered,
    }),
    nicType: oneOf("Standard", "Elastic"),
    auxiliaryMode: oneOf("None"),
    auxiliarySku: oneOf("None"),
    workloadType: text,
    migrationPhase: oneOf("None"),
    privateLinkService: empty,
    tapConfigurations: answered,
    hostedWorkloads: answered,
    virtualMachine: answered,
    privateEndpoint: answered,
    dscpConfiguration: answered,
    macAddress: answered,
    primary: answered,
    vnetEncryptionSupported: answered,
    defaultOutboundConnectivityEnabled: answered,
    allowPort25Out: answered,
    resourceGuid: answered,
    provisioningState: answered,
  }),
  tracked: true,
  passages: { create: "network", update: "network", remove: "interfaceDelete" },
  draft: draftInterface,
  render: (world, row) => renderInterface(world, row),
  renderEnvelope: () => ({ kind: "Regular" }),
  refuseRemoval: (world, row) => {
    const machine = findMachine(world, row);
    if (machine !== undefined)
      refuse(
        "NicInUse",
        `Network Interface ${row.armId} is used by existing resource ${machine.armId}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
      );
    // The wording and the status are the cloud's: https://github.com/microsoft/AzureTRE/pull/4511
    if (row.reserved !== undefined && row.reserved.until > world.now)
      refuse(
        "NicReservedForAnotherVm",
        `Nic(s) in request is reserved for another Virtual Machine for 180 seconds. Please provide another nic(s) or retry after 180 seconds. Reserved VM: ${row.reserved.by}`,
      );
  },
};

/** The machine that names the interface. */
export function findMachine(world: World, row: ResourceRow): ResourceRow | undefined {
  return world.referrersOf(row.id).find((other) => other.type === "Microsoft.Compute/virtualMachines");
}

function draftInterface(request: WriteRequest): Draft {
  const { properties, old } = request;
  const configurations = mapsAt(properties, "ipConfigurations");
  if (configurations.length === 0)
    refuse("InvalidRequestFormat", `Network interface ${request.armId} must have at least one IP configuration.`);
  const names = new Set(configurations.map((one) => textAt(one, "name")?.toLowerCase()));
  if (names.size < configurations.length || names.has(undefined))
    refuse("InvalidRequestFormat", `The IP configurations of ${request.armId} must have names that differ.`);
  const primaries = configurations.filter((one) => flagAt(one, "properties", "primary") === true).length;
  if (configurations.length > 1 && primaries !== 1)
    refuse(
      "NetworkInterfaceMustHaveExactlyOnePrimaryIPConfiguration",
      `Network interface ${request.armId} must have exactly one primary IP configuration.`,
    );
  const before = old === undefined ? [] : mapsAt(old.properties, "ipConfigurations");
  const taken = new Set<string>();
  const drafts = configurations.map((one) => {
    const was = before.find((other) => textAt(other, "name")?.toLowerCase() === textAt(one, "name")?.toLowerCase());
    const drafted = draftConfiguration(request, one, was, taken);
    taken.add(addressKey(drafted.subnet, drafted.address));
    return drafted;
  });
  if (new Set(drafts.map(({ network }) => network)).size > 1)
    refuse("SubnetsNotInSameVnet", `The IP configurations of ${request.armId} are in subnets of different virtual networks.`);
  const group = idAt(properties, "networkSecurityGroup");
  if (group !== undefined) requireReferenced(request, group, "Microsoft.Network/networkSecurityGroups");
  return {
    envelope: {},
    properties: compact({
      ipConfigurations: drafts.map(({ body }) => body),
      dnsSettings: compact({
        dnsServers: [...textsAt(properties, "dnsSettings", "dnsServers")],
        internalDnsNameLabel: textAt(properties, "dnsSettings", "internalDnsNameLabel"),
      }),
      enableAcceleratedNetworking: flagAt(properties, "enableAcceleratedNetworking") ?? false,
      enableIPForwarding: flagAt(properties, "enableIPForwarding") ?? false,
      disableTcpStateTracking: flagAt(properties, "disableTcpStateTracking") ?? false,
      nicType: textAt(properties, "nicType") ?? "Standard",
      auxiliaryMode: "None",
      auxiliarySku: "None",
      networkSecurityGroup: properties.networkSecurityGroup,
    }),
    references: [...drafts.flatMap(({ references }) => references), ...(group === undefined ? [] : [group])],
  };
}

interface DraftedConfiguration {
  readonly body: JsonMap;
  readonly network: string;
  readonly subnet: string;
  readonly address: string;
  readonly references: readonly string[];
}

function draftConfiguration(
  request: WriteRequest,
  one: JsonMap,
  was: JsonMap | undefined,
  taken: ReadonlySet<string>,
): DraftedConfiguration {
  const asked = mapAt(one, "properties");
  const subnetId = idAt(asked, "subnet");
  if (subnetId === undefined)
    return refuse("SubnetNotSpecified", `The IP configuration ${textAt(one, "name")} of ${request.armId} must name a subnet.`);
  const subnet = requireReferenced(request, subnetId, SUBNET_TYPE);
  const method = textAt(asked, "privateIPAllocationMethod") ?? "Dynamic";
  const publicId = idAt(asked, "publicIPAddress");
  if (publicId !== undefined) requireFreeAddress(request, publicId);
  const groups = idsAt(asked, "applicationSecurityGroups");
  if (groups.length > MOST_GROUPS)
    refuse("ApplicationSecurityGroupCountLimitReached", `An IP configuration names at most ${MOST_GROUPS} application security groups.`);
  for (const id of groups) requireReferenced(request, id, "Microsoft.Network/applicationSecurityGroups");
  checkSameNetwork(request, subnet, groups);
  const kept =
    was !== undefined && idAt(was, "properties", "subnet")?.toLowerCase() === subnet.id
      ? textAt(was, "properties", "privateIPAddress")
      : undefined;
  const address = method === "Static" ? readStatic(request, asked, subnet, taken) : (kept ?? findFree(request.world, subnet, taken));
  return {
    network: subnet.parent ?? "",
    subnet: subnet.id,
    address,
    references: [subnet.id, ...(publicId === undefined ? [] : [publicId]), ...groups],
    body: {
      name: textAt(one, "name"),
      properties: compact({
        privateIPAddress: address,
        privateIPAllocationMethod: method,
        publicIPAddress: asked.publicIPAddress,
        subnet: { id: subnet.armId },
        primary: flagAt(asked, "primary") ?? true,
        privateIPAddressVersion: "IPv4",
        applicationSecurityGroups: groups.length === 0 ? undefined : groups.map((id) => ({ id })),
      }),
    },
  };
}

/** https://learn.microsoft.com/azure/virtual-network/application-security-groups: all members of a group are in the network of the first. */
function checkSameNetwork(request: WriteRequest, subnet: ResourceRow, groups: readonly string[]): void {
  for (const id of groups) {
    for (const other of request.world.referrersOf(id)) {
      if (other.type !== INTERFACE_TYPE || other.id === request.old?.id) continue;
      const theirs = idAt(mapsAt(other.properties, "ipConfigurations")[0] ?? {}, "properties", "subnet")?.toLowerCase() ?? "";
      if (!theirs.startsWith(`${subnet.parent}/`))
        refuse(
          "ApplicationSecurityGroupsNotInSameVnet",
          `All network interfaces of application security group ${id} must be in the same virtual network; ${other.armId} is in another than ${request.armId}.`,
        );
      break;
    }
  }
}

/** The first four addresses and the last are Azure's. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#are-there-any-restrictions-on-using-ip-addresses-within-these-subnets */
function readStatic(request: WriteRequest, asked: JsonMap, subnet: ResourceRow, taken: ReadonlySet<string>): string {
  const { world, old } = request;
  const range = rangeOfSubnet(subnet);
  const text = textAt(asked, "privateIPAddress");
  const address = parseIpv4(text ?? "");
  if (text === undefined || address === undefined)
    return refuse("PrivateIPAddressNotSpecified", `A static IP configuration of ${request.armId} needs a private IP address.`);
  if (!containsAddress(range, address))
    refuse(
      "PrivateIPAddressNotInSubnet",
      `Private static IP address ${text} does not belong to the range of subnet prefix ${textAt(subnet.properties, "addressPrefix")}.`,
    );
  if (address < range.start + 4 || address === range.end)
    refuse(
      "PrivateIPAddressInReservedRange",
      `Private static IP address ${text} falls within reserved IP range of subnet prefix ${textAt(subnet.properties, "addressPrefix")}.`,
    );
  const key = addressKey(subnet.id, text);
  const holder = world.by("resource", "address", key).find((row) => row.id !== old?.id);
  if (holder !== undefined || taken.has(key))
    refuse(
      "PrivateIPAddressIsAllocated",
      `IP configuration ${request.armId} is using the private IP address ${text} which is already allocated to resource ${holder?.armId ?? request.armId}.`,
    );
  return text;
}

function findFree(world: World, subnet: ResourceRow, taken: ReadonlySet<string>): string {
  const range = rangeOfSubnet(subnet);
  const [first, last] = [range.start + 4, range.end - 1];
  const size = last - first + 1;
  // Those before are mostly taken, so the search starts behind as many as there are users.
  const users = world.countBy("resource", "reference", subnet.id);
  for (let step = 0; step < size; step += 1) {
    const text = formatIpv4(first + ((users + step) % size));
    const key = addressKey(subnet.id, text);
    if (world.countBy("resource", "address", key) === 0 && !taken.has(key)) return text;
  }
  return refuse(
    "SubnetIsFull",
    `Subnet ${subnet.name} with address prefix ${textAt(subnet.properties, "addressPrefix")} doesn't have enough capacity for IP addresses.`,
  );
}

function renderInterface(world: World, row: ResourceRow): JsonMap {
  const machine = findMachine(world, row);
  const mac = row.guid.replaceAll("-", "").slice(0, 6).toUpperCase();
  return compact({
    resourceGuid: row.guid,
    ...row.properties,
    ipConfigurations: mapsAt(row.properties, "ipConfigurations").map((one) => ({
      name: textAt(one, "name"),
      id: `${row.armId}/ipConfigurations/${textAt(one, "name")}`,
      etag: quoteEtag(row.etag),
      type: "Microsoft.Network/networkInterfaces/ipConfigurations",
      properties: { provisioningState: row.state, ...mapAt(one, "properties") },
    })),
    dnsSettings: { ...mapAt(row.properties, "dnsSettings"), appliedDnsServers: [] },
    vnetEncryptionSupported: false,
    hostedWorkloads: [],
    tapConfigurations: [],
    ...(machine === undefined
      ? {}
      : {
          macAddress: `00-0D-3A-${mac.slice(0, 2)}-${mac.slice(2, 4)}-${mac.slice(4, 6)}`,
          primary: true,
          virtualMachine: { id: machine.armId },
        }),
  });
}
