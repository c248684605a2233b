// An application security group: a name that interfaces carry and rules speak of.
// https://learn.microsoft.com/rest/api/virtualnetwork/application-security-groups/create-or-update

import { canonicalId, groupIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { mapsAt, textAt } from "../json.ts";
import { readList } from "../reads.ts";
import { createResource } from "../requests.ts";
import { guidOf, plainRequests, plainSteps, showResource } from "./plain-resource.ts";
import { envelopeOf, naturalIdIn, placeOf, quick, resourceSchema } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.ApplicationSecurityGroup";

const schema = resourceSchema(type, {
  version: 1,
  props: {},
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

  /** The group itself does not tell who carries it; the interfaces beside it do. */
  async blockers(call, id) {
    const cards = await readList(call, "networkInterfaces.list", { at: [groupIn(id)] });
    const carries = (card: (typeof cards)[number]): boolean =>
      mapsAt(card, "properties", "ipConfigurations").some((each) =>
        mapsAt(each, "properties", "applicationSecurityGroups").some((group) => canonicalId(textAt(group, "id") ?? "") === id),
      );
    return describeUse(cards.filter(carries));
  },
});
