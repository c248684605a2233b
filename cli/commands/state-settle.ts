// `koine state settle`: what became of a request that could not be found out, as a person decides it. What is said to exist is looked at first.

import type { Session } from "../../engine/apply/session.ts";
import { settleByHand } from "../../engine/apply/settle.ts";
import { placeOfRow } from "../../engine/observe/place.ts";
import { idKey } from "../../engine/observe/world.ts";
import { matchesAddress } from "../../engine/plan/select-address.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Observed } from "../../engine/provider/provider.ts";
import type { JournalEntry } from "../../engine/state/store.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { CommandContext } from "../command-context.ts";
import { openConnections } from "../connections.ts";
import { type Edit, editState, withStore } from "../edit-state.ts";
import { exitCode } from "../exit-codes.ts";
import { guardClouds } from "../guard-clouds.ts";
import type { Project } from "../project/load-project.ts";

interface Flags {
  readonly is?: string;
  readonly never?: boolean;
  readonly operation?: string;
  readonly yes?: boolean;
  readonly format: "text" | "json";
}

type Refused = Edit & { readonly kind: "refused" };

export async function runStateSettle(context: CommandContext, [address]: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const decides = flags.is !== undefined || flags.never === true;
  if (flags.is !== undefined && flags.never) {
    terminal.tell("`--is` and `--never` exclude each other: it happened, or it did not.\n");
    return exitCode.usage;
  }
  if (!decides) return listOpen(context, address, flags);
  if (address === undefined && flags.operation === undefined) {
    terminal.tell("Name the address that is decided about; `koine state settle` lists what is open.\n");
    return exitCode.usage;
  }
  return editState(context, { doing: "state settle", yes: flags.yes === true }, async (session, project) => {
    const entry = chooseEntry(await session.store.readJournal(), address, flags.operation);
    if ("kind" in entry) return entry;
    return flags.is === undefined ? describeNever(session, entry) : describeIs(context, session, project, entry, flags.is);
  });
}

// ── What is open ────────────────────────────────────────────────────────────────────────────────────────────────

async function listOpen(context: CommandContext, address: string | undefined, { format, operation }: Flags): Promise<number> {
  const { terminal } = context;
  return withStore(context, async (store) => {
    const open = ((await store?.readJournal()) ?? []).filter((entry) => isNamed(entry, address, operation));
    if (format === "json") terminal.out(`${JSON.stringify({ version: 1, open: open.map(toJson) }, undefined, 2)}\n`);
    else terminal.out(open.length === 0 ? "Nothing is open: every request is settled.\n" : open.map(render).join("\n"));
    return exitCode.done;
  });
}

function isNamed(entry: JournalEntry, address: string | undefined, operation: string | undefined): boolean {
  if (operation !== undefined && !entry.operation.startsWith(operation)) return false;
  return address === undefined || entry.key === address || matchesAddress(entry.row.address, address);
}

function toJson(entry: JournalEntry): object {
  const { operation, key, type, action, step, state, reason, id, row } = entry;
  return {
    operation,
    key,
    address: row.address,
    type,
    action,
    request: step.operation,
    state,
    sentAt: new Date(entry.earliestSend).toISOString(),
    ...(id === undefined ? {} : { id }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function render(entry: JournalEntry): string {
  const { key, type, action, step, operation, state, reason } = entry;
  const why = [reason ?? "a run ended while it was in flight", state === "unresolved" ? "" : "the next apply looks what became of it"];
  return [
    `${key}  ${action} of ${type}, ${step.operation}, ${new Date(entry.earliestSend).toISOString()}`,
    `  ${state}: ${why.filter(Boolean).join("; ")}`,
    `  operation ${operation}`,
    `  koine state settle '${key}' --never${step.creates ? "   or   --is ID" : ""}`,
    "",
  ].join("\n");
}

// ── The choice ──────────────────────────────────────────────────────────────────────────────────────────────────

function chooseEntry(open: readonly JournalEntry[], address: string | undefined, operation: string | undefined): JournalEntry | Refused {
  const [found, ...others] = open.filter((entry) => isNamed(entry, address, operation));
  if (found && others.length === 0) return found;
  const asked = [address === undefined ? "" : `at \`${address}\``, operation === undefined ? "" : `with the operation \`${operation}\``]
    .filter(Boolean)
    .join(" ");
  if (found) {
    const list = [found, ...others].map((entry) => `  - ${entry.operation} ${entry.step.operation} of ${entry.key}`).join("\n");
    return {
      kind: "refused",
      message: `${others.length + 1} requests are open ${asked}:\n${list}`,
      hint: "choose one with `--operation ID`; its beginning is enough",
    };
  }
  const near =
    address === undefined || operation !== undefined
      ? undefined
      : suggest(address, new Set(open.flatMap((entry) => [entry.key, entry.row.address])));
  const hint = near === undefined ? "`koine state settle` lists what is open" : `did you mean \`${near}\`?`;
  return { kind: "refused", message: `nothing is open ${asked}`, hint };
}

// ── The decisions ───────────────────────────────────────────────────────────────────────────────────────────────

function describeNever(session: Session, entry: JournalEntry): Edit {
  const meaning = entry.step.creates
    ? "If it did make something after all, that shows as a stray of this stack, and the next apply ends it."
    : "The next plan looks at the object and shows what is left to do.";
  return {
    kind: "change",
    told: `${entry.step.operation} of ${entry.key} counts as never done.\n${warnEarly(entry)}${meaning}\n`,
    question: "Is it certain that it had no effect?",
    perform: async () => void (await settleByHand(session, entry, { kind: "never" })),
    done: `Settled ${entry.key}: never. The next apply does it anew where the source still asks for it.\n`,
  };
}

/** What no apply has looked at yet may still be on its way. */
function warnEarly({ state }: JournalEntry): string {
  return state === "unresolved" ? "" : "No apply has looked for it yet; `koine apply` settles most by itself.\n";
}

async function describeIs(context: CommandContext, session: Session, project: Project, entry: JournalEntry, id: string): Promise<Edit> {
  if (entry.action === "delete") {
    return {
      kind: "refused",
      message: `${entry.step.operation} of ${entry.key} was to end an object; there is none to name`,
      hint: "use `--never`: the next plan looks whether the object is gone",
    };
  }
  let edit: Edit | undefined;
  const code = await guardClouds(context, async (signal) => {
    edit = await lookAtNamed(session, project, entry, id, signal);
    return exitCode.done;
  });
  if (!edit || code !== exitCode.done) return { kind: "refused", message: `\`${id}\` could not be looked at`, hint: "nothing was changed" };
  return edit;
}

async function lookAtNamed(session: Session, project: Project, entry: JournalEntry, id: string, signal: AbortSignal): Promise<Edit> {
  const connections = openConnections({ project, signal });
  try {
    const place = placeOfRow(entry.row, undefined);
    const { provider, client, identity } = await connections.connect(place);
    const handler = provider.handlers[entry.type];
    if (!handler)
      return { kind: "refused", message: `no provider knows the type \`${entry.type}\``, hint: "use the Koine that wrote the state" };
    const { region, account } = entry.row.id;
    const wanted = { type: entry.type, account: identity.account, region, id: handler.canonicalId?.(id) ?? id };
    if (account !== "" && account !== identity.account) {
      return {
        kind: "refused",
        message: `the request was sent in account ${account}, and \`${place.name}\` now speaks for ${identity.account}`,
        hint: "use the credentials of that account",
      };
    }
    const seen = await handler.observe({ client, identity, signal }, [wanted], "each");
    const observed = seen.found.find((one) => !one.dead);
    if (!observed) {
      const reason = seen.unknown[0]?.reason;
      return {
        kind: "refused",
        message:
          reason === undefined
            ? `there is no ${entry.type} \`${id}\` in ${identity.account} ${region}`
            : `whether \`${id}\` exists is not known: ${reason}`,
        hint: "check the id; `--never` says that nothing was made",
      };
    }
    return judgeNamed(session, entry, observed);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return {
      kind: "refused",
      message: `\`${id}\` cannot be looked at: ${error.message}`,
      hint: error.details.hint ?? "check the credentials, and run the command again",
    };
  } finally {
    await connections.close();
  }
}

/** An object of another stack, or of another row, is not what this request made. */
function judgeNamed(session: Session, entry: JournalEntry, observed: Observed): Edit {
  const { id, marks } = observed;
  const hint = "name the object that the request made";
  if (id.type !== entry.type)
    return { kind: "refused", message: `\`${id.id}\` is a ${id.type}, and the request was about a ${entry.type}`, hint };
  if (marks?.lineage !== undefined && marks.lineage !== session.lineage)
    return { kind: "refused", message: `\`${id.id}\` bears the mark of another stack`, hint };
  const holder = [...session.rows.all()].find((row) => idKey(row.id) === idKey(id));
  if (entry.step.creates && holder && holder.object !== entry.object)
    return { kind: "refused", message: `\`${id.id}\` is \`${holder.key}\` already`, hint };
  if (!entry.step.creates && entry.row.id.id !== id.id)
    return {
      kind: "refused",
      message: `the request was about \`${entry.row.id.id}\`, not \`${id.id}\``,
      hint: "name that id, or use `--never`",
    };
  if (entry.step.creates && marks?.lineage !== undefined && marks.object !== undefined && marks.object !== entry.object)
    return {
      kind: "refused",
      message: `\`${id.id}\` bears the mark of another object of this stack${marks.address ? ` (${marks.address})` : ""}`,
      hint,
    };
  const unmarked = entry.step.creates && marks?.lineage === undefined ? "It bears no mark of this stack; the next apply writes it.\n" : "";
  return {
    kind: "change",
    told: `${entry.step.operation} of ${entry.key} made ${id.type} ${id.id}.\n${unmarked}`,
    question: `Is \`${id.id}\` what it made?`,
    perform: async () => void (await settleByHand(session, entry, { kind: "is", id: id.id, observed })),
    done: `Settled ${entry.key}: it is ${id.id}. The next apply goes on from there.\n`,
  };
}
