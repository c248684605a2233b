// How much one security group takes, judged before any call: rules, firewalls, and addresses in one rule. Pure.
// https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-resource-manager-virtual-networking-limits

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { problem } from "../../lowering/problems.ts";
import { denyBand, firewallsOf } from "./priorities.ts";
import { type SecurityRule, securityRulesOf } from "./security-rules.ts";

const mostRules = 1000;
/** "Application security groups that can be specified within all security rules of a network security group" */
const mostGroups = 100;
const mostAddresses = 4000;
/** "Application security groups per IP configuration, per NIC" */
const mostPerMachine = 20;
const mostClosed = denyBand.last - denyBand.first + 1;

/** What the firewalls of a network come to. One security group serves the whole network. */
export function checkRuleCounts(network: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const firewalls = firewallsOf(network, context);
  const name = `\`${network.address}\``;
  const refuse = (what: string, most: string): readonly Diagnostic[] => [
    problem("K3072", network.span, `the firewalls of ${name} come to ${what}, Azure takes ${most} in one network`, {
      hint: "widen ranges, join firewalls, or divide the machines over two networks",
    }),
  ];
  if (firewalls.length > mostGroups) return refuse(`${firewalls.length} application security groups`, String(mostGroups));
  let rules = 1; // the network's own
  let closed = 0;
  for (const firewall of firewalls) {
    for (const rule of securityRulesOf(firewall, context)) {
      rules++;
      if (rule.access === "Deny") closed++;
    }
  }
  if (rules > mostRules) return refuse(`${rules} rules`, String(mostRules));
  if (closed > mostClosed) return refuse(`${closed} that close what is outbound`, `${mostClosed} of those`);
  return [];
}

/** A rule that names more addresses than one takes. */
export function checkAddresses(rule: SecurityRule, firewall: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const count = rule.peer.kind === "prefixes" ? rule.peer.prefixes.length : 0;
  if (count <= mostAddresses) return [];
  return [
    problem(
      "K3072",
      context.place(`allow.${rule.position}`),
      `a rule of \`${firewall.address}\` names ${count} ranges, Azure takes ${mostAddresses} in one`,
      { hint: "join neighbouring ranges into larger ones, or divide them over two firewalls" },
    ),
  ];
}

/** More firewalls than one interface carries. */
export function checkFirewallCount(machine: PortableResource, count: number, context: LoweringContext): readonly Diagnostic[] {
  if (count <= mostPerMachine) return [];
  return [
    problem(
      "K3033",
      context.place("firewall"),
      `\`${machine.address}\` carries ${count} firewalls, Azure takes ${mostPerMachine} at most`,
      {
        hint: "put the rules into fewer firewalls",
      },
    ),
  ];
}
