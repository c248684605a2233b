// Rows to put into a state.

import type { ObjectRow } from "../../engine/state/store.ts";

/** A row of a network, whole; every field may be said otherwise. */
export function makeObjectRow(object: string, more: Partial<ObjectRow> = {}): ObjectRow {
  const address = more.address ?? `network.${object}`;
  return {
    object,
    key: `${address}:vpc`,
    address,
    role: "vpc",
    type: "test.Vpc",
    generation: 1,
    status: "current",
    cloud: "aws",
    provider: "aws",
    settings: {},
    id: { type: "test.Vpc", account: "1", region: "r", id: `vpc-${object}` },
    props: {},
    attributes: {},
    after: [],
    schemaVersion: 1,
    ...more,
  };
}
