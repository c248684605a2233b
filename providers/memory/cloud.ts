// The way between a client and the in-process cloud: latency, faults, indexes that lag. What arrives is the world's business.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Identity } from "../../engine/provider/provider.ts";
import { calm, createFaults, type Weather } from "./faults.ts";
import type { MemoryProcess } from "./process.ts";
import type { WorldTime } from "./virtual-time.ts";
import { isLiving, refuse, type World, type WorldAnswer, type WorldObject, type WorldRequest } from "./world.ts";

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
  faults(): ReadonlyMap<string, number>;
}

const identity: Identity = { account: "memory-account", region: "here" };
const pageSize = 50;

export function createCloud(world: World, time: WorldTime): MemoryCloud {
  let weather = calm;
  let faults = createFaults(weather, time.random);
  const sent = new Map<string, number>();
  const happened = new Map<string, number>();
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
      lag = { id: draw(weather.lag.id), tag: draw(weather.lag.tag), list: draw(weather.lag.list) };
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

  const deliver = async (request: WorldRequest): Promise<WorldAnswer> => {
    sent.set(request.operation, (sent.get(request.operation) ?? 0) + 1);
    const fault = faults.draw("change");
    await wait(latency());
    switch (fault) {
      case "throttle":
        throw new ProviderError("slow down", { code: "throttled", effect: "none", vendorCode: "RequestLimitExceeded" });
      case "denied":
        throw refuse("denied", "AccessDenied", `not allowed to ${request.operation}`);
      case "error":
        throw new ProviderError("internal error", { code: "unavailable", effect: "unknown", vendorCode: "InternalError" });
      case "late":
        time.after(1_000 + time.random() * weather.late, () => land(request));
        throw cutOff(request);
      case "cut":
        land(request);
        throw cutOff(request);
      case "duplicate":
        land(request);
        break;
    }
    const answer = world.receive(fault === "fail" && request.verb === "create" ? { ...request, willFail: true } : request);
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
  const readFault = async (): Promise<"partial" | undefined> => {
    const fault = faults.draw("read");
    await wait(latency());
    if (fault === "throttle")
      throw new ProviderError("slow down", { code: "throttled", effect: "none", vendorCode: "RequestLimitExceeded" });
    if (fault === "error") throw new ProviderError("internal error", { code: "unavailable", effect: "none", vendorCode: "InternalError" });
    if (fault === "denied") throw refuse("denied", "AccessDenied", "not allowed to read");
    return fault === "partial" ? "partial" : undefined;
  };

  const connect = (process?: MemoryProcess): MemoryClient => {
    const guard = <Result>(place: string, work: () => Promise<Result>): Promise<Result> => (process ? process.guard(place, work) : work());
    return {
      identity,
      change: (request) => guard(request.operation, () => deliver(request)),
      read: (ids) =>
        guard("read", async () => {
          const fault = await readFault();
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
          await readFault();
          return world.byHandle(handle);
        }),
      list: (query) =>
        guard("list", async () => {
          const fault = await readFault();
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
    connect,
    setWeather: (next) => {
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

function cutOff(request: WorldRequest): ProviderError {
  return new ProviderError(`no answer to ${request.operation}`, { code: "timeout", effect: "unknown" });
}

/** Whether it will never be whole. */
export function isBroken(object: WorldObject, now: number): boolean {
  return object.willFail === true && object.readyAt <= now && isLiving(object);
}
