// `postgres://user@host:5432/database?state=shop`: where a state lies in a PostgreSQL server. Judged without reaching it; a password never stands here.

import type { StateProblem } from "./state-problem.ts";

export interface PostgresLocation {
  /** Without a password: may be shown. */
  readonly text: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly database?: string;
  /** Name of the state; one database holds many. */
  readonly state: string;
  readonly schema: string;
  readonly tls?: PostgresTls;
}

export interface PostgresTls {
  /** As libpq has them: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
  readonly mode: "disable" | "require" | "verify-ca" | "verify-full";
  /** Files in PEM. */
  readonly root?: string;
  readonly certificate?: string;
  readonly key?: string;
}

const example = "for example `postgres://deploy@db.example.com:5432/koine?state=shop`";
const stateName = /^[A-Za-z0-9][A-Za-z0-9._@/-]{0,127}$/;
const schemaName = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const modes = ["disable", "require", "verify-ca", "verify-full"] as const;
const parameters = ["state", "schema", "sslmode", "sslrootcert", "sslcert", "sslkey"];

export function isPostgresLocation(text: string): boolean {
  return /^postgres(ql)?:/.test(text);
}

/** Reads the URL. The problem never repeats a password. */
export function parsePostgresLocation(text: string): { readonly location: PostgresLocation } | { readonly problem: StateProblem } {
  const refuse = (message: string, hint = example) => ({ problem: { message, hint } });
  let url: URL;
  // Without them the rest would count as one name, and be shown: a password in it too.
  if (!/^postgres(ql)?:\/\//.test(text)) return refuse("the state location lacks the `//` of a URL");
  try {
    url = new URL(text);
  } catch {
    return refuse(
      "the state location is not a URL that can be read",
      `${example}; leave out user or host to take \`PGUSER\` or \`PGHOST\``,
    );
  }
  if (url.password !== "" || url.searchParams.has("password")) {
    return refuse(
      "the state location holds a password, and koine.yaml is no place for one",
      "remove it, and set `PGPASSWORD`, or keep it in the password file `~/.pgpass` (or that of `PGPASSFILE`)",
    );
  }
  if (url.hash !== "") return refuse("the state location has a `#` part", "write `%23` where a name holds a `#`");
  for (const name of url.searchParams.keys()) {
    if (!parameters.includes(name)) return refuse(`the state location has no parameter \`${name}\``, `known: ${parameters.join(", ")}`);
  }
  const state = url.searchParams.get("state");
  if (state === null || state === "") {
    return refuse("the state location does not say which state: one database holds many", `add \`?state=NAME\`, ${example}`);
  }
  if (!stateName.test(state))
    return refuse(`\`${state}\` cannot name a state`, "use up to 128 letters, digits and `.`, `_`, `@`, `/`, `-`");
  const schema = url.searchParams.get("schema") ?? "koine";
  if (!schemaName.test(schema)) return refuse(`\`${schema}\` cannot name a schema`, "use up to 63 letters, digits and `_`");
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && !isMode(mode)) {
    return refuse(`the sslmode \`${mode}\` is not available`, `use ${modes.map((known) => `\`${known}\``).join(", ")}`);
  }
  let parts: Pick<PostgresLocation, "host" | "user" | "database">;
  try {
    parts = readParts(url);
  } catch {
    return refuse("the state location holds a `%` that stands for no character", "write `%25` for a `%`");
  }
  const files = {
    ...pick("root", url.searchParams.get("sslrootcert")),
    ...pick("certificate", url.searchParams.get("sslcert")),
    ...pick("key", url.searchParams.get("sslkey")),
  };
  return {
    location: {
      text: url.href,
      ...parts,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      state,
      schema,
      ...(mode === null ? {} : { tls: { mode, ...files } }),
    },
  };
}

/** The same place, for another state: that of an environment which names none. */
export function renameState(location: PostgresLocation, state: string): string {
  const url = new URL(location.text);
  url.searchParams.set("state", state);
  return url.href;
}

function readParts(url: URL): Pick<PostgresLocation, "host" | "user" | "database"> {
  return {
    ...pick("host", decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1")),
    ...pick("user", decodeURIComponent(url.username)),
    ...pick("database", decodeURIComponent(url.pathname.slice(1))),
  };
}

function pick<Name extends string>(name: Name, value: string | null): { readonly [Key in Name]?: string } {
  return (value === null || value === "" ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}

function isMode(text: string): text is PostgresTls["mode"] {
  return (modes as readonly string[]).includes(text);
}
