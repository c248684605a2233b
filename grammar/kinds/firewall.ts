// The portable firewall: stateful allow rules for the machines that carry it. Knows no cloud.

import { resource } from "../types/type.ts";
import { checkFirewallPeers } from "./checks/firewall-peers.ts";
import { checkRules } from "./checks/firewall-rules.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, tags } from "./shared-props.ts";

export const firewall: KindSchema = {
  name: "firewall",
  doc: "What the machines that carry it may receive and send. Answers to allowed traffic are always allowed. Inbound traffic is closed unless a rule allows it; outbound is open until the first `to` rule, from then on only what rules allow. A machine with several firewalls may do what any of them allows.",
  props: {
    network: { type: resource("network"), required: true, replaces: true, doc: "The network of the machines that carry it." },
    tags,
  },
  attributes: { id: idAttribute("firewall") },
  rules: true,
  checks: [checkRules, checkFirewallPeers],
};
