// `koine state list | show | unlock`: what is under management now, or was after an earlier serial, read from the state alone.

import type { ObjectRow, StateStore } from "../../engine/state/store.ts";
import { askYes } from "../ask.ts";
import type { CommandContext } from "../command-context.ts";
import { tellRefusal, withStore } from "../edit-state.ts";
import { exitCode } from "../exit-codes.ts";
import { renderColumns } from "../render/columns.ts";

interface RowFlags {
  readonly format: "text" | "json";
  readonly serial?: number;
}

export async function runStateList(context: CommandContext, _arguments: readonly string[], flags: RowFlags): Promise<number> {
  return withStore(context, async (store) => {
    const rows = await readRows(context, store, flags);
    if (!rows) return exitCode.failed;
    if (flags.format === "json") {
      const meta = await store?.readMeta();
      const head = meta ? { lineage: meta.lineage, serial: flags.serial ?? meta.serial } : {};
      context.terminal.out(`${JSON.stringify({ version: 1, ...head, objects: rows.map(brief) }, undefined, 2)}\n`);
    } else context.terminal.out(rows.length === 0 ? "Nothing is under management.\n" : renderTable(rows));
    return exitCode.done;
  });
}

export async function runStateShow(context: CommandContext, [address = ""]: readonly string[], flags: RowFlags): Promise<number> {
  return withStore(context, async (store) => {
    const all = await readRows(context, store, flags);
    if (!all) return exitCode.failed;
    const rows = all.filter((row) => row.address === address || row.key === address);
    if (rows.length === 0) {
      context.terminal.tell(`The state has no \`${address}\`; \`koine state list\` shows what it has.\n`);
      return exitCode.failed;
    }
    if (flags.format === "json") context.terminal.out(`${JSON.stringify({ version: 1, objects: rows }, undefined, 2)}\n`);
    else for (const row of rows) context.terminal.out(renderRow(row));
    return exitCode.done;
  });
}

/** Today's rows, or those after `--serial`; undefined, with the reason told, when they are not kept. */
async function readRows(
  context: CommandContext,
  store: StateStore | undefined,
  { serial }: RowFlags,
): Promise<readonly ObjectRow[] | undefined> {
  if (serial === undefined) return (await store?.readObjects()) ?? [];
  const rows = await store?.readHistory(serial);
  if (!rows) tellRefusal(context, `the state has no serial ${serial}`, "`koine state history` lists those it has");
  return rows;
}

export async function runStateUnlock(
  context: CommandContext,
  _arguments: readonly string[],
  flags: { readonly yes?: boolean },
): Promise<number> {
  const { terminal } = context;
  if (!flags.yes && !terminal.interactive) {
    terminal.tell("Nobody can answer here. Add --yes when the holder is surely gone: it would be stopped at its next write.\n");
    return exitCode.usage;
  }
  return withStore(context, async (store) => {
    if (!flags.yes && !(await askYes("Remove the lock? Its holder will be stopped at its next write."))) return exitCode.failed;
    const holder = await store?.breakLock();
    terminal.tell(holder ? `Removed the lock of ${holder.description}.\n` : "There was no lock.\n");
    return exitCode.done;
  });
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
  return renderColumns(rows.map((row) => [row.key, row.type, row.id.id, row.status === "current" ? "" : row.status]));
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
