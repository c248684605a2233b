// Decides about every object of the source and every row of the state, in one pass, dependencies first. Pure and linear; an unchanged object
// costs a comparison and nothing is kept of it.

import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import type { NativeValue } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import { decideAdopt } from "./decide-adopt.ts";
import { decideCreate, decideExisting, reportUnsupported } from "./decide-object.ts";
import { type Decision, isRemade, type Removal } from "./decision.ts";
import type { DiffContext } from "./diff-draft.ts";
import { type FinishContext, finishValue, type Transforms } from "./finish-values.ts";
import { compareEdges } from "./made-after.ts";
import { type Leftover, type MatchedRows, matchRows } from "./match-rows.ts";
import { type ObjectContext, reportProtected } from "./object-context.ts";
import type { PlanHandler, PlanInput } from "./plan-input.ts";
import type { PlanProblem } from "./problem.ts";
import { reportHeld } from "./report-held.ts";
import { matchesAddress } from "./select-address.ts";
import { reportUnknown } from "./unknown-objects.ts";
import { upgradeRow } from "./upgrade-row.ts";
import { verifyExisting } from "./verify-existing.ts";

export interface Decisions {
  /** By key of the native object; unchanged objects have none. */
  readonly changed: ReadonlyMap<string, Decision>;
  readonly removals: readonly Removal[];
  readonly unchanged: number;
  readonly problems: readonly PlanProblem[];
  readonly warnings: readonly string[];
  readonly matched: MatchedRows;
  /** What is known of attributes before anything is done. */
  readonly finishContext: FinishContext;
}

/** What an earlier pass found that it cannot leave open, because it made a circle. */
export interface Bounds {
  /** Keys of replacements that cannot be create-first. */
  readonly deleteFirst: ReadonlySet<string>;
  /** Keys of possible replacements that must be done without knowing: the value that would tell needs the old object gone. */
  readonly certain: ReadonlySet<string>;
}

const noBounds: Bounds = { deleteFirst: new Set(), certain: new Set() };

/** The highest generation on its way out, by key: what is made while it is still there must differ from it in name. */
function listLeaving(rows: readonly ObjectRow[]): ReadonlyMap<string, number> {
  const leaving = new Map<string, number>();
  for (const { key, generation, status } of rows) if (status === "retiring") leaving.set(key, Math.max(generation, leaving.get(key) ?? 0));
  return leaving;
}

export function decide(input: PlanInput, bounds: Bounds = noBounds): Decisions {
  const { graph, observed, rows } = input;
  const destroy = input.destroy === true;
  const matched = matchRows(graph, rows, observed.rows, destroy);
  const leaving = listLeaving(rows);
  const changed = new Map<string, Decision>();
  const problems: PlanProblem[] = [...observed.problems, ...matched.problems];
  const warnings: string[] = [];
  const unknown: { readonly row: ObjectRow; readonly reason: string }[] = [];
  const handlerOf = makeHandlerLookup(input, problems);

  const attribute = makeAttributeLookup(input, matched, changed, problems);
  let deciding: NativeObject | undefined;
  const mistakes = new Set<string>();
  const onMistake = (message: string): void => {
    const span = deciding?.places["*"];
    const known = `${deciding?.key ?? ""} ${message}`;
    if (mistakes.has(known)) return;
    mistakes.add(known);
    problems.push({
      kind: "value",
      message: deciding ? `a value of \`${deciding.address}\` cannot be computed: ${message}` : `an output cannot be computed: ${message}`,
      ...(deciding ? { address: deciding.address } : {}),
      ...(span ? { span } : {}),
      hint: "mend the expression, or what it reads",
    });
  };
  const finishContext: FinishContext = { attribute, outputs: graph.outputs, transforms: mergeTransforms(input), onMistake };
  const context: ObjectContext & { readonly take: boolean } = {
    lineage: input.lineage,
    diffOf: makeDiffContexts({
      lineage: input.lineage,
      secrets: input.secrets,
      attribute,
      finish: (value) => finishValue(value, finishContext),
      isRemade: (key) => isRemade(changed.get(key)),
    }),
    decisionOf: (key) => changed.get(key),
    isForced: makeForcedTest(input),
    edgesOf: compareEdges({ graph, rows, matched: matched.rows, isMade: (key) => changed.has(key) }),
    bounds,
    offline: input.offline === true,
    take: input.take === true,
    finishContext,
    report: (problem) => void problems.push(problem),
    warn: (warning) => void warnings.push(warning),
  };

  let unchanged = 0;
  if (!destroy) {
    for (const object of graph.objects.values()) {
      const decision = decideOne(object);
      if (decision === "unchanged") unchanged++;
      else if (decision) changed.set(object.key, decision);
    }
    deciding = undefined;
    problems.push(...reportHeld({ graph, changed, rows: matched.rows, schemaOf: (provider, type) => handlerOf(provider, type)?.schema }));
  }

  function decideOne(object: NativeObject): Decision | "unchanged" | undefined {
    deciding = object;
    const { annotations } = object;
    if (annotations.forget) return undefined;
    const handler = handlerOf(object.provider, object.type);
    if (!handler) return undefined;
    if (annotations.existing !== undefined) {
      if (!input.offline) verifyExisting(object, observed.named.get(object.key), handler.schema, context);
      return "unchanged";
    }
    const row = matched.rows.get(object.key);
    if (!row) {
      if (annotations.adopt !== undefined) return adopt(object, annotations.adopt, handler);
      return decideCreate(object, handler, context, { generation: (leaving.get(object.key) ?? 0) + 1 });
    }
    const sight = observed.rows.get(row.object);
    if (sight === undefined || sight.kind === "unknown") {
      unknown.push({ row, reason: sight?.reason ?? "it was not asked for" });
      return undefined;
    }
    if (sight.kind === "absent") return decideCreate(object, handler, context, { generation: row.generation, vanished: row });
    const before = problems.length;
    const decision = decideExisting(object, row, sight, handler, matched.renamed.get(object.key), context);
    return decision ?? (problems.length === before ? "unchanged" : undefined);
  }

  function adopt(object: NativeObject, id: string, handler: PlanHandler): Decision | undefined {
    if (input.offline)
      return {
        ...decideCreate(object, handler, context, { generation: 1 }),
        action: "adopt",
        notes: [`takes over \`${id}\`, which was not looked at`],
      };
    const sight = observed.named.get(object.key);
    if (sight?.kind === "found") return decideAdopt(object, sight.observed, handler, context);
    const span = object.places["*"];
    problems.push({
      kind: sight?.kind === "absent" ? "existing" : "unknown",
      message:
        sight?.kind === "absent"
          ? `there is no \`${id}\` for \`${object.address}\` to take over`
          : `whether \`${id}\` exists is not known${sight ? `: ${sight.reason}` : ""}`,
      address: object.address,
      ...(span ? { span } : {}),
      hint: "check the id and the account in `@adopt`",
    });
    return undefined;
  }

  const removals: Removal[] = [];
  const ownerOf = findOwners(graph, matched.renamed);
  for (const leftover of matched.leftovers) {
    const removal = decideRemoval(leftover, ownerOf, observed.rows.get(leftover.row.object), handlerOf, unknown, problems);
    if (removal) removals.push(removal);
  }
  problems.push(...reportUnknown(unknown));
  return { changed, removals, unchanged, problems, warnings, matched, finishContext };
}

/** One context per schema, not one per object. */
function makeDiffContexts(shared: Omit<DiffContext, "schema">): ObjectContext["diffOf"] {
  const known = new Map<NativeSchema, DiffContext>();
  return (schema) => {
    const context = known.get(schema) ?? { ...shared, schema };
    known.set(schema, context);
    return context;
  };
}

/** An object of the resource that a row belongs to, as the source has it now: under its address, or under the one it was renamed to. */
function findOwners(graph: NativeGraph, renamed: ReadonlyMap<string, string>): (row: ObjectRow) => NativeObject | undefined {
  let byAddress: Map<string, NativeObject> | undefined;
  const index = (): Map<string, NativeObject> => {
    const owners = new Map<string, NativeObject>();
    for (const [key, address] of renamed) {
      const object = graph.objects.get(key);
      if (object) owners.set(address, object);
    }
    // Where a renamed resource stood, another may stand now; what is left there of the first is the first one's.
    for (const object of graph.objects.values()) if (!owners.has(object.address)) owners.set(object.address, object);
    return owners;
  };
  return (row) => {
    byAddress ??= index();
    return byAddress.get(row.address);
  };
}

function decideRemoval(
  { row: stored, reason }: Leftover,
  ownerOf: (row: ObjectRow) => NativeObject | undefined,
  sight: Sight | undefined,
  handlerOf: (provider: string, type: string) => PlanHandler | undefined,
  unknown: { readonly row: ObjectRow; readonly reason: string }[],
  problems: PlanProblem[],
): Removal | undefined {
  const handler = handlerOf(stored.provider, stored.type);
  if (!handler) return undefined;
  const row = upgradeRow(stored, handler.schema);
  if (!row) {
    problems.push(reportUnsupported(stored, handler.schema.version));
    return undefined;
  }
  if (reason === "released" || row.existing)
    return {
      row,
      handler,
      reason,
      action: "forget",
      sight: sight ?? { kind: "unknown", reason: "it was not asked for" },
      note: "the object stays",
    };
  if (sight === undefined || sight.kind === "unknown") {
    unknown.push({ row, reason: sight?.reason ?? "it was not asked for" });
    return undefined;
  }
  if (sight.kind === "absent") return { row, handler, reason, action: "forget", sight, note: `\`${row.id.id}\` is gone already` };
  const object = ownerOf(row);
  // While the resource stands in the source, the source decides; the row speaks for one that was taken out.
  const isProtected = object ? object.annotations.protect === true : row.protect === true;
  if (isProtected && reason !== "retiring") {
    problems.push(reportProtected(row.address, object?.places["*"], undefined, false));
    return undefined;
  }
  return { row, handler, reason, action: "delete", sight };
}

function makeHandlerLookup(input: PlanInput, problems: PlanProblem[]): (provider: string, type: string) => PlanHandler | undefined {
  const known = new Map<string, PlanHandler | undefined>();
  return (provider, type) => {
    const id = `${provider}\n${type}`;
    if (known.has(id)) return known.get(id);
    const handler = input.handler(provider, type);
    known.set(id, handler);
    if (!handler) {
      problems.push({
        kind: "unsupported",
        message: `the provider \`${provider}\` of this Koine has no type \`${type}\``,
        hint: "use the Koine that wrote the state, or a newer one",
      });
    }
    return handler;
  };
}

/** The value of an attribute that only repeats a prop of the object to be made. */
function repeatedValue({ handler, desired }: Decision, name: string): NativeValue | undefined {
  const prop = handler.schema.attributes[name]?.repeats;
  const value = prop === undefined ? undefined : desired[prop];
  return typeof value === "object" ? undefined : value;
}

/** Whether the update may give the attribute another value. */
function mayChange({ handler, changed, desired, seen }: Decision, name: string): boolean {
  const { changesWith, unchangedBy } = handler.schema.attributes[name] ?? {};
  if (!changesWith?.some((prop) => changed.includes(prop))) return false;
  return seen === undefined || unchangedBy?.(desired, seen.props) !== true;
}

/** An attribute of an object that stays as it is: as observed, else as recorded; `null` when it has none. */
export function attributeOf(row: ObjectRow, name: string, observed: PlanInput["observed"]): NativeValue {
  const sight = observed.rows.get(row.object);
  const seen = sight?.kind === "found" ? sight.observed.attributes[name] : undefined;
  return seen ?? row.attributes[name] ?? null;
}

/** What is known of an object's attributes before apply: nothing of what is made anew, nothing that an update may change. */
function makeAttributeLookup(
  input: PlanInput,
  matched: MatchedRows,
  changed: ReadonlyMap<string, Decision>,
  problems: PlanProblem[],
): (key: string, name: string) => NativeValue | undefined {
  const { observed, graph } = input;
  const forgotten = new Set<string>();
  return (key, name) => {
    const decision = changed.get(key);
    if (decision) {
      if (isRemade(decision)) return decision.possible ? undefined : repeatedValue(decision, name);
      if (mayChange(decision, name)) return undefined;
      const value = decision.seen?.attributes[name] ?? decision.row?.attributes[name];
      return value ?? (decision.action === "finish" ? undefined : null);
    }
    const row = matched.rows.get(key);
    if (row) return attributeOf(row, name, observed);
    const named = observed.named.get(key);
    if (named?.kind === "found") return named.observed.attributes[name] ?? null;
    reportForgotten(key);
    return undefined;
  };

  /** What is let go gives no values any more; that an object waits for one would show only at apply. */
  function reportForgotten(key: string): void {
    const object = graph.objects.get(key);
    if (!object?.annotations.forget || input.destroy || forgotten.has(object.address)) return;
    forgotten.add(object.address);
    const span = object.places["*"];
    problems.push({
      kind: "missing",
      message: `\`${object.address}\` is let go by \`@forget\`, and others still refer to it`,
      address: object.address,
      ...(span ? { span } : {}),
      hint: 'use `@existing("id")` to go on referring to an object that Koine no longer manages',
    });
  }
}

function makeForcedTest(input: PlanInput): (object: NativeObject) => boolean {
  const { replace, graph } = input;
  if (!replace || replace.length === 0) return () => false;
  const forced = new Set<string>();
  for (const object of graph.objects.values()) {
    if (replace.includes(object.key)) forced.add(object.key);
    else if (replace.some((address) => matchesAddress(object.address, address)) && isMainObject(object, graph)) forced.add(object.key);
  }
  return (object) => forced.has(object.key);
}

/** The object that a resource's `id` names; of a resource without an id, each. */
function isMainObject(object: NativeObject, graph: NativeGraph): boolean {
  const id = graph.outputs.get(object.address)?.id as { readonly object?: string } | undefined;
  return id?.object === undefined || id.object === object.key;
}

export function mergeTransforms(input: PlanInput): Transforms | undefined {
  const own: Transforms[] = [];
  for (const cloud of input.graph.clouds.values()) {
    const transforms = input.transforms?.(cloud.provider);
    if (transforms) own.push(transforms);
  }
  return own.length === 0 ? undefined : Object.assign({}, ...own);
}
