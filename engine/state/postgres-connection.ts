// One connection to a PostgreSQL server, made when it is first needed and made anew when it broke. Only statements that may be repeated go through
// it: which of two lost ones arrived is never guessed here.

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Client, ClientConfig } from "pg";
import type { PostgresLocation, PostgresTls } from "./postgres-location.ts";
import { findPassword } from "./postgres-password.ts";

export interface PostgresConnection {
  /** Connects; waits `patience` milliseconds only for a server that starts or is full. */
  connect(patience: number): Promise<void>;
  /** Runs one statement. A broken connection is made anew, and the statement repeated, until `patience` milliseconds have passed. */
  query<Row>(sql: string, values: readonly unknown[], patience: number): Promise<Answer<Row>>;
  /** Runs several statements of one transaction, once. */
  transact<Result>(run: (client: Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** It was sent before, and its answer lost: what it was to do may have been done by then. */
  readonly repeated: boolean;
}

/** A statement without an answer for so long is given up with its connection. Reading 100,000 rows takes seconds. */
const answerDeadline = 120_000;

export function createPostgresConnection(location: PostgresLocation): PostgresConnection {
  let connecting: Promise<Client> | undefined;
  let closed = false;

  const connect = (): Promise<Client> => {
    if (connecting) return connecting;
    const made = openClient(location);
    const forget = (): void => {
      if (connecting === made) connecting = undefined;
    };
    made.then((client) => client.on("error", forget).on("end", forget), forget);
    connecting = made;
    return made;
  };

  /** The driver wants one statement at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  const takeTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(run);
    turn = next.catch(() => {});
    return next;
  };

  /** Runs until it succeeds, fails for good, or the time is up. */
  const persist = async <Result>(patience: number, isWorthIt: (error: unknown) => boolean, run: () => Promise<Result>): Promise<Result> => {
    const giveUp = performance.now() + patience;
    for (let attempt = 0; ; attempt++) {
      try {
        return await run();
      } catch (error) {
        if (closed || !isWorthIt(error) || performance.now() >= giveUp) throw error;
        await delay(Math.random() * Math.min(2000, 50 * 2 ** Math.min(attempt, 6)));
      }
    }
  };

  return {
    connect: async (patience) => {
      await persist(patience, isBusy, connect);
    },
    query: <Row>(sql: string, values: readonly unknown[], patience: number) => {
      let sent = 0;
      const send = async (): Promise<Answer<Row>> => {
        const client = await connect();
        sent += 1;
        try {
          const { rows } = await answerWithin(client, client.query({ text: sql, values: [...values] }));
          return { rows: rows as readonly Row[], repeated: sent > 1 };
        } catch (error) {
          if (isBroken(error)) destroyClient(client);
          throw error;
        }
      };
      return persist(patience, isPassing, () => takeTurn(send));
    },
    transact: (run) =>
      takeTurn(async () => {
        const client = await connect();
        await client.query("BEGIN");
        try {
          const result = await run(client);
          await client.query("COMMIT");
          return result;
        } catch (error) {
          await client.query("ROLLBACK").catch(() => {});
          throw error;
        }
      }),
    close: async () => {
      closed = true;
      const client = await connecting?.catch(() => undefined);
      connecting = undefined;
      await client?.end().catch(() => {});
    },
  };
}

async function answerWithin<Result>(client: Client, answer: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => destroyClient(client), answerDeadline);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

/** Without a farewell: the server may not be there to hear it. */
function destroyClient(client: Client): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: { destroy(error: Error): void } } };
  connection.stream.destroy(new Error("the server gives no answer"));
}

/** Connects once. `pg` is loaded here, for states that lie in PostgreSQL only. */
async function openClient(location: PostgresLocation): Promise<Client> {
  const { default: pg } = await import("pg");
  const client = new pg.Client(makeConfig(location));
  // Told by the statement that is under way; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    // The driver leaves the socket of a failed login open, and the server would wait for the rest of it.
    destroyClient(client);
    throw error;
  }
}

function makeConfig(location: PostgresLocation): ClientConfig {
  const { host, port, user, database, tls } = location;
  const config: ClientConfig = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
    ...(tls === undefined ? {} : { ssl: makeTls(tls) }),
    application_name: "koine",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 15_000,
  };
  // Read by us: the driver's own reading of the password file is deprecated, and says so on stderr.
  return { ...config, password: () => findPassword(nameServer(location)) ?? "" };
}

/** Host, port, database and user as the driver will choose them. */
export function nameServer({ host, port, user, database }: PostgresLocation): {
  host: string;
  port: number;
  database: string;
  user: string;
} {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE, USER, USERNAME } = process.env;
  // Empty is unset, as the driver has it: a pipeline hands over empty what its project has not set.
  const role = user ?? (PGUSER || USER || USERNAME || "");
  // A host that begins with a slash is the folder of a socket, which the password file calls localhost.
  const name = host ?? (PGHOST || "localhost");
  return {
    host: name.startsWith("/") ? "localhost" : name,
    port: port ?? Number(PGPORT || 5432),
    user: role,
    database: database ?? (PGDATABASE || role),
  };
}

/** `require` encrypts and trusts any server, unless a root certificate is named: as libpq has it. */
function makeTls({ mode, root, certificate, key }: PostgresTls): NonNullable<ClientConfig["ssl"]> {
  if (mode === "disable") return false;
  const verified = mode !== "require" || root !== undefined;
  return {
    rejectUnauthorized: verified,
    ...(verified && mode !== "verify-full" ? { checkServerIdentity: () => undefined } : {}),
    ...(root === undefined ? {} : { ca: readFileSync(root, "utf8") }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate, "utf8") }),
    ...(key === undefined ? {} : { key: readFileSync(key, "utf8") }),
  };
}

interface ServerError {
  readonly code?: string;
  readonly severity?: string;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const passingCodes = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now: it is starting
  "53300", // too_many_connections
  "40001", // serialization_failure
  "40P01", // deadlock_detected
]);

/** Whether the server only asks to come again. */
function isBusy(error: unknown): boolean {
  const { code, severity } = error as ServerError;
  return severity !== undefined && (code === "53300" || code === "57P03");
}

/** Whether it may go well when it is tried again. */
function isPassing(error: unknown): boolean {
  const { code, severity } = error as ServerError;
  // Told by the server.
  if (severity !== undefined) return code !== undefined && (passingCodes.has(code) || code.startsWith("08"));
  return isBroken(error);
}

const brokenCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ENOTFOUND",
]);

/** Whether the connection is of no use any more. */
export function isBroken(error: unknown): boolean {
  const { code, severity } = error as ServerError;
  if (severity !== undefined) return code !== undefined && (code.startsWith("57P0") || code.startsWith("08"));
  if (code !== undefined && brokenCodes.has(code)) return true;
  return (
    error instanceof Error &&
    /^Connection terminated|not queryable|was closed|timeout expired|gives no answer|timeout exceeded/.test(error.message)
  );
}
