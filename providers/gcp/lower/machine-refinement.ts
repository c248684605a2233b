// What only Compute Engine has on a machine: a service account, and network tags of the author's own. Pure.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { problem } from "../../lowering/problems.ts";
import { asList } from "../../lowering/read-props.ts";

/** Network tags of one instance. https://cloud.google.com/vpc/docs/add-remove-network-tags#limits */
const mostTags = 64;

/** Everything that the roles of the account allow. https://cloud.google.com/compute/docs/access/service-accounts#scopes_best_practice */
const allScopes = "https://www.googleapis.com/auth/cloud-platform";

export interface ServiceAccount {
  /** Absent: the machine has no identity. */
  readonly value?: NativeMap;
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerServiceAccount({ refinement, address }: PortableResource, context: LoweringContext): ServiceAccount {
  const { service_account: email, scopes } = refinement;
  if (email === undefined) {
    if (scopes === undefined) return { diagnostics: [] };
    const message = `\`${address}\` has scopes, and no service account that they could be of`;
    return { diagnostics: [problem("K3048", context.place("on.gcp.scopes"), message, { hint: "name one with `service_account`" })] };
  }
  const named = asList(scopes).map((scope) => {
    const text = String(scope);
    return text.includes("/") ? text : `https://www.googleapis.com/auth/${text}`;
  });
  return { value: { email: String(email), scopes: scopes === undefined ? [allScopes] : named }, diagnostics: [] };
}

/** Each firewall is a tag; the author's own join them. */
export function checkNetworkTags(resource: PortableResource, firewalls: number, context: LoweringContext): readonly Diagnostic[] {
  const own = asList(resource.refinement.network_tags).map(String);
  const flawed = own.find((tag) => !/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(tag));
  if (flawed !== undefined) {
    const message = `\`${flawed}\` is no network tag: those have up to 63 small letters, digits and hyphens, beginning with a letter`;
    return [problem("K3049", context.place("on.gcp.network_tags"), message, { hint: 'write for example "web-server"' })];
  }
  const count = firewalls + own.length;
  if (count <= mostTags) return [];
  const place = context.place(firewalls > mostTags ? "firewall" : "on.gcp.network_tags");
  const message = `\`${resource.address}\` carries ${count} firewalls and network tags, Compute Engine takes ${mostTags} at most`;
  return [problem("K3033", place, message, { hint: "put the rules into fewer firewalls" })];
}
