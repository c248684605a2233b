// What each provider makes of each prop of each kind, read from its description and from what two stacks that differ in the prop become. The page on
// support is written from it, and a test refuses what is silently ignored.

import { isDeepStrictEqual } from "node:util";
import { emptyLock, lockReader } from "../engine/lock/lock.ts";
import { describeNativeValue } from "../engine/lower/describe.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import type { NativeGraph, NativeObject } from "../engine/lower/native-graph.ts";
import { isNativeRef, type NativeValue } from "../engine/lower/native-value.ts";
import type { NativeProp, NativeSchema } from "../engine/provider/native-schema.ts";
import type { Provider } from "../engine/provider/provider.ts";
import { compile } from "../grammar/compile.ts";
import type { Diagnostic } from "../grammar/diagnostics/diagnostic.ts";
import { kinds } from "../grammar/kinds/catalog.ts";
import type { KindSchema } from "../grammar/kinds/kind.ts";
import type { Support } from "../grammar/kinds/provider-description.ts";
import { type SupportSample, settingsOf, supportSamples } from "./support-samples.ts";

/** What a change of a prop does to the object that a resource stands for. `sometimes`: the values decide between in place and replaced. */
export type Effect =
  | { readonly kind: "in place"; readonly sometimes?: true }
  /** By the native prop that forces it. */
  | { readonly kind: "replaced"; readonly by: string; readonly sometimes?: true }
  /** Nothing native differs. */
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

export interface SampleEffect {
  readonly change?: string;
  readonly effect: Effect;
}

export interface Cell {
  /** As the provider declares it; undefined where it says nothing of the prop, which then is supported. */
  readonly declared: Support | undefined;
  /** Empty where the prop or its kind is refused. */
  readonly effects: readonly SampleEffect[];
}

/** `cidr`, `disk`, `disk.size`, `allow`: everything of a kind that an author can write. */
export function propsOfKind(kind: KindSchema): readonly string[] {
  return [
    ...Object.keys(kind.props),
    ...(kind.rules ? ["allow"] : []),
    ...Object.entries(kind.blocks ?? {}).flatMap(([word, block]) => [word, ...Object.keys(block.props).map((prop) => `${word}.${prop}`)]),
  ];
}

/** What a provider declares of a prop: a refusal of the whole kind is one of each of its props. */
export function declaredSupport(provider: Pick<Provider, "description">, kind: string, prop: string): Support | undefined {
  const support = provider.description.support[kind];
  const whole = support?.["*"];
  return whole?.kind === "refused" ? whole : support?.[prop];
}

/** The cell of one prop on one provider. Throws where a sample, refused by nothing that the provider declares, does not compile. */
export function makeCell(provider: Provider, kind: string, prop: string): Cell {
  const declared = declaredSupport(provider, kind, prop);
  if (declared?.kind === "refused") return { declared, effects: [] };
  const samples = supportSamples.filter((sample) => sample.prop === `${kind}.${prop}`);
  const effects = samples.map((sample): SampleEffect => {
    const effect = judge(provider, sample);
    return sample.change === undefined ? { effect } : { change: sample.change, effect };
  });
  return { declared, effects };
}

/** By kind, then prop, then provider. */
export function makeMatrix(providers: ReadonlyMap<string, Provider>): ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Cell>>> {
  const cellsOf = (kind: string, prop: string) => new Map([...providers].map(([name, provider]) => [name, makeCell(provider, kind, prop)]));
  return new Map(
    [...kinds.values()].map((kind) => [kind.name, new Map(propsOfKind(kind).map((prop) => [prop, cellsOf(kind.name, prop)]))]),
  );
}

function judge(provider: Provider, sample: SupportSample): Effect {
  const before = lower(provider, sample.from);
  const after = lower(provider, sample.to);
  const refusal = before.refusal ?? after.refusal;
  if (refusal) return { kind: "refused", diagnostic: refusal };
  if (!before.native || !after.native) throw new Error(`${sample.prop} on ${provider.name}: nothing was lowered`);
  return compare(before.native, after.native, sample, (type) => provider.handlers[type]?.schema);
}

function lower(provider: Provider, text: string): { readonly native?: NativeGraph; readonly refusal?: Diagnostic } {
  const { name, description } = provider;
  const settings = settingsOf[name];
  if (settings === undefined) throw new Error(`there are no settings of ${name} in support-samples.ts`);
  const compiled = compile({
    files: [{ path: "main.koine", text: `stack docs\ncloud ${name} { ${settings} }\n${text}` }],
    providers: new Map([[name, description]]),
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  const lowered = compiled.graph && lowerGraph(compiled.graph, new Map([[name, provider]]), lockReader(emptyLock));
  const refusal = [...compiled.diagnostics, ...(lowered?.diagnostics ?? [])].find(({ severity }) => severity === "error");
  return { ...(lowered?.native ? { native: lowered.native } : {}), ...(refusal ? { refusal } : {}) };
}

function compare(before: NativeGraph, after: NativeGraph, { address, varies }: SupportSample, schemaOf: SchemaOf): Effect {
  if (isSame(before.objects, after.objects)) return { kind: "none" };
  const replaced = findReplaced(before, after, schemaOf);
  const main = mainObject(before, address);
  // What has no object of its own acts through those that carry it.
  const by = main ? replaced.get(main.key) : [...replaced].find(([key]) => after.objects.has(key))?.[1];
  const mayForce = varies === true && main !== undefined && hasVaryingChange(main, after.objects.get(main.key), schemaOf);
  const sometimes = mayForce ? { sometimes: true as const } : {};
  return by === undefined ? { kind: "in place", ...sometimes } : { kind: "replaced", by, ...sometimes };
}

type SchemaOf = (type: string) => NativeSchema | undefined;

/** Whether a changed prop is one of which the values decide. */
function hasVaryingChange(main: NativeObject, next: NativeObject | undefined, schemaOf: SchemaOf): boolean {
  return Object.entries(schemaOf(main.type)?.props ?? {}).some(
    ([name, prop]) => prop.replaceWhen !== undefined && !isDeepStrictEqual(main.props[name], next?.props[name]),
  );
}

/** By key, the prop for which an object cannot stay: for what it is itself, or because what it refers to for good is another one. */
function findReplaced(before: NativeGraph, after: NativeGraph, schemaOf: SchemaOf): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  // Dependencies come first, so one pass follows every chain.
  for (const [key, object] of before.objects) {
    const next = after.objects.get(key);
    if (!next || next.type !== object.type) {
      replaced.set(key, object.type);
      continue;
    }
    const cause = Object.entries(schemaOf(object.type)?.props ?? {}).find(
      ([name, prop]) =>
        (prop.immutable === true && refersTo(next.props[name], replaced)) || forcesNew(prop, object.props[name], next.props[name], object),
    );
    if (cause) replaced.set(key, cause[0]);
  }
  return replaced;
}

function refersTo(value: NativeValue | undefined, keys: ReadonlyMap<string, string>): boolean {
  if (isNativeRef(value)) return keys.has(value.object);
  return Array.isArray(value) && value.some((item: NativeValue) => refersTo(item, keys));
}

/** The object that the resource's id, or address, is read from. */
function mainObject(graph: NativeGraph, address: string): NativeObject | undefined {
  const outputs = graph.outputs.get(address);
  const value = outputs?.id ?? outputs?.ip;
  return isNativeRef(value) ? graph.objects.get(value.object) : undefined;
}

function isSame(left: NativeGraph["objects"], right: NativeGraph["objects"]): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([key, object]) => {
    const other = right.get(key);
    return other?.type === object.type && isDeepStrictEqual(object.props, other.props);
  });
}

function forcesNew(prop: NativeProp, from: NativeValue | undefined, to: NativeValue | undefined, main: NativeObject): boolean {
  if (isDeepStrictEqual(from, to)) return false;
  if (to === undefined && prop.whenAbsent === "keep") return false;
  if (prop.immutable === true || (to === undefined && prop.whenAbsent === "replace")) return true;
  if (!prop.replaceWhen || from === undefined || to === undefined) return false;
  const normalise = prop.normalise ?? ((value: NativeValue) => value);
  return prop.replaceWhen(normalise(standIn(from)), normalise(standIn(to)), main.props) !== undefined;
}

/** References and pins as the texts they will be, so that two of the same are equal wherever they stand. */
function standIn(value: NativeValue): NativeValue {
  return describeNativeValue(value) as NativeValue;
}
