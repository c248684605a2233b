// A resource group: what all else of a stack stands in. Azure deletes a group with all that is in it, whoever it belongs to; Koine deletes only
// an empty one.
// https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group

import { ProviderError } from "../../../engine/provider/errors.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { Blocker } from "../../../engine/provider/provider.ts";
import { map, needText, text } from "../../handlers/body.ts";
import { isPassing } from "../../handlers/handler.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { canonicalId, groupIn, namesIn, normaliseLocation, normaliseName, writeGroupId } from "../arm-id.ts";
import { defineRead, stateOf } from "../handler.ts";
import { type Json, textAt } from "../json.ts";
import { markKeys, readTag, readTags, writeTags } from "../marks.ts";
import { type ArmCall, few, isHere, listTagged, type Resources, readList, readOne } from "../reads.ts";
import { acknowledge, createResource, tagRequest } from "../requests.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { tagsProp } from "./schema-parts.ts";

const type = "azure.resources.ResourceGroup";

const schema: NativeSchema = {
  type,
  version: 1,
  marks: "tags",
  naturalKey: ["name"],
  nameBound: "name",
  exclusive: [["name"]],
  props: {
    name: { type: "string", required: true, immutable: true, normalise: normaliseName, doc: "Unique in the subscription." },
    location: { type: "string", required: true, immutable: true, normalise: normaliseLocation },
    tags: tagsProp,
  },
  attributes: { id: { type: "string" }, name: { type: "string" } },
  timeouts: { create: minutes(5), update: minutes(5), delete: minutes(20) },
};

export const resourceGroup = defineRead(
  {
    schema,

    steps(change) {
      if (change.action === "delete") return [deleteStep("resourceGroups.delete")];
      const body = pick(change.desired, ["name", "location", "tags"]);
      return [
        ...(change.id === undefined ? [createStep("resourceGroups.createOrUpdate", body, "natural")] : []),
        ...tagSteps(schema, change, "resourceGroups.update"),
      ];
    },

    requests: {
      "resourceGroups.createOrUpdate": (call, body) =>
        createResource(call, {
          collection: "resourceGroups",
          at: [needText(body, "name")],
          id: writeGroupId(call.client.subscription, needText(body, "name")),
          body: { location: needText(body, "location"), tags: writeTags(type, call.marks, map(body, "tags")) },
        }),
      "resourceGroups.update": tagRequest(type, "resourceGroups", "resourceGroups.update"),

      async "resourceGroups.delete"(call) {
        const id = call.id?.id ?? "";
        await demandEmpty(call, id);
        return acknowledge(await call.client.send("resourceGroups.delete", { at: namesIn(id) }, call.signal));
      },
    },

    describe(resource) {
      const id = canonicalId(textAt(resource, "id") ?? "");
      const name = textAt(resource, "name") ?? groupIn(id);
      const location = textAt(resource, "location");
      const { user, marks } = readTags(type, resource);
      return [
        {
          id,
          props: { name, tags: user, ...(location === undefined ? {} : { location }) },
          // Small letters, as in the ids of what stands in it.
          attributes: { id, name: groupIn(id) },
          marks,
          ...stateOf(resource),
        },
      ];
    },

    naturalId: (call, props) => {
      const name = text(props, "name");
      return name === undefined ? undefined : writeGroupId(call.client.subscription, name);
    },

    blockers: async (call, id) => (await readContents(call, id)).map(nameContent),
  },
  {
    byIds: readGroups,
    byLineage: async (call, lineage) => (await readTagged(call, markKeys.lineage, lineage)).filter((each) => isHere(call, each)),
    byOperation: (call, operation) => readTagged(call, markKeys.operation, operation),
  },
);

async function readGroups(call: ArmCall, ids: readonly string[]): Promise<Resources> {
  const found = new Map<string, Json>();
  const hidden = new Map<string, string>();
  if (ids.length > few) {
    for (const group of await readList(call, "resourceGroups.list")) found.set(canonicalId(textAt(group, "id") ?? ""), group);
    return { found, unseen: () => undefined };
  }
  await Promise.all(
    ids.map(async (id) => {
      try {
        const group = await readOne(call, "resourceGroups.get", namesIn(id));
        if (group !== undefined) found.set(canonicalId(textAt(group, "id") ?? id), group);
      } catch (error) {
        if (!(error instanceof ProviderError) || isPassing(error)) throw error;
        hidden.set(id, error.message);
      }
    }),
  );
  return { found, unseen: (id) => hidden.get(id) };
}

/** Lists that are filtered by a tag need not show tags; a stack has few groups. https://learn.microsoft.com/rest/api/resources/resources/list */
async function readTagged(call: ArmCall, key: string, value: string): Promise<readonly Json[]> {
  const groups = await listTagged(call, "resourceGroups.list", key, value);
  const whole = await Promise.all(
    groups.map((each) => (readTag(each, key) === undefined ? readOne(call, "resourceGroups.get", [textAt(each, "name") ?? ""]) : each)),
  );
  return whole.filter((each) => each !== undefined);
}

/** https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group */
function readContents(call: ArmCall, id: string): Promise<readonly Json[]> {
  return readList(call, "resources.listByResourceGroup", { at: namesIn(id) });
}

/**
 * Refuses to go on while anything is left. What carries the group's own lineage is on its way out, and the list trails; anything else is
 * somebody's, and waiting does not help.
 */
async function demandEmpty(call: ArmCall, id: string): Promise<void> {
  const group = await readOne(call, "resourceGroups.get", namesIn(id));
  if (group === undefined) return;
  const left = await readContents(call, id);
  if (left.length === 0) return;
  const lineage = readTag(group, markKeys.lineage);
  const foreign = left.filter((each) => lineage === undefined || readTag(each, markKeys.lineage) !== lineage);
  const named = (foreign.length > 0 ? foreign : left).map((each) => nameContent(each).description);
  const shown = named.length > 5 ? [...named.slice(0, 5), `${named.length - 5} more`] : named;
  throw new ProviderError(`the resource group \`${groupIn(id)}\` is not empty: ${shown.join(", ")}`, {
    code: "dependency",
    effect: "none",
    ...(foreign.length > 0
      ? {
          lasting: true as const,
          hint: "move or delete what is not of this stack, and destroy again",
        }
      : {}),
  });
}

function nameContent(resource: Json): Blocker {
  const kind = textAt(resource, "type") ?? "resource";
  const name = textAt(resource, "name") ?? "";
  return { type: kind, id: canonicalId(textAt(resource, "id") ?? ""), description: `${kind} "${name}"` };
}
