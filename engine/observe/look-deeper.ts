// Reads touched objects at full depth: props that cost a call per object are read only where they can matter.

import type { ObjectRow } from "../state/store.ts";
import { type Look, runAll, takeRows, worldOf } from "./look.ts";
import { readById } from "./read-objects.ts";
import type { Scope } from "./scopes.ts";

/** Reads touched objects at each depth until no touched one is left that was not; reading can show what touches others. */
export async function lookDeeper(look: Look): Promise<void> {
  const { input } = look;
  const byObject = new Map<string, { readonly row: ObjectRow; readonly scope: Scope }>();
  if (!input.touched && !input.deep && !input.only) return;
  for (const scope of look.scopes)
    for (const { rows } of scope.types.values()) for (const row of rows) byObject.set(row.object, { row, scope });
  const asked = new Set<string>();
  for (;;) {
    const wanted = input.deep
      ? byObject.keys()
      : input.only
        ? input.rows.filter((row) => input.only?.keys.has(row.key)).map((row) => row.object)
        : (input.touched?.(worldOf(look)) ?? []);
    const groups = new Map<Scope, Map<string, ObjectRow[]>>();
    for (const object of wanted) {
      const known = byObject.get(object);
      const sight = look.sights.get(object);
      if (!known || asked.has(object) || sight?.kind !== "found" || sight.depth !== "list") continue;
      asked.add(object);
      const types = groups.get(known.scope) ?? new Map<string, ObjectRow[]>();
      groups.set(known.scope, types);
      types.set(known.row.type, [...(types.get(known.row.type) ?? []), known.row]);
    }
    if (groups.size === 0) return;
    const tasks = [...groups].flatMap(([scope, types]) =>
      [...types].map(
        ([type, rows]) =>
          () =>
            readEach(scope, type, rows, look),
      ),
    );
    await runAll(tasks, look.concurrency);
  }
}

async function readEach(scope: Scope, type: string, rows: readonly ObjectRow[], look: Look): Promise<void> {
  const { input } = look;
  const handler = input.handler(scope.place.provider, type);
  if (!handler || !Object.values(handler.schema.props).some((prop) => prop.observed === "each")) return;
  const connection = await input.client(scope.place);
  const call = { client: connection.client, identity: connection.identity, signal: input.signal };
  const reader = { handler, call, calls: look.calls, attempt: look.attempt };
  takeRows(
    await readById(
      reader,
      rows.map((row) => row.id),
      "each",
    ),
    rows,
    look,
    "each",
  );
}
