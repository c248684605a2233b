// How one prop changes, as a person reads it: members of a set one by one, and of each only the fields that differ.

import { formatNative } from "./format-value.ts";

type Fields = Readonly<Record<string, unknown>>;

type Format = (value: unknown) => string;

/** `["VolumeSize 100 → 150 of /dev/sdg"]`: one text per difference. `from` and `to` as in a plan, or as `format` reads them; absent when not set. */
export function describeDifference(prop: string, from: unknown, to: unknown, format: Format = formatNative): readonly string[] {
  const members = isList(from) && isList(to) ? describeMembers(prop, from, to, format) : undefined;
  if (members && members.length > 0) return members;
  if (isFields(from) && isFields(to)) {
    const fields = describeFields(from, to, format).map((text) => `${prop}.${text}`);
    if (fields.length > 0) return fields;
  }
  return [`${prop} ${format(from)} → ${format(to)}`];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.getOwnPropertySymbols(value).length === 0;
}

function isList(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields);
}

/** Members are paired by the first field of text whose values tell all of them apart. */
function describeMembers(prop: string, from: readonly Fields[], to: readonly Fields[], format: Format): readonly string[] | undefined {
  const identity = Object.keys(to[0] ?? {}).find((name) => isIdentity(from, name) && isIdentity(to, name));
  if (identity === undefined) return undefined;
  const before = new Map(from.map((member) => [String(member[identity]), member]));
  const after = new Map(to.map((member) => [String(member[identity]), member]));
  return [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `${prop} ${name} is taken out`),
    ...[...after].flatMap(([name, member]) => {
      const old = before.get(name);
      return old
        ? describeFields(old, member, format).map((text) => `${prop} ${name}: ${text}`)
        : [`${prop} ${name} is added: ${format(withoutField(member, identity))}`];
    }),
  ];
}

function isIdentity(members: readonly Fields[], name: string): boolean {
  const values = members.map((member) => member[name]);
  return values.every((value) => typeof value === "string") && new Set(values).size === values.length;
}

/** What the cloud reports beyond what is asked for is no difference. */
function describeFields(from: Fields, to: Fields, format: Format): readonly string[] {
  return Object.entries(to)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(from[name]))
    .map(([name, value]) => `${name} ${format(from[name])} → ${format(value)}`);
}

function withoutField(member: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(member).filter(([field]) => field !== name));
}
