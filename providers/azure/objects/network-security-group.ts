// A network security group without rules of its own: every rule is an object. Rules that somebody else put in show as `unmanagedRules`, which is
// wanted empty, and are deleted one by one.
// https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/create-or-update

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap, needText } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { namesIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { type Json, mapsAt, textAt } from "../json.ts";
import { isNote } from "../marks.ts";
import { readOne } from "../reads.ts";
import { createResource, deleteResource } from "../requests.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { guidOf, plainRequests, showResource } from "./plain-resource.ts";
import { describeRule } from "./rule-shape.ts";
import { envelopeOf, naturalIdIn, placeOf, quick, resourceSchema } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.network.NetworkSecurityGroup";

const schema = resourceSchema(type, {
  version: 1,
  props: {
    unmanagedRules: {
      type: "set",
      identity: ["name"],
      default: [],
      whenAbsent: "keep",
      doc: "Rules in the group that Koine did not make. Wanted empty.",
    },
  },
  // `properties.securityRules` is the whole list; no condition on the request is documented that would keep a late one out.
  emptiedByRepeat: true,
  timeouts: quick,
});

export const networkSecurityGroup = defineHandler({
  schema,
  collection: "networkSecurityGroups",
  repairs: "networkSecurityGroups",

  steps(change) {
    if (change.action === "delete") return [deleteStep("networkSecurityGroups.delete")];
    if (change.id === undefined) {
      const body = pick(change.desired, ["name", "resourceGroup", "location", "tags"]);
      return [createStep("networkSecurityGroups.createOrUpdate", body, "natural")];
    }
    return [...removeRules(change), ...tagSteps(schema, change, "networkSecurityGroups.updateTags")];
  },

  requests: {
    "networkSecurityGroups.createOrUpdate": (call, body) =>
      createResource(call, {
        collection: "networkSecurityGroups",
        ...placeOf(call, "networkSecurityGroups", body),
        body: envelopeOf(call, type, body),
        incarnation: guidOf,
      }),
    "securityRules.delete": (call, body) =>
      deleteResource(call, "securityRules.delete", `${ownId(call)}/securityRules/${needText(body, "name")}`),
    ...plainRequests(type, "networkSecurityGroups"),
  },

  describe: (resource) =>
    showResource(type, resource, { incarnation: guidOf(resource), props: { unmanagedRules: unmanagedRules(resource) } }),

  naturalId: naturalIdIn("networkSecurityGroups"),

  async blockers(call, id) {
    const group = await readOne(call, "networkSecurityGroups.get", namesIn(id));
    return describeUse([...mapsAt(group, "properties", "networkInterfaces"), ...mapsAt(group, "properties", "subnets")]);
  },
});

/** A rule that Koine made, for this stack or another, says so. Those that Azure itself gives every group are listed apart. */
function unmanagedRules(resource: Json): readonly NativeMap[] {
  return mapsAt(resource, "properties", "securityRules")
    .filter((rule) => !isNote(textAt(rule, "properties", "description")))
    .map((rule) => ({ name: textAt(rule, "name") ?? "", ...describeRule(rule) }));
}

function removeRules(change: NativeChange): readonly Step[] {
  const due = change.action === "create" || isPending(schema, change, "unmanagedRules");
  const rules = change.observed.unmanagedRules;
  const found = due && Array.isArray(rules) ? rules.filter(isMap) : [];
  return found.map((rule, at) => {
    const last = at === found.length - 1 ? { sets: ["unmanagedRules"] } : {};
    return step(`remove:${String(rule.name)}`, "securityRules.delete", pick(rule, ["name"]), "idempotent", last);
  });
}
