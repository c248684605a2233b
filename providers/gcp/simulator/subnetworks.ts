// Subnetworks: ranges of a network in one region. https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks

import { type CollectionFacts, defineDelete, defineReads } from "./collection.ts";
import { refuse, refuseAbsent, refuseInUse, refuseMissing, refuseNotReady, refuseUnimplemented, refuseValue } from "./errors.ts";
import { readName, readPath, readReference, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { checkFingerprint } from "./names.ts";
import { addRow, claimName, failCreation, failQuota, fingerprintWhole, requireIdle, startCreation, startUpdate } from "./objects.ts";
import { isReserved, overlaps, parseAddress, parseRange, type Range, readRange, sizeOf, writeAddress } from "./ranges.ts";
import { REGION_SCOPES } from "./regions.ts";
import type { SubnetworkResource } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

type Body = Partial<
  Pick<
    SubnetworkResource,
    "name" | "description" | "network" | "region" | "ipCidrRange" | "privateIpGoogleAccess" | "purpose" | "stackType" | "fingerprint"
  >
>;

const listing: Listing<ResourceRow<"subnetworks">> = {
  kind: "compute#subnetworkList",
  collection: "subnetworks",
  render: (_world, row) => row.resource,
};

/** https://cloud.google.com/vpc/docs/subnets#prohibited-ranges: of Google, of this host, link-local, multicast, broadcast. */
const PROHIBITED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "199.36.153.4/30", "199.36.153.8/30", "255.255.255.255/32"]
  .map(parseRange)
  .filter((range) => range !== undefined);

function readSubnetRange(text: string | undefined): Range {
  if (text === undefined) refuseAbsent("resource.ipCidrRange");
  const range = readRange("resource.ipCidrRange", text);
  // https://cloud.google.com/vpc/docs/subnets#ipv4-ranges: "the smallest … is /29", the largest /4 in effect.
  if (range.prefix > 29 || range.prefix < 4) refuseValue("resource.ipCidrRange", text, "The prefix length must be between 4 and 29.");
  if (PROHIBITED.some((one) => overlaps(one, range))) refuseValue("resource.ipCidrRange", text, "The range is a prohibited one.");
  return range;
}

function refuseConflicts(world: World, network: string, range: Range, text: string, but?: string): void {
  for (const other of world.by("subnetworks", "network", network)) {
    const taken = parseRange(other.resource.ipCidrRange);
    if (other.id === but || taken === undefined || !overlaps(taken, range)) continue;
    refuse(
      400,
      "invalid",
      `Invalid IPCidrRange: ${text} conflicts with existing subnetwork '${other.name}' in region '${readName(other.scope)}'.`,
    );
  }
}

/** The way within the network that a subnetwork brings. */
function addSubnetRoute(world: World, network: string, range: string): ResourceRow<"routes"> {
  return addRow(world, "routes", "route", "global", `default-route-r-${world.drawHex("route").slice(0, 16)}`, {
    description: `Default local route to the subnetwork ${range}.`,
    network: writeLink(network),
    destRange: range,
    priority: 0,
    nextHopNetwork: writeLink(network),
  });
}

/** The subnetwork's own fingerprint moves with each of its fields. */
function withFingerprint(
  resource: Omit<SubnetworkResource, "fingerprint" | "kind" | "id" | "name" | "selfLink" | "creationTimestamp">,
  nonce: string,
) {
  return { ...resource, fingerprint: fingerprintWhole({ ...resource, nonce }) };
}

function refuseUsed(world: World, row: ResourceRow<"subnetworks">): void {
  const [user] = [
    ...world.by("instances", "subnetwork", row.id),
    ...world.by("addresses", "subnetwork", row.id),
    ...world.by("routers", "subnetwork", row.id),
  ];
  if (user !== undefined) refuseInUse("subnetwork", row.id, user.id);
}

const SUBNETWORKS: CollectionFacts<"subnetworks"> = {
  collection: "subnetworks",
  parameter: "subnetwork",
  place: "regions/{region}",
  listing,
  scopes: REGION_SCOPES,
};

export const subnetworkMethods: readonly Method[] = [
  defineChange<Body>("POST", "subnetworks.insert", "regions/{region}/subnetworks", "Subnetwork", (world, { body, scope }) => {
    claimName(world, "subnetworks", scope, body.name);
    const name = body.name ?? "";
    const place = { project: world.project, scope };
    if (body.network === undefined) refuseAbsent("resource.network");
    const networkPath = readReference("resource.network", body.network, place, "networks");
    const network = world.get("networks", networkPath) ?? refuseMissing(networkPath);
    if (network.busy !== undefined) refuseNotReady(network.id);
    if (body.region !== undefined && readName(body.region) !== readName(scope))
      refuseValue("resource.region", body.region, "Must be the region of the request.");
    if ((body.purpose ?? "PRIVATE") !== "PRIVATE") refuseUnimplemented(`A subnetwork of purpose ${body.purpose}`);
    if ((body.stackType ?? "IPV4_ONLY") !== "IPV4_ONLY") refuseUnimplemented(`A subnetwork of stack type ${body.stackType}`);
    const range = readSubnetRange(body.ipCidrRange);
    const text = body.ipCidrRange ?? "";
    refuseConflicts(world, network.id, range, text);
    const most = world.settings.quotas.SUBNETWORKS;
    if (world.count("subnetworks") >= most)
      return failCreation(world, "subnetworks", scope, name, failQuota("SUBNETWORKS", most, "global"));
    const row = addRow(
      world,
      "subnetworks",
      "subnetwork",
      scope,
      name,
      withFingerprint(
        {
          ...(body.description === undefined ? {} : { description: body.description }),
          network: network.resource.selfLink,
          region: writeLink(`projects/${world.project}/${scope}`),
          ipCidrRange: text,
          gatewayAddress: writeAddress(range.base + 1),
          privateIpGoogleAccess: body.privateIpGoogleAccess ?? false,
          privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
          purpose: "PRIVATE",
          stackType: "IPV4_ONLY",
          allowSubnetCidrRoutesOverlap: false,
        },
        world.drawHex("fingerprint"),
      ),
    );
    const route = addSubnetRoute(world, network.id, text);
    return startCreation(world, "insert", row, { kind: "none" }, [{ collection: "routes", path: route.id }]);
  }),

  ...defineReads(SUBNETWORKS),

  // "An up-to-date fingerprint must be provided in order to update the Subnetwork, otherwise the request will fail with error 412 conditionNotMet."
  defineChange<Body>("PATCH", "subnetworks.patch", "regions/{region}/subnetworks/{subnetwork}", "Subnetwork", (world, call) => {
    const row = requireIdle(world, "subnetworks", call, call.route.subnetwork);
    const { fingerprint, privateIpGoogleAccess, ...others } = call.body;
    checkFingerprint(fingerprint, row.resource.fingerprint, "Supplied fingerprint does not match current subnetwork fingerprint.");
    for (const [field, value] of Object.entries(others)) {
      const current = row.resource[field as "description"];
      const same =
        current === value ||
        (["network", "region"].includes(field) && current !== undefined && readPath(current) === readPath(String(value)));
      if (!same) refuseValue(`resource.${field}`, value, "This field cannot be changed.");
    }
    const set = { privateIpGoogleAccess: privateIpGoogleAccess ?? row.resource.privateIpGoogleAccess };
    return startUpdate(world, "patch", row, {
      ...set,
      fingerprint: fingerprintWhole({ ...row.resource, ...set, now: world.drawHex("fingerprint") }),
    });
  }),

  defineChange<{ readonly privateIpGoogleAccess?: boolean }>(
    "POST",
    "subnetworks.setPrivateIpGoogleAccess",
    "regions/{region}/subnetworks/{subnetwork}/setPrivateIpGoogleAccess",
    "SubnetworksSetPrivateIpGoogleAccessRequest",
    (world, call) => {
      const row = requireIdle(world, "subnetworks", call, call.route.subnetwork);
      const set = { privateIpGoogleAccess: call.body.privateIpGoogleAccess ?? false };
      return startUpdate(world, "setPrivateIpGoogleAccess", row, {
        ...set,
        fingerprint: fingerprintWhole({ ...row.resource, ...set, now: world.drawHex("fingerprint") }),
      });
    },
  ),

  defineChange<{ readonly ipCidrRange?: string }>(
    "POST",
    "subnetworks.expandIpCidrRange",
    "regions/{region}/subnetworks/{subnetwork}/expandIpCidrRange",
    "SubnetworksExpandIpCidrRangeRequest",
    (world, call) => {
      const row = requireIdle(world, "subnetworks", call, call.route.subnetwork);
      const range = readSubnetRange(call.body.ipCidrRange);
      const old = parseRange(row.resource.ipCidrRange);
      const text = call.body.ipCidrRange ?? "";
      if (old === undefined || range.prefix >= old.prefix || !overlaps(range, old))
        refuseValue("ipCidrRange", text, "The new range must be a superset of the current one.");
      refuseConflicts(world, readPath(row.resource.network), range, text, row.id);
      const set = { ipCidrRange: text, gatewayAddress: writeAddress(range.base + 1) };
      return startUpdate(world, "expandIpCidrRange", row, { ...set, fingerprint: fingerprintWhole({ ...row.resource, ...set }) });
    },
  ),

  defineDelete(SUBNETWORKS, refuseUsed),
];

/** Whether an address of a subnetwork is somebody's. */
export function isTaken(world: World, subnetwork: string, address: string): boolean {
  return (
    world.countBy("instances", "internal", `${subnetwork} ${address}`) > 0 ||
    world.by("addresses", "subnetwork", subnetwork).some((one) => one.resource.address === address)
  );
}

/** The lowest free address of a subnetwork; undefined when there is none. */
export function findFreeAddress(world: World, row: ResourceRow<"subnetworks">): string | undefined {
  const range = parseRange(row.resource.ipCidrRange);
  if (range === undefined) return undefined;
  // Usually the next one after as many as there are; the rest of the way round for the gaps.
  const size = sizeOf(range);
  const start = 2 + world.countBy("instances", "subnetwork", row.id);
  for (let n = 0; n < size; n++) {
    const address = range.base + ((start + n) % size);
    if (isReserved(range, address)) continue;
    const text = writeAddress(address);
    if (!isTaken(world, row.id, text)) return text;
  }
  return undefined;
}

/** An address that a request asks for. Throws `invalid` when it is none of the subnetwork's to give. */
export function checkInternalAddress(field: string, row: ResourceRow<"subnetworks">, text: string): void {
  const range = parseRange(row.resource.ipCidrRange);
  const address = parseAddress(text);
  if (range === undefined || address === undefined || address < range.base || address >= range.base + sizeOf(range))
    refuseValue(field, text, `IP address '${text}' does not belong to the subnetwork '${row.id}'.`);
  if (isReserved(range, address)) refuseValue(field, text, `IP address '${text}' is reserved by the network.`);
}
