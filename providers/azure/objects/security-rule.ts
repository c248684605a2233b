// One rule of a network security group: read with it, written under it, one write at a time. It carries no tags; a note in its description tells
// it from rules that somebody else put there.
// https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, needText, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, wanted } from "../../handlers/steps.ts";
import { canonicalId, namesIn, normaliseIds, normaliseName, parentId } from "../arm-id.ts";
import { defineHandler, stateOf } from "../handler.ts";
import { mapsAt, textAt } from "../json.ts";
import { writeNote } from "../marks.ts";
import { changeResource, createResource, deleteResource, withProperties } from "../requests.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { describeRule, writeRule } from "./rule-shape.ts";
import { idProp, quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "azure.network.SecurityRule",
  version: 1,
  marks: "none",
  naturalKey: ["networkSecurityGroup", "name"],
  nameBound: "name",
  props: {
    networkSecurityGroup: { ...idProp, required: true, immutable: true },
    name: { type: "string", required: true, immutable: true, normalise: normaliseName },
    priority: { type: "int", required: true, immutable: true, doc: "100 to 4096; the lowest that matches decides." },
    direction: { type: "string", required: true, immutable: true, normalise: spell("Inbound", "Outbound") },
    access: { type: "string", default: "Allow", normalise: spell("Allow", "Deny") },
    protocol: { type: "string", default: "*", normalise: spell("Tcp", "Udp", "Icmp", "*") },
    sourceAddressPrefixes: { type: "set", doc: 'Ranges, or `["*"]`.' },
    destinationAddressPrefixes: { type: "set", doc: 'Ranges, or `["*"]`.' },
    sourceApplicationSecurityGroups: { type: "set", holds: true, normalise: normaliseIds, doc: "Instead of prefixes." },
    destinationApplicationSecurityGroups: { type: "set", holds: true, normalise: normaliseIds, doc: "Instead of prefixes." },
    destinationPortRanges: { type: "set", default: ["*"], doc: "`80`, `8000-8100`, or `*`." },
  },
  attributes: { id: { type: "string" } },
  exclusive: [
    ["networkSecurityGroup", "name"],
    ["networkSecurityGroup", "direction", "priority"],
  ],
  lockedBy: ["networkSecurityGroup"],
  deletedWith: ["networkSecurityGroup"],
  timeouts: quick,
};

const changeable = [
  "access",
  "protocol",
  "sourceAddressPrefixes",
  "destinationAddressPrefixes",
  "sourceApplicationSecurityGroups",
  "destinationApplicationSecurityGroups",
  "destinationPortRanges",
] as const;

export const securityRule = defineHandler({
  schema,
  collection: "networkSecurityGroups",
  repairs: "securityRules",
  parentOf: parentId,

  steps(change) {
    if (change.action === "delete") return [deleteStep("securityRules.delete")];
    const content = known(Object.fromEntries(["priority", "direction", ...changeable].map((name) => [name, wanted(schema, change, name)])));
    if (change.id === undefined) {
      const { networkSecurityGroup = "", name = "" } = change.desired;
      const body = { networkSecurityGroup, name, ...content };
      return [{ ...createStep("securityRules.createOrUpdate", body, "natural"), sets: Object.keys(change.desired) }];
    }
    const due = changeable.filter((name) => isPending(schema, change, name));
    // A rule is written as a whole: a peer that becomes a group must take the prefixes away in the same request.
    return due.length === 0 ? [] : [step("modify", "securityRules.createOrUpdate", content, "idempotent", { sets: due })];
  },

  requests: {
    async "securityRules.createOrUpdate"(call, body, asked) {
      if (asked.creates !== true) {
        return changeResource(call, "securityRules", ownId(call), (raw) => withProperties(raw, { ...withoutPeers, ...writeRule(body) }));
      }
      const group = needText(body, "networkSecurityGroup");
      const name = needText(body, "name");
      const note = writeNote(call.marks);
      return createResource(call, {
        collection: "securityRules",
        at: [...namesIn(group), name],
        id: canonicalId(`${group}/securityRules/${name}`),
        body: { properties: { ...writeRule(body), ...(note === undefined ? {} : { description: note }) } },
        isOurs: (there) => note !== undefined && textAt(there, "properties", "description") === note,
      });
    },
    "securityRules.delete": (call) => deleteResource(call, "securityRules.delete", ownId(call)),
  },

  describe(group) {
    const networkSecurityGroup = canonicalId(textAt(group, "id") ?? "");
    return mapsAt(group, "properties", "securityRules").map((rule) => {
      const name = textAt(rule, "name") ?? "";
      const id = canonicalId(textAt(rule, "id") ?? `${networkSecurityGroup}/securityRules/${name}`);
      return { id, props: { networkSecurityGroup, name, ...describeRule(rule) }, attributes: { id }, ...stateOf(rule) };
    });
  },

  naturalId: (_call, props) => {
    const group = text(props, "networkSecurityGroup");
    return group === undefined ? undefined : canonicalId(group);
  },
});

/** Both ways of naming a peer or a port go, so that the one that is written stands alone. */
const withoutPeers = {
  sourceAddressPrefix: null,
  destinationAddressPrefix: null,
  destinationPortRange: null,
  sourceApplicationSecurityGroups: null,
  destinationApplicationSecurityGroups: null,
};

/** ARM takes these words in any case and gives them back as it likes. */
function spell(...words: readonly string[]): (value: NativeValue) => NativeValue {
  const byCase = new Map(words.map((word) => [word.toLowerCase(), word]));
  return (value) => (typeof value === "string" ? (byCase.get(value.toLowerCase()) ?? value) : value);
}
