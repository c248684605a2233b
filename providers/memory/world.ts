// The in-process cloud itself: objects and the rules that its requests obey, and a ledger of every effect. It knows nothing of state,
// journal or plan; marks are to it what tags are to a cloud, text that it stores.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isSameData } from "../../engine/plan/normalise.ts";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import type { Marks } from "../../engine/provider/provider.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { MemoryType } from "./memory-type.ts";
import { memoryTypes } from "./types.ts";
import type { WorldTime } from "./virtual-time.ts";

export interface WorldObject {
  readonly id: string;
  readonly type: string;
  props: NativeMap;
  attributes: Readonly<Record<string, string>>;
  marks: Partial<Marks>;
  readonly token?: string;
  readonly handle?: string;
  readonly createdAt: number;
  /** Complete from then on. */
  readyAt: number;
  /** It will end as failed instead of complete. */
  readonly willFail?: true;
  stopped: boolean;
  /** Being ended since, and gone from lists later. */
  endedAt?: number;
  goneAt?: number;
}

/** One effect on the world, or a refusal. The oracle of the laws reads nothing else. */
export interface LedgerEntry {
  readonly at: number;
  /** `engine`: by a request; `outside`: by somebody else. */
  readonly by: "engine" | "outside";
  readonly operation: string;
  readonly type: string;
  readonly id: string;
  readonly effect: "create" | "update" | "delete" | "none";
  readonly refusal?: string;
}

/** A request as it arrives. */
export interface WorldRequest {
  readonly operation: string;
  readonly verb: "create" | "modify" | "add" | "remove" | "stop" | "start" | "tag" | "delete";
  readonly type: string;
  readonly id?: string;
  readonly body: NativeMap;
  readonly marks?: Marks;
  readonly token?: string;
  /** Chosen by a fault: the object will end as failed. */
  readonly willFail?: boolean;
}

export interface WorldAnswer {
  readonly id?: string;
  readonly handle?: string;
}

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
  strip(id: string): void;
  remove(id: string): void;
}

export function isLiving(object: WorldObject): boolean {
  return object.endedAt === undefined;
}

/** The request is refused; nothing happened. */
export function refuse(code: ErrorCode, vendorCode: string, message: string): ProviderError {
  return new ProviderError(message, { code, effect: "none", vendorCode });
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

  const unlink = (type: MemoryType, object: WorldObject): void => {
    for (const claim of claimsOf(type, object.props)) if (claims.get(claim) === object) claims.delete(claim);
    for (const parent of parentsOf(type, object.props)) children.get(parent.id)?.delete(object.id);
  };

  const demandParents = (type: MemoryType, props: NativeMap): void => {
    for (const parent of parentsOf(type, props)) {
      const found = objects.get(parent.id);
      if (!found || !isLiving(found) || found.type !== parent.type)
        throw refuse("not_found", "NotFound", `there is no ${parent.type} ${parent.id}`);
      if (found.readyAt > time.now()) throw refuse("not_ready", "IncorrectState", `${parent.id} is still being made`);
    }
  };

  const make = (type: MemoryType, request: Pick<WorldRequest, "body" | "marks" | "token" | "willFail">): WorldObject => {
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
    const object = make(type, request);
    if (object.token !== undefined) byToken.set(object.token, { object, body: canonical(request.body) });
    note({ by: "engine", operation: request.operation, type: object.type, id: object.id, effect: "create" });
    return answerOf(type, object);
  };

  const answerOf = (type: MemoryType, object: WorldObject): WorldAnswer =>
    type.creation.handle && object.handle !== undefined ? { handle: object.handle } : { id: object.id };

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
    unlink(type, object);
    object.props = next;
    if (props.Power !== undefined) object.stopped = props.Power === "off";
    link(type, object);
  };

  const end = (type: MemoryType, object: WorldObject): void => {
    object.endedAt = time.now();
    object.goneAt = time.now() + pick(type.deletion?.takes);
    unlink(type, object);
  };

  const change = (type: MemoryType, request: WorldRequest): void => {
    const object = demand(request);
    if (request.verb === "delete") {
      const held = children.get(object.id)?.values().next().value;
      if (isLiving(object) && held !== undefined) throw refuse("dependency", "DependencyViolation", `${object.id} is in use by ${held}`);
      const effect = isLiving(object) ? "delete" : "none";
      if (isLiving(object)) end(type, object);
      note({ by: "engine", operation: request.operation, type: object.type, id: object.id, effect });
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
    note({ by: "engine", operation: request.operation, type: object.type, id: object.id, effect: none ? "none" : "update" });
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
    note({ by: "outside", operation: effect, type: object.type, id, effect });
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
    plant: (name, props, marks) => {
      const object = make(typeOf(name), { body: props });
      object.readyAt = time.now();
      object.marks = marks ?? {};
      note({ by: "outside", operation: "plant", type: name, id: object.id, effect: "create" });
      return object;
    },
    edit: (id, props) => outside(id, "update", (type, object) => modify(type, object, props)),
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

function idsIn(value: NativeValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
