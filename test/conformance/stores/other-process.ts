// A process of its own that works on a state: `node other-process.ts LOCATION DOING`, where the location is a path or a URL. `hold` takes the lock,
// writes a row and waits to be killed; `write N` takes the lock when it is free and writes N rows, one commit each.

import { setTimeout as delay } from "node:timers/promises";
import { describeHolder } from "../../../engine/state/holder.ts";
import { isPostgresLocation, parsePostgresLocation } from "../../../engine/state/postgres-location.ts";
import type { Lease, StateStore } from "../../../engine/state/store.ts";
import { makeRow } from "./rows.ts";

const [location = "", doing = "", count = "1"] = process.argv.slice(2);

async function open(): Promise<StateStore> {
  const opened = isPostgresLocation(location)
    ? await openServer()
    : (await import("../../../engine/state/sqlite-store.ts")).openSqliteStore(location);
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  return opened.store;
}

async function openServer() {
  const parsed = parsePostgresLocation(location);
  if ("problem" in parsed) return parsed;
  return (await import("../../../engine/state/postgres-store.ts")).openPostgresStore(parsed.location);
}

async function takeWhenFree(store: StateStore): Promise<Lease> {
  for (;;) {
    const lease = await store.acquire(describeHolder("test"), 60_000);
    if ("fence" in lease) return lease;
    await delay(5 + Math.random() * 20);
  }
}

const store = await open();
const lease = await takeWhenFree(store);
if (doing === "hold") {
  await lease.write({ putObjects: [makeRow(`held-${process.pid}`)] });
  process.stdout.write("held\n");
  setInterval(() => {}, 1000);
} else {
  for (let n = 0; n < Number(count); n++) await lease.write({ putObjects: [makeRow(`by-${process.pid}-${n}`)] });
  await lease.release();
  await store.close();
}
