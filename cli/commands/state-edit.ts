// `koine state mv | rm`: rows get another address, or are let go of. No cloud is called.

import { moveRows } from "../../engine/state/move-rows.ts";
import { removeRows } from "../../engine/state/remove-rows.ts";
import type { CommandContext } from "../command-context.ts";
import { countOf, editState, listKeys } from "../edit-state.ts";

interface Flags {
  readonly yes?: boolean;
}

export async function runStateMove(context: CommandContext, [from = "", to = ""]: readonly string[], flags: Flags): Promise<number> {
  return editState(context, { doing: "state mv", yes: flags.yes === true }, async (session) => {
    const moved = moveRows([...session.rows.all()], session.journal, from, to);
    if (moved.kind === "refused") return moved;
    const pairs = moved.from.map((row, index) => ({ key: `${row.key} → ${moved.rows[index]?.key ?? ""}` }));
    const meta = { cause: `mv ${from} ${to}` };
    return {
      kind: "change",
      told: `${listKeys(pairs, ">")}No cloud is called; the next apply writes the new address into the marks.\n`,
      question: `Move ${countOf(moved.rows.length, "object")}?`,
      perform: () => session.write({ putObjects: moved.rows, meta }),
      done: `Moved ${countOf(moved.rows.length, "object")} to \`${to}\`. Let the source say so too, or the next plan destroys what it does not name.\n`,
    };
  });
}

export async function runStateRemove(context: CommandContext, addresses: readonly string[], flags: Flags): Promise<number> {
  return editState(context, { doing: "state rm", yes: flags.yes === true }, async (session) => {
    const by = { run: session.run, at: session.clock.now(), cause: `rm ${addresses.join(" ")}` };
    const removal = removeRows([...session.rows.all()], session.journal, addresses, by);
    if (removal.kind === "refused") return removal;
    return {
      kind: "change",
      told: `${listKeys(removal.rows, "x")}They stay where they are, and are not managed any more.\n`,
      question: `Let go of ${countOf(removal.rows.length, "object")}?`,
      perform: () => session.write(removal.change),
      done: `Let go of ${countOf(removal.rows.length, "object")}. Take the resource out of the source, or the next apply makes another; \`@adopt\` takes it back.\n`,
    };
  });
}
