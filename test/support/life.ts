// One run of a command as a process that can die: at its n-th durable write or call to a cloud, before it or with the answer unheard. What was on the wire
// still takes effect; nothing else of the run does, and none of its promises ever settles.

import { hostname } from "node:os";
import type { Connections } from "../../cli/connections.ts";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { Handler, Provider } from "../../engine/provider/provider.ts";
import type { Holder, Lease, StateStore } from "../../engine/state/store.ts";

/** The process is no more; what it had begun will never be heard of. */
export class Died extends Error {
  constructor(place: string) {
    super(`died ${place}`);
    this.name = "Died";
  }
}

export interface Life {
  /** A process that is no more, so that the next run may take its lock over at once. */
  readonly process: NonNullable<Holder["process"]>;
  /** Told to start nothing new. */
  readonly stop: AbortSignal;
  /** The work's own end, or `Died` with the place. */
  live<Result>(work: Promise<Result>): Promise<Result>;
  readonly events: readonly ApplyEvent[];
  /** The plan that it carried out, once there was one. */
  plan(): Plan | undefined;
  guardStore(store: StateStore): StateStore;
  guardConnections(connections: Connections): Connections;
  onEvent(event: ApplyEvent): void;
  onPlan(plan: Plan): void;
}

export interface LifeOptions {
  /** The place at which it dies: an odd number is before a write or call, the even one after it. Absent: it lives. */
  readonly killAt?: number;
  /** After so many events it is told to stop, as by Ctrl-C. */
  readonly stopAfter?: number;
}

/** More than any kernel gives out: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html (pid_max). */
const noProcess = 4_194_305;

export function startLife({ killAt, stopAfter }: LifeOptions = {}): Life {
  const stop = new AbortController();
  const events: ApplyEvent[] = [];
  let plan: Plan | undefined;
  let places = 0;
  let dead = false;
  let die: (place: string) => void = () => {};
  const died = new Promise<never>((_, reject) => {
    die = (place) => reject(new Died(place));
  });
  // Whoever lives never hears of it.
  died.catch(() => {});
  const never = new Promise<never>(() => {});

  const pass = (name: string): boolean => {
    places += 1;
    if (!dead && places === killAt) {
      dead = true;
      die(name);
    }
    return dead;
  };
  const guard = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    if (dead || pass(`before ${name}`)) return never;
    const acting = act();
    if (pass(`after ${name}`)) {
      acting.catch(() => {});
      return never;
    }
    const result = await acting.catch((error: unknown) => {
      if (dead) return never;
      throw error;
    });
    return dead ? never : result;
  };

  const guardLease = (lease: Lease): Lease => {
    const { renewal: _, ...rest } = lease;
    return {
      ...rest,
      renew: () => guard("renew", () => lease.renew()),
      write: (change) => guard("write", () => lease.write(change)),
      release: () => guard("release", () => lease.release()),
    };
  };
  const guardHandler = (type: string, handler: Handler<never>): Handler<never> => ({
    ...handler,
    perform: (...asked) => guard(`${type} ${asked[1].key}`, () => handler.perform(...asked)),
    poll: (...asked) => guard(`poll ${type}`, () => handler.poll(...asked)),
    observe: (...asked) => guard(`observe ${type}`, () => handler.observe(...asked)),
    find: (...asked) => guard(`find ${type}`, () => handler.find(...asked)),
  });
  const guardProvider = (provider: Provider): Provider => ({
    ...provider,
    handlers: Object.fromEntries(Object.entries(provider.handlers).map(([type, handler]) => [type, guardHandler(type, handler)])),
  });

  return {
    process: { host: hostname(), pid: noProcess, started: "" },
    stop: stop.signal,
    live: (work) => Promise.race([work, died]),
    events,
    plan: () => plan,
    guardStore: (store) => ({
      ...store,
      acquire: async (...asked) => {
        const lease = await guard("acquire", () => store.acquire(...asked));
        return "heldBy" in lease ? lease : guardLease(lease);
      },
    }),
    guardConnections: (connections) => ({
      ...connections,
      connect: async (place) => {
        const connection = await guard("connect", () => connections.connect(place));
        return { ...connection, provider: guardProvider(connection.provider) };
      },
    }),
    onEvent: (event) => {
      events.push(event);
      if (events.length === stopAfter) stop.abort(new Error("told to stop"));
    },
    onPlan: (made) => {
      plan = made;
    },
  };
}
