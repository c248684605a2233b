// Cloud Routers, for the NAT gateways that are configured on them. https://cloud.google.com/compute/docs/reference/rest/v1/routers

import { type CollectionFacts, defineDelete, defineReads } from "./collection.ts";
import { refuseAbsent, refuseInUse, refuseMissing, refuseNotReady, refuseValue } from "./errors.ts";
import { readName, readPath, readReference, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { readNewName } from "./names.ts";
import { addRow, claimName, failCreation, failQuota, requireIdle, startCreation, startUpdate } from "./objects.ts";
import { REGION_SCOPES } from "./regions.ts";
import type { RouterNat, RouterResource } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

type Body = Partial<Pick<RouterResource, "name" | "description" | "network" | "region">> & {
  readonly nats?: readonly Partial<RouterNat>[];
};

interface NatPlace {
  readonly scope: string;
  readonly network: string;
  /** The router itself, whose old NATs do not count. */
  readonly router: string;
}

const listing: Listing<ResourceRow<"routers">> = {
  kind: "compute#routerList",
  collection: "routers",
  render: (_world, row) => row.resource,
};

const SUBNET_OPTIONS = ["ALL_SUBNETWORKS_ALL_IP_RANGES", "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES", "LIST_OF_SUBNETWORKS"];
const RANGE_OPTIONS = ["ALL_IP_RANGES", "PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"];

/** NAT addresses are static, external, of the region, and nobody else's. */
function readNatIps(world: World, place: NatPlace, field: string, links: readonly string[]): readonly string[] {
  return links.map((link) => {
    const path = readReference(field, link, { project: world.project, scope: place.scope }, "addresses");
    const address = world.get("addresses", path) ?? refuseMissing(path);
    if (address.scope !== place.scope) refuseValue(field, link, "The address must be in the region of the router.");
    if (address.resource.addressType !== "EXTERNAL") refuseValue(field, link, "The address must be external.");
    const [user] = [
      ...world.by("instances", "external", address.resource.address),
      ...world.by("routers", "address", path).filter((one) => one.id !== place.router),
    ];
    if (user !== undefined) refuseInUse("address", path, user.id);
    return address.resource.selfLink;
  });
}

function readSubnets(world: World, place: NatPlace, field: string, nat: Partial<RouterNat>): NonNullable<RouterNat["subnetworks"]> {
  return (nat.subnetworks ?? []).map((one) => {
    const path = readReference(`${field}.name`, one.name, { project: world.project, scope: place.scope }, "subnetworks");
    const subnet = world.get("subnetworks", path) ?? refuseMissing(path);
    if (subnet.scope !== place.scope || readPath(subnet.resource.network) !== place.network)
      refuseValue(`${field}.name`, one.name, "The subnetwork must be in the region and network of the router.");
    // https://cloud.google.com/nat/docs/nat-product-interactions: a range is translated by one gateway only.
    const other = world.by("routers", "subnetwork", path).find((router) => router.id !== place.router);
    if (other !== undefined) refuseInUse("subnetwork", path, other.id);
    const ranges = one.sourceIpRangesToNat ?? ["ALL_IP_RANGES"];
    for (const range of ranges)
      if (!RANGE_OPTIONS.includes(range)) refuseValue(`${field}.sourceIpRangesToNat`, range, `Must be one of ${RANGE_OPTIONS.join(", ")}.`);
    return { ...one, name: subnet.resource.selfLink, sourceIpRangesToNat: ranges };
  });
}

function readNats(world: World, place: NatPlace, nats: readonly Partial<RouterNat>[]): readonly RouterNat[] {
  const names = new Set<string>();
  return nats.map((nat, n) => {
    const field = `resource.nats[${n}]`;
    const name = readNewName(nat.name);
    if (names.has(name)) refuseValue(`${field}.name`, name, "NAT names must be unique within a router.");
    names.add(name);
    const option = nat.natIpAllocateOption ?? refuseAbsent(`${field}.natIpAllocateOption`);
    if (option !== "MANUAL_ONLY" && option !== "AUTO_ONLY")
      refuseValue(`${field}.natIpAllocateOption`, option, "Must be MANUAL_ONLY or AUTO_ONLY.");
    const natIps = readNatIps(world, place, `${field}.natIps`, nat.natIps ?? []);
    if (option === "MANUAL_ONLY" && natIps.length === 0) refuseAbsent(`${field}.natIps`);
    if (option === "AUTO_ONLY" && natIps.length > 0) refuseValue(`${field}.natIps`, natIps.join(","), "Not with AUTO_ONLY.");
    const source = nat.sourceSubnetworkIpRangesToNat ?? refuseAbsent(`${field}.sourceSubnetworkIpRangesToNat`);
    if (!SUBNET_OPTIONS.includes(source))
      refuseValue(`${field}.sourceSubnetworkIpRangesToNat`, source, `Must be one of ${SUBNET_OPTIONS.join(", ")}.`);
    const subnetworks = readSubnets(world, place, `${field}.subnetworks`, nat);
    if ((source === "LIST_OF_SUBNETWORKS") !== subnetworks.length > 0)
      refuseValue(`${field}.subnetworks`, subnetworks.length, "Subnetworks go with LIST_OF_SUBNETWORKS, and only with it.");
    const { natIps: _ips, subnetworks: _subnets, ...rest } = nat;
    return {
      ...rest,
      name,
      type: nat.type ?? "PUBLIC",
      natIpAllocateOption: option,
      sourceSubnetworkIpRangesToNat: source,
      ...(natIps.length === 0 ? {} : { natIps }),
      ...(subnetworks.length === 0 ? {} : { subnetworks }),
      enableEndpointIndependentMapping: nat.enableEndpointIndependentMapping ?? false,
      endpointTypes: nat.endpointTypes ?? ["ENDPOINT_TYPE_VM"],
      ...(option === "AUTO_ONLY" ? { autoNetworkTier: nat.autoNetworkTier ?? "PREMIUM" } : {}),
    };
  });
}

function changeRouter(world: World, row: ResourceRow<"routers">, type: string, body: Body, keep: boolean): object {
  for (const field of ["name", "network", "region"] as const) {
    const [given, current] = [body[field], row.resource[field]];
    const same = given === undefined || readName(given) === readName(current);
    if (!same) refuseValue(`resource.${field}`, given, "This field cannot be changed.");
  }
  const place = { scope: row.scope, network: readPath(row.resource.network), router: row.id };
  const nats = body.nats === undefined && keep ? row.resource.nats : readNats(world, place, body.nats ?? []);
  const description = body.description ?? (keep ? row.resource.description : undefined);
  const set = { ...(nats === undefined || nats.length === 0 ? {} : { nats }), ...(description === undefined ? {} : { description }) };
  return startUpdate(world, type, row, set, [...("nats" in set ? [] : ["nats"]), ...("description" in set ? [] : ["description"])]);
}

const ROUTERS: CollectionFacts<"routers"> = {
  collection: "routers",
  parameter: "router",
  place: "regions/{region}",
  listing,
  scopes: REGION_SCOPES,
};

export const routerMethods: readonly Method[] = [
  defineChange<Body>("POST", "routers.insert", "regions/{region}/routers", "Router", (world, { body, scope }) => {
    const router = claimName(world, "routers", scope, body.name);
    const name = body.name ?? "";
    if (body.network === undefined) refuseAbsent("resource.network");
    const path = readReference("resource.network", body.network, { project: world.project, scope }, "networks");
    const network = world.get("networks", path) ?? refuseMissing(path);
    if (network.busy !== undefined) refuseNotReady(network.id);
    const nats = readNats(world, { scope, network: path, router }, body.nats ?? []);
    const most = world.settings.quotas.ROUTERS;
    if (world.count("routers") >= most) return failCreation(world, "routers", scope, name, failQuota("ROUTERS", most, "global"));
    const row = addRow(world, "routers", "router", scope, name, {
      ...(body.description === undefined ? {} : { description: body.description }),
      network: network.resource.selfLink,
      region: writeLink(`projects/${world.project}/${scope}`),
      ...(nats.length === 0 ? {} : { nats }),
    });
    return startCreation(world, "insert", row);
  }),

  ...defineReads(ROUTERS),

  defineChange<Body>("PATCH", "routers.patch", "regions/{region}/routers/{router}", "Router", (world, call) =>
    changeRouter(world, requireIdle(world, "routers", call, call.route.router), "patch", call.body, true),
  ),
  defineChange<Body>("PUT", "routers.update", "regions/{region}/routers/{router}", "Router", (world, call) =>
    changeRouter(world, requireIdle(world, "routers", call, call.route.router), "update", call.body, false),
  ),
  defineDelete(ROUTERS),
];
