// A database of its own for a test file, behind a proxy that can lose requests and answers, for as long as the file's tests run.

import { afterAll, beforeAll } from "vitest";
import { type CutProxy, startCutProxy } from "./cut-proxy.ts";
import type { PostgresServer, TestDatabase } from "./postgres-server.ts";

/** Registers the hooks of the surrounding `describe`. The values are there once its tests run. */
export function useProxiedDatabase(server: PostgresServer | { readonly missing: string }): { database: TestDatabase; proxy: CutProxy } {
  const scene = {} as { database: TestDatabase; proxy: CutProxy };
  beforeAll(async () => {
    if ("missing" in server) return;
    scene.database = await server.createDatabase();
    const { hostname, port } = new URL(scene.database.url);
    scene.proxy = await startCutProxy(hostname, Number(port));
  });
  afterAll(async () => {
    await scene.proxy?.close();
    await scene.database?.drop();
  });
  return scene;
}
