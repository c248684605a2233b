// An application security group: a name that interfaces carry and rules speak of.
// https://learn.microsoft.com/rest/api/virtualnetwork/application-security-groups/create-or-update

import { canonicalId, groupIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { type Json, mapsAt, textAt } from "../json.ts";
import { readList } from "../reads.ts";
import { createResource } from "../requests.ts";
import { guidOf, plainRequests, plainSteps, showResource } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, quick, resourceSchema } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.ApplicationSecurityGroup";

const schema = resourceSchema(type, {
  version: 1,
  props: {
    // "All network interfaces assigned to an application security group have to exist in the same virtual network that the first network interface
    // assigned … is in": https://learn.microsoft.com/azure/virtual-network/application-security-groups. A firewall that moves gets a group of its own there.
    virtualNetwork: {
      ...idProp,
      immutable: true,
      writeOnly: true,
      observed: "never",
      doc: "Where the interfaces that carry it are. Azure takes that from the first of them; recorded, never sent.",
    },
  },
  timeouts: quick,
});

export const applicationSecurityGroup = defineHandler({
  schema,
  collection: "applicationSecurityGroups",
  repairs: "applicationSecurityGroups",

  steps: plainSteps(schema, "applicationSecurityGroups"),

  requests: {
    "applicationSecurityGroups.createOrUpdate": (call, body) =>
      createResource(call, {
        collection: "applicationSecurityGroups",
        ...placeOf(call, "applicationSecurityGroups", body),
        body: { ...envelopeOf(call, type, body), properties: {} },
        incarnation: guidOf,
      }),
    ...plainRequests(type, "applicationSecurityGroups"),
  },

  describe: (resource) => showResource(type, resource, { incarnation: guidOf(resource) }),

  naturalId: naturalIdIn("applicationSecurityGroups"),

  /** The group itself does not tell who carries it or speaks of it; the interfaces and security groups beside it do. */
  async blockers(call, id) {
    const at = [groupIn(id)];
    const [cards, groups] = await Promise.all([
      readList(call, "networkInterfaces.list", { at }),
      readList(call, "networkSecurityGroups.list", { at }),
    ]);
    const names = (part: Json, field: string): boolean =>
      mapsAt(part, "properties", field).some((group) => canonicalId(textAt(group, "id") ?? "") === id);
    const carries = (card: Json): boolean =>
      mapsAt(card, "properties", "ipConfigurations").some((each) => names(each, "applicationSecurityGroups"));
    const rules = groups.flatMap((group) => mapsAt(group, "properties", "securityRules"));
    const speaks = (rule: Json): boolean =>
      names(rule, "sourceApplicationSecurityGroups") || names(rule, "destinationApplicationSecurityGroups");
    return describeUse([...cards.filter(carries), ...rules.filter(speaks)]);
  },
});
