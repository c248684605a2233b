// What a PostgreSQL server refuses, told with the fix. No text here repeats a password, nor what the driver says of its settings.

import { isBroken, nameServer } from "./postgres-connection.ts";
import type { PostgresLocation } from "./postgres-location.ts";
import type { StateProblem } from "./state-problem.ts";

interface Failure {
  readonly code?: string;
  readonly severity?: string;
  readonly message?: string;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html. Undefined for what is neither the server's nor the network's. */
export function describePostgresFailure(error: unknown, location: PostgresLocation): StateProblem | undefined {
  const { host, port, database, user } = nameServer(location);
  const server = `the PostgreSQL server at ${host}:${port}`;
  const { code = "", severity, message = "" } = error as Failure;
  if (severity === undefined) return describeConnection(error, server);
  const { schema } = location;
  switch (code) {
    case "28P01":
      return {
        message: `${server} refuses the password of the role \`${user}\``,
        hint: "set `PGPASSWORD`, or keep the password in `~/.pgpass` (or the file of `PGPASSFILE`, mode 0600)",
      };
    case "28000":
      return {
        message: `${server} refuses the role \`${user}\`: ${message}`,
        hint: "correct the user or the sslmode in `state:`, or ask for access in the server's pg_hba.conf",
      };
    case "3D000":
      return {
        message: `${server} has no database \`${database}\``,
        hint: `make it, for example with \`createdb -h ${host} -p ${port} ${database}\`, or correct \`state:\``,
      };
    case "42501":
      return {
        message: `the role \`${user}\` may not do what the state needs in \`${database}\`: ${message}`,
        hint: `let it make the schema (\`GRANT CREATE ON DATABASE ${database} TO ${user}\`), or make it beforehand: \`CREATE SCHEMA ${schema} AUTHORIZATION ${user}\``,
      };
    case "53300":
      return { message: `${server} has no connection left`, hint: "try again later, or raise its `max_connections`" };
    case "57P03":
      return { message: `${server} takes no connections yet: ${message}`, hint: "try again in a moment" };
    case "25006":
      return { message: `${server} is read-only: ${message}`, hint: "name the primary server in `state:`, not a standby" };
    case "53100":
      return { message: `${server} has no space left: ${message}`, hint: "free space on it; what was recorded before is safe" };
    default:
      return {
        message: `${server} refuses (${code}): ${message}`,
        hint: "mend it there, and run the command again; what was recorded before is safe",
      };
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be looked up now",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "no way there",
  ENETUNREACH: "no way there",
  ENOENT: "no such socket or certificate file",
};

const certificateCodes = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID)$/;

function describeConnection(error: unknown, server: string): StateProblem | undefined {
  const { code = "", message = "" } = error as Failure;
  if (/^SASL: .*client password must be/.test(message)) {
    return {
      message: `${server} asks for a password, and there is none`,
      hint: "set `PGPASSWORD`, or keep it in `~/.pgpass` (or the file of `PGPASSFILE`, mode 0600)",
    };
  }
  if (/^SASL: /.test(message))
    return { message: `${server} and this client cannot agree on a password check`, hint: "look whether that is the server you mean" };
  if (message === "The server does not support SSL connections")
    return { message: `${server} has no TLS`, hint: "use `sslmode=disable` where the network is trusted, or switch TLS on in the server" };
  if (certificateCodes.test(code)) {
    return {
      message: `the certificate of ${server} is not trusted (${code})`,
      hint: "name the authority's file: `sslrootcert=…`, or use `sslmode=require` to encrypt only",
    };
  }
  if (code in words || isBroken(error)) {
    return {
      message: `${server} cannot be reached: ${words[code] ?? "the connection ended"}`,
      hint: "start it, or correct host and port in `state:`; what was recorded before is safe",
    };
  }
  return undefined;
}
