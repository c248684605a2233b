import { afterEach, expect, test, vi } from "vitest";
import { nameServer } from "./postgres-connection.ts";
import { parsePostgresLocation } from "./postgres-location.ts";

afterEach(() => vi.unstubAllEnvs());

test("variables that are set but empty count as absent, as for the driver", () => {
  const parsed = parsePostgresLocation("postgres:///koine?state=shop");
  if (!("location" in parsed)) throw new Error(parsed.problem.message);
  for (const name of ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE"]) vi.stubEnv(name, "");
  vi.stubEnv("USER", "deploy");
  expect(nameServer(parsed.location)).toEqual({ host: "localhost", port: 5432, database: "koine", user: "deploy" });
  vi.stubEnv("PGUSER", "plan");
  vi.stubEnv("PGPORT", "6543");
  expect(nameServer(parsed.location)).toMatchObject({ port: 6543, user: "plan" });
});
