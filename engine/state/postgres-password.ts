// The password for a PostgreSQL role, from where every PostgreSQL client looks: `PGPASSWORD`, else the password file.
// https://www.postgresql.org/docs/current/libpq-pgpass.html

import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface PasswordPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** Undefined when there is none. */
export function findPassword(
  place: PasswordPlace,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (variables.PGPASSWORD) return variables.PGPASSWORD;
  const file =
    variables.PGPASSFILE ||
    (process.platform === "win32" ? join(variables.APPDATA ?? "", "postgresql", "pgpass.conf") : join(homedir(), ".pgpass"));
  let text: string;
  try {
    // As libpq does: a password file that others can read is not used.
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) return undefined;
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const wanted = [place.host, String(place.port), place.database, place.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitFields(line);
    const [password] = fields.slice(4);
    if (password === undefined) continue;
    if (wanted.every((value, index) => fields[index] === "*" || readEscapes(fields[index] ?? "") === value)) return readEscapes(password);
  }
  return undefined;
}

/** Four fields, each up to a colon that no backslash precedes, and the rest. */
function splitFields(line: string): readonly string[] {
  return /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*)$/.exec(line)?.slice(1) ?? [];
}

function readEscapes(field: string): string {
  return field.replace(/\\(.)/g, "$1");
}
