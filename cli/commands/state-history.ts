// `koine state history | rollback`: which states of the rows there were, and back to one of them as a new serial. No cloud is called.

import { isOfLineage, listImports, planRollback, type Rollback } from "../../engine/state/rollback.ts";
import type { ObjectRow, RunRow, SerialRow, StateStore } from "../../engine/state/store.ts";
import type { CommandContext } from "../command-context.ts";
import { countOf, editState, listKeys, withStore } from "../edit-state.ts";
import { exitCode } from "../exit-codes.ts";
import { renderColumns } from "../render/columns.ts";

interface HistoryFlags {
  readonly format: "text" | "json";
  readonly limit: number;
}

interface Step extends SerialRow {
  readonly result?: RunRow["result"];
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly current: boolean;
  /** Whether `rollback` goes there. */
  readonly rollback: boolean;
}

export async function runStateHistory(context: CommandContext, _arguments: readonly string[], flags: HistoryFlags): Promise<number> {
  return withStore(context, async (store) => {
    const steps = store ? await readSteps(store, flags.limit) : [];
    if (flags.format === "json") context.terminal.out(`${JSON.stringify({ version: 1, serials: steps.map(toJson) }, undefined, 2)}\n`);
    else if (steps.length === 0) context.terminal.tell("There is no state yet.\n");
    else context.terminal.out(renderSteps(steps));
    return exitCode.done;
  });
}

async function readSteps(store: StateStore, limit: number): Promise<readonly Step[]> {
  const meta = await store.readMeta();
  const serials = await store.readSerials(limit);
  const changes = new Map((await store.readChanges(serials.at(-1)?.serial ?? 0)).map((one) => [one.serial, one]));
  const runs = await Promise.all(serials.map(({ run }) => (run === undefined ? undefined : store.readRun(run))));
  return serials.map((serial, index) => {
    const { added = 0, changed = 0, removed = 0 } = changes.get(serial.serial) ?? {};
    const run = runs[index];
    const current = serial.serial === meta.serial;
    return {
      ...serial,
      ...(run ? { result: run.result ?? "interrupted" } : {}),
      added,
      changed,
      removed,
      current,
      rollback: !current && isOfLineage(serials, serial.serial),
    };
  });
}

function toJson({ at, ...step }: Step): object {
  return { ...step, at: at === 0 ? null : new Date(at).toISOString() };
}

function renderSteps(steps: readonly Step[]): string {
  const rows = steps.map(({ serial, at, cause, run, result, added, changed, removed, current, rollback }) => [
    String(serial),
    at === 0 ? "-" : new Date(at).toISOString().replace(/\.\d+Z$/, "Z"),
    cause === "" ? "-" : cause,
    run === undefined ? "-" : run.slice(0, 12),
    result ?? "-",
    `+${added} ~${changed} -${removed}`,
    current ? "(now)" : rollback ? "" : "(of other marks; no rollback)",
  ]);
  return renderColumns([["serial", "when", "cause", "run", "result", "objects", ""], ...rows]);
}

export async function runStateRollback(
  context: CommandContext,
  [text = ""]: readonly string[],
  flags: { readonly yes?: boolean },
): Promise<number> {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(text)) {
    context.terminal.tell(`\`${text}\` is no serial; \`koine state history\` lists them.\n`);
    return exitCode.usage;
  }
  const serial = Number(text);
  return editState(context, { doing: "state rollback", yes: flags.yes === true }, async (session) => {
    const { store, meta } = session;
    if (serial === meta.serial) return { kind: "nothing", message: `The state has serial ${serial} already.\n` };
    const serials = await store.readSerials(Number.MAX_SAFE_INTEGER);
    const then = await store.readHistory(serial);
    const present = `it has ${serials.at(-1)?.serial ?? 0} to ${meta.serial}; \`koine state history\` lists them`;
    if (!then) return { kind: "refused", message: `the state has no serial ${serial}`, hint: present };
    if (!isOfLineage(serials, serial))
      return {
        kind: "refused",
        message: `the rows of serial ${serial} are of another lineage`,
        hint: "a push has replaced it since; push that state again",
      };
    if (session.journal.length > 0) {
      const [first] = session.journal;
      return {
        kind: "refused",
        message: `${countOf(session.journal.length, "request is", "requests are")} in flight or unresolved, the first about \`${first?.key ?? ""}\``,
        hint: "run `koine apply`, which settles them, or `koine state settle`",
      };
    }
    const rollback = planRollback({
      serial,
      serials,
      now: [...session.rows.all()],
      then,
      imported: await findImported(store, serials, serial),
      released: await store.readEnded(then.map((row) => row.object)),
      by: { run: session.run, at: session.clock.now() },
    });
    return {
      kind: "change",
      told: describeRollback(rollback),
      question: `Go back to the rows of serial ${serial}?`,
      perform: () => session.write(rollback.change),
      done: `The state is as after serial ${serial}, and has serial ${session.serial}. No cloud was changed; \`koine plan\` shows what differs.\n`,
    };
  });
}

/** Object ids of the rows that a push or a rollback brought. */
async function findImported(store: StateStore, serials: readonly SerialRow[], serial: number): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const one of listImports(serials, serial)) {
    const previous = serials.find((other) => other.serial < one.serial);
    const before = new Set(((previous && (await store.readHistory(previous.serial))) ?? []).map((row) => row.object));
    for (const row of (await store.readHistory(one.serial)) ?? []) if (!before.has(row.object)) found.add(row.object);
  }
  return found;
}

function describeRollback({ restored, revived, kept, dropped, superseded }: Rollback): string {
  const part = (rows: readonly ObjectRow[], sign: string, text: string): string =>
    rows.length === 0 ? "" : `${text}\n${listKeys(rows, sign)}`;
  const parts = [
    part(restored, "~", `${countOf(restored.length, "row")} as before:`),
    part(
      revived,
      "+",
      `${countOf(revived.length, "row")} of objects that were ended or let go of since; what is gone, the next plan makes anew if the source names it:`,
    ),
    part(
      kept,
      "=",
      `${countOf(kept.length, "object")} made since, still managed; the next plan destroys those that the source does not name:`,
    ),
    part(dropped, "x", `${countOf(dropped.length, "row")} that no run made; the objects stay and are not managed any more:`),
    part(superseded, "!", `${countOf(superseded.length, "row")} left as it is now, because what was made since stands in its place:`),
  ];
  const text = parts.join("");
  return text === "" ? "The rows are the same; only the serial changes.\n" : text;
}
