// A thread that does nothing but renew one lease, so that a run whose own thread computes for minutes keeps it. Both sides of it stand here, because
// the thread is started from this very file, in the sources as in the bundle: it is loaded by `import()` only, so a bundler keeps it apart.

import { setTimeout as delay } from "node:timers/promises";
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { renewLease } from "../state/renew-lease.ts";
import { LeaseLost, type LeaseRenewal, type RenewalConnection } from "../state/store.ts";
import { createValidity, type Moment } from "./lease-validity.ts";

export interface LeaseThreadOptions {
  readonly renewal: LeaseRenewal;
  /** Of a `LeaseValidity`. */
  readonly buffer: SharedArrayBuffer;
  /** Of the thread that asks, in milliseconds; the thread goes by the same. */
  readonly monotonic: () => number;
  readonly onLost: (message: string) => void;
  /** It could not be started, or broke: whoever asked for it has to renew again. */
  readonly onBroken: () => void;
}

export interface LeaseThread {
  /** Whether it has taken over. */
  isRunning(): boolean;
  end(): void;
}

interface ThreadData {
  readonly task: "renew-lease";
  readonly renewal: LeaseRenewal;
  readonly buffer: SharedArrayBuffer;
  /** `process.hrtime()`, which is the same in all threads, when the monotonic clock of the thread that asked stood at 0. */
  readonly origin: number;
}

type FromThread = { readonly kind: "running" } | { readonly kind: "lost"; readonly message: string };

const readHighTime = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Starts it. It never keeps the process alive. */
export function startLeaseThread(options: LeaseThreadOptions): LeaseThread {
  const { renewal, buffer, monotonic } = options;
  const data: ThreadData = { task: "renew-lease", renewal, buffer, origin: readHighTime() - monotonic() };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  worker.unref();
  let running = false;
  let ended = false;
  const stop = (): void => {
    running = false;
    if (!ended) options.onBroken();
    ended = true;
  };
  worker.on("message", (message: FromThread) => {
    if (ended) return;
    if (message.kind === "running") running = true;
    else options.onLost(message.message);
  });
  worker.on("error", stop);
  worker.on("exit", stop);
  return {
    isRunning: () => running,
    end: () => {
      ended = true;
      worker.postMessage("end");
    },
  };
}

/** What runs in the thread. */
async function keepLease({ renewal, buffer, origin }: ThreadData, port: MessagePort): Promise<void> {
  const { leaseMilliseconds } = renewal;
  const validity = createValidity(buffer);
  const ended = new AbortController();
  const tell = (message: FromThread): void => port.postMessage(message);
  const read = (): Moment => ({ monotonic: readHighTime() - origin, wall: Date.now() });
  const left = (): number => validity.until().monotonic - read().monotonic;
  let connection: RenewalConnection | undefined;

  const renew = async (): Promise<void> => {
    connection ??= await renewLease(renewal);
    const asked = read();
    await connection.renew();
    validity.extend(asked, leaseMilliseconds);
  };
  /** Milliseconds until it is to be renewed again; undefined: it is lost. */
  const beat = async (): Promise<number | undefined> => {
    try {
      // A process that was stopped past its lease may find that nobody has taken over: that is for the store to say, so it is asked.
      await answerWithin(Math.max(left(), leaseMilliseconds / 3), renew());
      return left() - (leaseMilliseconds * 2) / 3;
    } catch (error) {
      // A store that is away for a moment costs nothing while the lease still runs.
      if (!(error instanceof LeaseLost) && left() > 0) return leaseMilliseconds / 12;
      const message = error instanceof Error ? error.message : String(error);
      validity.lose();
      tell({ kind: "lost", message: error instanceof LeaseLost ? message : `the lease could not be renewed: ${message}` });
      return undefined;
    }
  };

  port.on("message", () => ended.abort());
  tell({ kind: "running" });
  let next: number | undefined = left() - (leaseMilliseconds * 2) / 3;
  while (next !== undefined && !ended.signal.aborted) {
    await delay(Math.max(0, next), undefined, { signal: ended.signal }).catch(() => {});
    if (!ended.signal.aborted) next = await beat();
  }
  port.close();
  await connection?.close();
}

/** A store that does not answer must not keep the loss of the lease from being seen. */
async function answerWithin(milliseconds: number, work: Promise<void>): Promise<void> {
  const answered = new AbortController();
  const late = delay(Math.max(0, milliseconds), undefined, { signal: answered.signal });
  try {
    await Promise.race([work, late.then(() => Promise.reject(new Error("the state gives no answer")))]);
  } finally {
    answered.abort();
  }
}

if (!isMainThread && parentPort && (workerData as Partial<ThreadData> | null)?.task === "renew-lease") {
  await keepLease(workerData as ThreadData, parentPort);
}
