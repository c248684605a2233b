// Portable graph to native graph. Pure and linear: each resource is lowered once, by the provider it is placed on; deferred values are then
// put on the outputs they read, and the objects are ordered. Whether something waits for itself is judged here, on native objects.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { Value } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { Provider } from "../provider/provider.ts";
import { type LockReader, type LoweringRun, makeContext, toNative } from "./lowering-context.ts";
import { declared, reportCycle, reportMissing, reportNoOutput, reportUnsupported } from "./lowering-diagnostics.ts";
import type { NativeGraph, NativeObject } from "./native-graph.ts";
import { isNativeDeferred, type NativeDeferred, type NativeMap, type NativeValue } from "./native-value.ts";
import { orderObjects } from "./order-objects.ts";
import { indexReferences, orderResources } from "./portable-references.ts";
import { createSurroundings } from "./surroundings.ts";
import { mapDeferredProps, readOrigins, visitDeferred, visitNative } from "./walk-native.ts";

export type { LockReader } from "./lowering-context.ts";

/** What the lowering needs of a provider. */
export type LoweringProvider = Pick<Provider, "name" | "lowerings" | "surroundings">;

export interface LowerResult {
  /** Absent when a diagnostic is an error. */
  readonly native?: NativeGraph;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lowers a whole stack. Mistakes are returned; a throw is a defect of a lowering. */
export function lowerGraph(graph: ResourceGraph, providers: ReadonlyMap<string, LoweringProvider>, lock: LockReader): LowerResult {
  const index = indexReferences(graph);
  const diagnostics: Diagnostic[] = [];
  const run: LoweringRun = {
    graph,
    lock,
    index,
    objects: new Map(),
    outputs: new Map(),
    pinRequests: new Map(),
    choices: new Map(),
    withDeferred: new Set(),
  };

  const surroundingsOf = createSurroundings(run, providers, (resource, lowered) => {
    if (lowered.diagnostics) diagnostics.push(...lowered.diagnostics);
    keepObjects(run, resource, lowered.objects, []);
  });
  for (const resource of orderResources(graph, index)) {
    const lowering = providers.get(resource.provider)?.lowerings[resource.kind];
    if (!lowering) {
      diagnostics.push(reportUnsupported(resource));
      run.outputs.set(resource.address, {});
      continue;
    }
    const surroundings = surroundingsOf(resource);
    const lowered = lowering(resource, makeContext(run, resource, surroundings.objects));
    if (lowered.diagnostics) diagnostics.push(...lowered.diagnostics);
    run.outputs.set(resource.address, lowered.outputs);
    if (lowered.objects.length > 0 && resource.annotations.existing === undefined) surroundings.use();
    keepObjects(run, resource, lowered.objects, [...surroundings.objects.values()]);
  }
  if (hasError(diagnostics)) return { diagnostics };

  diagnostics.push(...placeDeferred(run), ...checkOutputs(run));
  addAnnotatedOrder(run);
  diagnostics.push(...findMissing(run));
  if (hasError(diagnostics)) return { diagnostics };

  const { ordered, cycles } = orderObjects(run.objects);
  diagnostics.push(...cycles.map((cycle) => reportCycle(cycle, run.objects)));
  if (hasError(diagnostics)) return { diagnostics };
  return { native: assemble(run, ordered), diagnostics };
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/**
 * `@adopt` and `@existing` name one physical object: the first that the lowering lists. The others of an existing resource are the
 * business of whoever made it, so they are left out.
 */
function keepObjects(
  run: LoweringRun,
  resource: PortableResource,
  objects: readonly NativeObject[],
  surroundings: readonly NativeObject[],
): void {
  const { adopt, existing, ...shared } = resource.annotations;
  const split = adopt !== undefined || existing !== undefined;
  for (const [position, object] of objects.entries()) {
    if (position > 0 && existing !== undefined) return;
    if (run.objects.has(object.key)) throw new Error(`two objects have the key \`${object.key}\``);
    if (existing !== undefined) run.objects.set(object.key, standAlone(object, surroundings));
    else run.objects.set(object.key, position > 0 && split ? { ...object, annotations: shared } : object);
  }
}

/** The main object of an existing resource, without what it would get from the others that are left out or from what Koine would put around it. */
function standAlone(object: NativeObject, surroundings: readonly NativeObject[]): NativeObject {
  const around = new Set(surroundings.map((one) => one.key));
  const isOwn = (key: string): boolean => around.has(key) || key.startsWith(`${object.address}:`);
  const props = Object.entries(object.props).filter(([, value]) => {
    let own = false;
    visitNative(value, {
      reference: (ref) => {
        own ||= isOwn(ref.object);
      },
    });
    return !own;
  });
  return { ...object, props: Object.fromEntries(props), after: object.after.filter((key) => !isOwn(key)) };
}

/**
 * Deferred values that only read one attribute become that output. For the others, the objects they wait for are added to `after`.
 */
function placeDeferred(run: LoweringRun): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const waits = new Map<string, readonly string[]>();

  for (const key of run.withDeferred) {
    const object = run.objects.get(key);
    if (!object) continue;
    const props = mapDeferredProps(object.props, (deferred) => readPlain(run, deferred) ?? deferred);
    const after = new Set(object.after);
    const visitor = {
      reference: (ref: { readonly object: string }) => void after.add(ref.object),
      deferred: (deferred: NativeDeferred) => {
        for (const [address, attribute] of readOrigins(deferred.value)) {
          if (run.outputs.get(address)?.[attribute] === undefined) {
            diagnostics.push(reportNoOutput(address, attribute, declared(object), run.graph));
          } else for (const waited of findWaits(run, address, attribute, waits)) after.add(waited);
        }
      },
    };
    for (const name of Object.keys(props)) visitNative(props[name] as NativeValue, visitor);
    run.objects.set(key, { ...object, props, after: [...after].sort() });
  }
  return diagnostics;
}

/** Outputs and asserts of the stack may read attributes that the cloud of the resource does not give. */
function checkOutputs(run: LoweringRun): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const waits = new Map<string, readonly string[]>();
  const check = (value: Value, span: Span): void => {
    visitDeferred(value, (deferred) => {
      for (const [address, attribute] of readOrigins(deferred)) {
        const waited = run.outputs.get(address)?.[attribute] === undefined ? undefined : findWaits(run, address, attribute, waits);
        if (!waited?.every((key) => run.objects.has(key))) diagnostics.push(reportNoOutput(address, attribute, span, run.graph));
      }
    });
  };
  for (const output of run.graph.outputs.values()) check(output.value, output.span);
  for (const { condition, message, span } of run.graph.asserts) {
    check(condition, span);
    check(message, span);
  }
  return diagnostics;
}

/** The output behind `machine.web.private_ip`, when the deferred value is nothing but that. Follows outputs that are such reads themselves. */
function readPlain(run: LoweringRun, deferred: NativeDeferred): NativeValue | undefined {
  const seen = new Set<NativeDeferred>();
  for (let current = deferred; !seen.has(current); ) {
    seen.add(current);
    const { expression } = current.value;
    if (current.transform !== undefined || expression.op !== "attribute") return current;
    const output = run.outputs.get(expression.origin.address)?.[expression.origin.path.join(".")];
    if (output === undefined || !isNativeDeferred(output)) return output;
    current = output;
  }
  return undefined;
}

/** Keys of the objects that an output waits for, deferred outputs followed. */
function findWaits(run: LoweringRun, address: string, attribute: string, known: Map<string, readonly string[]>): readonly string[] {
  const id = `${address}\n${attribute}`;
  const cached = known.get(id);
  if (cached) return cached;
  const found = new Set<string>();
  const open: NativeValue[] = [run.outputs.get(address)?.[attribute] ?? null];
  const seen = new Set<string>([id]);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    visitNative(value, {
      reference: (ref) => void found.add(ref.object),
      deferred: (deferred) => {
        for (const [origin, path] of readOrigins(deferred.value)) {
          const next = `${origin}\n${path}`;
          if (seen.has(next)) continue;
          seen.add(next);
          open.push(run.outputs.get(origin)?.[path] ?? null);
        }
      },
    });
  }
  const result = [...found];
  known.set(id, result);
  return result;
}

/** `@after(db)`: each object of the resource waits for each of `db`. */
function addAnnotatedOrder(run: LoweringRun): void {
  const named = new Set<string>();
  for (const resource of run.graph.resources.values()) for (const address of resource.annotations.after ?? []) named.add(address);
  if (named.size === 0) return;
  const keysOf = new Map<string, string[]>();
  for (const object of run.objects.values()) {
    if (!named.has(object.address)) continue;
    const keys = keysOf.get(object.address);
    if (keys) keys.push(object.key);
    else keysOf.set(object.address, [object.key]);
  }
  for (const object of run.objects.values()) {
    const waits = object.annotations.after?.flatMap((address) => keysOf.get(address) ?? []);
    if (!waits || waits.length === 0) continue;
    run.objects.set(object.key, { ...object, after: [...new Set([...object.after, ...waits])].sort() });
  }
}

/** References to objects that are not there: of an `@existing` resource a mistake, of any other a defect. */
function findMissing(run: LoweringRun): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const reported = new Set<string>();
  for (const object of run.objects.values()) {
    for (const key of object.after) {
      if (run.objects.has(key)) continue;
      const address = key.slice(0, key.lastIndexOf(":"));
      const owner = run.graph.resources.get(address);
      if (!owner?.annotations.existing) throw new Error(`\`${object.key}\` refers to \`${key}\`, which no lowering made`);
      const cause = `${object.address}\n${address}`;
      if (!reported.has(cause)) diagnostics.push(reportMissing(object, owner, key));
      reported.add(cause);
    }
  }
  return diagnostics;
}

function assemble(run: LoweringRun, ordered: readonly NativeObject[]): NativeGraph {
  const { graph } = run;
  const clouds = new Map<string, { readonly provider: string; readonly settings: NativeMap }>();
  for (const cloud of graph.clouds.values()) {
    clouds.set(cloud.name, { provider: cloud.provider, settings: toNative(run, cloud.settings) as NativeMap });
  }
  return {
    stack: graph.stack.name,
    objects: new Map(ordered.map((object) => [object.key, object])),
    outputs: run.outputs,
    stackOutputs: graph.outputs,
    asserts: graph.asserts,
    clouds,
    pinRequests: [...run.pinRequests.values()],
    choices: [...run.choices.values()],
  };
}
