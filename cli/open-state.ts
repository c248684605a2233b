// The state of a project, opened as its location says, with the keeper of its secrets.

import { statSync } from "node:fs";
import { join } from "node:path";
import { judgePrivate } from "../engine/state/private-directory.ts";
import { loadRootKey } from "../engine/state/root-key.ts";
import type { SecretKeeper } from "../engine/state/secret-keeper.ts";
import { createSecretKeeper } from "../engine/state/secrets.ts";
import { openSqliteStore, type StateProblem } from "../engine/state/sqlite-store.ts";
import type { StateStore } from "../engine/state/store.ts";
import type { CommandContext } from "./command-context.ts";
import type { Project } from "./project/load-project.ts";

/** The store; undefined when there is none yet and none is to be made. */
export function openState(project: Project, create: boolean): { readonly store?: StateStore } | { readonly problem: StateProblem } {
  const unsafe = judgeOwnFolder(project.folder);
  if (unsafe !== undefined)
    return { problem: { message: unsafe, hint: "it holds state, keys and simulated worlds, and must be yours alone" } };
  const opened = openSqliteStore(project.paths.state, { create });
  return opened ?? {};
}

/** What is wrong with the `.koine` of a stack, if it is there: a link, a file, another's, or writable by others. */
export function judgeOwnFolder(folder: string): string | undefined {
  const own = join(folder, ".koine");
  const problem = judgePrivate(own);
  if (problem !== undefined) return problem;
  const stat = statSync(own, { throwIfNoEntry: false });
  return stat === undefined || stat.isDirectory() ? undefined : `\`${own}\` is not a folder; move it away`;
}

export function openSecretKeeper(project: Project): SecretKeeper {
  return createSecretKeeper(() => loadRootKey(project.paths.key, process.env.KOINE_KEY));
}

export function tellStateProblem({ terminal }: CommandContext, problem: StateProblem): void {
  terminal.tell(`${terminal.style("red", "error")}: ${problem.message}\n  = ${problem.hint}\n`);
}
