// Outputs of the stack: finished like props, kept in the state as plain data, secret ones sealed. Used by the planner to show what will change and
// by apply to record it, so that both write one form. Pure.

import type { Output } from "../../grammar/graph/resource-graph.ts";
import { type Deferred, isDeferred, isSecret, tag, type Value } from "../../grammar/graph/value.ts";
import { type SecretKeeper, SecretKeyMissing, type SecretPlace, sealedField } from "../state/secret-keeper.ts";
import type { OutputRow } from "../state/store.ts";
import type { OutputChange } from "./change.ts";
import { type FinishContext, finishPortable } from "./finish-values.ts";

/** Plain data as JSON has it: sizes in bytes, durations in milliseconds, addresses and names as text, resources by address. */
export type OutputData = null | boolean | number | string | readonly OutputData[] | { readonly [name: string]: OutputData };

export type FinishedOutput =
  | { readonly kind: "known"; readonly data: OutputData }
  | { readonly kind: "deferred"; readonly waitsFor: readonly string[] };

export function finishOutput(output: Output, context: FinishContext): FinishedOutput {
  const waits = new Set<string>();
  const data = toOutputData(output.value, context, waits);
  return waits.size > 0 ? { kind: "deferred", waitsFor: [...waits] } : { kind: "known", data };
}

function toOutputData(value: Value, context: FinishContext, waits: Set<string>): OutputData {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value) => toOutputData(item, context, waits));
  if (value instanceof Map) {
    return Object.fromEntries([...(value as ReadonlyMap<string, Value>)].map(([name, item]) => [name, toOutputData(item, context, waits)]));
  }
  if (isSecret(value)) return toOutputData((value as { readonly value: Value }).value, context, waits);
  if (isDeferred(value)) {
    const finished = finishPortable(value as Deferred, context);
    for (const wait of finished.waitsFor) waits.add(wait.text);
    return finished.value === undefined ? null : toOutputData(finished.value, context, waits);
  }
  const tagged = value as Exclude<Value, null | boolean | number | string | readonly Value[] | ReadonlyMap<string, Value>>;
  switch (tagged[tag]) {
    case "size":
      return tagged.bytes;
    case "duration":
      return tagged.milliseconds;
    case "ip":
    case "cidr":
      return tagged.text;
    case "cloud":
      return tagged.name;
    case "near":
      return tagged.city;
    case "resource":
      return tagged.address;
    case "block":
      return `${tagged.address}.${tagged.block}.${tagged.label}`;
    default:
      return null;
  }
}

/** The row of a known output; a secret one is sealed. Throws `SecretKeyMissing` for a secret without a key. */
export function outputRow(name: string, data: OutputData, secret: boolean, lineage: string, keeper: SecretKeeper | undefined): OutputRow {
  if (!secret) return { value: data, secret: false };
  if (!keeper) throw new SecretKeyMissing(`the output \`${name}\` is secret and there is no key`);
  return { value: { [sealedField]: keeper.seal(placeOf(name, lineage), JSON.stringify(data)) }, secret: true };
}

/** What an output row holds, unsealed. Throws `SecretKeyMissing` when it cannot be opened. */
export function openOutput(name: string, row: OutputRow, lineage: string, keeper: SecretKeeper | undefined): unknown {
  if (!row.secret) return row.value;
  const sealed = (row.value as { readonly [sealedField]?: unknown } | null)?.[sealedField];
  if (typeof sealed !== "string") return row.value;
  if (!keeper) throw new SecretKeyMissing(`the output \`${name}\` is secret and there is no key`);
  return JSON.parse(keeper.open(placeOf(name, lineage), sealed)) as unknown;
}

function placeOf(name: string, lineage: string): SecretPlace {
  return { lineage, key: "output", prop: name };
}

export interface OutputsInput {
  readonly outputs: ReadonlyMap<string, Output>;
  readonly recorded: Readonly<Record<string, OutputRow>>;
  readonly lineage: string;
  readonly secrets: SecretKeeper | undefined;
  readonly destroy: boolean;
  /** Objects that this plan leaves as they are, or does not make: an output that would wait for one stays as recorded. */
  readonly isLeft?: (key: string) => boolean;
  /** Only what is known now counts: what waits for a value, and what the source has no more, stays as recorded. */
  readonly onlyKnown?: boolean;
}

/** Outputs that will differ from what the state holds. Secret values are compared and never shown. */
export function diffOutputs(input: OutputsInput, context: FinishContext): readonly OutputChange[] {
  const changes: OutputChange[] = [];
  const wanted: ReadonlyMap<string, Output> = input.destroy ? new Map() : input.outputs;
  for (const output of wanted.values()) {
    const row = input.recorded[output.name];
    const secret = output.secret || row?.secret === true;
    const from = !secret && row ? { from: row.value } : {};
    let waitsForLeft = false;
    const attribute: FinishContext["attribute"] = (key, name) => {
      const value = context.attribute(key, name);
      if (value === undefined && input.isLeft?.(key) === true) waitsForLeft = true;
      return value;
    };
    const finished = finishOutput(output, { ...context, attribute });
    if (finished.kind === "deferred" && (waitsForLeft || input.onlyKnown === true)) continue;
    if (finished.kind === "deferred") changes.push({ name: output.name, ...from, deferred: true, secret, waitsFor: finished.waitsFor });
    else if (!row || row.secret !== output.secret || !isRecorded(output.name, row, finished.data, input)) {
      changes.push({ name: output.name, ...from, ...(secret ? {} : { to: finished.data }), deferred: false, secret });
    }
  }
  for (const [name, row] of Object.entries(input.recorded)) {
    if (!wanted.has(name) && input.onlyKnown !== true)
      changes.push({ name, ...(row.secret ? {} : { from: row.value }), deferred: false, secret: row.secret });
  }
  return changes;
}

/** After a destroy of a part: the recorded outputs that nothing gives any more. `context` knows nothing of what goes. */
export function listLostOutputs({ outputs, recorded }: OutputsInput, context: FinishContext): readonly OutputChange[] {
  return Object.entries(recorded).flatMap(([name, row]) => {
    const output = outputs.get(name);
    if (!output || finishOutput(output, context).kind === "known") return [];
    return [{ name, ...(row.secret ? {} : { from: row.value }), deferred: false, secret: row.secret }];
  });
}

function isRecorded(name: string, row: OutputRow, data: OutputData, input: OutputsInput): boolean {
  try {
    return JSON.stringify(openOutput(name, row, input.lineage, input.secrets)) === JSON.stringify(data);
  } catch (error) {
    // Without the key a secret cannot be compared; taken as equal, as secret props are.
    if (error instanceof SecretKeyMissing) return true;
    throw error;
  }
}
