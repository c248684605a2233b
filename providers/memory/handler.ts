// The handler of any native type of the in-process cloud, made from its type. One `perform` is one request.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type {
  Ack,
  Call,
  FindBy,
  Handler,
  ObjectId,
  Observation,
  Observed,
  PollTarget,
  Progress,
  Step,
} from "../../engine/provider/provider.ts";
import { isBroken, type ListQuery, type MemoryClient } from "./cloud.ts";
import type { MemoryType } from "./memory-type.ts";
import { deriveMemorySteps } from "./steps.ts";
import { isLiving, refuse, type WorldObject, type WorldRequest } from "./world-object.ts";

type MemoryCall = Call<MemoryClient>;

/** `now` is the cloud's own time: whether an object is complete is the cloud's to say. */
export function createMemoryHandler(type: MemoryType, now: () => number): Handler<MemoryClient> {
  const describe = (object: WorldObject, depth: "list" | "each"): Observed => ({
    id: idOf(object),
    props: propsOf(type, object, depth),
    attributes: attributesOf(type, object),
    ...(type.schema.marks === "tags" && { marks: object.marks }),
    ...(object.token !== undefined && { token: object.token }),
    status: statusOf(object, now()),
    ...(!isLiving(object) && { dead: true as const }),
    ...(isBroken(object, now()) && { broken: "its creation failed" }),
  });

  return {
    schema: type.schema,
    steps: (change) => deriveMemorySteps(type, change),
    perform: async (call, step, body): Promise<Ack> => {
      const request = requestOf(type, call, step, body);
      const answer = await call.client.change(
        type.whole && request.verb === "modify" ? await mergeWhole(call, request) : request,
        call.signal,
      );
      return {
        ...(answer.id !== undefined && { id: answer.id }),
        ...(answer.handle !== undefined && { handle: answer.handle }),
        ...(answer.incarnation !== undefined && { incarnation: answer.incarnation }),
      };
    },
    poll: async (call, step, on): Promise<Progress> => {
      const object = await readTarget(call, step, on);
      if (step.deletes) return object ? { kind: "pending", retryAfter: 2_000, note: "ending" } : { kind: "done" };
      if (!step.creates) return { kind: "done" };
      if (!object) throw refuse("not_found", "NotFound", `there is no ${on.id?.id ?? on.handle}`);
      if (object.readyAt > now())
        return { kind: "pending", retryAfter: Math.min(5_000, Math.max(500, object.readyAt - now())), note: "pending" };
      if (object.willFail) return describeFailure(type, object);
      // The operation is done before the id can be read everywhere; who plans next must find it.
      const readable = on.handle === undefined || (await call.client.read([object.id], call.signal)).found.length > 0;
      if (!readable) return { kind: "pending", retryAfter: 1_000, note: "not listed yet" };
      return { kind: "done", observed: describe(object, "list") };
    },
    observe: async (call, ids, depth): Promise<Observation> => {
      const byText = new Map(ids.map((id) => [id.id, id]));
      try {
        const seen = await call.client.read([...byText.keys()], call.signal);
        const named = (id: string): ObjectId => byText.get(id) as ObjectId;
        // What only lingers in lists is gone to everybody who asks whether it is there.
        return {
          found: seen.found.filter(isLiving).map((object) => describe(object, depth)),
          absent: [...seen.absent, ...seen.found.filter((object) => !isLiving(object)).map((object) => object.id)].map(named),
          unknown: seen.unknown.map(({ id, reason }) => ({ id: named(id), reason })),
        };
      } catch (error) {
        if (!(error instanceof ProviderError) || error.details.code !== "denied") throw error;
        return { found: [], absent: [], unknown: ids.map((id) => ({ id, reason: error.message })) };
      }
    },
    find: async (call, by): Promise<readonly Observed[]> => {
      const query = queryOf(type, by);
      if (!query) return [];
      const found: Observed[] = [];
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page = await call.client.list({ ...query, from }, call.signal);
        for (const object of page.found) if (by.kind !== "lineage" || isLiving(object)) found.push(describe(object, "list"));
        from = page.next;
      }
      return found;
    },
    blockers: async (call, id) =>
      call.client.children(id.id).map((child) => ({ type: child.type, id: child.id, description: "refers to it" })),
  };
}

function idOf(object: WorldObject): ObjectId {
  const { type, id, incarnation } = object;
  return { type, account: "memory-account", region: "here", id, ...(incarnation !== undefined && { incarnation }) };
}

/** A whole object takes the place of what is there: what is not ours is sent along as it was read, under the version that was read. */
async function mergeWhole(call: MemoryCall, request: WorldRequest): Promise<WorldRequest> {
  const seen = await call.client.read(request.id === undefined ? [] : [request.id], call.signal);
  const [object] = seen.found.filter(isLiving);
  if (seen.unknown.length > 0) throw new ProviderError("the answer was cut short", { code: "unavailable", effect: "none" });
  if (!object) throw refuse("not_found", "NotFound", `there is no ${request.id}`);
  return { ...request, verb: "put", body: { ...object.extra, ...object.props, ...request.body }, etag: object.etag };
}

const verbs: Readonly<Record<string, WorldRequest["verb"]>> = {
  Create: "create",
  Modify: "modify",
  Add: "add",
  Remove: "remove",
  Stop: "stop",
  Start: "start",
  Tag: "tag",
  Delete: "delete",
};

function requestOf(type: MemoryType, call: MemoryCall, step: Step, body: NativeMap): WorldRequest {
  const verb = verbs[step.operation.slice("memory:".length, -type.noun.length)];
  if (!verb) throw new Error(`${type.schema.type} has no operation ${step.operation}`);
  return {
    operation: step.operation,
    verb,
    type: type.schema.type,
    body,
    ...(call.id && verb !== "create" && { id: call.id.id }),
    ...(call.marks && { marks: call.marks }),
    ...(call.token !== undefined && { token: call.token }),
  };
}

async function readTarget(call: MemoryCall, step: Step, on: PollTarget): Promise<WorldObject | undefined> {
  if (!step.creates && !step.deletes) return undefined;
  if (on.handle !== undefined) return call.client.readOperation(on.handle, call.signal);
  if (!on.id) return undefined;
  const seen = await call.client.read([on.id.id], call.signal);
  if (seen.unknown.length > 0) throw new ProviderError("the answer was cut short", { code: "unavailable", effect: "none" });
  return seen.found[0];
}

function describeFailure(type: MemoryType, object: WorldObject): Progress {
  const error = new ProviderError(`${object.id} could not be made: no capacity`, {
    code: "quota",
    effect: "none",
    vendorCode: "InsufficientCapacity",
  });
  return { kind: "failed", error, leaves: type.creation.handle ? "nothing" : "object" };
}

function queryOf(type: MemoryType, by: FindBy): Omit<ListQuery, "from"> | undefined {
  const name = type.schema.type;
  if (by.kind === "natural") return { type: name, props: by.props };
  if (type.schema.marks === "none") return undefined;
  return by.kind === "lineage"
    ? { type: name, mark: { name: "lineage", value: by.lineage } }
    : { type: name, mark: { name: "operation", value: by.operation } };
}

function propsOf(type: MemoryType, object: WorldObject, depth: "list" | "each"): NativeMap {
  const props: Record<string, NativeValue> = {};
  for (const [name, spec] of Object.entries(type.schema.props)) {
    const value = name === "Power" ? (object.stopped ? "off" : "on") : object.props[name];
    if (value === undefined || spec.writeOnly || (spec.observed === "each" && depth === "list")) continue;
    props[name] = value;
  }
  return props;
}

function attributesOf(type: MemoryType, object: WorldObject): NativeMap {
  const names = Object.keys(type.schema.attributes).filter(
    (name) => name !== "PublicIp" || (object.props.Public === true && !object.stopped),
  );
  return Object.fromEntries(names.flatMap((name) => (object.attributes[name] === undefined ? [] : [[name, object.attributes[name]]])));
}

function statusOf(object: WorldObject, now: number): string {
  if (!isLiving(object)) return "ending";
  if (object.readyAt > now) return "pending";
  return object.willFail ? "failed" : object.stopped ? "stopped" : "active";
}
