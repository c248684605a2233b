// The way between a client and the in-process cloud: latency, faults, indexes that lag. What arrives is the world's business.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Identity } from "../../engine/provider/provider.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import { type CountedFault, calm, createFaults, type RequestKind, type Weather } from "./faults.ts";
import type { MemoryProcess } from "./process.ts";
import type { WorldTime } from "./virtual-time.ts";
import type { World } from "./world.ts";
import { isLiving, refuse, type Wire, type WorldAnswer, type WorldObject, type WorldRequest } from "./world-object.ts";

/** What a handler holds. One per process, so that a killed process sends nothing more. */
export interface MemoryClient {
  readonly identity: Identity;
  change(request: WorldRequest, signal: AbortSignal): Promise<WorldAnswer>;
  /** By id, as the index of ids has it by now. The ended are listed until they are gone. */
  read(ids: readonly string[], signal: AbortSignal): Promise<ReadAnswer>;
  /** By an operation's handle. */
  readOperation(handle: string, signal: AbortSignal): Promise<WorldObject | undefined>;
  /** A page at a time; `next` is absent after the last. */
  list(query: ListQuery, signal: AbortSignal): Promise<{ readonly found: readonly WorldObject[]; readonly next?: number }>;
  children(id: string): readonly WorldObject[];
}

export interface ReadAnswer {
  readonly found: readonly WorldObject[];
  readonly absent: readonly string[];
  readonly unknown: readonly { readonly id: string; readonly reason: string }[];
}

export interface ListQuery {
  readonly type: string;
  readonly mark?: { readonly name: "lineage" | "operation"; readonly value: string };
  readonly props?: NativeMap;
  readonly from: number;
}

export interface MemoryCloud {
  readonly world: World;
  /** Requests that left a client, by operation: a counted test holds them against the plan. */
  readonly sent: ReadonlyMap<string, number>;
  connect(process?: MemoryProcess): MemoryClient;
  setWeather(weather: Weather): void;
  /** Faults that happened, by kind. */
  faults(): ReadonlyMap<CountedFault, number>;
  /** Every mutating request that left a client, in order. For the judge, as a capture of the network would tell it. */
  readonly wire: readonly WireRecord[];
}

/** What a capture of the network tells of one request. */
export interface WireRecord {
  readonly request: number;
  /** When the process set out to send it, and when it left: later where the process was stopped in between. */
  readonly askedAt: number;
  readonly at: number;
  /** Which process sent it. */
  readonly process: number | undefined;
  readonly operation: string;
  readonly id?: string;
  readonly token?: string;
  /** The bytes, in canonical form. */
  readonly body: string;
  fault?: CountedFault;
  /** When its answer reached the caller, be it a refusal. */
  answeredAt?: number;
  refused?: true;
}

const identity: Identity = { account: "memory-account", region: "here" };
const pageSize = 50;

export function createCloud(world: World, time: WorldTime): MemoryCloud {
  let weather = calm;
  let faults = createFaults(weather, time.random);
  const sent = new Map<string, number>();
  const happened = new Map<CountedFault, number>();
  const wire: WireRecord[] = [];
  let since = time.now();
  const lags = new Map<string, { readonly id: number; readonly tag: number; readonly list: number }>();

  const keepFaults = (): void => {
    for (const [fault, count] of faults.drawn) happened.set(fault, (happened.get(fault) ?? 0) + count);
    faults.drawn.clear();
  };

  /** When each index shows a new object; drawn once when it is made, so that an index never goes back. */
  const lagOf = (object: WorldObject): { readonly id: number; readonly tag: number; readonly list: number } => {
    let lag = lags.get(object.id);
    if (!lag) {
      const draw = (most: number): number => (most === 0 ? 0 : object.createdAt + Math.floor(time.random() * most));
      // Who copies an object has seen it, so no index shows the copy first.
      const first = object.copyOf ? lagOf(object.copyOf) : { id: 0, tag: 0, list: 0 };
      const { id, tag, list } = weather.lag;
      lag = { id: Math.max(first.id, draw(id)), tag: Math.max(first.tag, draw(tag)), list: Math.max(first.list, draw(list)) };
      lags.set(object.id, lag);
    }
    return lag;
  };
  const shows = (object: WorldObject, index: "id" | "tag" | "list"): boolean =>
    lagOf(object)[index] <= time.now() && (object.goneAt === undefined || object.goneAt > time.now());

  const wait = (milliseconds: number): Promise<void> | undefined =>
    milliseconds <= 0 ? undefined : new Promise((resolve) => void time.after(milliseconds, () => resolve()));
  const latency = (): number => weather.latency[0] + Math.floor(time.random() * (weather.latency[1] - weather.latency[0]));

  let drawn = 0;
  const drawLags = (): void => {
    for (; drawn < world.ledger.length; drawn++) {
      const entry = world.ledger[drawn];
      const made = entry?.effect === "create" && entry.by === "engine" ? world.objects.get(entry.id) : undefined;
      if (made) lagOf(made);
    }
  };

  const count = (fault: CountedFault): void => {
    happened.set(fault, (happened.get(fault) ?? 0) + 1);
  };

  /** Permission is gone for a while. */
  const isLockedOut = (what: "read" | "change"): boolean => {
    const { lockout } = weather;
    if (!lockout || (lockout.what !== "all" && lockout.what !== what)) return false;
    const passed = time.now() - since;
    return passed >= lockout.after && passed < lockout.after + lockout.lasts;
  };

  const deliver = async (sending: WorldRequest, process: number | undefined, askedAt: number): Promise<WorldAnswer> => {
    sent.set(sending.operation, (sent.get(sending.operation) ?? 0) + 1);
    const { operation, id, token } = sending;
    const body = canonical(sending.body);
    const record: WireRecord = {
      request: wire.length,
      askedAt,
      at: time.now(),
      process,
      operation,
      ...(id !== undefined && { id }),
      ...(token !== undefined && { token }),
      body,
    };
    wire.push(record);
    try {
      const answer = await carry(sending, record);
      record.answeredAt = time.now();
      return answer;
    } catch (error) {
      if (error instanceof ProviderError && error.details.effect === "none") {
        record.answeredAt = time.now();
        record.refused = true;
      }
      throw error;
    }
  };

  const carry = async (sending: WorldRequest, record: WireRecord): Promise<WorldAnswer> => {
    const { verb, operation } = sending;
    const kind: RequestKind = verb === "create" || verb === "delete" ? verb : "change";
    const fault = faults.draw(kind);
    if (fault) record.fault = fault;
    const { late } = weather;
    await wait(latency());
    if (isLockedOut("change")) {
      count("lockout");
      record.fault = "lockout";
      throw refuse("denied", "AccessDenied", `not allowed to ${operation}`);
    }
    const arrival = (via: Wire["via"]): WorldRequest => ({
      ...sending,
      ...(fault === "fail" && { willFail: true }),
      ...(fault === "undone" && { undone: true }),
      ...(fault === "linger" && { lingers: 1_000 + Math.floor(time.random() * 60_000) }),
      wire: { request: record.request, via },
    });
    switch (fault) {
      case "throttle":
        throw new ProviderError("slow down", { code: "throttled", effect: "none", vendorCode: "RequestLimitExceeded" });
      case "denied":
        throw refuse("denied", "AccessDenied", `not allowed to ${operation}`);
      case "error":
        throw describeInternal();
      case "error-after":
        land(arrival("sent"));
        throw describeInternal();
      case "late":
        time.after(1_000 + time.random() * late, () => land(arrival("late")));
        throw cutOff(sending);
      case "cut":
        land(arrival("sent"));
        throw cutOff(sending);
      case "duplicate":
        land(arrival("duplicate"));
        break;
      case "echo":
        time.after(1_000 + time.random() * late, () => land(arrival("echo")));
        break;
    }
    const answer = world.receive(arrival("sent"));
    drawLags();
    await wait(latency());
    return answer;
  };

  /** Lands without anyone to hear the answer, be it a refusal. */
  const land = (request: WorldRequest): void => {
    try {
      world.receive(request);
      drawLags();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
    }
  };

  /** Undefined: the answer is whole. */
  const readFault = async (kind: "read" | "list"): Promise<"partial" | "empty" | undefined> => {
    const fault = faults.draw(kind);
    await wait(latency());
    if (isLockedOut("read")) {
      count("lockout");
      throw refuse("denied", "AccessDenied", "not allowed to read");
    }
    if (fault === "throttle")
      throw new ProviderError("slow down", { code: "throttled", effect: "none", vendorCode: "RequestLimitExceeded" });
    if (fault === "error") throw new ProviderError("internal error", { code: "unavailable", effect: "none", vendorCode: "InternalError" });
    if (fault === "denied") throw refuse("denied", "AccessDenied", "not allowed to read");
    return fault === "partial" || fault === "empty" ? fault : undefined;
  };

  const connect = (process?: MemoryProcess): MemoryClient => {
    const guard = <Result>(place: string, work: () => Promise<Result>): Promise<Result> => (process ? process.guard(place, work) : work());
    return {
      identity,
      change: (request) => {
        const askedAt = time.now();
        return guard(request.operation, () => deliver(request, process?.number, askedAt));
      },
      read: (ids) =>
        guard("read", async () => {
          const fault = await readFault("read");
          const found: WorldObject[] = [];
          const absent: string[] = [];
          const unknown: { id: string; reason: string }[] = [];
          ids.forEach((id, index) => {
            const object = world.objects.get(id);
            if (fault === "partial" && index * 2 >= ids.length) unknown.push({ id, reason: "the page was cut short" });
            else if (object && shows(object, "id")) found.push(object);
            else absent.push(id);
          });
          return { found, absent, unknown };
        }),
      readOperation: (handle) =>
        guard("read operation", async () => {
          await readFault("read");
          return world.byHandle(handle);
        }),
      list: (query) =>
        guard("list", async () => {
          const fault = await readFault("list");
          // The page that it would have been comes under the same token.
          if (fault === "empty") return { found: [], next: query.from };
          if (fault === "partial")
            throw new ProviderError("the list was cut short", { code: "unavailable", effect: "none", vendorCode: "PartialPage" });
          return listPage(query);
        }),
      children: (id) => world.childrenOf(id),
    };
  };

  const listPage = (query: ListQuery): { readonly found: readonly WorldObject[]; readonly next?: number } => {
    const { mark, props } = query;
    const all = mark?.name === "operation" ? world.byOperation(mark.value) : world.byType(query.type);
    // A filter leaves pages empty, and more may follow all the same.
    const found = all
      .slice(query.from, query.from + pageSize)
      .filter(
        (object) =>
          object.type === query.type &&
          shows(object, mark ? "tag" : "list") &&
          (!mark || object.marks[mark.name] === mark.value) &&
          (!props || Object.entries(props).every(([name, value]) => object.props[name] === value)),
      );
    const next = query.from + pageSize;
    return next < all.length ? { found, next } : { found };
  };

  return {
    world,
    sent,
    wire,
    connect,
    setWeather: (next) => {
      since = time.now();
      keepFaults();
      weather = next;
      faults = createFaults(next, time.random);
    },
    faults: () => {
      keepFaults();
      return happened;
    },
  };
}

function describeInternal(): ProviderError {
  return new ProviderError("internal error", { code: "unavailable", effect: "unknown", vendorCode: "InternalError" });
}

function cutOff(request: WorldRequest): ProviderError {
  return new ProviderError(`no answer to ${request.operation}`, { code: "timeout", effect: "unknown" });
}

/** Whether it will never be whole. */
export function isBroken(object: WorldObject, now: number): boolean {
  return object.willFail === true && object.readyAt <= now && isLiving(object);
}
