// Resource groups: written at once, deleted with all that is in them.
// https://learn.microsoft.com/rest/api/resources/resource-groups/create-or-update

import { RESOURCES_VERSIONS } from "./api-versions.ts";
import { keyOf, writeGroupId } from "./arm-id.ts";
import { refuse } from "./errors.ts";
import { compact } from "./json.ts";
import type { Answer } from "./operation.ts";
import type { Target } from "./put-resource.ts";
import { readLocation } from "./regions.ts";
import type { ResourceType } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, map, readBody, record, text } from "./shape.ts";
import { checkTags } from "./tags.ts";
import type { World } from "./world.ts";

export const GROUP_TYPE = "Microsoft.Resources/resourceGroups";

/** Only for its names and versions: a group's requests have a flow of their own. */
export const resourceGroup: ResourceType = {
  type: GROUP_TYPE,
  noun: "resourceGroups",
  title: "ResourceGroup",
  provider: "resources",
  apiVersions: RESOURCES_VERSIONS,
  envelope: {},
  properties: answered,
  tracked: true,
  names: { pattern: /^[-\p{L}\p{N}_.()]*[-\p{L}\p{N}_()]$/u, most: 90 },
  statuses: { create: 201, update: 200, patch: 200 },
  passages: { create: "network", update: "network", remove: "groupDelete" },
  creating: "Creating",
  etags: false,
  draft: () => ({ properties: {}, references: [] }),
  render: () => ({}),
  refuseRemoval: () => undefined,
};

const BODY = record({
  id: answered,
  name: answered,
  type: answered,
  properties: answered,
  location: text,
  managedBy: text,
  tags: map(text),
});

export function putGroup(world: World, { id }: Target, body: unknown): Answer {
  const name = id.group ?? "";
  if (name.length > resourceGroup.names.most || !resourceGroup.names.pattern.test(name))
    refuse(
      "InvalidResourceGroup",
      `The provided resource group name '${name}' has these invalid characters or is longer than 90 characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_', and cannot end with a period.`,
    );
  const read = readBody(BODY, body, GROUP_TYPE, { code: "InvalidRequestContent" });
  if (typeof read.location !== "string") refuse("LocationRequired", "The location property is required for this definition.");
  const location = readLocation(read.location, GROUP_TYPE);
  const tags = (read.tags ?? {}) as Readonly<Record<string, string>>;
  checkTags(tags);
  const old = world.find(writeGroupId(id.subscription, name));
  if (old === undefined) {
    if (world.countBy("resource", "type", GROUP_TYPE) >= world.settings.quotas.resourceGroups)
      refuse(
        "ResourceGroupQuotaExceeded",
        `The subscription has reached its limit of ${world.settings.quotas.resourceGroups} resource groups.`,
        409,
      );
    const armId = writeGroupId(world.subscription, name);
    const row = world.add("resource", {
      id: keyOf(armId),
      armId,
      type: GROUP_TYPE,
      name,
      group: name.toLowerCase(),
      location,
      ...(read.tags === undefined ? {} : { tags }),
      tagsAt: world.now,
      envelope: compact({ managedBy: read.managedBy }),
      properties: {},
      state: "Succeeded",
      etag: "",
      guid: world.newGuid("group"),
      references: [],
    });
    return { status: 201, headers: {}, body: renderGroup(row) };
  }
  if (old.state === "Deleting")
    refuse("ResourceGroupBeingDeleted", `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`, 409);
  if (old.location !== location)
    refuse(
      "InvalidResourceGroupLocation",
      `Invalid resource group location '${location}'. The Resource group already exists in location '${old.location}'.`,
      409,
    );
  const row = world.change(old, { tags, tagsBefore: old.tags ?? {}, tagsAt: world.now, envelope: compact({ managedBy: read.managedBy }) });
  return { status: 200, headers: {}, body: renderGroup(row) };
}

const PATCH = record({ name: answered, properties: answered, managedBy: text, tags: map(text) });

/** The tags of the body take the place of all. https://learn.microsoft.com/rest/api/resources/resource-groups/update */
export function patchGroup(world: World, old: ResourceRow, body: unknown): Answer {
  const read = readBody(PATCH, body, GROUP_TYPE, { code: "InvalidRequestContent" });
  const tags = (read.tags ?? old.tags ?? {}) as Readonly<Record<string, string>>;
  checkTags(tags);
  const row = world.change(old, { tags, tagsBefore: old.tags ?? {}, tagsAt: world.now });
  return { status: 200, headers: {}, body: renderGroup(row) };
}

export function renderGroup(row: ResourceRow): JsonMap {
  return compact({
    id: row.armId,
    name: row.name,
    type: GROUP_TYPE,
    location: row.location,
    tags: row.tags,
    ...row.envelope,
    properties: { provisioningState: row.state },
  });
}
