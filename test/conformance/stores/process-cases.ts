// Stores between processes: one dies with the lock in its hand, many begin at once.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StateStore } from "../../../engine/state/store.ts";
import { take } from "./subject.ts";

const script = join(import.meta.dirname, "other-process.ts");

function startProcess(location: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [script, location, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

export interface SharedPlace {
  /** A path or URL where nothing is yet. */
  readonly location: string;
  open(): Promise<StateStore>;
}

export function describeProcesses(name: string, start: () => Promise<SharedPlace>, count: number): void {
  describe(`processes on ${name}`, () => {
    test("a holder that is killed: what it wrote is there, and the next takes over at once with a higher fence", async () => {
      const place = await start();
      const child = startProcess(place.location, "hold");
      if (!child.stdout) throw new Error("no output");
      await once(child.stdout, "data");
      const store = await place.open();
      const refused = await store.acquire({ id: "second", description: "second" }, 60_000);
      if (!("heldBy" in refused)) throw new Error("taken from a living holder");
      expect(refused.heldBy.process?.pid).toBe(child.pid);
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      const lease = await take(store, "third");
      expect(lease.fence).toBe(2);
      expect((await store.readObjects()).map(({ object }) => object)).toEqual([`held-${child.pid}`]);
      await lease.release();
      await store.close();
    });

    test(`${count} processes begin where nothing is: one state is made, and every write of each is kept`, async () => {
      const place = await start();
      const rows = 3;
      const children = Array.from({ length: count }, () => startProcess(place.location, "write", String(rows)));
      const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
      expect(codes).toEqual(children.map(() => 0));
      const store = await place.open();
      const expected = children.flatMap(({ pid }) => Array.from({ length: rows }, (_, n) => `by-${pid}-${n}`)).sort();
      expect([...(await store.readObjects()).map(({ object }) => object)].sort()).toEqual(expected);
      expect((await take(store)).fence).toBe(count + 1);
      await store.close();
    });
  });
}
