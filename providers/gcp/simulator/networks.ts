// VPC networks in custom mode, and the routes that come with them.
// https://cloud.google.com/compute/docs/reference/rest/v1/networks, https://cloud.google.com/vpc/docs/routes

import { defineDelete, defineReads } from "./collection.ts";
import { refuseAbsent, refuseUnimplemented, refuseValue } from "./errors.ts";
import { failInUse } from "./failures.ts";
import { writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { addRow, claimName, failCreation, failQuota, requireIdle, startCreation, startRemoval, startUpdate } from "./objects.ts";
import { startOperation } from "./operations.ts";
import type { NetworkResource } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

interface Body
  extends Partial<
    Pick<NetworkResource, "name" | "description" | "autoCreateSubnetworks" | "mtu" | "networkFirewallPolicyEnforcementOrder">
  > {
  readonly routingConfig?: { readonly routingMode?: string };
}

const ORDERS = ["AFTER_CLASSIC_FIREWALL", "BEFORE_CLASSIC_FIREWALL"];

function render(world: World, row: ResourceRow<"networks">): NetworkResource {
  const subnetworks = world.by("subnetworks", "network", row.id).map((one) => one.resource.selfLink);
  return { ...row.resource, ...(subnetworks.length === 0 ? {} : { subnetworks: subnetworks.sort() }) };
}

const listing: Listing<ResourceRow<"networks">> = {
  kind: "compute#networkList",
  collection: "networks",
  render,
  computed: ["subnetworks"],
};

function readMode(mode: string): string {
  if (mode !== "REGIONAL" && mode !== "GLOBAL") refuseValue("resource.routingConfig.routingMode", mode, "Must be REGIONAL or GLOBAL.");
  return mode;
}

/** The way out that every network begins with. Not the way of a subnet, which comes with it. */
function addDefaultRoute(world: World, network: ResourceRow<"networks">): ResourceRow<"routes"> {
  return addRow(world, "routes", "route", "global", `default-route-r-${world.drawHex("route").slice(0, 16)}`, {
    description: "Default route to the Internet.",
    network: network.resource.selfLink,
    destRange: "0.0.0.0/0",
    priority: 1000,
    nextHopGateway: writeLink(`projects/${world.project}/global/gateways/default-internet-gateway`),
  });
}

/**
 * What keeps a network: everything but the routes that came by themselves. Unlike a subnetwork's, the deletion is accepted and then fails:
 * https://github.com/hashicorp/terraform-provider-google/issues/5423
 */
function findUser(world: World, network: ResourceRow<"networks">): string | undefined {
  for (const kind of ["instances", "subnetworks", "firewalls", "routers"] as const) {
    const [user] = world.by(kind, "network", network.id);
    if (user !== undefined) return user.id;
  }
  return undefined;
}

export const networkMethods: readonly Method[] = [
  defineChange<Body>("POST", "networks.insert", "global/networks", "Network", (world, { body }) => {
    claimName(world, "networks", "global", body.name);
    const name = body.name ?? "";
    if (body.autoCreateSubnetworks === undefined) refuseAbsent("resource.autoCreateSubnetworks");
    if (body.autoCreateSubnetworks) refuseUnimplemented("A network in auto mode");
    const order = body.networkFirewallPolicyEnforcementOrder ?? "AFTER_CLASSIC_FIREWALL";
    if (!ORDERS.includes(order))
      refuseValue("resource.networkFirewallPolicyEnforcementOrder", order, `Must be one of ${ORDERS.join(", ")}.`);
    const mtu = body.mtu ?? 1460;
    // https://cloud.google.com/vpc/docs/mtu
    if (mtu < 1300 || mtu > 8896) refuseValue("resource.mtu", mtu, "Must be between 1300 and 8896.");
    const routingMode = readMode(body.routingConfig?.routingMode ?? "REGIONAL");
    const { NETWORKS } = world.settings.quotas;
    if (world.count("networks") >= NETWORKS)
      return failCreation(world, "networks", "global", name, failQuota("NETWORKS", NETWORKS, "global"));
    const network = addRow(world, "networks", "network", "global", name, {
      ...(body.description === undefined ? {} : { description: body.description }),
      autoCreateSubnetworks: false,
      mtu,
      routingConfig: { routingMode, bgpBestPathSelectionMode: "LEGACY" },
      networkFirewallPolicyEnforcementOrder: order,
      selfLinkWithId: "",
    });
    const selfLinkWithId = writeLink(`projects/${world.project}/global/networks/${network.resource.id}`);
    const whole = world.change(network, { resource: { ...network.resource, selfLinkWithId } });
    const route = addDefaultRoute(world, whole);
    return startCreation(world, "insert", whole, { kind: "none" }, [{ collection: "routes", path: route.id }]);
  }),

  ...defineReads({ collection: "networks", parameter: "network", place: "global", listing }),

  // "Only routingConfig can be modified" (and since then the MTU and the policies' order).
  defineChange<Body>("PATCH", "networks.patch", "global/networks/{network}", "Network", (world, call) => {
    const row = requireIdle(world, "networks", call, call.route.network);
    const { routingConfig, ...others } = call.body;
    for (const [field, value] of Object.entries(others)) {
      const current = (row.resource as unknown as Readonly<Record<string, unknown>>)[field];
      if (value !== current) refuseValue(`resource.${field}`, value, "Only routingConfig can be changed.");
    }
    const routingMode = readMode(routingConfig?.routingMode ?? row.resource.routingConfig.routingMode);
    return startUpdate(world, "patch", row, { routingConfig: { ...row.resource.routingConfig, routingMode } });
  }),

  defineChange("DELETE", "networks.delete", "global/networks/{network}", undefined, (world, call) => {
    const row = requireIdle(world, "networks", call, call.route.network);
    const user = findUser(world, row);
    if (user === undefined) return startRemoval(world, row);
    return startOperation(world, { type: "delete", target: row, effect: { kind: "none" }, error: failInUse("network", row.id, user) });
  }),
];

const routeListing: Listing<ResourceRow<"routes">> = {
  kind: "compute#routeList",
  collection: "routes",
  render: (_world, row) => row.resource,
};

export const routeMethods: readonly Method[] = [
  ...defineReads({ collection: "routes", parameter: "route", place: "global", listing: routeListing }),
  defineDelete({ collection: "routes", parameter: "route", place: "global" }, (_world, row) => {
    if (row.resource.nextHopNetwork !== undefined) refuseValue("route", row.id, "The route of a subnetwork cannot be deleted.");
  }),
];
