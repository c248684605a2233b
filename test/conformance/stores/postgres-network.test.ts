// The PostgreSQL store when the network fails: a write whose answer was lost is decided by reading, never made twice, never taken for done.

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { LeaseLost, type StateStore } from "../../../engine/state/store.ts";
import { isMissing, locateState, startPostgres } from "../../support/postgres-server.ts";
import { useProxiedDatabase } from "../../support/proxied-database.ts";
import { openPostgres } from "./postgres-subject.ts";
import { makeRow } from "./rows.ts";
import { makeHolder, take } from "./subject.ts";

const server = await startPostgres();

describe.skipIf(isMissing(server))("postgres over a network that fails", () => {
  const scene = useProxiedDatabase(server);
  interface Case {
    readonly store: StateStore;
    /** Straight to the server. */
    readonly straight: StateStore;
    readonly commits: () => Promise<number>;
  }

  async function withStores(body: (subject: Case) => Promise<void>): Promise<void> {
    const state = `s${randomBytes(6).toString("hex")}`;
    const location = locateState(scene.database, state);
    const proxied = new URL(location);
    proxied.port = String(scene.proxy.port);
    const [store, straight] = [await openPostgres(proxied.href), await openPostgres(location)];
    const commits = async () => {
      const [row] = await scene.database.query<{ commits: string }>(`SELECT commits FROM koine.state WHERE state = '${state}'`);
      return Number(row?.commits);
    };
    try {
      await body({ store, straight, commits });
    } finally {
      await store.close();
      await straight.close();
    }
  }

  const write = "WITH held AS";

  test.each(["before", "after"] as const)("a write cut %s it arrived is made exactly once", async (when) =>
    withStores(async ({ store, straight, commits }) => {
      const lease = await take(store);
      await lease.write({ meta: { serial: 1 }, putObjects: [makeRow("a", "1")] });
      const [before, cuts] = [await commits(), scene.proxy.cuts()];
      scene.proxy.cutAt(write, when);
      await Promise.all([
        lease.write({ meta: { serial: 2 }, putObjects: [makeRow("a", "2"), makeRow("b")] }),
        lease.write({ putObjects: [makeRow("c")] }),
      ]);
      expect(scene.proxy.cuts()).toBe(cuts + 1);
      expect((await commits()) - before).toBe(1);
      expect((await straight.readObjects()).map(({ object, props }) => [object, props.CidrBlock])).toEqual([
        ["a", "2"],
        ["b", "10.0.0.0/16"],
        ["c", "10.0.0.0/16"],
      ]);
      expect(await straight.readHistory(1)).toEqual([makeRow("a", "1")]);
      await lease.write({ putObjects: [makeRow("a", "3")] });
      expect((await commits()) - before).toBe(2);
      await lease.release();
    }),
  );

  test("a write that arrives late, after its repetition and later writes, changes nothing", async () =>
    withStores(async ({ store, straight, commits }) => {
      const lease = await take(store);
      await lease.write({ putObjects: [makeRow("a", "1")] });
      scene.proxy.cutAt(write, "late");
      await lease.write({ putObjects: [makeRow("a", "2")] });
      await lease.write({ putObjects: [makeRow("a", "3")] });
      const before = await commits();
      await scene.proxy.deliver();
      expect(await commits()).toBe(before);
      expect(await straight.readObjects()).toEqual([makeRow("a", "3")]);
      await lease.release();
    }));

  test("a write that was lost while another took over throws, and changes nothing even when it arrives", async () =>
    withStores(async ({ store, straight, commits }) => {
      const lease = await take(store);
      await lease.write({ putObjects: [makeRow("a", "1")] });
      scene.proxy.cutAt(write, "late");
      scene.proxy.refuse(true);
      const lost = lease.write({ putObjects: [makeRow("a", "lost")] });
      const refused = expect(lost).rejects.toThrow(LeaseLost);
      await straight.breakLock();
      const next = await take(straight, "second");
      scene.proxy.refuse(false);
      await refused;
      const before = await commits();
      await scene.proxy.deliver();
      expect(await commits()).toBe(before);
      expect(await straight.readObjects()).toEqual([makeRow("a", "1")]);
      await next.release();
    }));

  test.each(["before", "after"] as const)("taking the lock, cut %s it arrived, takes it once", async (when) =>
    withStores(async ({ store, straight }) => {
      scene.proxy.cutAt("SET holder = $2", when);
      const lease = await take(store);
      expect(lease.fence).toBe(1);
      expect("heldBy" in (await straight.acquire(makeHolder("second"), 60_000))).toBe(true);
      await lease.write({ putObjects: [makeRow("a")] });
      await lease.release();
    }),
  );

  test("reads, renewals and releases are repeated; connections that the server ends are made anew", async () =>
    withStores(async ({ store, straight }) => {
      const lease = await take(store);
      await lease.write({ putObjects: [makeRow("a")] });
      for (const [text, run] of [
        ["SELECT key AS name", async () => expect(await store.readObjects()).toEqual([makeRow("a")])],
        ["SET lease_until = floor", () => lease.renew()],
        ["SET holder = NULL", () => lease.release()],
      ] as const) {
        for (const when of ["before", "after"] as const) {
          const cuts = scene.proxy.cuts();
          scene.proxy.cutAt(text, when);
          await run();
          expect(scene.proxy.cuts()).toBe(cuts + 1);
        }
      }
      await scene.database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'koine' AND pid <> pg_backend_pid()",
      );
      expect(await store.readObjects()).toEqual([makeRow("a")]);
      await (await take(straight, "next")).release();
    }));

  test("a store in use has one connection", async () =>
    withStores(async ({ store }) => {
      const count = async () =>
        (await scene.database.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'koine' AND datname = current_database()"))
          .length;
      const before = await count();
      const lease = await take(store);
      await Promise.all([
        store.readObjects(),
        store.readMeta(),
        lease.write({ putObjects: [makeRow("a")] }),
        lease.renew(),
        store.readMade(),
      ]);
      expect(await count()).toBe(before);
      expect(before).toBe(2);
      await lease.release();
    }));
});
