// Security rules: what they may say, and that no two of a group share priority and direction.
// https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update

import { parseCidr } from "../../../grammar/net/cidr.ts";
import { parseIpv4 } from "../../../grammar/net/ipv4.ts";
import { refuse } from "./errors.ts";
import { compact, idsAt, numberAt, textAt, textsAt } from "./json.ts";
import { renderChild } from "./render.ts";
import { type Draft, NETWORK_PART, type ResourceType, requireReferenced, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, list, number, oneOf, record, reference, text } from "./shape.ts";
import type { World } from "./world.ts";

export const RULE_TYPE = "Microsoft.Network/networkSecurityGroups/securityRules";

export const RULE_PROPERTIES = record({
  description: text,
  protocol: oneOf("Tcp", "Udp", "Icmp", "Esp", "*", "Ah"),
  sourcePortRange: text,
  sourcePortRanges: list(text),
  destinationPortRange: text,
  destinationPortRanges: list(text),
  sourceAddressPrefix: text,
  sourceAddressPrefixes: list(text),
  sourceApplicationSecurityGroups: list(reference),
  destinationAddressPrefix: text,
  destinationAddressPrefixes: list(text),
  destinationApplicationSecurityGroups: list(reference),
  access: oneOf("Allow", "Deny"),
  priority: number,
  direction: oneOf("Inbound", "Outbound"),
  provisioningState: answered,
});

export const securityRule: ResourceType = {
  type: RULE_TYPE,
  noun: "securityRules",
  title: "SecurityRule",
  ...NETWORK_PART,
  envelope: {},
  properties: RULE_PROPERTIES,
  tracked: false,
  passages: { create: "network", update: "network", remove: "network" },
  draft: (request) => {
    const { world, parent, old } = request;
    const siblings = parent === undefined ? [] : listRules(world, parent.id).filter((row) => row.id !== old?.id);
    if (old === undefined && siblings.length >= world.settings.quotas.securityRules)
      refuse(
        "SecurityRuleCountLimitReached",
        `Cannot have more than ${world.settings.quotas.securityRules} security rules in a network security group.`,
      );
    return draftRule(request, siblings);
  },
  render: (_world, row) => renderRule(row),
  renderEnvelope: () => ({}),
  refuseRemoval: () => undefined,
};

export function draftRule(request: WriteRequest, siblings: readonly { readonly name: string; readonly properties: JsonMap }[]): Draft {
  const { properties, name } = request;
  for (const needed of ["protocol", "access", "direction", "priority"])
    if (properties[needed] === undefined)
      refuse("InvalidRequestFormat", `Required property '${needed}' not found in JSON of security rule '${name}'.`);
  const priority = numberAt(properties, "priority") ?? 0;
  if (!Number.isInteger(priority) || priority < 100 || priority > 4096)
    refuse(
      "SecurityRuleInvalidPriority",
      `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096. Security rule ${request.armId}.`,
    );
  const rival = siblings.find(
    (other) =>
      numberAt(other.properties, "priority") === priority && textAt(other.properties, "direction") === textAt(properties, "direction"),
  );
  if (rival !== undefined)
    refuse(
      "SecurityRuleConflict",
      `Security rule ${name} conflicts with rule ${rival.name}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`,
    );
  return {
    properties: compact({ ...withoutEmpty(properties) }),
    references: [...checkSide(request, "source"), ...checkSide(request, "destination")],
  };
}

/** An empty list is as good as none; answers write it all the same. */
function withoutEmpty(properties: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !Array.isArray(value) || value.length > 0));
}

/** One side names addresses or application security groups, and ports. Answers the ids of the groups. */
function checkSide(request: WriteRequest, side: "source" | "destination"): readonly string[] {
  const { properties, name } = request;
  const single = textAt(properties, `${side}AddressPrefix`);
  const several = textsAt(properties, `${side}AddressPrefixes`);
  const groups = idsAt(properties, `${side}ApplicationSecurityGroups`);
  const given = [single !== undefined, several.length > 0, groups.length > 0].filter(Boolean).length;
  const title = side === "source" ? "Source" : "Destination";
  if (given !== 1)
    refuse(
      given === 0 ? "SecurityRuleParameterMissing" : "SecurityRuleParametersConflict",
      `Security rule ${name} must name its ${title} by exactly one of ${title}AddressPrefix, ${title}AddressPrefixes and ${title}ApplicationSecurityGroups.`,
    );
  if (single !== undefined && !isRange(single) && !isTag(single)) refuseAddress(single);
  for (const prefix of several) {
    if (isTag(prefix))
      refuse(
        "SecurityRuleParameterContainsUnsupportedValue",
        `Security rule parameter ${title}AddressPrefixes for rule with Id ${request.armId} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${prefix}.`,
      );
    if (!isRange(prefix)) refuseAddress(prefix);
  }
  checkPorts(request, side);
  for (const id of groups) requireReferenced(request, id, "Microsoft.Network/applicationSecurityGroups");
  return groups;
}

function refuseAddress(prefix: string): never {
  refuse(
    "SecurityRuleInvalidAddressPrefix",
    `Security rule has invalid Address prefix. Value provided: ${prefix}. The value should be an IP address, a CIDR, a service tag or '*'.`,
  );
}

function isRange(prefix: string): boolean {
  return parseCidr(prefix) !== undefined || parseIpv4(prefix) !== undefined;
}

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
function isTag(prefix: string): boolean {
  return prefix === "*" || /^[A-Z][A-Za-z]+(?:\.[A-Za-z0-9]+)?$/i.test(prefix);
}

function checkPorts(request: WriteRequest, side: "source" | "destination"): void {
  const { properties, name } = request;
  const single = textAt(properties, `${side}PortRange`);
  const several = textsAt(properties, `${side}PortRanges`);
  if ((single === undefined) === (several.length === 0))
    refuse(
      "SecurityRuleParameterMissing",
      `Security rule ${name} must name its ${side} ports by exactly one of ${side}PortRange and ${side}PortRanges.`,
    );
  // Any port is a value of the singular only.
  if (several.includes("*"))
    refuse(
      "SecurityRuleParameterContainsInvalidPortRanges",
      `Security rule parameter ${side === "source" ? "Source" : "Destination"}PortRanges for rule with Id ${request.armId} contains invalid port ranges: *.`,
    );
  for (const ports of single === undefined ? several : [single]) {
    if (ports === "*" && single !== undefined) continue;
    const [first, last, more] = ports.split("-");
    const low = Number(first);
    const high = Number(last ?? first);
    const whole = /^\d+$/.test(first ?? "") && /^\d+$/.test(last ?? first ?? "") && more === undefined;
    if (!whole || low > high || high > 65_535)
      refuse(
        "SecurityRuleInvalidPortRange",
        `Security rule has invalid Port range. Value provided: ${ports}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.`,
      );
  }
}

/** In order of creation. */
export function listRules(world: World, group: string): readonly ResourceRow[] {
  return [...world.by("resource", "parent", group)].sort((a, b) => a.n - b.n);
}

/** Lists that were not given are answered empty. */
export function renderRule(row: Pick<ResourceRow, "properties">): JsonMap {
  return {
    sourcePortRanges: [],
    destinationPortRanges: [],
    sourceAddressPrefixes: [],
    destinationAddressPrefixes: [],
    ...row.properties,
  };
}

export function renderInlineRule(row: ResourceRow): JsonMap {
  return renderChild(row, renderRule(row));
}
