// Looks at the clouds for a plan: sweeps by our lineage mark, asks by id for what a sweep did not show, reads deeper only what is touched. Sends no
// mutating request, and never takes "not told" for "not there".

import { backOff } from "../apply/retry.ts";
import { sightOfRow } from "../plan/offline.ts";
import { ProviderError } from "../provider/errors.ts";
import type { Identity, ObjectId } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import { guardAbsence } from "./absence-guard.ts";
import { beginLook, type Look, type ObserveInput, runAll, takeRows, worldOf } from "./look.ts";
import { lookDeeper } from "./look-deeper.ts";
import { regionOf } from "./place.ts";
import { type Reader, type ReadOutcome, readById, sweepType } from "./read-objects.ts";
import type { NamedObject, Scope, ScopeType } from "./scopes.ts";
import { idKey, isSameIncarnation, type ObservedWorld } from "./world.ts";

export type { ObserveInput } from "./look.ts";

/** One look at all clouds of a stack. Problems are returned in the world; only defects and an aborted signal are thrown. */
export async function observeWorld(input: ObserveInput): Promise<ObservedWorld> {
  const look = beginLook(input);
  const reads: (() => Promise<void>)[] = [];
  await runAll(
    look.scopes.map((scope) => async () => void reads.push(...(await openScope(scope, look)))),
    look.concurrency,
  );
  await runAll(reads, look.concurrency);
  for (const row of input.rows)
    if (!look.sights.has(row.object))
      look.sights.set(
        row.object,
        input.only && !input.only.keys.has(row.key) ? sightOfRow(row) : { kind: "unknown", reason: "it was not asked for" },
      );
  await lookDeeper(look);
  look.problems.push(...guardAbsence(look.scopes, look.sights, look.identities, input.acceptLoss === true));
  return worldOf(look);
}

/** Connects, makes sure of the account, and gives what is to be read: one task per native type. */
async function openScope(scope: Scope, look: Look): Promise<readonly (() => Promise<void>)[]> {
  const { input } = look;
  if (input.only && !isWanted(scope, input.only)) return [];
  const connection = await connect(scope, look);
  if (!connection) return [];
  const { client, identity } = connection;
  for (const name of scope.names) look.identities.set(name, identity);
  const foreign = [...scope.types.values()].flatMap(({ rows }) =>
    rows.filter((row) => row.id.account !== "" && row.id.account !== identity.account),
  );
  if (foreign.length > 0) {
    reportAccount(foreign, identity, scope, look);
    return [];
  }
  const readerOf = (type: string): Reader | undefined => {
    const handler = input.handler(scope.place.provider, type);
    // A type that no handler knows is reported by the planner, with its row.
    return handler && { handler, call: { client, identity, signal: input.signal }, calls: look.calls, attempt: look.attempt };
  };
  const tasks = [...scope.types.values()].map((type) => async () => {
    const reader = readerOf(type.type);
    if (!reader) return;
    const sweeps = input.only === undefined && reader.handler.schema.marks === "tags";
    if (sweeps) takeSweep(await sweepType(reader, input.lineage), type, scope, look);
    const missed = type.rows.filter((row) => !look.sights.has(row.object) && (input.only === undefined || input.only.keys.has(row.key)));
    if (missed.length > 0) await takeMissed(reader, missed, look);
    if (type.named.length > 0) await takeNamed(reader, type.named, identity, look);
  });
  for (const id of input.only?.strays ?? []) {
    const reader = readerOf(id.type);
    if (reader && id.account === identity.account && id.region === regionOf(reader.handler.schema, identity))
      tasks.push(() => takeStray(reader, id, scope, look));
  }
  return tasks;
}

function isWanted(scope: Scope, only: NonNullable<ObserveInput["only"]>): boolean {
  if (only.strays.length > 0) return true;
  return [...scope.types.values()].some((type) => type.named.length > 0 || type.rows.some((row) => only.keys.has(row.key)));
}

function idOf(row: ObjectRow): ObjectId {
  return row.id;
}

async function connect(scope: Scope, look: Look): Promise<{ readonly client: unknown; readonly identity: Identity } | undefined> {
  try {
    return await look.input.client(scope.place);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    for (const { rows } of scope.types.values())
      for (const row of rows) look.sights.set(row.object, { kind: "unknown", reason: error.message });
    if ([...scope.types.values()].every((type) => type.formerly)) {
      warnFormer(scope, [...scope.types.keys()], error.message, look);
      return undefined;
    }
    look.problems.push({
      kind: "unknown",
      message: `the cloud \`${scope.place.name}\` cannot be asked: ${error.message}`,
      hint: error.details.hint ?? "check its settings and the credentials",
    });
    return undefined;
  }
}

/** What the sweep did not show is asked for by id. A cloud's indexes trail, so what was made a moment ago is asked for until it should be seen. */
async function takeMissed(reader: Reader, missed: readonly ObjectRow[], look: Look): Promise<void> {
  takeRows(await readById(reader, missed.map(idOf), "list"), missed, look);
  const { clock, input } = look;
  const visibleWithin = input.visibleWithin ?? 60_000;
  const began = clock.now();
  for (let looks = 0; ; looks++) {
    const now = clock.now();
    const young = missed.filter(
      ({ object, madeAt }) => look.sights.get(object)?.kind === "absent" && madeAt !== undefined && now < madeAt + visibleWithin,
    );
    // A clock that is behind the one which told when it was made must not keep us longer.
    const left = Math.min(began + visibleWithin, ...young.map(({ madeAt = 0 }) => madeAt + visibleWithin)) - now;
    if (young.length === 0 || left <= 0) return;
    await clock.sleep(Math.min(backOff(Math.min(looks, 6), clock) + 100, left + 1), input.signal);
    for (const { object } of young) look.sights.delete(object);
    takeRows(await readById(reader, young.map(idOf), "list"), young, look);
  }
}

/** Nothing that is managed or wanted depends on it, so it stops no plan: only a leftover of a lost answer could be there. */
function warnFormer(scope: Scope, types: readonly string[], reason: string, look: Look): void {
  look.warnings.push(`leftovers of ${types.join(", ")} on \`${scope.place.name}\` could not be looked for: ${reason}`);
}

function reportAccount(rows: readonly ObjectRow[], identity: Identity, scope: Scope, look: Look): void {
  const accounts = [...new Set(rows.map((row) => row.id.account))];
  const reason = `it is in account ${accounts.join(", ")}, and \`${scope.place.name}\` speaks for ${identity.account}`;
  for (const { rows: all } of scope.types.values()) for (const row of all) look.sights.set(row.object, { kind: "unknown", reason });
  look.problems.push({
    kind: "account",
    message: `the state was made in account ${accounts.join(", ")}, and \`${scope.place.name}\` now speaks for ${identity.account}`,
    ...(rows[0] ? { address: rows[0].address } : {}),
    hint: "use the credentials of that account; another account is another stack",
  });
}

function takeSweep(swept: ReadOutcome, { type, rows, formerly }: ScopeType, scope: Scope, look: Look): void {
  if (swept.failed !== undefined) {
    if (formerly) {
      warnFormer(scope, [type], swept.failed, look);
      return;
    }
    // Neither strays nor absence can be told without the sweep.
    for (const row of rows) look.sights.set(row.object, { kind: "unknown", reason: swept.failed });
    if (rows.length === 0) {
      look.problems.push({
        kind: "unknown",
        message: `objects of \`${scope.place.name}\` cannot be listed: ${swept.failed}`,
        hint: "mend the access and plan again; what is not known is never taken for gone",
      });
    }
    return;
  }
  for (const observed of swept.found) {
    const known = look.rowsById.get(idKey(observed.id));
    const row = known === undefined ? undefined : [known].flat().find((one) => isSameIncarnation(one.id, observed.id));
    if (row) look.sights.set(row.object, { kind: "found", observed, depth: "list" });
    else look.strays.set(idKey(observed.id), { observed, place: scope.place });
  }
}

async function takeNamed(reader: Reader, named: readonly NamedObject[], identity: Identity, look: Look): Promise<void> {
  const region = regionOf(reader.handler.schema, identity);
  const written = (id: string): string => reader.handler.canonicalId?.(id) ?? id;
  const ids = named.map(({ type, id }): ObjectId => ({ type, account: identity.account, region, id: written(id) }));
  const outcome = await readById(reader, ids, "each");
  for (const [index, { key }] of named.entries()) {
    const id = ids[index]?.id;
    const observed = outcome.found.find((one) => one.id.id === id);
    const absent = outcome.absent.some((one) => one.id === id);
    const reason = outcome.failed ?? [...outcome.reasons].find(([text]) => text.endsWith(`\n${id}`))?.[1] ?? "the cloud did not say";
    look.named.set(key, observed ? { kind: "found", observed, depth: "each" } : absent ? { kind: "absent" } : { kind: "unknown", reason });
  }
}

async function takeStray(reader: Reader, id: ObjectId, scope: Scope, look: Look): Promise<void> {
  const [observed] = (await readById(reader, [id], "list")).found;
  if (observed?.marks?.lineage === look.input.lineage) look.strays.set(idKey(id), { observed, place: scope.place });
}
