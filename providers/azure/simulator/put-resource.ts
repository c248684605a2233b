// The flow of a PUT or PATCH of any resource: what holds for all types around what each type's draft says. A PUT replaces: what it does not send
// is gone. https://github.com/cloud-and-ai-microsoft/resource-provider-contract/blob/master/v1.0/resource-api-reference.md

import { type ArmId, keyOf, parentIdOf } from "./arm-id.ts";
import { refuseUnprovisioned, refuseWhileBusy } from "./busy.ts";
import { refuse } from "./errors.ts";
import { mapAt } from "./json.ts";
import { type Answer, beginOperation, pollingHeaders, type Wire } from "./operation.ts";
import { checkPrecondition, type Preconditions } from "./preconditions.ts";
import { readLocation } from "./regions.ts";
import type { Render } from "./render.ts";
import type { Draft, ResourceType, WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, map, readBody, record, type ShapeRefusal, text } from "./shape.ts";
import { checkTags } from "./tags.ts";
import type { World } from "./world.ts";

export interface Target {
  readonly type: ResourceType;
  readonly id: ArmId;
  readonly armId: string;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors: each provider words it its own way. */
export function wordRefusal(type: ResourceType): ShapeRefusal {
  return type.provider === "network"
    ? { code: "InvalidRequestFormat", options: { details: [{ code: "InvalidJson", message: "Cannot parse the request." }] } }
    : type.provider === "resources"
      ? { code: "InvalidRequestContent" }
      : { code: "InvalidParameter" };
}

const ENVELOPE = { id: answered, name: answered, type: answered, etag: answered, systemData: answered };

function bodyShape(type: ResourceType): ReturnType<typeof record> {
  return record({
    ...ENVELOPE,
    ...(type.tracked ? { location: text, tags: map(text) } : {}),
    ...type.envelope,
    properties: type.properties,
  });
}

export function requireGroup(world: World, id: ArmId): ResourceRow {
  const group = world.find(`/subscriptions/${id.subscription}/resourceGroups/${id.group}`);
  if (group === undefined) return refuse("ResourceGroupNotFound", `Resource group '${id.group}' could not be found.`, 404);
  return group;
}

/** Throws ParentResourceNotFound. */
function requireParent(world: World, { id, armId, type }: Target): ResourceRow | undefined {
  const parentId = parentIdOf(armId, id.names.length);
  if (parentId === undefined) return undefined;
  const parent = world.find(parentId);
  if (parent !== undefined && parent.state !== "Deleting") return parent;
  const path = type.type.split("/").slice(1).join("/");
  return refuse(
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${path}', because the parent resource '${parentId}' could not be found.`,
    404,
  );
}

function checkName({ type, id }: Target): void {
  const name = id.names.at(-1) ?? "";
  if (name.length <= type.names.most && type.names.pattern.test(name)) return;
  const code = type.provider === "network" ? "InvalidResourceName" : "InvalidParameter";
  refuse(
    code,
    `Resource name ${name} is invalid. The name can be up to ${type.names.most} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
  );
}

function locate(target: Target, body: JsonMap, old: ResourceRow | undefined, parent: ResourceRow | undefined): string {
  if (!target.type.tracked) return parent?.location ?? "";
  if (typeof body.location !== "string") return refuse("LocationRequired", "The location property is required for this definition.");
  const location = readLocation(body.location, target.type.type);
  if (old !== undefined && old.location !== location)
    refuse(
      "InvalidResourceLocation",
      `The resource '${old.name}' already exists in location '${old.location}' in resource group '${target.id.group}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
      409,
    );
  return location;
}

/** Stores what a draft says as the row of a new or replaced resource, in its state of before the operation's end. */
function store(request: WriteRequest, type: ResourceType, draft: Draft, tags: Readonly<Record<string, string>> | undefined): ResourceRow {
  const { world, old } = request;
  const { properties: _properties, location: _location, tags: _tags, ...envelope } = request.body;
  const content = {
    ...(type.tracked ? { location: request.location } : {}),
    ...(tags === undefined ? {} : { tags }),
    envelope: draft.envelope ?? envelope,
    properties: draft.properties,
    references: [...new Set(draft.references.map(keyOf))],
    etag: world.newGuid("etag"),
  };
  if (old === undefined)
    return world.add("resource", {
      ...content,
      id: keyOf(request.armId),
      armId: request.armId,
      type: type.type,
      name: request.name,
      group: (request.id.group ?? "").toLowerCase(),
      ...(request.parent === undefined ? {} : { parent: request.parent.id }),
      tagsAt: world.now,
      state: type.creating,
      guid: world.newGuid("resource"),
    });
  const { tags: before, tagsBefore: _older, ...rest } = old;
  return world.change({ ...rest, ...content } as ResourceRow, {
    state: "Updating",
    ...(JSON.stringify(before) === JSON.stringify(tags) ? {} : { tagsBefore: before ?? {}, tagsAt: world.now }),
  });
}

/** Writes a whole resource. */
export function putResource(
  world: World,
  target: Target,
  body: unknown,
  context: { readonly wire: Wire; readonly preconditions: Preconditions; readonly render: Render },
): Answer {
  const { type, id, armId } = target;
  const { wire } = context;
  const group = requireGroup(world, id);
  if (group.state === "Deleting")
    refuse(
      "ResourceGroupBeingDeleted",
      `The resource group '${id.group}' is in deprovisioning state and cannot perform this operation.`,
      409,
    );
  const parent = requireParent(world, target);
  checkName(target);
  const old = world.find(armId);
  const read = readBody(bodyShape(type), body, type.type, wordRefusal(type));
  const location = locate(target, read, old, parent);
  const tags = readTags(read);
  checkPrecondition(type, old, context.preconditions);
  refuseWhileBusy(world, type, wire, old, parent);
  const request: WriteRequest = {
    world,
    id,
    armId: old?.armId ?? armId,
    name: old?.name ?? id.names.at(-1) ?? "",
    location,
    parent,
    old,
    body: read,
    properties: mapAt(read, "properties"),
  };
  return write(request, type, type.draft(request), tags, context, {
    status: old === undefined ? type.statuses.create : type.statuses.update,
    verb: "Put",
  });
}

/** Changes what a PATCH names: the tags as a whole, and of the rest what the type takes. */
export function patchResource(
  world: World,
  target: Target,
  body: unknown,
  context: { readonly wire: Wire; readonly preconditions: Preconditions; readonly render: Render },
): Answer {
  const { type, id } = target;
  const group = requireGroup(world, id);
  const old = requireResource(world, target);
  const shape = record({ tags: map(text), ...(type.patch?.body.kind === "record" ? type.patch.body.fields : {}) });
  const read = readBody(shape, body, type.type, wordRefusal(type));
  checkPrecondition(type, old, context.preconditions);
  refuseWhileBusy(world, type, context.wire, old);
  if (group.state === "Deleting")
    refuse(
      "ResourceGroupBeingDeleted",
      `The resource group '${id.group}' is in deprovisioning state and cannot perform this operation.`,
      409,
    );
  const tags = read.tags === undefined ? old.tags : readTags(read);
  const beyond = Object.keys(read).some((name) => name !== "tags");
  const etag = world.newGuid("etag");
  if (type.patch === undefined || !beyond) {
    const changed = world.change(old, { tags: tags ?? {}, tagsBefore: old.tags ?? {}, tagsAt: world.now, etag });
    if (type.provider === "network") return { status: 200, headers: {}, body: context.render(world, changed) };
  }
  const request: WriteRequest = {
    world,
    id,
    armId: old.armId,
    name: old.name,
    location: old.location ?? "",
    parent: undefined,
    old,
    body: read,
    properties: mapAt(read, "properties"),
  };
  const draft: Draft =
    type.patch === undefined || !beyond
      ? { properties: old.properties, envelope: old.envelope, references: old.references, passage: "disk" }
      : type.patch.draft(request);
  return write(request, type, draft, tags, context, { status: type.statuses.patch, verb: "Patch" });
}

/** The row of a target. Throws as ARM answers a GET of what is not there. */
export function requireResource(world: World, { type, id, armId }: Target): ResourceRow {
  requireGroup(world, id);
  const row = world.find(armId);
  if (row !== undefined) return row;
  const parentId = parentIdOf(armId, id.names.length);
  if (parentId !== undefined && world.find(parentId) !== undefined) return refuse("NotFound", `Resource ${armId} not found.`, 404);
  const [namespace, ...types] = type.type.split("/");
  const path = types.map((part, n) => `${part}/${id.names[n]}`).join("/");
  return refuse(
    "ResourceNotFound",
    `The Resource '${namespace}/${path}' under resource group '${id.group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    404,
  );
}

function write(
  request: WriteRequest,
  type: ResourceType,
  draft: Draft,
  tags: Readonly<Record<string, string>> | undefined,
  context: { readonly wire: Wire; readonly render: Render },
  answer: { readonly status: number; readonly verb: "Put" | "Patch" },
): Answer {
  const { world, old } = request;
  refuseUnprovisioned(world, request.armId, draft.references);
  const stored = store(request, type, draft, tags);
  const operation = beginOperation(world, stored, {
    title: `${answer.verb}${type.title}Operation`,
    passage: draft.passage ?? (old === undefined ? type.passages.create : type.passages.update),
    step: "settle",
    location: request.location,
    ...(draft.detail === undefined ? {} : { detail: draft.detail }),
  });
  const row = world.change(stored, { operation: operation.id });
  // A parent is written with its child: https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update
  if (request.parent !== undefined)
    world.change(request.parent, { state: "Updating", operation: operation.id, etag: world.newGuid("etag") });
  draft.after?.(row);
  return {
    status: answer.status,
    headers: pollingHeaders(world, type.provider, operation, context.wire, {
      async: true,
      location: answer.status === 202,
    }),
    body: context.render(world, world.find(row.id) ?? row),
  };
}

function readTags(body: JsonMap): Readonly<Record<string, string>> | undefined {
  const tags = body.tags as Readonly<Record<string, string>> | undefined;
  if (tags !== undefined) checkTags(tags);
  return tags;
}
