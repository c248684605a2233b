// What the methods of all collections share: finding, making, changing and removing objects.

import { createHash } from "node:crypto";
import { isBehind } from "../../simulation/settings.ts";
import { refuse, refuseMissing, refuseNotReady } from "./errors.ts";
import { writeLink, writePath } from "./links.ts";
import type { Call } from "./method.ts";
import { checkFingerprint, checkLabels, fingerprintOf, readNewName } from "./names.ts";
import { startOperation } from "./operations.ts";
import type { Labels, Resources } from "./resources.ts";
import type { AnyResourceRow, Collection, Effect, OperationRow, ResourceRow } from "./rows.ts";
import { type World, writeTime } from "./world.ts";

/** The object that a request names. Throws `notFound`. */
export function requireRow<K extends Collection>(world: World, collection: K, path: string): ResourceRow<K> {
  return (world.get(collection, path) as ResourceRow<K> | undefined) ?? refuseMissing(path);
}

/** The object that a route names. Throws `notFound`. */
export function requireRouted<K extends Collection>(
  world: World,
  collection: K,
  call: Call<unknown>,
  name: string | undefined,
): ResourceRow<K> {
  return requireRow(world, collection, writePath({ project: world.project, scope: call.scope }, collection, name ?? ""));
}

/** The same for `get`: an id index may lag behind. */
export function requireSeen<K extends Collection>(
  world: World,
  collection: K,
  call: Call<unknown>,
  name: string | undefined,
): ResourceRow<K> {
  const row = requireRouted(world, collection, call, name);
  return isBehind(world.settings.lag, "ids", row.createdAt, world.now) ? refuseMissing(row.id) : row;
}

/** The same for a change. Throws `resourceNotReady` while another operation is changing it. */
export function requireIdle<K extends Collection>(
  world: World,
  collection: K,
  call: Call<unknown>,
  name: string | undefined,
): ResourceRow<K> {
  const row = requireRouted(world, collection, call, name);
  if (row.busy !== undefined) refuseNotReady(row.id);
  return row;
}

type Basics = "name" | "id" | "kind" | "selfLink" | "creationTimestamp";

/** Checks that the name is free. Throws `alreadyExists`. */
export function claimName(world: World, collection: Collection, scope: string, name: string | undefined): string {
  const path = writePath({ project: world.project, scope }, collection, readNewName(name));
  const there = world.get(collection, path);
  if (there?.leaving === true) world.remove(there as never);
  else if (there !== undefined) refuse(409, "alreadyExists", `The resource '${path}' already exists`);
  return path;
}

/** Puts an object into the world. Its name was claimed. */
export function addRow<K extends Collection>(
  world: World,
  collection: K,
  sort: string,
  scope: string,
  name: string,
  resource: Omit<Resources[K], Basics>,
): ResourceRow<K> {
  const path = writePath({ project: world.project, scope }, collection, name);
  const full = {
    kind: `compute#${sort}`,
    id: world.newId(),
    creationTimestamp: writeTime(world.now),
    name,
    ...resource,
    selfLink: writeLink(path),
  };
  return world.add(collection, { id: path, scope, name, resource: full, labelsAt: world.now } as never) as unknown as ResourceRow<K>;
}

/** Replaces fields of an object; those set to undefined go. */
export function changeRow(world: World, row: AnyResourceRow, set: Readonly<Record<string, unknown>>, unset: readonly string[] = []): void {
  const resource: Record<string, unknown> = { ...row.resource, ...set };
  for (const field of unset) delete resource[field];
  for (const [field, value] of Object.entries(set)) if (value === undefined) delete resource[field];
  const before = "labels" in row.resource ? row.resource.labels : undefined;
  const labels = "labels" in set ? { labelsAt: world.now, labelsBefore: before ?? {} } : {};
  world.change(row as never, { resource, ...labels } as never);
}

/** A creation's operation: what was made is there at once, and goes again when the operation fails. */
export function startCreation(
  world: World,
  type: string,
  target: AnyResourceRow,
  effect: Effect = { kind: "none" },
  undo: OperationRow["undo"] = [],
): object {
  return startOperation(world, { type, target, effect, undo: [...undo, { collection: target.kind, path: target.id }] });
}

/** A creation that fails at its end and leaves nothing. */
export function failCreation(
  world: World,
  collection: Collection,
  scope: string,
  name: string,
  error: NonNullable<OperationRow["error"]>,
): object {
  const path = writePath({ project: world.project, scope }, collection, name);
  const target = { kind: collection, id: path, realm: world.project, scope, resource: { selfLink: writeLink(path), id: world.newId() } };
  return startOperation(world, { type: "insert", target: target as never, effect: { kind: "none" }, error });
}

export function startUpdate(
  world: World,
  type: string,
  target: AnyResourceRow,
  set: Readonly<Record<string, unknown>>,
  unset: readonly string[] = [],
): object {
  return startOperation(world, { type, target, effect: { kind: "set", set, unset } });
}

export function startRemoval(world: World, target: AnyResourceRow): object {
  return startOperation(world, { type: "delete", target, effect: { kind: "remove" } });
}

/** The first item a list has more than it may. */
export function failQuota(metric: string, limit: number, where: string): NonNullable<OperationRow["error"]> {
  const place = where === "global" ? "globally" : `in region ${where}`;
  return {
    code: "QUOTA_EXCEEDED",
    message: `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} ${place}.`,
    status: 403,
    phrase: "FORBIDDEN",
  };
}

export interface LabelsBody {
  readonly labels?: Labels;
  readonly labelFingerprint?: string;
}

/** setLabels of any collection that has it: the labels are replaced whole. https://cloud.google.com/compute/docs/labeling-resources */
export function setLabels(
  world: World,
  row: ResourceRow<"addresses" | "disks" | "instances" | "snapshots" | "images">,
  body: LabelsBody,
): object {
  checkFingerprint(
    body.labelFingerprint,
    row.resource.labelFingerprint,
    "Labels fingerprint either invalid or resource labels have changed",
  );
  const labels = body.labels ?? {};
  checkLabels("labels", labels);
  return startUpdate(world, "setLabels", row as AnyResourceRow, describeLabels(labels));
}

export function describeLabels(labels: Labels | undefined): { readonly labels?: Labels; readonly labelFingerprint: string } {
  const has = labels !== undefined && Object.keys(labels).length > 0;
  return { ...(has ? { labels } : { labels: undefined as never }), labelFingerprint: fingerprintOf(labels) };
}

/** A fingerprint of all there is to an object: 8 bytes in base 64. */
export function fingerprintWhole(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("base64").slice(0, 11).concat("=");
}
