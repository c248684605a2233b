// The requests that all types share: to create under a name that nobody has, to change what was read and nothing else, to tag, to delete. Each
// makes one mutating request; the reads before it protect what is not ours.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Ack } from "../../engine/provider/provider.ts";
import { map, texts } from "../handlers/body.ts";
import { ownId, type Request } from "../handlers/request.ts";
import { canonicalId, namesIn } from "./arm-id.ts";
import { type Json, textAt } from "./json.ts";
import { handleOf } from "./long-running.ts";
import { changeTags, markKeys, readTag, writeMarks } from "./marks.ts";
import type { Arm, ArmAnswer, OperationName } from "./operations.ts";
import { type ArmCall, readOne } from "./reads.ts";

export type ArmRequestOf = Request<Arm>;

/** Types that can be created, each with an operation that reads one. */
export type Creatable = Extract<OperationName, `${string}.createOrUpdate`> extends `${infer Name}.createOrUpdate` ? Name : never;

export interface Creation {
  readonly collection: Creatable;
  /** The group and the names, outermost first. */
  readonly at: readonly string[];
  readonly id: string;
  readonly body: Json;
  /** Where the type has one: what tells a reused name from the same object. */
  readonly incarnation?: (resource: Json) => string | undefined;
  /** The service itself refuses a name that is taken since the look. */
  readonly ifNoneMatch?: true;
  /** What stands there already is this very object, made by an earlier send. */
  readonly isOurs?: (there: Json) => boolean;
}

/**
 * Creates by PUT. A PUT on a name that is taken would change what stands there, so the name is looked at first: an object with the mark of this
 * very attempt is what an earlier send has made; any other is somebody else's and is left alone.
 */
export async function createResource(call: ArmCall, creation: Creation): Promise<Ack> {
  const { collection, at, id, body, incarnation, ifNoneMatch } = creation;
  const there = await readOne(call, `${collection}.get` as OperationName, at);
  if (there !== undefined) {
    const isOurs =
      creation.isOurs ?? ((resource: Json) => call.marks !== undefined && readTag(resource, markKeys.operation) === call.marks.operation);
    // Without marks only a closer look tells; with them this was the look.
    if (!isOurs(there)) throw nameTaken(there, id, creation.isOurs === undefined);
    // A creation that has failed is tried again under its own name.
    if (textAt(there, "properties", "provisioningState") !== "Failed") return { id, ...incarnationOf(incarnation?.(there)) };
  }
  const guard = there === undefined && ifNoneMatch === true ? { headers: { "If-None-Match": "*" } } : {};
  const answer = await call.client.send(`${collection}.createOrUpdate` as OperationName, { at, body, ...guard }, call.signal);
  return { id, ...incarnationOf(incarnation?.(answer.body)), ...acknowledge(answer) };
}

function incarnationOf(incarnation: string | undefined): { readonly incarnation?: string } {
  return incarnation === undefined ? {} : { incarnation };
}

function nameTaken(there: Json, id: string, isCertain: boolean): ProviderError {
  const found = textAt(there, "id") ?? id;
  const owner = readTag(there, markKeys.address);
  return new ProviderError(
    `\`${found}\` exists already${owner === undefined ? " and was not made by this stack" : ` and belongs to \`${owner}\``}`,
    {
      code: "conflict",
      effect: "none",
      ...(isCertain ? { lasting: true as const } : {}),
      hint: `give the resource another name, or take the object over with \`@adopt("${canonicalId(found)}")\``,
    },
  );
}

/**
 * Reads a resource and sends it back changed. What the change does not name goes back as it came, fields that Koine does not know included; the
 * etag makes sure that nobody wrote in between.
 */
export async function changeResource(call: ArmCall, collection: Creatable, id: string, change: (resource: Json) => Json): Promise<Ack> {
  const at = namesIn(id);
  const { body } = await call.client.send(`${collection}.get` as OperationName, { at }, call.signal);
  const etag = textAt(body, "etag");
  const request = { at, body: change(body), ...(etag === undefined ? {} : { headers: { "If-Match": etag } }) };
  return acknowledge(await call.client.send(`${collection}.createOrUpdate` as OperationName, request, call.signal));
}

/** Sets some fields of `properties`; `null` takes one out. */
export function withProperties(resource: Json, changes: NativeMap): Json {
  const properties = { ...(resource.properties as Json | undefined), ...changes };
  return { ...resource, properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null)) };
}

export async function deleteResource(call: ArmCall, operation: OperationName, id: string): Promise<Ack> {
  return acknowledge(await call.client.send(operation, { at: namesIn(id) }, call.signal));
}

/** What the answer points to. */
export function acknowledge(answer: ArmAnswer): Ack {
  const handle = handleOf(answer);
  return handle === undefined ? {} : { handle };
}

/**
 * Writes and removes tags by PATCH, which replaces all tags of a resource and nothing else of it. With `marks`: the ownership marks.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 */
export function tagRequest(type: string, collection: string, operation: OperationName): ArmRequestOf {
  return async (call, body, step) => {
    const at = namesIn(typeof body.resource === "string" ? body.resource : ownId(call));
    const { body: resource } = await call.client.send(`${collection}.get` as OperationName, { at }, call.signal);
    const set = { ...textMap(map(body, "set")), ...(step.marks === true ? writeMarks(type, call.marks) : {}) };
    const tags = changeTags(resource, set, texts(body, "remove"));
    return acknowledge(await call.client.send(operation, { at, body: { tags } }, call.signal));
  };
}

function textMap(tags: NativeMap): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}
