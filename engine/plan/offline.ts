// The world as the state remembers it, for `--offline` and `--against`: no cloud is asked, so there is no drift and nothing is missing. Pure.

import type { ObservedWorld, Sight } from "../observe/world.ts";
import type { ObjectRow } from "../state/store.ts";

export function observePrior(rows: readonly ObjectRow[]): ObservedWorld {
  return {
    rows: new Map(rows.map((row) => [row.object, sightOfRow(row)])),
    named: new Map(),
    strays: [],
    problems: [],
    identities: new Map(),
    calls: { sweeps: 0, byId: 0, each: 0 },
  };
}

/** A row taken as what is there. */
export function sightOfRow(row: ObjectRow): Sight {
  return { kind: "found", depth: "prior", observed: { id: row.id, props: row.props, attributes: row.attributes } };
}
