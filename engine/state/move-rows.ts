// Gives rows another address, for where `@was` cannot say it. No object is touched: the next apply writes the new address into its marks. Pure.

import { suggest } from "../../grammar/diagnostics/suggest.ts";
import { parseAddress } from "../../grammar/graph/address.ts";
import { matchesAddress } from "../plan/select-address.ts";
import type { JournalEntry, ObjectRow } from "./store.ts";

export interface Refusal {
  readonly kind: "refused";
  readonly message: string;
  readonly hint: string;
}

export type Move = Refusal | { readonly kind: "moved"; readonly rows: readonly ObjectRow[]; readonly from: readonly ObjectRow[] };

/**
 * `from` and `to` are addresses, of one resource or of a family (`machine.web` for `machine.web["a"]`), or keys `<address>:<role>` of one object.
 * What `@was` would take over is taken over here: a resource with all its objects, of the same kind.
 */
export function moveRows(rows: readonly ObjectRow[], open: readonly JournalEntry[], from: string, to: string): Move {
  if (from === to) return refuse(`\`${from}\` is where it is`, "name another address");
  const key = splitKey(from);
  const target = splitKey(to);
  if ((key === undefined) !== (target === undefined)) {
    return refuse(`\`${from}\` and \`${to}\` are not of one sort`, "name two addresses, or two keys `<address>:<role>`");
  }
  if (key && target && key.role !== target.role)
    return refuse(`the roles \`${key.role}\` and \`${target.role}\` differ`, "a role says what an object is; only its address moves");
  const [left, right] = [key?.address ?? from, target?.address ?? to];
  const kinds = [left, right].map((address) => parseAddress(address)?.at(-1)?.kind);
  if (kinds[1] === undefined)
    return refuse(`\`${right}\` is no address`, 'write it as the plan does, for example `machine.web[0]` or `subnet.app["a"]`');
  const moving = rows.filter((row) => (key ? row.key === from : matchesAddress(row.address, left)));
  if (moving.length === 0) return describeMissing(rows, from);
  if (kinds[0] !== kinds[1])
    return refuse(
      `\`${left}\` is a ${kinds[0] ?? "component"}, and \`${right}\` would be a ${kinds[1]}`,
      "what it is made of would not fit; only the name can change",
    );
  const busy = refuseBusy(open, moving, [from]);
  if (busy) return busy;
  const moved = moving.map((row) => moveRow(row, right + row.address.slice(left.length)));
  const taken = findTaken(rows, moving, moved, key ? undefined : right);
  if (taken) return refuse(`\`${taken.key}\` is in the state already`, "move that one away first, or choose another address");
  return { kind: "moved", rows: moved, from: moving };
}

/** Its marks and digests go on being those of the key that it had when they were made. */
function moveRow(row: ObjectRow, address: string): ObjectRow {
  const { was, ...rest } = row;
  const key = `${address}:${row.role}`;
  const made = was ?? row.key;
  return { ...rest, key, address, ...(made === key ? {} : { was: made }) };
}

function findTaken(
  rows: readonly ObjectRow[],
  moving: readonly ObjectRow[],
  moved: readonly ObjectRow[],
  family: string | undefined,
): ObjectRow | undefined {
  const leaving = new Set(moving);
  const keys = new Set(moved.map((row) => row.key));
  const staying = rows.filter((row) => !leaving.has(row));
  return staying.find((row) => keys.has(row.key) || (family !== undefined && matchesAddress(row.address, family)));
}

/** The address may hold `:` inside a quoted key; a role never does. */
function splitKey(text: string): { readonly address: string; readonly role: string } | undefined {
  const at = text.lastIndexOf(":");
  if (at < 0 || text.indexOf('"', at) >= 0) return undefined;
  return { address: text.slice(0, at), role: text.slice(at + 1) };
}

export function refuse(message: string, hint: string): Refusal {
  return { kind: "refused", message, hint };
}

/** What is in flight would come back under the old address, or would be lost sight of. */
export function refuseBusy(open: readonly JournalEntry[], rows: readonly ObjectRow[], names: readonly string[]): Refusal | undefined {
  const objects = new Set(rows.map((row) => row.object));
  const busy = open.find(
    (entry) => objects.has(entry.object) || names.some((name) => entry.key === name || matchesAddress(entry.row.address, name)),
  );
  return (
    busy && refuse(`a request about \`${busy.key}\` is not settled yet`, "run `koine apply`, which settles it, or `koine state settle`")
  );
}

/** Nothing in the state bears that name; the nearest that does is suggested. */
export function describeMissing(rows: readonly ObjectRow[], wanted: string): Refusal {
  const names = new Set(rows.flatMap((row) => [row.address, row.key, row.address.replace(/\[[^\]]*\]$/, "")]));
  const near = suggest(wanted, names);
  return refuse(
    `the state has no \`${wanted}\``,
    near === undefined ? "`koine state list` shows what it has" : `did you mean \`${near}\`?`,
  );
}
