// The command line with its state in PostgreSQL: the same commands, the lock between processes, and a `kill -9` at a write whose request is lost, or
// arrives when its sender is long dead. The clouds are the embedded ones, called as real ones are, so that `state:` counts.

import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { clouds, tallyClouds } from "../support/clouds.ts";
import { isMissing, locateState, startPostgres } from "../support/postgres-server.ts";
import { useProxiedDatabase } from "../support/proxied-database.ts";
import { cleanEnvironment, expectKoine, makeStack, root, runKoine, worldOf } from "../support/run-koine.ts";

const source = `
stack shop
${clouds.aws.block}
network main { cidr = 10.0.0.0/16, internet = false }
subnet a { network = main, cidr = 10.0.0.0/24, public = false }
firewall web {
  network = main
  allow tcp 80 from 10.0.0.0/8
}
output id = main.id
`;

/** The embedded clouds of a folder, served as long as the process runs, with what a caller's environment needs. */
async function serveClouds(folder: string): Promise<{ readonly child: ChildProcess; readonly environment: Record<string, string> }> {
  const child = spawn(join(root, "bin", "koine"), ["-C", folder, "simulate", "--port", "0"], {
    env: cleanEnvironment({}),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let told = "";
  for await (const text of child.stdout?.setEncoding("utf8") ?? []) {
    told += text;
    if (told.includes("KOINE_SIMULATE_AT=")) break;
  }
  const exports = [...told.matchAll(/^export (\w+)=(.*)$/gm)].filter(([, name]) => name !== "KOINE_SIMULATE_AT");
  return { child, environment: Object.fromEntries(exports.map(([, name = "", value = ""]) => [name, value])) };
}

const server = await startPostgres();

describe.skipIf(isMissing(server))("state in postgres", () => {
  const scene = useProxiedDatabase(server);
  const served: ChildProcess[] = [];
  afterAll(() => {
    for (const child of served) child.kill("SIGKILL");
  });

  let made = 0;
  async function startStack() {
    const state = `shop${made++}`;
    const location = new URL(locateState(scene.database, state));
    location.port = String(scene.proxy.port);
    const folder = makeStack({ "main.koine": source, "koine.yaml": `state: ${location.href}\nenvironments: { prod: {} }\n` });
    const { child, environment } = await serveClouds(folder);
    served.push(child);
    // Requests to these clouds never land late; to real ones a run waits five minutes before it takes a lost create for one that never was.
    return { folder, state, options: { environment: { ...environment, KOINE_LATE_EFFECT_MS: "1" } } };
  }

  test("plan, apply, outputs, history, environments, destroy", { timeout: 300_000 }, async () => {
    const { folder, state, options } = await startStack();
    await expectKoine(folder, ["plan", "--detailed-exitcode"], 2, options);
    // A plan writes nothing, not even the tables.
    expect(await scene.database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'koine'")).toEqual([]);
    await expectKoine(folder, ["apply", "--yes"], 0, options);
    await expectKoine(folder, ["plan", "--detailed-exitcode"], 0, options);
    expect((await expectKoine(folder, ["output", "--raw", "id"], 0, options)).stdout).toMatch(/^vpc-/);
    expect((await expectKoine(folder, ["state", "list"], 0, options)).stdout).toContain("network.main:vpc");
    expect((await expectKoine(folder, ["state", "history"], 0, options)).stdout).toContain("apply");
    // What the environment has is its own, beside it in the same database.
    expect((await expectKoine(folder, ["--env", "prod", "state", "list"], 0, options)).stdout).toContain("Nothing is under management");
    await expectKoine(folder, ["--env", "prod", "apply", "--yes"], 0, options);
    const states = await scene.database.query<{ state: string }>("SELECT state FROM koine.state ORDER BY state");
    expect(states.map((row) => row.state)).toEqual([state, `${state}@prod`]);
    await expectKoine(folder, ["--env", "prod", "destroy", "--yes"], 0, options);
    await expectKoine(folder, ["plan", "--detailed-exitcode"], 0, options);
    // A simulated run leaves it alone.
    expect((await expectKoine(folder, ["state", "list", "--simulate"], 0, options)).stdout).toContain("Nothing is under management");
  });

  test("a wrong location is told with the fix, exit 1, and shows no password", async () => {
    const folder = makeStack({ "main.koine": source });
    const secret = "hunter2";
    for (const [location, fix] of [
      [`postgres://koine:${secret}@127.0.0.1/db?state=shop`, "PGPASSWORD"],
      ["postgres://koine@127.0.0.1/db", "?state=NAME"],
      [locateState({ url: scene.database.url.replace(scene.database.name, "no_such_db") }, "shop"), "createdb"],
      ["postgres://koine@127.0.0.1:1/db?state=shop", "correct host and port"],
    ] as const) {
      writeFileSync(join(folder, "koine.yaml"), `state: ${location}\n`);
      const { stderr } = await expectKoine(folder, ["state", "list"], 1, { environment: { PGPASSWORD: secret } });
      expect(stderr).toContain(fix);
      expect(stderr).not.toContain(secret);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  /** Writes at which the first apply dies. */
  const points = process.env.KOINE_KILLS?.split(",").map(Number) ?? [3];

  test.each(points.flatMap((n) => [[n, "before the next run"] as const, [n, "after it"] as const]))(
    "killed at write %i, which arrives %s: nothing is lost, nothing made twice",
    { timeout: 300_000 },
    async (n, arrival) => {
      const { folder, state, options } = await startStack();
      await expectKoine(folder, ["plan"], 0, options);
      const cuts = scene.proxy.cuts();
      scene.proxy.cutAt("WITH held AS", "late", n);
      const dying = runKoine(folder, ["apply", "--yes"], options);
      while (scene.proxy.cuts() === cuts) await delay(10);
      scene.proxy.refuse(true);
      try {
        const [row] = await scene.database.query<{ holder: string }>("SELECT holder FROM koine.state WHERE state = $1", [state]);
        process.kill((JSON.parse(row?.holder ?? "") as { process: { pid: number } }).process.pid, "SIGKILL");
        expect((await dying).signal).toBe("SIGKILL");
      } finally {
        scene.proxy.refuse(false);
      }
      if (arrival === "before the next run") await scene.proxy.deliver();
      await expectKoine(folder, ["apply", "--yes"], 0, options);
      if (arrival === "after it") await scene.proxy.deliver();
      await expectKoine(folder, ["plan", "--detailed-exitcode"], 0, options);
      const objects = Object.entries(tallyClouds(worldOf(folder))).filter(
        ([name]) => name.includes("network.main") || name.includes("subnet.a"),
      );
      expect(objects.length).toBeGreaterThan(2);
      for (const [name, count] of objects) expect([name, count]).toEqual([name, 1]);
    },
  );
});
