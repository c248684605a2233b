// What is written for a change does not depend on how much the state holds: counted bytes at 100, 1,000 and 10,000 objects.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  countSqliteLog,
  type MeasuredPlace,
  measureApplyBytes,
  measureStoreBytes,
  renderStateBytes,
  type StateBytes,
} from "../../../bench/measure-state-bytes.ts";
import { isMissing, locateState, startPostgres } from "../../support/postgres-server.ts";
import { useProxiedDatabase } from "../../support/proxied-database.ts";
import { openPostgres } from "./postgres-subject.ts";
import { makeFolder, openSqlite } from "./sqlite-subject.ts";

const sizes = [100, 1000, 10_000];
const operations = 5;

/** Every size within `slack` bytes of the smallest, for each operation; and the rows themselves all but the same. */
function expectConstant(results: readonly StateBytes[], slack: number): void {
  console.log(renderStateBytes(results));
  const [smallest] = results;
  for (const result of results) {
    expect(result.written).toBeGreaterThan(result.rows);
    expect(Math.abs(result.rows - (smallest?.rows ?? 0))).toBeLessThanOrEqual(16 * operations);
    expect(Math.abs(result.written - (smallest?.written ?? 0))).toBeLessThanOrEqual(slack * operations);
  }
}

async function measureEach(
  measure: typeof measureStoreBytes,
  at: readonly number[],
  open: () => Promise<MeasuredPlace>,
): Promise<readonly StateBytes[]> {
  const results: StateBytes[] = [];
  for (const objects of at) results.push(await measure(objects, operations, open));
  return results;
}

describe("state bytes on sqlite", () => {
  const open = async (): Promise<MeasuredPlace> => {
    const path = join(makeFolder(), ".koine", "state.db");
    const store = openSqlite(path);
    let count: (() => number) | undefined;
    return {
      store,
      count: () => {
        count ??= countSqliteLog(path);
        return count();
      },
    };
  };
  // A page of a tree splits now and then, whatever the size: up to three pages of 4 KiB and their headers for an operation.
  const pages = 3 * 4120;

  test("for each operation of the store alone", async () => expectConstant(await measureEach(measureStoreBytes, sizes, open), pages));

  test("for each operation of a whole apply", async () => expectConstant(await measureEach(measureApplyBytes, [100, 1000], open), pages));
});

const server = await startPostgres();

describe.skipIf(isMissing(server))("state bytes on postgres", () => {
  const scene = useProxiedDatabase(server);
  let made = 0;
  const open = async (): Promise<MeasuredPlace> => {
    const url = new URL(locateState(scene.database, `s${made++}`));
    url.port = String(scene.proxy.port);
    return { store: await openPostgres(url.href), count: scene.proxy.sent };
  };

  test("for each operation of the store alone, over the wire", async () =>
    expectConstant(await measureEach(measureStoreBytes, sizes, open), 64));
});
