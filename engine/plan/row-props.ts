// Props as a row of the state holds them: finished, secrets as keyed digests. The planner compares against this form, so both sides of it
// stand here: what apply writes after an operation, and how a secret of the source is compared with what was written. Pure.

import { canonical } from "../../grammar/graph/canonical.ts";
import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeSecret, NativeValue } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import { type SecretKeeper, SecretKeyMissing, type SecretPlace, secretField } from "../state/secret-keeper.ts";
import { holdsSecret } from "./native-form.ts";

/** In a row: a write-only prop whose value is not known, after adopt and recover: `{ "$unknown": true }`. */
export const unknownField = "$unknown";

/** The digest of a secret at a place: of a string itself, of anything else its canonical text. Undefined where there is no key. */
export function digestSecret(value: NativeValue, place: SecretPlace, keeper: SecretKeeper | undefined): string | undefined {
  if (!keeper) return undefined;
  try {
    return keeper.digest(place, typeof value === "string" ? value : canonical(value));
  } catch (error) {
    if (error instanceof SecretKeyMissing) return undefined;
    throw error;
  }
}

/**
 * The props that go into an object's row. `props` are finished (`operation.record ?? operation.desired`, finished). Throws `SecretKeyMissing`
 * when a secret stands in them and there is no key: it could not be compared later.
 */
export function rowProps(props: NativeMap, place: Pick<SecretPlace, "lineage" | "key">, keeper: SecretKeeper | undefined): NativeMap {
  let copy: Record<string, NativeValue> | undefined;
  for (const name of Object.keys(props)) {
    const value = props[name] as NativeValue;
    if (!holdsSecret(value)) continue;
    copy ??= { ...props };
    copy[name] = sealForRow(value, { ...place, prop: name }, keeper);
  }
  return copy ?? props;
}

function sealForRow(value: NativeValue, place: SecretPlace, keeper: SecretKeeper | undefined): NativeValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => sealForRow(item, place, keeper));
  if (tagOf(value) === "secret") {
    if (!keeper) throw new SecretKeyMissing("a secret is to be recorded and there is no key");
    const inner = (value as NativeSecret).value;
    return { [secretField]: keeper.digest(place, typeof inner === "string" ? inner : canonical(inner)) };
  }
  if (tagOf(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value as NativeMap).map(([name, item]) => [name, sealForRow(item, place, keeper)]));
}

/** Props of an adopted object: what was observed of the props that the source writes; write-only ones are marked as not known. */
export function unknownWriteOnly(schema: NativeSchema, props: NativeMap): NativeMap {
  const marked: Record<string, NativeValue> = {};
  for (const name of Object.keys(props)) if (isUnreadable(schema, name)) marked[name] = { [unknownField]: true };
  return marked;
}

export function isUnreadable(schema: NativeSchema, prop: string): boolean {
  const spec = schema.props[prop];
  return spec !== undefined && (spec.writeOnly === true || spec.observed === "never");
}

export type RowComparison = "equal" | "differs" | "unknown";

/** Where the digests of a row were made. After a rename some may still be under the key it had. */
export interface RowPlace extends SecretPlace {
  readonly formerKey?: string;
}

/** Compares a finished value of the source with what a row holds of it, secrets by digest. `unknown`: there is no digest to compare with. */
export function compareWithRow(
  value: NativeValue,
  recorded: NativeValue,
  place: RowPlace,
  keeper: SecretKeeper | undefined,
): RowComparison {
  if (isMarked(recorded, unknownField)) return "unknown";
  if (isMarked(recorded, secretField))
    return compareDigest(tagOf(value) === "secret" ? (value as NativeSecret).value : value, recorded, place, keeper);
  if (tagOf(value) === "secret") return compareWithRow((value as NativeSecret).value, recorded, place, keeper);
  if (typeof value !== "object" || value === null || typeof recorded !== "object" || recorded === null)
    return value === recorded ? "equal" : "differs";
  if (Array.isArray(value) !== Array.isArray(recorded)) return "differs";
  return compareMembers(value as NativeMap, recorded as unknown as NativeMap, place, keeper);
}

function compareMembers(value: NativeMap, recorded: NativeMap, place: RowPlace, keeper: SecretKeeper | undefined): RowComparison {
  const names = Object.keys(value);
  if (names.length !== Object.keys(recorded).length) return "differs";
  let result: RowComparison = "equal";
  for (const name of names) {
    const other = recorded[name];
    const one: RowComparison = other === undefined ? "differs" : compareWithRow(value[name] as NativeValue, other, place, keeper);
    if (one === "differs") return "differs";
    if (one === "unknown") result = "unknown";
  }
  return result;
}

function compareDigest(value: NativeValue, recorded: NativeMap, place: RowPlace, keeper: SecretKeeper | undefined): RowComparison {
  const digest = digestSecret(value, place, keeper);
  const known = recorded[secretField];
  if (digest === undefined || typeof known !== "string") return "unknown";
  // Digests under two keys say nothing about each other: the key was lost or exchanged.
  if (keyOf(digest) !== keyOf(known)) return "unknown";
  if (digest === known) return "equal";
  const { formerKey, ...current } = place;
  return formerKey !== undefined && digestSecret(value, { ...current, key: formerKey }, keeper) === known ? "equal" : "differs";
}

function keyOf(digest: string): string {
  return digest.slice(0, digest.lastIndexOf(":"));
}

function isMarked(value: NativeValue, field: string): value is NativeMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    tagOf(value) === undefined &&
    (value as NativeMap)[field] !== undefined
  );
}

/** Whether the digest of a secret stands anywhere in a value of a row. */
export function holdsDigest(value: NativeValue): boolean {
  if (Array.isArray(value)) return value.some((item: NativeValue) => holdsDigest(item));
  if (typeof value !== "object" || value === null || tagOf(value) !== undefined) return false;
  return isMarked(value, secretField) || Object.values(value).some((item: NativeValue) => holdsDigest(item));
}

/** Whether a value of a row is the digest of a secret. */
export function isDigest(value: NativeValue | undefined): boolean {
  return value !== undefined && isMarked(value, secretField);
}
