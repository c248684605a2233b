// Which objects a plan leaves standing, and as what: the two sides of an estimate. What is there is what the plan changes, taken back, so that only
// what changes can make a difference. Pure.

import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { Change, Plan } from "../plan/change.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import type { CostObject, CostSide } from "./estimate.ts";
import { isPlainMap } from "./read-props.ts";

export interface PlanCostInput {
  readonly plan: Pick<Plan, "changes">;
  /** The state that the plan starts from. */
  readonly rows: readonly ObjectRow[];
  readonly native: Pick<NativeGraph, "objects" | "clouds">;
  /** By provider and type; tells which members of a list are the same disk. */
  readonly schema: (provider: string, type: string) => NativeSchema | undefined;
}

/**
 * An object that the stack lets go of costs on, and is no longer the stack's: it stands on neither side, nor does one that the stack only uses
 * (`@existing`). One that is adopted stands on both.
 */
export function collectPlanned(input: PlanCostInput): readonly CostObject[] {
  const { plan, rows, native } = input;
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const acted = new Set(plan.changes.flatMap((change) => listActed(change, rowOf.get(change.key))));
  const standing = rows
    .filter((row) => !acted.has(row.object) && !row.existing)
    .map((row): CostObject => {
      const side = { props: row.props, region: regionIn(row.settings) };
      return { ...identify(row), before: side, after: side };
    });
  const moving = plan.changes
    .filter(({ action, key }) => action !== "forget" && !isOthers(native.objects.get(key)))
    .map((change): CostObject => ({ ...identify(change), ...sidesOf(change, rowOf.get(change.key), native, input.schema) }));
  return [...standing, ...moving];
}

/** All objects of a graph: `after` alone, or of two graphs what the one was and the other will be. */
export function collectGraphs(before: NativeGraph | undefined, after: NativeGraph | undefined): readonly CostObject[] {
  const keys = new Set([...(before?.objects.keys() ?? []), ...(after?.objects.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const was = before?.objects.get(key);
    const is = after?.objects.get(key);
    const object = is ?? was;
    if (!object || isOthers(object)) return [];
    const sides = { ...(was && before ? { before: sideIn(was, before) } : {}), ...(is && after ? { after: sideIn(is, after) } : {}) };
    // One that moved to another cloud, or became another type, is two objects.
    if (was && is && (was.cloud !== is.cloud || was.type !== is.type)) {
      return [
        { ...identify(was), ...(before ? { before: sideIn(was, before) } : {}) },
        { ...identify(is), ...(after ? { after: sideIn(is, after) } : {}) },
      ];
    }
    return [{ ...identify(object), ...sides }];
  });
}

/** The stack uses it, or has let go of it: whoever pays for it, this stack's changes make no difference. */
function isOthers(object: NativeObject | undefined): boolean {
  return object?.annotations.existing !== undefined || object?.annotations.forget === true;
}

function identify({ key, address, cloud, provider, type }: Omit<CostObject, "before" | "after">): Omit<CostObject, "before" | "after"> {
  return { key, address, cloud, provider, type };
}

/** Object ids of the rows that it changes or ends. Others of the same key stay: a predecessor goes, its successor does not. */
function listActed({ action, operations }: Change, row: ObjectRow | undefined): readonly string[] {
  const acted = operations.flatMap((operation) => (operation.row ? [operation.row.object] : []));
  return acted.length === 0 && action !== "create" && row ? [row.object] : acted;
}

function sidesOf(
  change: Change,
  row: ObjectRow | undefined,
  native: PlanCostInput["native"],
  schema: PlanCostInput["schema"],
): Pick<CostObject, "before" | "after"> {
  const acted = change.operations.find((operation) => operation.row)?.row ?? row;
  const settings = native.clouds.get(change.cloud)?.settings ?? acted?.settings ?? {};
  const region = regionIn(settings);
  const wasRegion = acted ? regionIn(acted.settings) : region;
  if (change.action === "delete") return acted ? { before: { props: acted.props, region: wasRegion } } : {};
  const desired =
    native.objects.get(change.key)?.props ?? change.operations.find(({ desired }) => Object.keys(desired).length > 0)?.desired;
  const props = desired ?? acted?.props ?? {};
  if (change.action === "create") return { after: { props, region } };
  const was = takeBack(props, change);
  return { before: { props: was, region: wasRegion }, after: { props: fillIn(props, was, schema(change.provider, change.type)), region } };
}

function takeBack(props: NativeMap, change: Change): NativeMap {
  const before: Record<string, NativeValue> = { ...props };
  for (const { prop, from, secret } of change.props) {
    if (secret) continue;
    if (from === undefined) delete before[prop];
    else before[prop] = from;
  }
  return before;
}

/** What the source leaves out of a member (the size of a root disk) stays as it is; else the price of it would seem to be saved. */
function fillIn(props: NativeMap, was: NativeMap, schema: NativeSchema | undefined): NativeMap {
  const filled: Record<string, NativeValue> = { ...props };
  for (const [name, prop] of Object.entries(schema?.props ?? {})) {
    const [from, to] = [was[name], props[name]];
    if (from === to || from === undefined || to === undefined) continue;
    if (isPlainMap(from) && isPlainMap(to) && prop.type === "map") filled[name] = { ...from, ...to };
    const { identity } = prop;
    if (!identity || !Array.isArray(from) || !Array.isArray(to)) continue;
    const keyOf = (member: NativeMap): string => JSON.stringify(identity.map((field) => member[field] ?? null));
    const known = new Map((from as readonly NativeValue[]).filter(isPlainMap).map((member) => [keyOf(member), member]));
    filled[name] = (to as readonly NativeValue[]).map((member) =>
      isPlainMap(member) ? { ...known.get(keyOf(member)), ...member } : member,
    );
  }
  return filled;
}

function sideIn({ cloud, props }: { readonly cloud: string; readonly props: NativeMap }, graph: Pick<NativeGraph, "clouds">): CostSide {
  return { props, region: regionIn(graph.clouds.get(cloud)?.settings ?? {}) };
}

function regionIn(settings: NativeMap): string {
  return typeof settings.region === "string" ? settings.region : "";
}
