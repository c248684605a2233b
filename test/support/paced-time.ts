// A virtual clock for runs over the wire: it stands still while a call to the cloud is under way and jumps to the next event when all code waits for
// time. So minutes of token buckets and polling pass in seconds, and what is measured does not depend on the machine.

import type { Clock } from "../../engine/apply/clock.ts";
import { createReadPace } from "../../engine/apply/read-pace.ts";
import type { Provider, ReadPace } from "../../engine/provider/provider.ts";
import { gatherBy } from "../../providers/handlers/read-together.ts";
import { createEventQueue } from "../../providers/memory/event-queue.ts";
import { createRandom } from "../../providers/memory/virtual-time.ts";

export interface PacedTime {
  readonly clock: Clock;
  /** Milliseconds since the epoch: the simulator's clock. */
  now(): number;
  /** The same provider of EC2, whose requests hold the clock while they are on the wire, each after `latency` milliseconds. */
  pace(provider: Provider): Provider;
  /** Lets time pass until `work` has settled. */
  play<Result>(work: Promise<Result>): Promise<Result>;
}

export interface PaceOptions {
  readonly seed: number;
  /** Milliseconds, drawn for each request. Zero unless given. */
  readonly latency?: (random: () => number) => number;
}

export function createPacedTime(options: PaceOptions): PacedTime {
  const random = createRandom(options.seed);
  let order = 0;
  const events = createEventQueue(() => order++);
  const began = events.now();
  let busy = 0;
  /** Whoever plays and waits for the wire; work that is played may play work of its own. */
  let waiting: (() => void)[] = [];

  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        takeBack();
        reject(signal?.reason);
      };
      const takeBack = events.after(milliseconds, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
    });

  /** Holds the clock while a request is on the wire. */
  const hold = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    busy += 1;
    try {
      return await work();
    } finally {
      release();
    }
  };
  const release = (): void => {
    busy -= 1;
    if (busy > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const onTheWay = async (): Promise<void> => {
    if (options.latency) await sleep(options.latency(random));
  };

  const paceClient = (client: object, gather: ReadPace["gather"]): object => {
    const paced = { ...client, send: sendOn(client) };
    gatherBy(paced, gather);
    return paced;
  };

  const sendOn =
    (client: object) =>
    async (operation: string, ...rest: readonly unknown[]): Promise<unknown> => {
      // A read waits for its turn within `send`, and is on its way after that.
      if (!operation.startsWith("Describe")) await onTheWay();
      return hold(() => (client as { send(...all: readonly unknown[]): Promise<unknown> }).send(operation, ...rest));
    };

  const clock: Clock = {
    now: events.now,
    monotonic: () => events.now() - began,
    sleep,
    random,
    newId: () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join(""),
  };

  return {
    now: events.now,
    clock,
    pace: (provider) => ({
      ...provider,
      connect: async (settings, connecting) => {
        const own = createReadPace(provider, clock);
        // Whoever waits for a turn or for others to join is not on the wire: the clock goes on meanwhile.
        const aside = async (work: () => Promise<void> | undefined): Promise<void> => {
          release();
          try {
            await work();
          } finally {
            busy += 1;
          }
        };
        const pace: ReadPace = {
          ...own,
          turn: (operation, signal) =>
            aside(async () => {
              await own.turn(operation, signal);
              await onTheWay();
            }),
        };
        return hold(async () => paceClient((await provider.connect(settings, { ...connecting, pace })) as object, pace.gather));
      },
      identify: (client, signal) => hold(() => provider.identify(client, signal)),
    }),
    play: async (work) => {
      let settled = false;
      const end = (): void => {
        settled = true;
      };
      work.then(end, end);
      for (;;) {
        // All promise reactions run before an immediate does, so after it everything waits: for the cloud, or for time.
        await new Promise(setImmediate);
        if (settled) return work;
        if (busy > 0)
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
          });
        // Code that is being loaded waits for neither.
        else if (!events.step(Number.POSITIVE_INFINITY)) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
}
