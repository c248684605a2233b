// What an object holds that no second one may hold at once: an address, a CIDR in a network, an attachment, a name. Two that claim the same
// cannot exist together, so one has to go first. Pure.

import { canonical } from "../../grammar/graph/canonical.ts";
import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import { normaliseValue } from "./normalise.ts";

export interface Claim {
  readonly props: readonly string[];
  /** Equal for equal claims of one type in one place. */
  readonly text: string;
}

/**
 * The claims of an object with these props. A value that is not known yet claims nothing: it belongs to an object that is still to be made,
 * so it cannot be what another holds already.
 */
export function claimsOf(schema: NativeSchema, props: NativeMap, place: string): readonly Claim[] {
  if (!schema.exclusive && schema.nameBound === undefined) return [];
  const groups = schema.nameBound === undefined ? schema.exclusive : [...(schema.exclusive ?? []), [schema.nameBound]];
  const claims: Claim[] = [];
  for (const group of groups ?? []) {
    const [only = "", ...more] = group;
    const members = more.length === 0 ? membersAt(schema, props, only) : undefined;
    if (members) {
      for (const member of members) claims.push({ props: group, text: `${schema.type}\n${place}\n${only}\n${canonical([member])}` });
      continue;
    }
    const values = group.map((name) => {
      const value = props[name];
      const spec = schema.props[name];
      if (value === undefined || value === null || !isFinished(value) || spec?.unclaimed?.includes(value)) return undefined;
      return spec ? normaliseValue(spec, value) : value;
    });
    if (values.every((value) => value !== undefined))
      claims.push({ props: group, text: `${schema.type}\n${place}\n${group.join()}\n${canonical(values)}` });
  }
  return claims;
}

/** Of a claim of one prop that holds a list, or of a path into one (`nats.natIps`): its members, each a claim of its own. */
function membersAt(schema: NativeSchema, props: NativeMap, path: string): readonly NativeValue[] | undefined {
  const [name = "", ...fields] = path.split(".");
  const value = props[name];
  if (!Array.isArray(value)) return undefined;
  const spec = schema.props[name];
  let members: readonly NativeValue[] = (spec ? normaliseValue(spec, value) : value) as readonly NativeValue[];
  for (const field of fields) members = members.flatMap((member) => (isPlain(member) ? (member[field] ?? []) : []));
  return members.filter(isFinished);
}

function isPlain(value: NativeValue): value is NativeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && tagOf(value) === undefined;
}

/** The first claim that both make. */
export function findCollision(left: readonly Claim[], right: readonly Claim[]): Claim | undefined {
  return left.find((claim) => right.some((other) => other.text === claim.text));
}

function isFinished(value: NativeValue): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isFinished);
  return tagOf(value) === undefined && Object.values(value).every(isFinished);
}
