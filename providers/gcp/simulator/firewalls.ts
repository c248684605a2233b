// VPC firewall rules. https://cloud.google.com/compute/docs/reference/rest/v1/firewalls, https://cloud.google.com/firewall/docs/firewalls

import { type CollectionFacts, defineDelete, defineReads } from "./collection.ts";
import { refuseAbsent, refuseMissing, refuseNotReady, refuseValue } from "./errors.ts";
import { readPath, readReference, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { checkNetworkTags } from "./names.ts";
import { addRow, claimName, failCreation, failQuota, requireIdle, startCreation, startUpdate } from "./objects.ts";
import { readRange } from "./ranges.ts";
import type { FirewallResource, FirewallRuleEntry } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

type Given = "name" | "description" | "network" | "direction" | "priority" | "disabled" | "logConfig" | Lists;
type Lists =
  | "allowed"
  | "denied"
  | "sourceRanges"
  | "destinationRanges"
  | "sourceTags"
  | "targetTags"
  | "sourceServiceAccounts"
  | "targetServiceAccounts";
type Body = Partial<Pick<FirewallResource, Given>>;

const listing: Listing<ResourceRow<"firewalls">> = {
  kind: "compute#firewallList",
  collection: "firewalls",
  render: (_world, row) => row.resource,
};

/** Names that stand for a number; "This value can either be one of the following well known protocol strings … or the IP protocol number." */
const PROTOCOLS = ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"];
const WITH_PORTS = ["tcp", "udp", "sctp", "6", "17", "132"];

function checkEntries(field: string, entries: readonly FirewallRuleEntry[]): void {
  for (const [n, { IPProtocol, ports = [] }] of entries.entries()) {
    const place = `resource.${field}[${n}]`;
    if (IPProtocol === undefined) refuseAbsent(`${place}.IPProtocol`);
    if (!PROTOCOLS.includes(IPProtocol) && !(/^\d{1,3}$/.test(IPProtocol) && Number(IPProtocol) <= 255))
      refuseValue(`${place}.IPProtocol`, IPProtocol, "Must be a well known protocol or a protocol number.");
    if (ports.length > 0 && !WITH_PORTS.includes(IPProtocol))
      refuseValue(`${place}.ports`, ports.join(","), "Ports can only be specified for protocols TCP, UDP and SCTP.");
    for (const port of ports) {
      const [low, high = low] = port.split("-").map(Number);
      if (!/^\d{1,5}(-\d{1,5})?$/.test(port) || low === undefined || high === undefined || low > high || high > 65535)
        refuseValue(`${place}.ports`, port, "Must be a port or a range of ports between 0 and 65535.");
    }
  }
}

/** Checks a whole rule and fills in what the cloud does. */
function completeRule(body: Body): Body {
  const direction = body.direction ?? "INGRESS";
  if (direction !== "INGRESS" && direction !== "EGRESS") refuseValue("resource.direction", direction, "Must be INGRESS or EGRESS.");
  const priority = body.priority ?? 1000;
  if (priority < 0 || priority > 65535) refuseValue("resource.priority", priority, "Must be between 0 and 65535.");
  const { allowed = [], denied = [], sourceRanges = [], destinationRanges = [], sourceTags = [], targetTags = [] } = body;
  const { sourceServiceAccounts = [], targetServiceAccounts = [] } = body;
  if (allowed.length > 0 && denied.length > 0) refuseValue("resource.allowed", {}, "A rule cannot have both allowed and denied.");
  if (allowed.length === 0 && denied.length === 0) refuseAbsent("resource.allowed");
  checkEntries("allowed", allowed);
  checkEntries("denied", denied);
  if (direction === "EGRESS" && (sourceTags.length > 0 || sourceServiceAccounts.length > 0))
    refuseValue("resource.sourceTags", sourceTags.join(","), "Source tags and service accounts cannot be specified for EGRESS.");
  if ((sourceTags.length > 0 || targetTags.length > 0) && (sourceServiceAccounts.length > 0 || targetServiceAccounts.length > 0))
    refuseValue("resource.targetTags", targetTags.join(","), "Tags and service accounts cannot be specified together.");
  // "sourceTags[] … the maximum is 30; targetTags[] … 70": https://cloud.google.com/vpc/docs/quota#per_firewall_rule
  checkNetworkTags("resource.sourceTags", sourceTags, 30);
  checkNetworkTags("resource.targetTags", targetTags, 70);
  for (const [field, ranges] of [["sourceRanges", sourceRanges] as const, ["destinationRanges", destinationRanges] as const]) {
    if (ranges.length > 5000) refuseValue(`resource.${field}`, ranges.length, "At most 5000 ranges.");
    for (const range of ranges) if (!range.includes(":")) readRange(`resource.${field}`, range);
  }
  const everywhere = ["0.0.0.0/0"];
  const noSource = sourceRanges.length === 0 && sourceTags.length === 0 && sourceServiceAccounts.length === 0;
  return {
    ...body,
    direction,
    priority,
    disabled: body.disabled ?? false,
    logConfig: body.logConfig ?? { enable: false },
    ...(direction === "INGRESS" && noSource ? { sourceRanges: everywhere } : {}),
    ...(direction === "EGRESS" && destinationRanges.length === 0 ? { destinationRanges: everywhere } : {}),
  };
}

const FIELDS: readonly (keyof Body)[] = [
  "allowed",
  "denied",
  "sourceRanges",
  "destinationRanges",
  "sourceTags",
  "targetTags",
  "sourceServiceAccounts",
  "targetServiceAccounts",
  "priority",
  "disabled",
  "direction",
  "logConfig",
  "description",
];

/** Lists that are empty are not there. */
function dropEmpty(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
}

/** A rule of another network or direction would be another rule. */
function refuseOther(row: ResourceRow<"firewalls">, body: Body): void {
  const { resource } = row;
  if (body.name !== undefined && body.name !== resource.name) refuseValue("resource.name", body.name, "This field cannot be changed.");
  if (body.direction !== undefined && body.direction !== resource.direction)
    refuseValue("resource.direction", body.direction, "This field cannot be changed.");
  if (body.network !== undefined) {
    const path = readReference("resource.network", body.network, { project: row.realm, scope: "global" }, "networks");
    if (path !== readPath(resource.network)) refuseValue("resource.network", body.network, "This field cannot be changed.");
  }
}

function replaceRule(world: World, row: ResourceRow<"firewalls">, type: string, body: Body): object {
  const complete = dropEmpty(completeRule(body));
  const gone = FIELDS.filter((field) => complete[field] === undefined);
  const { name: _name, network: _network, ...set } = complete;
  return startUpdate(world, type, row, set, gone);
}

const FIREWALLS: CollectionFacts<"firewalls"> = {
  collection: "firewalls",
  parameter: "firewall",
  place: "global",
  listing,
};

export const firewallMethods: readonly Method[] = [
  defineChange<Body>("POST", "firewalls.insert", "global/firewalls", "Firewall", (world, { body, scope }) => {
    claimName(world, "firewalls", "global", body.name);
    const name = body.name ?? "";
    const path = readReference(
      "resource.network",
      body.network ?? "global/networks/default",
      { project: world.project, scope },
      "networks",
    );
    const network = world.get("networks", path) ?? refuseMissing(path);
    if (network.busy !== undefined) refuseNotReady(network.id);
    const most = world.settings.quotas.FIREWALLS;
    const complete = dropEmpty(completeRule(body));
    if (world.count("firewalls") >= most) return failCreation(world, "firewalls", "global", name, failQuota("FIREWALLS", most, "global"));
    const row = addRow(world, "firewalls", "firewall", "global", name, { ...complete, network: writeLink(path) } as never);
    return startCreation(world, "insert", row);
  }),

  ...defineReads(FIREWALLS),

  // PATCH keeps what is not sent; PUT drops it.
  defineChange<Body>("PATCH", "firewalls.patch", "global/firewalls/{firewall}", "Firewall", (world, call) => {
    const row = requireIdle(world, "firewalls", call, call.route.firewall);
    refuseOther(row, call.body);
    const kept = Object.fromEntries(FIELDS.map((field) => [field, row.resource[field]]).filter(([, value]) => value !== undefined));
    return replaceRule(world, row, "patch", { ...kept, ...call.body });
  }),
  defineChange<Body>("PUT", "firewalls.update", "global/firewalls/{firewall}", "Firewall", (world, call) => {
    const row = requireIdle(world, "firewalls", call, call.route.firewall);
    refuseOther(row, call.body);
    return replaceRule(world, row, "update", { direction: row.resource.direction, ...call.body });
  }),

  defineDelete(FIREWALLS),
];
