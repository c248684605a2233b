// firewall on gcp: allow rules on a network tag that its machines carry. Google Cloud lets everything out unless a rule denies it, so a firewall with `to` rules
// denies the rest below them; one without allows everything, because a machine may carry another firewall that denies. Inbound is closed by itself.
// https://cloud.google.com/firewall/docs/firewalls#rule_components

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { everywhere, isOutboundOpen } from "../../lowering/firewall-rules.ts";
import { problem } from "../../lowering/problems.ts";
import { asList, followRef } from "../../lowering/read-props.ts";
import { groupRules, isKnown, type RuleGroup } from "./firewall-groups.ts";
import { checkLabels } from "./labels.ts";
import { gceName, partName } from "./names.ts";

/** Below every allow rule, above what Google Cloud implies at 65535. */
const denyPriority = 65_000;

/** Source tags of one rule. https://cloud.google.com/firewall/docs/quotas#limits */
const mostSourceTags = 30;

export const lowerFirewall: Lowering = (resource, context) => {
  const tag = gceName(context);
  const groups = groupRules(resource, context);
  const outbound = isOutboundOpen(resource)
    ? makeRule("allow-egress", { allowed: everything, direction: "EGRESS", destinationRanges: [everywhere] }, [], resource, context)
    : makeRule(
        "deny-egress",
        { denied: everything, direction: "EGRESS", destinationRanges: [everywhere], priority: denyPriority },
        [],
        resource,
        context,
      );
  const rules = groups.map((group) => makeRule(group.role, rulePropsOf(group, context), group.positions, resource, context));
  return {
    objects: [outbound, ...rules].map((handle) => handle.object),
    outputs: { id: tag },
    diagnostics: [...checkExisting(resource), ...checkPeers(resource, groups, context), ...checkLabels(resource, context)],
  };
};

/** Roles of the rules of a firewall that a machine waits for. */
export function rolesToWaitFor(firewall: PortableResource, context: LoweringContext): readonly string[] {
  const known = groupRules(firewall, context).filter(isKnown);
  return [isOutboundOpen(firewall) ? "allow-egress" : "deny-egress", ...known.map((group) => group.role)];
}

const everything: readonly NativeMap[] = [{ IPProtocol: "all" }];

/** The network tag of a firewall is the name that its lowering gave as its id. */
export function tagsOf(firewalls: readonly PortableResource[], context: LoweringContext): readonly NativeValue[] {
  return firewalls.map((firewall) => context.output(firewall.address, "id"));
}

function makeRule(
  role: string,
  props: Readonly<Record<string, NativeValue>>,
  positions: readonly number[],
  resource: PortableResource,
  context: LoweringContext,
): NativeObjectHandle {
  const [position] = positions;
  const place =
    position === undefined
      ? {}
      : { allowed: `allow.${position}`, sourceRanges: `allow.${position}`, destinationRanges: `allow.${position}` };
  return context.object(
    role,
    "gcp.compute.Firewall",
    {
      name: partName(
        resource.address,
        role.replace(/^rule-(in|e)gress/, (_, way) => (way === "in" ? "from" : "to")),
        context,
      ),
      network: context.native(resource.props.network ?? ""),
      // Both decide what passes, so they are ours, not the cloud's: another hand's change of them is drift.
      priority: 1_000,
      disabled: false,
      ...props,
      targetTags: [gceName(context)],
    },
    { from: { network: "network", ...place } },
  );
}

function rulePropsOf({ direction, protocol, ports, peers }: RuleGroup, context: LoweringContext): Readonly<Record<string, NativeValue>> {
  const allowed = [{ IPProtocol: protocol === "any" ? "all" : protocol, ...(ports.length === 0 ? {} : { ports }) }];
  const far =
    direction === "ingress" ? { direction: "INGRESS", ranges: "sourceRanges" } : { direction: "EGRESS", ranges: "destinationRanges" };
  if (peers.kind === "firewalls") {
    const firewalls = peers.addresses.flatMap((address) => context.graph.resources.get(address) ?? []);
    return { direction: far.direction, allowed, sourceTags: tagsOf(firewalls, context) };
  }
  return { direction: far.direction, allowed, [far.ranges]: peers.ranges.map((range) => context.native(range)) };
}

/** One physical id cannot stand for the rules on a tag, and machines would carry a tag of another name. */
function checkExisting(resource: PortableResource): readonly Diagnostic[] {
  if (resource.annotations.existing === undefined) return [];
  return [
    problem(
      "K3042",
      resource.span,
      `\`${resource.address}\` is to exist already, and on Google Cloud a firewall is no object but several rules on a tag`,
      {
        hint: "write its tag on the machines with `on gcp { network_tags = […] }`, or let Koine make the firewall",
      },
    ),
  ];
}

function checkPeers(resource: PortableResource, groups: readonly RuleGroup[], context: LoweringContext): readonly Diagnostic[] {
  return groups.flatMap(({ peers, positions: [position = 0] }) => {
    if (peers.kind !== "firewalls" || peers.addresses.length <= mostSourceTags) return [];
    const count = peers.addresses.length;
    return [
      problem(
        "K3043",
        context.place(`allow.${position}`),
        `a rule of \`${resource.address}\` admits ${count} firewalls, Google Cloud takes ${mostSourceTags}`,
        {
          hint: "divide them over several rules with other ports, or admit the subnet",
        },
      ),
    ];
  });
}

/** Firewalls of a machine, in the order written. */
export function firewallsOf(machine: PortableResource, context: LoweringContext): readonly PortableResource[] {
  return asList(machine.props.firewall).flatMap((firewall) => followRef(firewall, context) ?? []);
}
