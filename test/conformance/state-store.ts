// What every state store must do, as one suite. A store's own test file names how to open it.

import { describe, expect, test } from "vitest";
import { type Holder, type Lease, LeaseLost, type ObjectRow, type StateStore } from "../../engine/state/store.ts";

export interface StoreUnderTest {
  /** Opens the same persisted state once more, as another process would. */
  open(): Promise<StateStore>;
  dispose(): Promise<void>;
}

const holder = (id: string): Holder => ({ id, description: `${id} on a test host` });

const row = (object: string, cidr = "10.0.0.0/16"): ObjectRow => ({
  object,
  key: `network.${object}:vpc`,
  address: `network.${object}`,
  role: "vpc",
  type: "test.Vpc",
  generation: 1,
  status: "current",
  cloud: "aws",
  provider: "aws",
  settings: {},
  id: { type: "test.Vpc", account: "1", region: "r", id: `vpc-${object}` },
  props: { CidrBlock: cidr },
  attributes: {},
  after: [],
  schemaVersion: 1,
});

async function take(store: StateStore, id = "first", milliseconds = 60_000): Promise<Lease> {
  const lease = await store.acquire(holder(id), milliseconds);
  if ("heldBy" in lease) throw new Error(`held by ${lease.heldBy.description}`);
  return lease;
}

export function describeStateStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`state store ${name}`, () => {
    const run = (title: string, body: (subject: StoreUnderTest) => Promise<void>): void => {
      test(title, async () => {
        const subject = await start();
        try {
          await body(subject);
        } finally {
          await subject.dispose();
        }
      });
    };

    run("keeps the lineage, and what is written, between openings", async (subject) => {
      const first = await subject.open();
      const { lineage } = await first.readMeta();
      expect(lineage).toMatch(/^[0-9a-f]{32}$/);
      const lease = await take(first);
      await lease.write({ meta: { serial: 1, stack: "shop" }, putObjects: [row("a")], putOutputs: { url: { value: "x", secret: false } } });
      await lease.release();
      await first.close();
      const second = await subject.open();
      expect(await second.readMeta()).toMatchObject({ lineage, serial: 1, stack: "shop" });
      expect(await second.readObjects()).toEqual([row("a")]);
      expect(await second.readOutputs()).toEqual({ url: { value: "x", secret: false } });
      await second.close();
    });

    run("one holder at a time, and the other is told who", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const lease = await take(a, "first");
      const refused = await b.acquire(holder("second"), 60_000);
      expect("heldBy" in refused && refused.heldBy.id).toBe("first");
      await lease.release();
      await (await take(b, "second")).release();
      await a.close();
      await b.close();
    });

    run("a lease that ran out is taken over, and the old holder can never write again", async (subject) => {
      const [a, b] = [await subject.open(), await subject.open()];
      const old = await take(a, "first", 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const successor = await take(b, "second");
      expect(successor.fence).toBeGreaterThan(old.fence);
      await expect(old.write({ putObjects: [row("lost")] })).rejects.toThrow(LeaseLost);
      await expect(old.renew()).rejects.toThrow(LeaseLost);
      await old.release();
      expect("heldBy" in (await a.acquire(holder("third"), 60_000))).toBe(true);
      expect(await b.readObjects()).toEqual([]);
      await a.close();
      await b.close();
    });

    run("a broken lock stops its holder", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      expect((await store.breakLock())?.id).toBe("first");
      await expect(lease.write({ putObjects: [row("lost")] })).rejects.toThrow(LeaseLost);
      await store.close();
    });

    run("writes of one turn are all kept, in order", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      await Promise.all([
        lease.write({ putObjects: [row("a", "10.0.0.0/16"), row("b")] }),
        lease.write({ putObjects: [row("a", "10.1.0.0/16")] }),
        lease.write({ removeObjects: ["b"] }),
      ]);
      expect(await store.readObjects()).toEqual([row("a", "10.1.0.0/16")]);
      await lease.release();
      await store.close();
    });

    run("open journal entries are found, ended ones only when asked for", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      const entry = {
        operation: "op1",
        run: "r",
        object: "a",
        key: "k",
        type: "t",
        generation: 1,
        action: "create",
        step: { key: "create", operation: "x:Create", replay: "marked" },
        body: {},
        row: row("a"),
        token: "t",
        schemaVersion: 1,
        earliestSend: 1,
        latestSend: 2,
      } as const;
      await lease.write({ putJournal: [{ ...entry, state: "intended" }] });
      expect((await store.readJournal()).map((found) => found.state)).toEqual(["intended"]);
      expect(await store.readEnded(["op1"])).toEqual([]);
      await lease.write({ putJournal: [{ ...entry, state: "happened" }], putObjects: [row("a")] });
      expect(await store.readJournal()).toEqual([]);
      expect((await store.readEnded(["op1", "other"])).map((found) => found.state)).toEqual(["happened"]);
      await lease.release();
      await store.close();
    });

    run("earlier serials can be read back", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      await lease.write({ meta: { serial: 1 }, putObjects: [row("a"), row("b")] });
      await lease.write({ meta: { serial: 2 }, putObjects: [row("a", "10.1.0.0/16")], removeObjects: ["b"] });
      await lease.write({ putObjects: [row("a", "10.2.0.0/16")] });
      const sorted = async (serial: number) =>
        [...((await store.readHistory(serial)) ?? [])].sort((x, y) => x.object.localeCompare(y.object));
      expect(await sorted(0)).toEqual([]);
      expect(await sorted(1)).toEqual([row("a"), row("b")]);
      expect(await sorted(2)).toEqual([row("a", "10.2.0.0/16")]);
      expect(await store.readHistory(3)).toBeUndefined();
      await lease.release();
      await store.close();
    });
  });
}
