// Serials and their rows: whatever was written, each serial reads back as it was, by an oracle that keeps them all.

import fc from "fast-check";
import { describe, expect } from "vitest";
import type { ObjectRow, SerialChanges, StateChange } from "../../../engine/state/store.ts";
import { makeRow } from "./rows.ts";
import { declareRun, type StartStore, sortRows, take, withLease } from "./subject.ts";

interface Write {
  /** How much the serial rises; 0: goes on with the one that is there. */
  readonly rise: number;
  readonly put: readonly (readonly [object: string, value: number])[];
  readonly remove: readonly string[];
  /** Sent in the turn of the one before. */
  readonly together: boolean;
}

const object = fc.constantFrom("a", "b", "c", "d");
const write: fc.Arbitrary<Write> = fc.record({
  rise: fc.constantFrom(0, 0, 1, 1, 3),
  put: fc.array(fc.tuple(object, fc.nat(9)), { maxLength: 3 }),
  remove: fc.array(object, { maxLength: 2 }),
  together: fc.boolean(),
});

const bySerial = (left: SerialChanges, right: SerialChanges): number => left.serial - right.serial;
const isAny = ({ added, changed, removed }: SerialChanges): boolean => added + changed + removed > 0;

/** What each serial but the first did, by comparing the rows after it with those before. */
function countModel(model: ReadonlyMap<number, readonly ObjectRow[]>): readonly SerialChanges[] {
  const list = [...model].map(([serial, rows]) => ({ serial, rows: new Map(rows.map((row) => [row.object, JSON.stringify(row)])) }));
  return list.slice(1).map(({ serial, rows }, index) => {
    const before = list[index]?.rows ?? new Map<string, string>();
    const shared = [...rows].filter(([name]) => before.has(name));
    return {
      serial,
      added: rows.size - shared.length,
      changed: shared.filter(([name, text]) => before.get(name) !== text).length,
      removed: before.size - shared.length,
    };
  });
}

export function describeHistory(start: StartStore, runs: number): void {
  const run = declareRun(start);
  describe("history", () => {
    run("every serial tells when and by what it was made", async (subject) =>
      withLease(subject, async (store, lease) => {
        const before = Date.now();
        await lease.write({ meta: { serial: 1, cause: "apply", run: "r1" }, putObjects: [makeRow("a")] });
        await lease.write({ meta: { serial: 1, cause: "again" } });
        await lease.write({ meta: { serial: 4, cause: "rollback to 0" }, removeObjects: ["a"] });
        const serials = await store.readSerials(10);
        expect(serials.map(({ at: _, ...rest }) => rest)).toEqual([
          { serial: 4, cause: "rollback to 0" },
          { serial: 1, cause: "apply", run: "r1" },
          { serial: 0, cause: "" },
        ]);
        for (const { at } of serials.slice(0, 2)) expect(Math.abs(at - before)).toBeLessThan(60_000);
        expect((await store.readSerials(1)).map(({ serial }) => serial)).toEqual([4]);
        // Those in between were never made.
        expect(await store.readHistory(2)).toBeUndefined();
        expect(await store.readHistory(5)).toBeUndefined();
        expect(await store.readHistory(-1)).toBeUndefined();
        expect(await store.readHistory(1)).toEqual([makeRow("a")]);
      }),
    );

    run("a push into an empty state sets lineage and serial at once", async (subject) =>
      withLease(subject, async (store, lease) => {
        const lineage = "ab".repeat(16);
        await lease.write({ meta: { lineage, serial: 57, stack: "shop", cause: "push" }, putObjects: [makeRow("a")] });
        expect(await store.readMeta()).toMatchObject({ lineage, serial: 57, stack: "shop" });
        expect((await store.readSerials(9)).map(({ serial }) => serial)).toEqual([57, 0]);
        expect(await store.readHistory(0)).toEqual([]);
      }),
    );

    run("law: whatever is written, each serial reads back as it was left", async (subject) => {
      const store = await subject.open();
      const lease = await take(store);
      let serial = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 12 }), async (writes) => {
          // Each run goes on where the last one stopped: the model begins with what is there.
          const rows = new Map<string, ObjectRow>((await store.readObjects()).map((row) => [row.object, row]));
          const model = new Map([[serial, [...rows.values()]]]);
          let pending: Promise<void>[] = [];
          for (const { rise, put, remove, together } of writes) {
            if (!together) {
              await Promise.all(pending);
              pending = [];
            }
            serial += rise;
            for (const [name, value] of put) rows.set(name, makeRow(name, String(value)));
            for (const name of remove) rows.delete(name);
            model.set(serial, [...rows.values()]);
            const change: StateChange = {
              putObjects: put.map(([name, value]) => makeRow(name, String(value))),
              removeObjects: remove,
              ...(rise > 0 ? { meta: { serial } } : {}),
            };
            pending.push(lease.write(change));
          }
          await Promise.all(pending);
          expect(sortRows(await store.readObjects())).toEqual(sortRows([...rows.values()]));
          for (const [n, expected] of model) expect(sortRows(await store.readHistory(n))).toEqual(sortRows(expected));
          const changes = await store.readChanges([...model.keys()][1] ?? serial + 1);
          expect(changes.filter(isAny).sort(bySerial)).toEqual(countModel(model).filter(isAny).sort(bySerial));
        }),
        { numRuns: runs },
      );
      await lease.release();
      await store.close();
    });
  });
}
