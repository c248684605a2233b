// The state of a project, opened as its location says, with the keeper of its secrets.

import { existsSync } from "node:fs";
import { isPostgresLocation, parsePostgresLocation } from "../engine/state/postgres-location.ts";
import type { openPostgresStore } from "../engine/state/postgres-store.ts";
import { loadRootKey } from "../engine/state/root-key.ts";
import { type SecretKeeper, SecretKeyMissing } from "../engine/state/secret-keeper.ts";
import { createSecretKeeper } from "../engine/state/secrets.ts";
import { openSqliteStore } from "../engine/state/sqlite-store.ts";
import type { StateProblem } from "../engine/state/state-problem.ts";
import type { StateStore } from "../engine/state/store.ts";
import type { CommandContext } from "./command-context.ts";
import type { Project } from "./project/load-project.ts";
import { judgeOwnFolder } from "./project/own-folder.ts";

/** The store; undefined when there is none yet and none is to be made. */
export async function openState(
  project: Project,
  create: boolean,
): Promise<{ readonly store?: StateStore } | { readonly problem: StateProblem }> {
  const unsafe = judgeOwnFolder(project.folder);
  if (unsafe !== undefined)
    return { problem: { message: unsafe, hint: "it holds state, keys and simulated worlds, and must be yours alone" } };
  const location = project.paths.state;
  const opened = isPostgresLocation(location) ? await openInServer(location, create) : openSqliteStore(location, { create });
  return opened ?? {};
}

/** The code that speaks to a server is loaded only for a state in one. */
async function openInServer(location: string, create: boolean): ReturnType<typeof openPostgresStore> {
  const parsed = parsePostgresLocation(location);
  if ("problem" in parsed) return parsed;
  const { openPostgresStore } = await import("../engine/state/postgres-store.ts");
  return openPostgresStore(parsed.location, { create });
}

export function openSecretKeeper({ paths }: Project): SecretKeeper {
  return createSecretKeeper(() => {
    // Each machine would make a key of its own, and none could read what another sealed.
    if (isPostgresLocation(paths.state) && !process.env.KOINE_KEY && !existsSync(paths.key)) {
      throw new SecretKeyMissing(
        "the state is shared, and holds secrets: set `KOINE_KEY`, the same for all; `openssl rand -hex 32` makes one",
      );
    }
    return loadRootKey(paths.key, process.env.KOINE_KEY);
  });
}

export function tellStateProblem({ terminal }: CommandContext, problem: StateProblem): void {
  terminal.tell(`${terminal.style("red", "error")}: ${problem.message}\n  = ${problem.hint}\n`);
}
