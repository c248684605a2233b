// A finished request as the journal holds it: secrets sealed, the rest as it is sent. Rows hold digests instead (plan/row-props.ts).

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeSecret, NativeValue } from "../lower/native-value.ts";
import { holdsSecret, openSecrets } from "../plan/native-form.ts";
import { type SecretKeeper, sealedField } from "../state/secret-keeper.ts";

/** Whose secrets: the lineage of the state and the key of the native object. */
export interface SealPlace {
  readonly lineage: string;
  readonly key: string;
}

/** Beside a sealed text: it is the JSON of a value that is not a string. */
const jsonField = "$json";

/** For the journal. Throws `SecretKeyMissing` when there is a secret and no key. */
export function sealMap(map: NativeMap, keeper: SecretKeeper, place: SealPlace): NativeMap {
  return mapProps(map, (prop, value) => (holdsSecret(value) ? seal(prop, value, keeper, place) : value));
}

/** A journaled body as it was sent. Throws `SecretKeyMissing` under another key. */
export function openMap(map: NativeMap, keeper: SecretKeeper, place: SealPlace): NativeMap {
  return mapProps(map, (prop, value) => open(prop, value, keeper, place));
}

function seal(prop: string, value: NativeValue, keeper: SecretKeeper, place: SealPlace): NativeValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => seal(prop, item, keeper, place));
  if (tagOf(value) !== "secret") return mapProps(value as NativeMap, (_, item) => seal(prop, item, keeper, place));
  const plain = openSecrets((value as NativeSecret).value);
  const sealed = keeper.seal({ ...place, prop }, typeof plain === "string" ? plain : JSON.stringify(plain));
  return typeof plain === "string" ? { [sealedField]: sealed } : { [sealedField]: sealed, [jsonField]: true };
}

function open(prop: string, value: NativeValue, keeper: SecretKeeper, place: SealPlace): NativeValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: NativeValue) => open(prop, item, keeper, place));
  const fields = value as NativeMap;
  const sealed = fields[sealedField];
  if (typeof sealed !== "string") return mapProps(fields, (_, item) => open(prop, item, keeper, place));
  const text = keeper.open({ ...place, prop }, sealed);
  return fields[jsonField] === true ? (JSON.parse(text) as NativeValue) : text;
}

function mapProps(map: NativeMap, change: (name: string, value: NativeValue) => NativeValue): NativeMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(name, value)]));
}
