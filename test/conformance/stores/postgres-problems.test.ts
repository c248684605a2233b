// What stands between a person and a state in PostgreSQL: each a problem with what to do, and no password in any text.

import { randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parsePostgresLocation, renameState } from "../../../engine/state/postgres-location.ts";
import { findPassword } from "../../../engine/state/postgres-password.ts";
import { openPostgresStore } from "../../../engine/state/postgres-store.ts";
import { StateDamaged } from "../../../engine/state/store.ts";
import { guardedRole, isMissing, locateState, startPostgres, type TestDatabase } from "../../support/postgres-server.ts";
import { openPostgres, readLocation } from "./postgres-subject.ts";
import { makeEntry, makeRow } from "./rows.ts";
import { makeFolder } from "./sqlite-subject.ts";
import { makeHolder, readAll, take } from "./subject.ts";

describe("locations", () => {
  test.each([
    ["postgres://db.example.com/koine", /which state/, /\?state=NAME/],
    ["postgres://u@db.example.com/koine?state=", /which state/, /\?state=NAME/],
    ["postgres://u:hunter2@db/koine?state=shop", /holds a password/, /PGPASSWORD/],
    ["postgres://db/koine?state=shop&password=hunter2", /holds a password/, /\.pgpass/],
    ["postgres://u:hunter2@db:port/koine?state=shop", /can be read/, /for example/],
    ["postgres:u:hunter2@db/koine?state=shop", /lacks the `\/\/`/, /for example/],
    ["postgres://db/koine?state=a%20b", /cannot name a state/, /letters/],
    ["postgres://db/koine?state=a&schema=x;y", /cannot name a schema/, /letters/],
    ["postgres://db/koine?state=a&sslmode=prefer", /sslmode `prefer` is not available/, /verify-full/],
    ["postgres://db/koine?state=a&pool=3", /no parameter `pool`/, /known: state/],
    ["postgres://db/%zz?state=a", /`%`/, /%25/],
  ])("%s", (text, message, hint) => {
    const parsed = parsePostgresLocation(text);
    expect(parsed).toEqual({ problem: { message: expect.stringMatching(message), hint: expect.stringMatching(hint) } });
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });

  test("parts, and the state of an environment beside it", () => {
    const location = readLocation(
      "postgresql://some%40one@[::1]:6432/my%20db?state=shop&schema=infra&sslmode=verify-full&sslrootcert=ca.pem",
    );
    expect(location).toMatchObject({
      host: "::1",
      port: 6432,
      user: "some@one",
      database: "my db",
      state: "shop",
      schema: "infra",
      tls: { mode: "verify-full", root: "ca.pem" },
    });
    expect(readLocation(renameState(location, "shop@prod"))).toEqual({ ...location, text: expect.any(String), state: "shop@prod" });
    expect(readLocation("postgres:///koine?state=shop")).toEqual({
      text: expect.any(String),
      database: "koine",
      state: "shop",
      schema: "koine",
    });
  });

  test("the password file, as libpq reads it", () => {
    const file = join(makeFolder(), "pgpass");
    writeFileSync(file, "# comment\nother:5432:*:*:no\n*:5432:k\\:b:deploy:a\\:b\\\\c\nlocalhost:*:*:*:last:colon\n", { mode: 0o600 });
    const place = { host: "db", port: 5432, database: "k:b", user: "deploy" };
    const find = (more: object, variables: Record<string, string> = {}) =>
      findPassword({ ...place, ...more }, { PGPASSFILE: file, ...variables });
    expect(find({})).toBe("a:b\\c");
    expect(find({ user: "x" })).toBeUndefined();
    expect(find({ host: "localhost", database: "y" })).toBe("last:colon");
    expect(find({}, { PGPASSWORD: "first" })).toBe("first");
    chmodSync(file, 0o644);
    expect(find({})).toBeUndefined();
    expect(find({}, { PGPASSFILE: `${file}-none` })).toBeUndefined();
  });
});

const server = await startPostgres();

describe.skipIf(isMissing(server) || !server.own)("a server that refuses", () => {
  let database: TestDatabase;
  const secret = `hunter-${randomBytes(6).toString("hex")}`;
  beforeAll(async () => {
    if ("missing" in server) return;
    database = await server.createDatabase();
    await database.query(
      `DO $$ BEGIN CREATE ROLE ${guardedRole} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; ALTER ROLE ${guardedRole} PASSWORD '${secret}'`,
    );
  });
  afterAll(async () => database?.drop());

  /** Opening it is a problem that says so; nothing of the environment's password shows. */
  async function expectProblem(text: string, message: RegExp, hint: RegExp): Promise<void> {
    const opened = await openPostgresStore(readLocation(text));
    expect(opened).toEqual({ problem: { message: expect.stringMatching(message), hint: expect.stringMatching(hint) } });
    expect(JSON.stringify(opened)).not.toContain(secret);
  }

  async function withVariables(variables: Record<string, string>, body: () => Promise<void>): Promise<void> {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    try {
      await body();
    } finally {
      vi.unstubAllEnvs();
    }
  }

  const as = (user: string, name = database.name): string => {
    const url = new URL(locateState({ url: database.url }, "shop"));
    url.username = user;
    url.pathname = `/${name}`;
    return url.href;
  };

  test("nobody listens, and nobody is called that", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as { port: number };
    await new Promise((resolve) => gone.close(resolve));
    await expectProblem(`postgres://u@127.0.0.1:${port}/db?state=shop`, /cannot be reached: nothing listens there/, /start it, or correct/);
    await expectProblem("postgres://u@no-such-host.invalid/db?state=shop", /cannot be reached/, /correct host and port/);
  });

  test("a password that is missing, wrong, or right", async () => {
    await withVariables({ PGPASSWORD: "", PGPASSFILE: "/nonexistent" }, () =>
      expectProblem(as(guardedRole), /asks for a password, and there is none/, /PGPASSWORD/),
    );
    await withVariables({ PGPASSWORD: `${secret}x` }, () =>
      expectProblem(as(guardedRole), /refuses the password of the role `guarded`/, /pgpass/),
    );
    await database.query(`GRANT CREATE ON DATABASE ${database.name} TO ${guardedRole}`);
    await withVariables({ PGPASSWORD: secret }, async () => {
      const store = await openPostgres(`${as(guardedRole)}&schema=of_guarded`);
      expect(store.location).not.toContain(secret);
      await store.close();
    });
  });

  test("no such role, no such database, no TLS", async () => {
    await expectProblem(as("nobody_here"), /role "nobody_here" does not exist/, /correct the user/);
    await expectProblem(as("koine", "no_such_db"), /no database `no_such_db`/, /createdb/);
    await expectProblem(`${as("koine")}&sslmode=require`, /has no TLS/, /sslmode=disable/);
    await expectProblem(
      `${as("koine")}&sslmode=verify-full&sslrootcert=/nonexistent.pem`,
      /cannot be reached: no such socket or certificate file/,
      /./,
    );
  });

  test("a role that may not make the schema, and one that may use the one made for it", async () => {
    await database.query("DO $$ BEGIN CREATE ROLE modest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    const text = `${as("modest")}&schema=of_modest`;
    await expectProblem(text, /the role `modest` may not do what the state needs/, /CREATE SCHEMA of_modest AUTHORIZATION modest/);
    await database.query("CREATE SCHEMA of_modest AUTHORIZATION modest");
    await (await openPostgres(text)).close();
    // Once the tables are there, rights on rows are enough.
    await database.query("ALTER SCHEMA of_modest OWNER TO postgres");
    await database.query("REASSIGN OWNED BY modest TO postgres");
    await database.query("GRANT USAGE ON SCHEMA of_modest TO modest");
    await expectProblem(text, /permission denied/, /GRANT|make it beforehand/);
    await database.query("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA of_modest TO modest");
    // To look, it is enough to read.
    await database.query("DO $$ BEGIN CREATE ROLE onlooker LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    await database.query("GRANT USAGE ON SCHEMA of_modest TO onlooker; GRANT SELECT ON ALL TABLES IN SCHEMA of_modest TO onlooker");
    const looked = await openPostgresStore(readLocation(`${as("onlooker")}&schema=of_modest`), { create: false });
    if (!looked || "problem" in looked) throw new Error(JSON.stringify(looked));
    await readAll(looked.store);
    await expect(looked.store.acquire(makeHolder("onlooker"), 1000)).rejects.toThrow(/may not do what the state needs/);
    await looked.store.close();
    const store = await openPostgres(`${text}`.replace("state=shop", "state=other"));
    const lease = await take(store);
    await lease.write({ meta: { serial: 1 }, putObjects: [makeRow("a")], removeObjects: ["b"], putJournal: [makeEntry("1", "intended")] });
    await lease.release();
    await store.close();
  });

  test("a database that cannot hold every text", async () => {
    await database.query("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    await expectProblem(as("postgres", "latin"), /is in LATIN1/, /--encoding=UTF8/);
    await database.query("DROP DATABASE latin");
  });

  test("without `create`, a missing state is nothing, and nothing is made", async () => {
    const schema = "never_made";
    expect(await openPostgresStore(readLocation(`${as("koine")}&schema=${schema}`), { create: false })).toBeUndefined();
    expect(await database.query(`SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`)).toEqual([]);
    await (await openPostgres(as("koine"))).close();
    expect(await openPostgresStore(readLocation(locateState(database, "another")), { create: false })).toBeUndefined();
  });

  test("a newer format is refused, and a run under way stops at its next write", async () => {
    const text = `${as("koine")}&schema=newer`;
    const store = await openPostgres(text);
    const lease = await take(store);
    await lease.write({ putObjects: [makeRow("a")] });
    await database.query("UPDATE newer.format SET number = 99");
    await expect(lease.write({ putObjects: [makeRow("b")] })).rejects.toThrow(/newer Koine has changed the tables/);
    await expectProblem(text, /format 99, and this Koine reads formats up to 2/, /newer Koine/);
    expect((await database.query("SELECT 1 FROM newer.object")).length).toBe(1);
    await store.close();
  });

  test("damaged rows are told by name, with the state they are in", async () => {
    const text = `${as("koine")}&schema=damaged`;
    const store = await openPostgres(text);
    const lease = await take(store);
    await lease.write({ putObjects: [makeRow("a")] });
    await lease.release();
    for (const [body, message] of [
      ["{", /not JSON/],
      ['{"object":1}', /`object` that is not a string/],
    ] as const) {
      await database.query("UPDATE damaged.object SET body = $1", [body]);
      await expect(store.readObjects()).rejects.toThrow(message);
      await expect(store.readObjects()).rejects.toThrow(StateDamaged);
      await expect(store.readObjects()).rejects.toThrow("state=shop");
    }
    await store.close();
  });

  test("a commit is durable before it is told, even where the database is set to be lax", async () => {
    await database.query(`ALTER DATABASE ${database.name} SET synchronous_commit = off`);
    const store = await openPostgres(as("koine"));
    const lease = await take(store);
    for (let n = 0; n < 5; n++) {
      await lease.write({ putObjects: [makeRow("a", String(n))] });
      const [row] = await database.query<{ behind: string }>("SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn() AS behind");
      expect(Number(row?.behind)).toBe(0);
    }
    await lease.release();
    await store.close();
    await database.query(`ALTER DATABASE ${database.name} RESET synchronous_commit`);
  });
});
