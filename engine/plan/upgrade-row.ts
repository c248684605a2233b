// Brings the props of older rows and journal entries to the schema of today. In memory only: a row is written in the new version with its next
// change, so that an older Koine reads what this one did not touch. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { JournalEntry, ObjectRow } from "../state/store.ts";
import type { PlanHandler } from "./plan-input.ts";

/** Undefined for a row of a newer version, or of one that no upgrader leads from. */
export function upgradeRow(row: ObjectRow, schema: NativeSchema): ObjectRow | undefined {
  if (row.schemaVersion === schema.version) return row;
  const props = upgradeProps(row.props, row.schemaVersion, schema);
  return props && { ...row, props, schemaVersion: schema.version };
}

/** Those that cannot be upgraded stay as they are, and are reported where they are decided about. The same list when there is nothing to do. */
export function upgradeRows(
  rows: readonly ObjectRow[],
  handlerOf: (provider: string, type: string) => Pick<PlanHandler, "schema"> | undefined,
): readonly ObjectRow[] {
  let upgraded: ObjectRow[] | undefined;
  for (const [index, row] of rows.entries()) {
    const schema = handlerOf(row.provider, row.type)?.schema;
    if (!schema || row.schemaVersion >= schema.version) continue;
    const next = upgradeRow(row, schema);
    if (!next) continue;
    upgraded ??= [...rows];
    upgraded[index] = next;
  }
  return upgraded ?? rows;
}

/** The row and the goal of an entry. Its body stays: what was sent is sent again byte by byte. Undefined as for a row. */
export function upgradeEntry(entry: JournalEntry, schema: NativeSchema): JournalEntry | undefined {
  if (entry.schemaVersion === schema.version && entry.row.schemaVersion === schema.version) return entry;
  const row = upgradeRow(entry.row, schema);
  const goal = entry.goal && upgradeProps(entry.goal, entry.schemaVersion, schema);
  if (!row || (entry.goal && !goal)) return undefined;
  return { ...entry, row, ...(goal && { goal }), schemaVersion: schema.version };
}

function upgradeProps(props: NativeMap, from: number, schema: NativeSchema): NativeMap | undefined {
  if (from > schema.version) return undefined;
  let upgraded = props;
  for (let version = from; version < schema.version; version++) {
    const upgrade = schema.upgrade?.[version];
    if (!upgrade) return undefined;
    upgraded = upgrade(upgraded);
  }
  return upgraded;
}
