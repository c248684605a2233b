// How a command reaches the state: to read it, or to change it under the lock, after a question, as a new serial. Nothing is written before the whole
// change is known, and a change is one transaction.

import { createSystemClock } from "../engine/apply/clock.ts";
import { openSession, type Session } from "../engine/apply/session.ts";
import { describeHolder } from "../engine/state/holder.ts";
import { LeaseLost, type StateStore } from "../engine/state/store.ts";
import { askYes } from "./ask.ts";
import type { CommandContext } from "./command-context.ts";
import { tellDiagnostics } from "./compile-stack.ts";
import { exitCode } from "./exit-codes.ts";
import { openSecretKeeper, openState, tellStateProblem } from "./open-state.ts";
import { loadProject, type Project } from "./project/load-project.ts";

/** Runs with the store of the project; undefined where there is none yet. */
export async function withStore(
  context: CommandContext,
  run: (store: StateStore | undefined, project: Project) => Promise<number>,
  options: { readonly create?: boolean } = {},
): Promise<number> {
  const loaded = loadProject(context.options);
  tellDiagnostics(context, loaded);
  if (!loaded.project) return exitCode.failed;
  const opened = await openState(loaded.project, options.create === true);
  if ("problem" in opened) {
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  try {
    return await run(opened.store, loaded.project);
  } finally {
    await opened.store?.close();
  }
}

export type Edit =
  /** Nothing is written; exit 1. */
  | { readonly kind: "refused"; readonly message: string; readonly hint: string }
  /** It is so already; exit 0. */
  | { readonly kind: "nothing"; readonly message: string }
  | {
      readonly kind: "change";
      /** What will be, before the question. Ends with a line break. */
      readonly told: string;
      readonly question: string;
      perform(): Promise<void>;
      /** Afterwards. Ends with a line break. */
      readonly done: string;
    };

export interface EditOptions {
  /** For the holder of the lock: `state mv`. */
  readonly doing: string;
  readonly yes: boolean;
  /** Make the state where there is none. */
  readonly create?: boolean;
}

/** Takes the lock, decides under it, asks, and writes. Gives the exit code. */
export async function editState(
  context: CommandContext,
  options: EditOptions,
  decide: (session: Session, project: Project) => Promise<Edit>,
): Promise<number> {
  const { terminal } = context;
  if (!options.yes && !terminal.interactive) {
    terminal.tell(`Nobody can answer here. Add --yes to \`koine ${options.doing}\` to do it without a question.\n`);
    return exitCode.usage;
  }
  const run = async (store: StateStore | undefined, project: Project): Promise<number> => {
    if (!store)
      return tellRefusal(
        context,
        "there is no state yet",
        "`koine apply` makes it; `koine state push` takes one that was pulled elsewhere",
      );
    const opened = await openSession({
      store,
      holder: describeHolder(options.doing),
      clock: createSystemClock(),
      keeper: openSecretKeeper(project),
    });
    if (opened.kind === "held") {
      tellRefusal(
        context,
        `the state is locked by ${opened.heldBy.description}`,
        "wait for it; if it is surely gone, `koine state unlock`",
      );
      return exitCode.lockHeld;
    }
    const { session } = opened;
    try {
      return await carryOut(context, options, await decide(session, project));
    } catch (error) {
      if (error instanceof LeaseLost)
        return tellRefusal(context, error.message, "look at `koine state history`, and run the command again");
      throw error;
    } finally {
      await session.close();
    }
  };
  return withStore(context, run, { create: options.create === true });
}

async function carryOut({ terminal, ...context }: CommandContext, { yes }: EditOptions, edit: Edit): Promise<number> {
  switch (edit.kind) {
    case "refused":
      return tellRefusal({ terminal, ...context }, edit.message, edit.hint);
    case "nothing":
      terminal.tell(edit.message);
      return exitCode.done;
    case "change":
      terminal.tell(edit.told);
      if (!yes && !(await askYes(terminal.style("bold", edit.question)))) {
        terminal.tell("Nothing was changed.\n");
        return exitCode.failed;
      }
      await edit.perform();
      terminal.tell(edit.done);
      return exitCode.done;
  }
}

/** In the form of every error, with its way out. */
export function tellRefusal({ terminal }: Pick<CommandContext, "terminal">, message: string, hint: string): number {
  terminal.tell(`${terminal.style("red", "error")}: ${message}\n  = ${hint}\n`);
  return exitCode.failed;
}

/** `3 objects` */
export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Keys of rows, one a line; of many, the first. */
export function listKeys(rows: readonly { readonly key: string }[], sign: string): string {
  const shown = rows.slice(0, 20).map((row) => `  ${sign} ${row.key}\n`);
  if (rows.length > shown.length) shown.push(`  ${sign} and ${rows.length - shown.length} more\n`);
  return shown.join("");
}
