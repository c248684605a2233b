// network on gcp: a Network in custom mode. It has no range of its own; machines without a firewall need nothing more, because Google Cloud closes inbound and
// opens outbound traffic by itself. Without an address of its own or a NAT no machine reaches the internet, so `internet` changes nothing here.
// https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkLabels } from "./labels.ts";
import { gceName } from "./names.ts";
import { checkNetworkRange } from "./ranges.ts";

export const lowerNetwork: Lowering = (resource, context) => {
  const network = context.object("network", "gcp.compute.Network", { name: gceName(context), autoCreateSubnetworks: false });
  return {
    objects: [network.object],
    outputs: { id: network.ref("selfLink") },
    diagnostics: [...checkNetworkRange(resource, context), ...checkLabels(resource, context)],
  };
};
