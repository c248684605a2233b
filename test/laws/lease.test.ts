// The lease of a run: kept by a thread of its own while the run's is busy, seen to be lost before anything more is sent, told in the store's time.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { type Clock, createSystemClock } from "../../engine/apply/clock.ts";
import { guardLease, readMoment } from "../../engine/apply/heartbeat.ts";
import { performRequest, type RequestTask } from "../../engine/apply/perform-request.ts";
import { openSession, type Session } from "../../engine/apply/session.ts";
import { createMemoryStore } from "../../engine/state/memory-store.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { type JournalEntry, type Lease, LeaseLost, type StateStore } from "../../engine/state/store.ts";
import { connectEc2 } from "../../providers/aws/client.ts";
import { connectArm } from "../../providers/azure/client.ts";
import { connectGce } from "../../providers/gcp/client.ts";
import { startProcess } from "../../providers/memory/process.ts";
import { createVirtualTime } from "../../providers/memory/virtual-time.ts";
import { serveAnswer } from "../support/scripted-server.ts";

const keeper = createSecretKeeper(() => new Uint8Array(32).fill(7));
const holder = { id: "h", description: "law" };

function openFile(path: string): StateStore {
  const opened = openSqliteStore(path);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  return opened.store;
}

/** Two ways into one new state in a file: the run's and another's. */
function openTwice(): readonly [StateStore, StateStore] {
  const folder = mkdtempSync(join(tmpdir(), "koine-lease-"));
  const path = join(folder, "state", "state.db");
  const stores = [openFile(path), openFile(path)] as const;
  onTestFinished(async () => {
    for (const store of stores) await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return stores;
}

async function open(store: StateStore, leaseMilliseconds: number, clock: Clock = createSystemClock()): Promise<Session> {
  const opened = await openSession({ store, holder, clock, keeper, leaseMilliseconds });
  if (opened.kind === "held") throw new Error("the lock is held");
  return opened.session;
}

/** When the lease of a held lock ends. */
async function readUntil(store: StateStore): Promise<number> {
  const asked = await store.acquire({ id: "o", description: "other" }, 1_000);
  if (!("heldBy" in asked)) throw new Error("nobody held the lock");
  return asked.until;
}

/** Resolves once a thread has been started and has said that it runs. */
function awaitThread(): Promise<Worker> {
  return new Promise((resolve) => {
    process.once("worker", (worker) => worker.once("message", () => resolve(worker)));
  });
}

/** This thread does nothing else, and hears nothing. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test("a run that computes for longer than its lease keeps it, and may send at once", async () => {
  const [store, another] = openTwice();
  const running = awaitThread();
  const session = await open(store, 1_500);
  await running;
  block(2_500);
  expect(session.guard.ready()).toBeUndefined();
  expect(await readUntil(another)).toBeGreaterThan(Date.now());
  await session.write({ putOutputs: { x: { value: 1, secret: false } } });
  await session.close();
});

test("a lost lease is seen right before a request, though no message of it was heard", async () => {
  const [store, another] = openTwice();
  const running = awaitThread();
  const session = await open(store, 12_000);
  await running;
  await another.breakLock();
  // The thread finds out with its next renewal; this one is busy until then.
  const began = performance.now();
  const sees = (): boolean => {
    try {
      return session.guard.ready() !== undefined;
    } catch (error) {
      return error instanceof LeaseLost;
    }
  };
  while (!sees() && performance.now() - began < 30_000) block(50);
  expect(session.abort.aborted).toBe(true);
  expect(session.abort.reason).toBeInstanceOf(LeaseLost);
  await session.close();
});

test("the thread ends with the session, and when it breaks the run renews by itself", async () => {
  const [store, another] = openTwice();
  const running = awaitThread();
  const session = await open(store, 3_000);
  const worker = await running;
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  await worker.terminate();
  await ended;
  const until = await readUntil(another);
  // Moved on without the thread.
  while ((await readUntil(another)) === until) await new Promise((resolve) => setTimeout(resolve, 50));
  await session.close();

  const second = awaitThread();
  const next = await open(store, 1_500);
  const exited = second.then((thread) => new Promise((resolve) => thread.once("exit", resolve)));
  await second;
  await next.close();
  expect(await exited).toBe(0);
});

const wires = {
  aws: (endpoint: string) => {
    const client = connectEc2({ region: "eu-west-1", endpoint, simulated: true, koineVersion: "0" });
    return (signal: AbortSignal) => client.send("CreateVpc", { CidrBlock: "10.0.0.0/16" }, signal);
  },
  gcp: (endpoint: string) => {
    const client = connectGce({ project: "shop-1", region: "europe-west1", endpoint, simulated: true, koineVersion: "0" });
    return (signal: AbortSignal) => client.send("networks.insert", { networkResource: { name: "n" } }, signal);
  },
  azure: (endpoint: string) => {
    const subscription = "00000000-0000-0000-0000-000000000001";
    const client = connectArm({ subscription, region: "westeurope", endpoint, simulated: true, koineVersion: "0" });
    return (signal: AbortSignal) =>
      client.send("virtualNetworks.createOrUpdate", { at: ["g", "n"], body: { location: "westeurope" } }, signal);
  },
};

test.each(["aws", "gcp", "azure"] as const)("%s: losing the lease cuts the request that is on the wire", async (cloud) => {
  const [store, another] = openTwice();
  const session = await open(store, 180_000);
  const [arrived, cut] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await serveAnswer((request) => {
    request.socket.once("close", () => cut.resolve());
    arrived.resolve();
  });
  const send = wires[cloud](server.endpoint);
  const task = {
    operation: "o",
    key: "network.n:network",
    handler: { perform: ({ signal }: { readonly signal: AbortSignal }) => send(signal) },
    connection: { client: {}, identity: {} },
    step: { key: "create", operation: "create", body: {}, replay: "marked", impact: "none" },
    row: {},
    earlier: {},
    slot: { priority: 0, rest: <Result>(work: () => Promise<Result>) => work() },
  } as unknown as RequestTask;
  const entry = { operation: "o", token: "t", latestSend: session.clock.now() + 60_000 } as JournalEntry;
  const sending = performRequest(session, task, entry, {}, { attempt: 1, resend: false });
  const failed = expect(sending).rejects.toThrow(LeaseLost);
  await arrived.promise;
  await another.breakLock();
  await expect(session.write({ putOutputs: { x: { value: 1, secret: false } } })).rejects.toThrow(LeaseLost);
  await failed;
  await cut.promise;
  await session.close();
});

/** A lease on a virtual clock that can be away, and a guard over it. */
function guardVirtually(seed: number) {
  const time = createVirtualTime(seed);
  const { clock } = startProcess({ time });
  const state = { away: false, wallAhead: 0, renewals: 0, lost: undefined as LeaseLost | undefined };
  const lease = {
    renew: async () => {
      if (state.away) throw new Error("the store is away");
      state.renewals += 1;
    },
  } as Lease;
  const skewed: Clock = { ...clock, now: () => clock.now() + state.wallAhead };
  const guard = guardLease({
    lease,
    leaseMilliseconds: 180_000,
    asked: readMoment(skewed),
    requestDeadline: 60_000,
    clock: skewed,
    onLost: (error) => {
      state.lost = error;
    },
  });
  onTestFinished(() => guard.stop());
  return { time, state, guard };
}

test("a store that is away for less than the rest of the lease costs nothing; for longer, the lease is lost", async () => {
  const { time, state, guard } = guardVirtually(1);
  state.away = true;
  await time.pass(170_000);
  expect(state.lost).toBeUndefined();
  state.away = false;
  await time.pass(30_000);
  expect(guard.ready()).toBeUndefined();
  state.away = true;
  await time.pass(200_000);
  expect(state.lost?.message).toContain("the store is away");
  expect(() => guard.ready()).toThrow(LeaseLost);
});

test("a machine that slept past the lease renews before it sends, though its monotonic clock stood still", async () => {
  const { state, guard } = guardVirtually(2);
  expect(guard.ready()).toBeUndefined();
  state.wallAhead = 3_600_000;
  const { renewals } = state;
  await guard.ready();
  expect(state.renewals).toBe(renewals + 1);
  expect(guard.ready()).toBeUndefined();
});

test.each([-7_200_000, 0, 7_200_000])("what a run writes down is told by the store's clock, with its own %s ms off", async (skew) => {
  const time = createVirtualTime(3);
  const store = createMemoryStore({ lineage: "0".repeat(32), now: time.now });
  const { clock } = startProcess({ time, skew });
  const session = await time.play(open(store, 180_000, clock));
  expect(session.clock.now()).toBe(time.now());
  await time.pass(100_000);
  expect(session.clock.now()).toBe(time.now());
  await session.close();
});

test("after a broken lock nothing is bounded by the takeover but by the end of the broken lease, through every takeover until then", async () => {
  const time = createVirtualTime(4);
  const store = createMemoryStore({ lineage: "0".repeat(32), now: time.now });
  const first = await time.play(open(store, 180_000, startProcess({ time }).clock));
  const sentUntil = time.now() + 60_000;
  const entry = { operation: "o", latestSend: sentUntil, state: "intended", step: {}, row: {} } as unknown as JournalEntry;
  await first.write({ putJournal: [entry] });
  await store.breakLock();
  for (let takeover = 0; takeover < 2; takeover++) {
    await time.pass(1_000);
    const next = await time.play(open(store, 180_000, startProcess({ time }).clock));
    expect(next.journal[0]?.latestSend).toBe(sentUntil);
    await next.close();
  }
  // That a lock was given back since does not shorten it.
  const released = await store.acquire(holder, 1_000);
  expect(released).toMatchObject({ quietAt: time.now() + 178_000 });
});
