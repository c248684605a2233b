// Rows, journal, runs and outputs: what goes in comes out, whole changes only, in order.

import { describe, expect } from "vitest";
import { makeEntry, makeFullChange, makeRow, makeRunRow } from "./rows.ts";
import { declareRun, readAll, type StartStore, sortRows, take, withLease } from "./subject.ts";

/** Texts that a store's own syntax, encoding or quoting could trip over. */
const awkward = [
  "",
  "NULL",
  "{a,b}",
  '"',
  "\\",
  "'; DROP TABLE object; --",
  "é ß 漢字 🦊",
  "\u0000 and \u0007",
  "\ud800 alone",
  "a\nb\tc\r",
  "\u202eright to left",
];

export function describeRows(start: StartStore): void {
  const run = declareRun(start);
  describe("rows", () => {
    run("an empty state has a lineage, serial 0, and nothing else", async (subject) => {
      const store = await subject.open();
      expect(await store.readMeta()).toMatchObject({ lineage: expect.stringMatching(/^[0-9a-f]{32}$/), serial: 0, stack: "" });
      expect(await readAll(store)).toMatchObject({
        objects: [],
        journal: [],
        ended: [],
        outputs: {},
        runs: [],
        made: [],
        serials: [{ serial: 0 }],
      });
      expect(await store.readHistory(0)).toEqual([]);
      expect(await store.readHistory(1)).toBeUndefined();
      expect(await store.readRun("none")).toBeUndefined();
      await store.close();
    });

    run("what is written is kept between openings, and the lineage with it", async (subject) => {
      const first = await subject.open();
      const { lineage } = await first.readMeta();
      const lease = await take(first);
      await lease.write({
        meta: { serial: 1, stack: "shop" },
        putObjects: [makeRow("a")],
        putOutputs: { url: { value: "x", secret: false } },
      });
      await lease.release();
      await first.close();
      const second = await subject.open();
      expect(await second.readMeta()).toMatchObject({ lineage, serial: 1, stack: "shop" });
      expect(await second.readObjects()).toEqual([makeRow("a")]);
      expect(await second.readOutputs()).toEqual({ url: { value: "x", secret: false } });
      await second.close();
    });

    run("every text comes back as it was, in keys, props, names and values", async (subject) =>
      withLease(subject, async (store, lease) => {
        const rows = awkward.map((text, index) =>
          // A lone surrogate is no text of a key; JSON keeps it in a prop.
          makeRow(`o${index}`, text, { key: text.replaceAll("\ud800", "").replaceAll("\u0000", ""), attributes: { [`n${text}`]: text } }),
        );
        const outputs = Object.fromEntries(
          awkward.map((text, index) => [`out${index}`, { value: [text, { [text]: text }], secret: false }]),
        );
        const entries = awkward.map((text, index) => makeEntry(`op${index}`, "intended", { body: { text }, token: text }));
        await lease.write({ putObjects: rows, putOutputs: outputs, putJournal: entries });
        expect(sortRows(await store.readObjects())).toEqual(sortRows(rows));
        expect(await store.readOutputs()).toEqual(outputs);
        expect(await store.readJournal()).toEqual(entries);
      }),
    );

    run("a body of a megabyte, and 10,000 rows", async (subject) =>
      withLease(subject, async (store, lease) => {
        const big = makeRow("big", "🦊 and text\n".repeat(80_000));
        const many = Array.from({ length: 10_000 }, (_, index) => makeRow(`m${String(index).padStart(5, "0")}`));
        await lease.write({ putObjects: [big] });
        await lease.write({ putObjects: many });
        const read = sortRows(await store.readObjects());
        expect(read?.length).toBe(10_001);
        expect(read?.[0]).toEqual(big);
        expect(read?.slice(1)).toEqual(many);
      }),
    );

    run("writes of one turn are all kept, in the order in which they were made", async (subject) =>
      withLease(subject, async (store, lease) => {
        await Promise.all([
          lease.write({ meta: { serial: 1 }, putObjects: [makeRow("a", "1"), makeRow("b")], putRun: makeRunRow("r", { basis: "1" }) }),
          lease.write({ putObjects: [makeRow("a", "2")], putOutputs: { x: { value: 1, secret: false }, y: { value: 1, secret: false } } }),
          lease.write({ removeObjects: ["b", "a"], putOutputs: { x: null } }),
          lease.write({ meta: { serial: 2 }, putObjects: [makeRow("a", "3")], putRun: makeRunRow("r", { basis: "2" }) }),
          lease.write({ putObjects: [makeRow("a", "4")] }),
          lease.write({ meta: { serial: 3 }, putObjects: [makeRow("c")], removeObjects: ["c"] }),
        ]);
        expect(await store.readObjects()).toEqual([makeRow("a", "4")]);
        expect(await store.readOutputs()).toEqual({ y: { value: 1, secret: false } });
        expect(await store.readRun("r")).toMatchObject({ basis: "2" });
        expect(await store.readHistory(1)).toEqual([]);
        expect(await store.readHistory(2)).toEqual([makeRow("a", "4")]);
        expect((await store.readSerials(10)).map(({ serial }) => serial)).toEqual([3, 2, 1, 0]);
      }),
    );

    run("what the caller does to a row after the call is not written", async (subject) =>
      withLease(subject, async (store, lease) => {
        const props: Record<string, string> = { a: "before" };
        const written = lease.write({ putObjects: [makeRow("a", "", { props })] });
        props.a = "after";
        await written;
        expect((await store.readObjects())[0]?.props).toEqual({ a: "before" });
      }),
    );

    run("a change that fails leaves nothing of any of its parts, and the lease goes on", async (subject) =>
      withLease(subject, async (store, lease) => {
        await lease.write({ meta: { serial: 5, cause: "apply", run: "r1" }, putObjects: [makeRow("kept")] });
        const before = await readAll(store);
        await expect(lease.write({ ...makeFullChange("bad"), meta: { serial: 4 } })).rejects.toThrow(/only rises/);
        await expect(lease.write({ ...makeFullChange("bad"), putOutputs: { x: { value: 1n, secret: false } } })).rejects.toThrow(TypeError);
        if (subject.countCommits) {
          // The last part breaks a constraint, when all others were carried out.
          const nameless = makeRunRow(null as unknown as string);
          await expect(lease.write({ ...makeFullChange("bad", 6), putRun: nameless })).rejects.toThrow(/null/i);
        }
        expect(await readAll(store)).toEqual(before);
        await lease.write(makeFullChange("good", 6));
        expect(sortRows(await store.readObjects())).toEqual([makeRow("good-row")]);
      }),
    );

    run("a reader sees whole commits only, while another writes", async (subject) => {
      const [writer, reader] = [await subject.open(), await subject.open()];
      const lease = await take(writer);
      const rounds = 40;
      await lease.write({ putObjects: [makeRow("a", "0"), makeRow("b", "0")] });
      let done = false;
      const writing = (async () => {
        for (let round = 1; round <= rounds; round++)
          await lease.write({ putObjects: [makeRow("a", `${round}`), makeRow("b", `${round}`)] });
        done = true;
      })();
      const seen: string[] = [];
      while (!done) {
        const [a, b] = sortRows(await reader.readObjects()) ?? [];
        expect(a?.props).toEqual(b?.props);
        seen.push(String(a?.props.CidrBlock));
        await new Promise((next) => setImmediate(next));
      }
      await writing;
      expect([...seen].sort((x, y) => Number(x) - Number(y))).toEqual(seen);
      await lease.release();
      await writer.close();
      await reader.close();
    });
  });

  describe("journal, runs, outputs", () => {
    run("open entries are found in the order they were made, ended ones only when asked for", async (subject) =>
      withLease(subject, async (store, lease) => {
        await lease.write({ putJournal: [makeEntry("z", "intended"), makeEntry("a", "intended")] });
        await lease.write({ putJournal: [makeEntry("m", "unresolved")] });
        await lease.write({ putJournal: [makeEntry("z", "acknowledged", { id: "vpc-1" })] });
        expect((await store.readJournal()).map((found) => [found.operation, found.state])).toEqual([
          ["z", "acknowledged"],
          ["a", "intended"],
          ["m", "unresolved"],
        ]);
        expect(await store.readEnded("all")).toEqual([]);
        await lease.write({ putJournal: [makeEntry("z", "happened"), makeEntry("m", "never")], putObjects: [makeRow("z")] });
        await lease.write({ putJournal: [makeEntry("gone", "released")] });
        expect((await store.readJournal()).map(({ operation }) => operation)).toEqual(["a"]);
        expect((await store.readEnded(["z", "a", "other"])).map((found) => found.state)).toEqual(["happened"]);
        expect([...(await store.readEnded("all"))].map(({ operation }) => operation).sort()).toEqual(["gone", "m", "z"]);
        expect(await store.readEnded([])).toEqual([]);
      }),
    );

    run("ended entries and places of creates are kept for 30 days, open ones as long as they are open", async (subject) => {
      const store = await subject.open();
      const first = await take(store);
      await first.write({ putJournal: [makeEntry("old", "happened"), makeEntry("open", "intended")] });
      await first.release();
      await subject.pass(29 * 86_400_000);
      const second = await take(store, "second");
      await second.write({ putJournal: [makeEntry("young", "failed", { type: "test.Other" })] });
      await second.release();
      expect((await store.readEnded(["old", "young"])).length).toBe(2);
      await subject.pass(2 * 86_400_000);
      expect((await store.readMade()).map(({ type }) => type)).toEqual(["test.Other"]);
      await (await take(store, "third")).release();
      expect((await store.readEnded("all")).map(({ operation }) => operation)).toEqual(["young"]);
      expect((await store.readJournal()).map(({ operation }) => operation)).toEqual(["open"]);
      await store.close();
    });

    run("where creates were sent is told once for each type and cloud, whatever became of them", async (subject) =>
      withLease(subject, async (store, lease) => {
        const elsewhere = makeRow("e", "", { cloud: "aws.eu", settings: { region: "eu", deep: { list: [1, 2] } } });
        await lease.write({
          putJournal: [makeEntry("1", "intended"), makeEntry("2", "failed"), makeEntry("3", "intended", { row: elsewhere })],
        });
        const same = makeRow("e", "", { cloud: "aws.eu", settings: { deep: { list: [1, 2] }, region: "eu" } });
        await lease.write({ putJournal: [makeEntry("1", "never"), makeEntry("4", "happened", { row: same })] });
        const update = { action: "update", type: "test.Updated", step: { key: "tag", operation: "x:Tag", replay: "idempotent" } } as const;
        await lease.write({ putJournal: [makeEntry("5", "intended", update)] });
        const made = [...(await store.readMade())].sort((a, b) => a.cloud.localeCompare(b.cloud));
        expect(made).toEqual([
          { type: "test.Vpc", cloud: "aws", provider: "aws", settings: { region: "r" } },
          { type: "test.Vpc", cloud: "aws.eu", provider: "aws", settings: { region: "eu", deep: { list: [1, 2] } } },
        ]);
      }),
    );

    run("runs are read newest first, and one that is told again keeps its place", async (subject) =>
      withLease(subject, async (store, lease) => {
        await lease.write({ putRun: makeRunRow("one") });
        await Promise.all([lease.write({ putRun: makeRunRow("two") }), lease.write({ putRun: makeRunRow("three") })]);
        await lease.write({ putRun: makeRunRow("one", { result: "done", endedAt: 9 }) });
        expect((await store.readRuns(2)).map(({ id }) => id)).toEqual(["three", "two"]);
        expect(await store.readRun("one")).toEqual(makeRunRow("one", { result: "done", endedAt: 9 }));
      }),
    );

    run("outputs are replaced and removed by name", async (subject) =>
      withLease(subject, async (store, lease) => {
        await lease.write({ putOutputs: { a: { value: { $secret: "hmac:x" }, secret: true }, b: { value: null, secret: false } } });
        await lease.write({ putOutputs: { b: { value: [1, "2"], secret: false }, never: null } });
        await lease.write({ putOutputs: { a: null } });
        expect(await store.readOutputs()).toEqual({ b: { value: [1, "2"], secret: false } });
      }),
    );
  });
}
