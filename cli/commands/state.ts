// `koine state list | show | unlock`: what is under management, read from the state alone.

import { createInterface } from "node:readline/promises";
import type { ObjectRow, StateStore } from "../../engine/state/store.ts";
import type { CommandContext } from "../command-context.ts";
import { tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";
import { openState, tellStateProblem } from "../open-state.ts";
import { loadProject } from "../project/load-project.ts";

interface FormatFlags {
  readonly format: "text" | "json";
}

export async function runStateList(context: CommandContext, _arguments: readonly string[], flags: FormatFlags): Promise<number> {
  return withStore(context, async (store) => {
    const rows = (await store?.readObjects()) ?? [];
    if (flags.format === "json") {
      const meta = await store?.readMeta();
      context.terminal.out(
        `${JSON.stringify({ version: 1, ...(meta ? { lineage: meta.lineage, serial: meta.serial } : {}), objects: rows.map(brief) }, undefined, 2)}\n`,
      );
    } else context.terminal.out(rows.length === 0 ? "Nothing is under management.\n" : renderTable(rows));
    return exitCode.done;
  });
}

export async function runStateShow(context: CommandContext, [address = ""]: readonly string[], flags: FormatFlags): Promise<number> {
  return withStore(context, async (store) => {
    const rows = ((await store?.readObjects()) ?? []).filter((row) => row.address === address || row.key === address);
    if (rows.length === 0) {
      context.terminal.tell(`The state has no \`${address}\`; \`koine state list\` shows what it has.\n`);
      return exitCode.failed;
    }
    if (flags.format === "json") context.terminal.out(`${JSON.stringify({ version: 1, objects: rows }, undefined, 2)}\n`);
    else for (const row of rows) context.terminal.out(renderRow(row));
    return exitCode.done;
  });
}

export async function runStateUnlock(
  context: CommandContext,
  _arguments: readonly string[],
  flags: { readonly yes?: boolean },
): Promise<number> {
  const { terminal } = context;
  return withStore(context, async (store) => {
    if (!flags.yes) {
      if (!terminal.interactive) {
        terminal.tell("Nobody can answer here. Add --yes when the holder is surely gone: it would be stopped at its next write.\n");
        return exitCode.usage;
      }
      const questions = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await questions.question("Remove the lock? Its holder will be stopped at its next write. [y/N] ");
      questions.close();
      if (!/^y(es)?$/i.test(answer.trim())) return exitCode.failed;
    }
    const holder = await store?.breakLock();
    terminal.tell(holder ? `Removed the lock of ${holder.description}.\n` : "There was no lock.\n");
    return exitCode.done;
  });
}

async function withStore(context: CommandContext, run: (store: StateStore | undefined) => Promise<number>): Promise<number> {
  const loaded = loadProject(context.options);
  tellDiagnostics(context, loaded);
  if (!loaded.project) return exitCode.failed;
  const opened = openState(loaded.project, false);
  if ("problem" in opened) {
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  try {
    return await run(opened.store);
  } finally {
    await opened.store?.close();
  }
}

function brief(row: ObjectRow): object {
  return {
    key: row.key,
    type: row.type,
    id: row.id.id,
    account: row.id.account,
    region: row.id.region,
    cloud: row.cloud,
    generation: row.generation,
    status: row.status,
  };
}

function renderTable(rows: readonly ObjectRow[]): string {
  const cells = rows.map((row) => [row.key, row.type, row.id.id, row.status === "current" ? "" : row.status]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function renderRow(row: ObjectRow): string {
  const section = (title: string, map: object): string =>
    Object.entries(map).length === 0
      ? ""
      : `  ${title}\n${Object.entries(map)
          .map(([name, value]) => `    ${name} = ${JSON.stringify(value)}\n`)
          .join("")}`;
  const head = `${row.key}\n  ${row.type} ${row.id.id} (${row.cloud}, ${row.id.account} ${row.id.region}), generation ${row.generation}, ${row.status}\n`;
  return `${head}${section("props", row.props)}${section("attributes", row.attributes)}`;
}
