// Brings the props of an older row to the schema of today. Pure.

import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";

/** Undefined for a row of a newer version, or of one that no upgrader leads from. */
export function upgradeRow(row: ObjectRow, schema: NativeSchema): ObjectRow | undefined {
  if (row.schemaVersion > schema.version) return undefined;
  let props = row.props;
  for (let version = row.schemaVersion; version < schema.version; version++) {
    const upgrade = schema.upgrade?.[version];
    if (!upgrade) return undefined;
    props = upgrade(props);
  }
  return { ...row, props, schemaVersion: schema.version };
}
