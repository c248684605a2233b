// One holder at a time, and an older holder can never change a row again.

import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { describe, expect } from "vitest";
import { renewLease } from "../../../engine/state/renew-lease.ts";
import { type Lease, LeaseLost, type StateChange } from "../../../engine/state/store.ts";
import { makeEntry, makeFullChange, makeRow, makeRunRow } from "./rows.ts";
import { declareRun, makeHolder, readAll, type StartStore, sortRows, take } from "./subject.ts";

/** A write for each part that a change can have. */
const everyWrite: readonly StateChange[] = [
  { putObjects: [makeRow("lost")] },
  { removeObjects: ["kept"] },
  { putJournal: [makeEntry("lost", "intended")] },
  { putJournal: [makeEntry("lost", "happened")] },
  { putOutputs: { lost: { value: 1, secret: false } } },
  { putOutputs: { kept: null } },
  { putRun: makeRunRow("lost") },
  { meta: { serial: 99, cause: "lost" } },
  { meta: { stack: "lost", lineage: "f".repeat(32) } },
  makeFullChange("lost", 100),
];

async function expectPowerless(lease: Lease): Promise<void> {
  for (const change of everyWrite) await expect(lease.write(change)).rejects.toThrow(LeaseLost);
  await expect(lease.renew()).rejects.toThrow(LeaseLost);
  if (lease.renewal) {
    const connection = await renewLease(lease.renewal);
    await expect(connection.renew()).rejects.toThrow(LeaseLost);
    await connection.close();
  }
}

const kept: StateChange = {
  putObjects: [makeRow("kept")],
  putOutputs: { kept: { value: 1, secret: false } },
  meta: { serial: 1, stack: "shop" },
};

export function describeLease(start: StartStore): void {
  const run = declareRun(start);
  describe("lease", () => {
    run("one holder at a time, and the other is told who, and until when", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const lease = await take(a, "first");
      const refused = await b.acquire(makeHolder("second"), 60_000);
      if (!("heldBy" in refused)) throw new Error("taken twice");
      expect(refused.heldBy).toEqual(makeHolder("first"));
      expect(Math.abs(refused.until - Date.now() - 60_000)).toBeLessThan(60_000);
      // Not even to a holder of the same name.
      expect("heldBy" in (await a.acquire(makeHolder("first"), 60_000))).toBe(true);
      await lease.release();
      const next = await take(b, "second");
      expect(next.fence).toBeGreaterThan(lease.fence);
      await next.release();
      await a.close();
      await b.close();
    });

    run("of many that ask at once, one gets it", async (subject) => {
      const stores = await Promise.all(Array.from({ length: 6 }, () => subject.open()));
      const answers = await Promise.all(stores.map((store, index) => store.acquire(makeHolder(`h${index}`), 60_000)));
      expect(answers.filter((answer) => "fence" in answer).length).toBe(1);
      for (const store of stores) await store.close();
    });

    run("a lease that ran out is taken over; nothing its old holder does changes a row", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const old = await take(a, "first");
      await old.write(kept);
      await subject.pass(61_000);
      const successor = await take(b, "second");
      expect(successor.fence).toBeGreaterThan(old.fence);
      const before = await readAll(b);
      await expectPowerless(old);
      await old.release();
      await old.release();
      expect(await readAll(b)).toEqual(before);
      expect("heldBy" in (await a.acquire(makeHolder("third"), 60_000))).toBe(true);
      await successor.write({ putObjects: [makeRow("next")] });
      await a.close();
      await b.close();
    });

    run("a lease that ran out and was not taken over can still be renewed and written under", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const lease = await take(a, "first");
      await subject.pass(61_000);
      await lease.write(kept);
      await lease.renew();
      expect("heldBy" in (await b.acquire(makeHolder("second"), 60_000))).toBe(true);
      await a.close();
      await b.close();
    });

    run("a renewal extends by the full length, from a connection of its own as well", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const lease = await take(a, "first");
      const connection = lease.renewal ? await renewLease(structuredClone(lease.renewal)) : { renew: lease.renew, close: async () => {} };
      for (const renewer of [lease, connection]) {
        await subject.pass(50_000);
        await renewer.renew();
      }
      await subject.pass(50_000);
      expect("heldBy" in (await b.acquire(makeHolder("second"), 60_000))).toBe(true);
      await subject.pass(11_000);
      expect("fence" in (await b.acquire(makeHolder("second"), 60_000))).toBe(true);
      await expect(connection.renew()).rejects.toThrow(LeaseLost);
      await connection.close();
      await a.close();
      await b.close();
    });

    run("a broken lock stops its holder, and the fence rises though nobody holds it", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      await lease.write(kept);
      expect((await store.breakLock())?.id).toBe("first");
      expect(await store.breakLock()).toBeUndefined();
      const before = await readAll(store);
      await expectPowerless(lease);
      expect(await readAll(store)).toEqual(before);
      expect((await take(store, "second")).fence).toBeGreaterThan(lease.fence + 1);
      await store.close();
    });

    run("a lease tells when it was taken, and until when an earlier holder may have sent, by the store's clock", async (subject) => {
      const store = await subject.open();
      const before = Date.now();
      const first = await take(store, "first");
      expect(Math.abs(first.takenAt - before)).toBeLessThan(30_000);
      expect(first.quietAt).toBe(first.takenAt);
      await first.release();
      const second = await take(store, "second");
      expect(second.quietAt).toBe(second.takenAt);
      // Broken while it runs: its holder may go on sending until its lease ends, whoever holds the lock by then.
      await store.breakLock();
      const third = await take(store, "third");
      expect(third.quietAt).toBe(second.takenAt + 60_000);
      await third.release();
      const fourth = await take(store, "fourth");
      expect(fourth.quietAt).toBe(third.quietAt);
      await store.close();
    });

    run("a lease that was given back is of no use, and giving it back twice does no harm", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      await lease.write(kept);
      await lease.release();
      await lease.release();
      const before = await readAll(store);
      await expectPowerless(lease);
      expect(await readAll(store)).toEqual(before);
      const next = await take(store, "second");
      await lease.release();
      await next.write({ putObjects: [makeRow("next")] });
      await store.close();
    });

    run("releasing waits for what was written before", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      const writes = [lease.write({ putObjects: [makeRow("a")] }), lease.write({ putObjects: [makeRow("b")] })];
      await lease.release();
      await Promise.all(writes);
      expect((await store.readObjects()).length).toBe(2);
      await store.close();
    });

    run("old and new holder write at once: only the new one's rows are there", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const old = await take(a, "first");
      await subject.pass(61_000);
      // Handed over while it still holds the lock; durable, or refused, only afterwards.
      const early = old.write({ putObjects: [makeRow("early")] }).then(
        () => "written",
        (error: unknown) => error,
      );
      const successor = await take(b, "second");
      const settled = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => [
          old.write({ putObjects: [makeRow(`old${index}`)] }),
          successor.write({ putObjects: [makeRow(`new${index}`)] }),
        ]).flat(),
      );
      for (const [index, result] of settled.entries()) {
        expect(result.status).toBe(index % 2 === 0 ? "rejected" : "fulfilled");
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(LeaseLost);
      }
      const fate = await early;
      const expected = [...(fate === "written" ? ["early"] : []), ...Array.from({ length: 20 }, (_, index) => `new${index}`)].sort();
      if (fate !== "written") expect(fate).toBeInstanceOf(LeaseLost);
      expect(sortRows(await b.readObjects())?.map(({ object }) => object)).toEqual(expected);
      await a.close();
      await b.close();
    });

    run("the lease of a process that died on this machine holds nobody up", async (subject) => {
      const store = await subject.open();
      const ended = spawnSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" });
      const dead = { ...makeHolder("dead"), process: { host: hostname(), pid: Number(ended.stdout), started: "1" } };
      const old = await store.acquire(dead, 3_600_000);
      if (!("fence" in old)) throw new Error("held");
      const successor = await take(store, "next");
      expect(successor.fence).toBeGreaterThan(old.fence);
      await expectPowerless(old);
      await store.close();
    });

    run("the lease of a process on another machine, or in another pid namespace, does", async (subject) => {
      const store = await subject.open();
      const elsewhere = { ...makeHolder("far"), process: { host: `not-${hostname()}`, pid: 2 ** 22 + 1, started: "1" } };
      await store.acquire(elsewhere, 3_600_000);
      expect("heldBy" in (await store.acquire(makeHolder("next"), 1000))).toBe(true);
      await store.breakLock();
      await store.acquire({ ...elsewhere, process: { ...elsewhere.process, host: hostname(), namespace: "another" } }, 3_600_000);
      expect("heldBy" in (await store.acquire(makeHolder("next"), 1000))).toBe(true);
      await store.close();
    });
  });

  describe("group commit", () => {
    run("writes of one turn share commits", async (subject) => {
      if (!subject.countCommits) return;
      const store = await subject.open();
      const lease = await take(store);
      const before = await subject.countCommits();
      await Promise.all(Array.from({ length: 200 }, (_, index) => lease.write({ putObjects: [makeRow(`o${index}`)] })));
      expect((await subject.countCommits()) - before).toBeLessThanOrEqual(2);
      expect((await store.readObjects()).length).toBe(200);
      await lease.release();
      await store.close();
    });
  });
}
