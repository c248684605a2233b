// `koine state pull | push`: the whole state as one document, out and in again. No cloud is called.

import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { planPush } from "../../engine/state/push.ts";
import { parseSnapshot, type StateSnapshot, serialiseSnapshot, takeSnapshot } from "../../engine/state/snapshot.ts";
import type { CommandContext } from "../command-context.ts";
import { countOf, editState, listKeys, tellRefusal, withStore } from "../edit-state.ts";
import { exitCode } from "../exit-codes.ts";
import { describeSystemError } from "../render/failure.ts";

export async function runStatePull(context: CommandContext): Promise<number> {
  const { terminal } = context;
  return withStore(context, async (store) => {
    if (!store) return tellRefusal(context, "there is no state yet", "`koine apply` makes it");
    const { snapshot, moving } = await takeSnapshot(store);
    if (moving) terminal.tell("A run is under way: this is the state of one moment of it, and it cannot be pushed back.\n");
    terminal.raw(serialiseSnapshot(snapshot));
    return exitCode.done;
  });
}

interface PushFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
}

export async function runStatePush(context: CommandContext, [path = "-"]: readonly string[], flags: PushFlags): Promise<number> {
  const file = await readSnapshot(context, path);
  if (!file) return exitCode.failed;
  return editState(context, { doing: "state push", yes: flags.yes === true, create: true }, async (session) => {
    const { store, meta, run } = session;
    const push = planPush({
      file,
      meta,
      rows: [...session.rows.all()],
      open: await store.readJournal(),
      ended: await store.readEnded("all"),
      outputs: await store.readOutputs(),
      force: flags.force === true,
      by: { run, at: session.clock.now() },
    });
    if (push.kind === "refused") return push;
    if (push.kind === "same")
      return { kind: "nothing", message: `The state holds what the file says already; its serial stays ${meta.serial}.\n` };
    const serial = Math.max(meta.serial, file.serial) + 1;
    const parts = [
      push.added.length > 0 ? `${countOf(push.added.length, "row")} added:\n${listKeys(push.added, "+")}` : "",
      push.changed.length > 0 ? `${countOf(push.changed.length, "row")} changed:\n${listKeys(push.changed, "~")}` : "",
      push.removed.length > 0
        ? `${countOf(push.removed.length, "row")} not in the file; the objects stay and are not managed any more:\n${listKeys(push.removed, "x")}`
        : "",
    ];
    return {
      kind: "change",
      told: parts.join("") || "No row differs.\n",
      question: "Make this the state?",
      perform: async () => {
        await session.write(push.change);
        // For the history only; written in one turn, they share a commit.
        await Promise.all(push.runs.map((putRun) => session.write({ putRun })));
      },
      done: `The state is that of the file, and has serial ${serial}. No cloud was changed; \`koine plan\` shows what differs.\n`,
    };
  });
}

async function readSnapshot(context: CommandContext, path: string): Promise<StateSnapshot | undefined> {
  let text: string;
  try {
    text = path === "-" ? await readAll(process.stdin) : readFileSync(path, "utf8");
  } catch (error) {
    tellRefusal(
      context,
      `the state \`${path}\` cannot be read: ${describeSystemError(error)}`,
      "name a file of `koine state pull`, or - for the standard input",
    );
    return undefined;
  }
  const parsed = parseSnapshot(text);
  if ("snapshot" in parsed) return parsed.snapshot;
  const name = path === "-" ? "the standard input" : `\`${path}\``;
  tellRefusal(
    context,
    `${name} is no state of this Koine:\n${parsed.mistakes.map((one) => `  - ${one}`).join("\n")}`,
    "docs/schemas/state.schema.json describes it; nothing was changed",
  );
  return undefined;
}
