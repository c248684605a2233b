// What to ask where: rows and objects of the source grouped by the client that serves them and by native type. Pure and linear.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { MadeType, ObjectRow } from "../state/store.ts";
import { placeKey, placeOfRow } from "./place.ts";
import type { CloudPlace } from "./world.ts";

/** One client's view: a provider with settings, so one account and region. */
export interface Scope {
  readonly place: CloudPlace;
  /** Clouds of the source and of the state that mean this place. */
  readonly names: Set<string>;
  readonly types: Map<string, ScopeType>;
}

export interface ScopeType {
  readonly type: string;
  readonly rows: ObjectRow[];
  /** Objects that `@adopt` and `@existing` name by physical id. */
  readonly named: NamedObject[];
  /** Neither the rows nor the source have it any more; it is asked only for what a lost answer may have left there. */
  formerly: boolean;
}

export interface NamedObject {
  readonly key: string;
  readonly type: string;
  readonly id: string;
}

export interface ScopesInput {
  readonly graph: NativeGraph | undefined;
  readonly rows: readonly ObjectRow[];
  /** What was made lately, and where (`StateStore.readMade`). */
  readonly made?: readonly MadeType[];
}

export function groupScopes({ graph, rows, made }: ScopesInput): readonly Scope[] {
  const scopes = new Map<string, Scope>();
  // Rows and objects name few clouds and settings, many times: the canonical text of settings is made once for each.
  const keys = new Map<unknown, Map<string, string>>();
  const scopeOf = (place: CloudPlace): Scope => {
    const known = keys.get(place.settings) ?? new Map<string, string>();
    keys.set(place.settings, known);
    const key = known.get(place.provider) ?? placeKey(place);
    known.set(place.provider, key);
    const scope = scopes.get(key) ?? { place, names: new Set<string>(), types: new Map<string, ScopeType>() };
    scopes.set(key, scope);
    scope.names.add(place.name);
    return scope;
  };
  const typeOf = (scope: Scope, type: string): ScopeType => {
    const known = scope.types.get(type) ?? { type, rows: [], named: [], formerly: false };
    scope.types.set(type, known);
    return known;
  };

  for (const row of rows) typeOf(scopeOf(placeOfRow(row, graph?.clouds)), row.type).rows.push(row);
  for (const object of graph?.objects.values() ?? []) {
    const cloud = graph?.clouds.get(object.cloud);
    if (!cloud || object.annotations.forget) continue;
    const scope = scopeOf({ name: object.cloud, provider: cloud.provider, settings: cloud.settings });
    const type = typeOf(scope, object.type);
    const id = object.annotations.existing ?? object.annotations.adopt;
    if (id !== undefined) type.named.push({ key: object.key, type: object.type, id });
  }
  for (const each of made ?? []) {
    const declared = graph?.clouds.get(each.cloud);
    const moved = declared === undefined || declared.provider !== each.provider || declared.settings.region !== each.settings.region;
    const scope = scopeOf({ name: each.cloud, provider: each.provider, settings: moved ? each.settings : declared.settings });
    if (!scope.types.has(each.type)) typeOf(scope, each.type).formerly = true;
  }
  return [...scopes.values()];
}
