// The in-process cloud itself: objects and the rules that its requests obey, and a ledger of every effect. It knows nothing of state,
// journal or plan; marks are to it what tags are to a cloud, text that it stores.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isSameData } from "../../engine/plan/normalise.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Marks } from "../../engine/provider/provider.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { MemoryType } from "./memory-type.ts";
import { memoryTypes } from "./types.ts";
import type { WorldTime } from "./virtual-time.ts";
import { isLiving, type LedgerEntry, refuse, type Wire, type WorldAnswer, type WorldObject, type WorldRequest } from "./world-object.ts";

export interface World {
  readonly ledger: readonly LedgerEntry[];
  /** Everything that was ever made, the ended included. */
  readonly objects: ReadonlyMap<string, WorldObject>;
  /** Carries out a request the moment it arrives. Throws `ProviderError` with effect `none` when the cloud refuses. */
  receive(request: WorldRequest): WorldAnswer;
  /** The object behind the handle of an operation. */
  byHandle(handle: string): WorldObject | undefined;
  living(): readonly WorldObject[];
  /** In the order they were made, the ended included. */
  byType(type: string): readonly WorldObject[];
  byOperation(operation: string): readonly WorldObject[];
  /** The living that name it. */
  childrenOf(id: string): readonly WorldObject[];
  /** Somebody else makes, edits or ends an object. */
  plant(type: string, props: NativeMap, marks?: Partial<Marks>): WorldObject;
  edit(id: string, props: NativeMap): void;
  /** Writes what no schema knows into the raw body. */
  annotate(id: string, extra: NativeMap): void;
  /** Another object of the type with the same props and marks, where no claim forbids it: an image, a backup, a restore. */
  copy(id: string): WorldObject | undefined;
  strip(id: string): void;
  remove(id: string): void;
}

/** `delays: false`: everything is complete at once. */
export function createWorld(time: WorldTime, options: { readonly delays?: boolean } = {}): World {
  const objects = new Map<string, WorldObject>();
  const ledger: LedgerEntry[] = [];
  const byToken = new Map<string, { readonly object: WorldObject; readonly body: string }>();
  const byHandle = new Map<string, WorldObject>();
  /** Living objects by claim, and ids of living children by parent. */
  const claims = new Map<string, WorldObject>();
  const children = new Map<string, Set<string>>();
  const byType = new Map<string, WorldObject[]>();
  const byOperation = new Map<string, WorldObject[]>();
  let number = 0;

  const pick = (range: readonly [number, number] | undefined): number =>
    range === undefined || options.delays === false ? 0 : range[0] + Math.floor(time.random() * (range[1] - range[0]));

  const note = (entry: Omit<LedgerEntry, "at">): void => {
    ledger.push({ at: time.now(), ...entry });
  };

  const claimsOf = (type: MemoryType, props: NativeMap): readonly string[] =>
    (type.schema.exclusive ?? []).map((names) => `${type.schema.type} ${canonical(names.map((name) => props[name] ?? null))}`);

  const parentsOf = (type: MemoryType, props: NativeMap): readonly { readonly id: string; readonly type: string }[] =>
    Object.entries(type.parents).flatMap(([name, parent]) => idsIn(props[name]).map((id) => ({ id, type: parent })));

  const link = (type: MemoryType, object: WorldObject): void => {
    for (const claim of claimsOf(type, object.props)) claims.set(claim, object);
    for (const parent of parentsOf(type, object.props)) {
      const known = children.get(parent.id);
      if (known) known.add(object.id);
      else children.set(parent.id, new Set([object.id]));
    }
  };

  const release = (type: MemoryType, object: WorldObject): void => {
    // Where ids are names, a successor of that name may refer to the same parent by now.
    const heir = objects.get(object.id);
    const kept = new Set(heir && heir !== object && isLiving(heir) ? parentsOf(type, heir.props).map((parent) => parent.id) : []);
    for (const parent of parentsOf(type, object.props)) if (!kept.has(parent.id)) children.get(parent.id)?.delete(object.id);
  };

  const unclaim = (type: MemoryType, object: WorldObject): void => {
    for (const claim of claimsOf(type, object.props)) if (claims.get(claim) === object) claims.delete(claim);
  };

  const demandParents = (type: MemoryType, props: NativeMap): void => {
    for (const parent of parentsOf(type, props)) {
      const found = objects.get(parent.id);
      if (!found || !isLiving(found) || found.type !== parent.type)
        throw refuse("not_found", "NotFound", `there is no ${parent.type} ${parent.id}`);
      if (found.readyAt > time.now()) throw refuse("not_ready", "IncorrectState", `${parent.id} is still being made`);
    }
  };

  const make = (
    type: MemoryType,
    request: Pick<WorldRequest, "body" | "marks" | "token" | "willFail" | "wire">,
    origin: WorldObject["origin"],
  ): WorldObject => {
    const props: Record<string, NativeValue> = {};
    for (const [name, spec] of Object.entries(type.schema.props)) {
      const value = request.body[name] ?? spec.default;
      if (value !== undefined && value !== null) props[name] = value;
    }
    number += 1;
    const chosen = `${type.noun.toLowerCase()}-${number.toString(36).padStart(4, "0")}`;
    const id = type.idOf ? `${type.idOf.map((name) => String(props[name])).join("|")}|${type.noun.toLowerCase()}` : chosen;
    const given = type.gives?.(time.random) ?? {};
    const object: WorldObject = {
      id,
      type: type.schema.type,
      props,
      attributes: {
        Id: id,
        ...given,
        ...(type.schema.attributes.Name && { Name: chosen }),
        ...(type.schema.attributes.Zone && { Zone: String(props.Zone ?? "") }),
      },
      marks: type.schema.marks === "tags" && request.marks ? request.marks : {},
      ...(request.token !== undefined && type.creation.replay === "token" && { token: request.token }),
      ...(type.creation.handle && { handle: `operation-${number.toString(36)}` }),
      ...(type.incarnations && { incarnation: `incarnation-${number.toString(36)}` }),
      origin,
      ...(request.wire && { wire: request.wire }),
      extra: {},
      etag: 1,
      createdAt: time.now(),
      readyAt: time.now() + pick(type.creation.takes),
      ...(request.willFail && { willFail: true }),
      stopped: props.Power === "off",
    };
    if (type.schema.props.PrivateIp && props.PrivateIp === undefined)
      object.props = { ...props, PrivateIp: String(object.attributes.PrivateIp) };
    objects.set(id, object);
    append(byType, object.type, object);
    if (object.marks.operation !== undefined) append(byOperation, object.marks.operation, object);
    // A long-running operation that fails leaves nothing behind.
    if (object.willFail && type.creation.handle) time.after(object.readyAt - time.now(), () => isLiving(object) && end(type, object));
    if (object.handle !== undefined) byHandle.set(object.handle, object);
    link(type, object);
    return object;
  };

  const create = (type: MemoryType, request: WorldRequest): WorldAnswer => {
    if (type.creation.replay === "token" && request.token !== undefined) {
      const known = byToken.get(request.token);
      if (known && time.now() - known.object.createdAt <= (type.schema.tokenValid ?? 0)) {
        if (known.body !== canonical(request.body))
          throw refuse("mismatch", "IdempotentParameterMismatch", "the token was used with other parameters");
        if (!isLiving(known.object)) throw refuse("gone", "IdempotentObjectTerminated", `${known.object.id} was ended since`);
        return answerOf(type, known.object);
      }
    }
    for (const claim of claimsOf(type, request.body)) {
      const holder = claims.get(claim);
      if (!holder) continue;
      const same = type.creation.replay === "idempotent" && request.marks !== undefined && holder.marks.object === request.marks.object;
      if (same) return answerOf(type, holder);
      throw refuse("conflict", "AlreadyExists", `${holder.id} has it already`);
    }
    demandParents(type, request.body);
    const object = make(type, request, "engine");
    if (object.token !== undefined) byToken.set(object.token, { object, body: canonical(request.body) });
    note({
      by: "engine",
      operation: request.operation,
      type: object.type,
      id: object.id,
      owner: "engine",
      effect: "create",
      ...wireOf(request),
    });
    return answerOf(type, object);
  };

  const answerOf = (type: MemoryType, object: WorldObject): WorldAnswer =>
    type.creation.handle && object.handle !== undefined
      ? { handle: object.handle }
      : { id: object.id, ...(object.incarnation !== undefined && { incarnation: object.incarnation }) };

  const demand = (request: WorldRequest): WorldObject => {
    const object = request.id === undefined ? undefined : objects.get(request.id);
    if (!object || (object.goneAt !== undefined && object.goneAt <= time.now()))
      throw refuse("not_found", "NotFound", `there is no ${request.id}`);
    return object;
  };

  const modify = (type: MemoryType, object: WorldObject, props: NativeMap): void => {
    const next: Record<string, NativeValue> = { ...object.props, ...props };
    for (const name of Object.keys(next)) if (next[name] === null) delete next[name];
    demandParents(type, props);
    for (const claim of claimsOf(type, next)) {
      const holder = claims.get(claim);
      if (holder && holder !== object) throw refuse("conflict", "AlreadyExists", `${holder.id} has it already`);
    }
    unclaim(type, object);
    release(type, object);
    object.props = next;
    object.etag += 1;
    if (props.Power !== undefined) object.stopped = props.Power === "off";
    link(type, object);
  };

  const end = (type: MemoryType, object: WorldObject, lingers = 0): void => {
    object.endedAt = time.now();
    object.goneAt = time.now() + pick(type.deletion?.takes);
    unclaim(type, object);
    if (lingers > 0) time.after(lingers, () => release(type, object));
    else release(type, object);
  };

  /** The whole body takes the place of the whole object: what is not sent is gone. */
  const put = (type: MemoryType, object: WorldObject, request: WorldRequest): void => {
    if (request.etag !== object.etag) throw refuse("conflict", "PreconditionFailed", `${object.id} was changed since it was read`);
    const known = Object.keys(type.schema.props);
    modify(type, object, { ...Object.fromEntries(known.map((name) => [name, null])), ...pickNames(request.body, known, true) });
    object.extra = pickNames(request.body, known, false);
  };

  const change = (type: MemoryType, request: WorldRequest): void => {
    const object = demand(request);
    if (request.verb === "delete") {
      const held = children.get(object.id)?.values().next().value;
      if (isLiving(object) && held !== undefined) throw refuse("dependency", "DependencyViolation", `${object.id} is in use by ${held}`);
      const effect = isLiving(object) && !request.undone ? "delete" : "none";
      if (effect === "delete") end(type, object, request.lingers);
      note({
        by: "engine",
        operation: request.operation,
        type: object.type,
        id: object.id,
        owner: object.origin,
        effect,
        ...wireOf(request),
      });
      return;
    }
    if (!isLiving(object)) throw refuse("not_found", "NotFound", `${object.id} is being ended`);
    if (object.readyAt > time.now()) throw refuse("not_ready", "IncorrectState", `${object.id} is still being made`);
    const before = object.props;
    const wasStopped = object.stopped;
    switch (request.verb) {
      case "modify": {
        const stoppedOnly = Object.keys(request.body).find((name) => type.whileStopped?.includes(name));
        if (stoppedOnly !== undefined && !object.stopped)
          throw refuse("not_ready", "IncorrectState", `${object.id} must be stopped to change ${stoppedOnly}`);
        modify(type, object, request.body);
        break;
      }
      case "put":
        put(type, object, request);
        break;
      case "add":
      case "remove":
        changeMember(type, object, request);
        break;
      case "stop":
        object.stopped = true;
        break;
      case "start":
        object.stopped = object.props.Power === "off";
        // A public address lasts as long as the machine runs.
        if (wasStopped && !object.stopped)
          object.attributes = { ...object.attributes, ...type.gives?.(time.random), PrivateIp: String(object.props.PrivateIp) };
        break;
      case "tag":
        object.marks = { ...object.marks, ...request.marks };
        if (request.marks) append(byOperation, request.marks.operation, object);
        break;
    }
    const none = object.stopped === wasStopped && request.verb !== "tag" && isSameData(before, object.props);
    note({
      by: "engine",
      operation: request.operation,
      type: object.type,
      id: object.id,
      owner: object.origin,
      effect: none ? "none" : "update",
      ...wireOf(request),
    });
  };

  const changeMember = (type: MemoryType, object: WorldObject, request: WorldRequest): void => {
    const name = String(request.body.prop);
    const member = request.body.member as NativeValue;
    const present = Array.isArray(object.props[name]) ? (object.props[name] as readonly NativeValue[]) : [];
    const has = present.some((each) => canonical(each) === canonical(member));
    if (request.verb === "add" && has) throw refuse("conflict", "Duplicate", `${object.id} has this member already`);
    const next = request.verb === "add" ? [...present, member] : present.filter((each) => canonical(each) !== canonical(member));
    modify(type, object, { [name]: next });
  };

  const typeOf = (name: string): MemoryType => {
    const type = memoryTypes[name];
    if (!type) throw refuse("invalid", "UnknownType", `there is no type ${name}`);
    return type;
  };

  const outside = (id: string, effect: LedgerEntry["effect"], act: (type: MemoryType, object: WorldObject) => void): void => {
    const object = objects.get(id);
    if (!object || !isLiving(object)) return;
    act(typeOf(object.type), object);
    note({ by: "outside", operation: effect, type: object.type, id, owner: object.origin, effect });
  };

  const plant: World["plant"] = (name, props, marks) => {
    const object = make(typeOf(name), { body: props }, "outside");
    object.readyAt = time.now();
    object.marks = marks ?? {};
    if (object.marks.operation !== undefined) append(byOperation, object.marks.operation, object);
    note({ by: "outside", operation: "plant", type: name, id: object.id, owner: "outside", effect: "create" });
    return object;
  };

  return {
    ledger,
    objects,
    receive: (request) => {
      const type = typeOf(request.type);
      try {
        if (request.verb === "create") return create(type, request);
        change(type, request);
        return request.id === undefined ? {} : { id: request.id };
      } catch (error) {
        if (error instanceof ProviderError) {
          note({
            by: "engine",
            operation: request.operation,
            type: request.type,
            id: request.id ?? "",
            effect: "none",
            refusal: error.details.vendorCode ?? error.details.code,
            ...wireOf(request),
          });
        }
        throw error;
      }
    },
    byHandle: (handle) => byHandle.get(handle),
    living: () => [...objects.values()].filter(isLiving),
    byType: (type) => byType.get(type) ?? [],
    byOperation: (operation) => byOperation.get(operation) ?? [],
    childrenOf: (id) => [...(children.get(id) ?? [])].flatMap((child) => objects.get(child) ?? []),
    plant,
    edit: (id, props) => outside(id, "update", (type, object) => modify(type, object, props)),
    annotate: (id, extra) =>
      outside(id, "update", (_, object) => {
        object.extra = { ...object.extra, ...extra };
        object.etag += 1;
      }),
    copy: (id) => {
      const object = objects.get(id);
      if (!object || !isLiving(object)) return undefined;
      const type = typeOf(object.type);
      if (claimsOf(type, object.props).some((claim) => claims.has(claim))) return undefined;
      const copied = plant(object.type, object.props, object.marks);
      copied.copyOf = object;
      return copied;
    },
    strip: (id) =>
      outside(id, "update", (_, object) => {
        object.marks = {};
      }),
    remove: (id) => outside(id, "delete", (type, object) => end(type, object)),
  };
}

function append<Item>(index: Map<string, Item[]>, name: string, item: Item): void {
  const known = index.get(name);
  if (known) known.push(item);
  else index.set(name, [item]);
}

function wireOf({ wire }: WorldRequest): { readonly wire?: Wire } {
  return wire ? { wire } : {};
}

function pickNames(body: NativeMap, names: readonly string[], within: boolean): NativeMap {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name) === within));
}

function idsIn(value: NativeValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
