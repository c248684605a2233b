// The shapes of the rows of a state as data: what a store gives back and what a state document holds are judged by the same. Pure.

import { boolean, data, described, integer, list, map, matching, number, object, oneOf, type Shape, string } from "./data-shape.ts";
import type { JournalEntry, ObjectRow, OutputRow, RunRow } from "./store.ts";

type OptionalNames<Row> = { [Name in keyof Row]-?: undefined extends Row[Name] ? Name : never }[keyof Row];
/** Every field of a row has a shape here, or this file does not compile. */
type Fields<Row> = { readonly [Name in Exclude<keyof Row, OptionalNames<Row>>]: Shape };
type OptionalFields<Row> = { readonly [Name in OptionalNames<Row>]: Shape };

/** 128 bits. */
export const id = matching("^[0-9a-f]{32}$");
const time = described("Milliseconds since the epoch.", number);
const version = integer(1);

const objectId = object({ type: string, account: string, region: string, id: string }, { incarnation: string });

const objectFields: Fields<ObjectRow> = {
  object: described("The object mark.", id),
  key: described("`<address>:<role>`", string),
  address: string,
  role: string,
  type: string,
  generation: version,
  status: oneOf("current", "retiring", "failed"),
  cloud: string,
  provider: string,
  settings: map(data),
  id: objectId,
  props: described("As last applied; secrets as keyed digests.", map(data)),
  attributes: map(data),
  after: described("Object marks of what it was made after.", list(string)),
  schemaVersion: version,
};

const objectOptions: OptionalFields<ObjectRow> = {
  existing: oneOf(true),
  protect: oneOf(true),
  formerly: list(string),
  was: string,
  movedFrom: string,
  taken: oneOf(true),
  unfinished: oneOf(true),
  madeAt: time,
};

export const objectRowShape = object(objectFields, objectOptions);

const entryFields: Fields<JournalEntry> = {
  operation: described("The operation mark; of a released object its object mark.", id),
  run: string,
  object: id,
  key: string,
  type: string,
  generation: version,
  action: oneOf("create", "update", "delete"),
  step: object(
    { key: string, operation: string, replay: string },
    { creates: boolean, deletes: boolean, marks: boolean, sets: list(string) },
  ),
  body: described("The request; secrets are sealed.", map(data)),
  row: objectRowShape,
  token: string,
  schemaVersion: version,
  earliestSend: time,
  latestSend: time,
  state: oneOf("intended", "acknowledged", "happened", "never", "failed", "unresolved", "released"),
};

const entryOptions: OptionalFields<JournalEntry> = { goal: map(data), id: string, handle: string, reason: string };

const outputFields: { readonly [Name in keyof OutputRow]: Shape } = { value: data, secret: boolean };

const runFields: Fields<RunRow> = {
  id: string,
  command: oneOf("apply", "destroy"),
  startedAt: time,
  serialBefore: integer(0),
  basis: string,
  changes: string,
};

const runOptions: OptionalFields<RunRow> = {
  endedAt: time,
  approved: described("Digest of the changes that were approved.", string),
  requests: described("Of an approved run that has not ended: short digests of the requests its plan showed.", list(string)),
  result: oneOf("done", "partial", "interrupted", "failed"),
};

export const journalEntryShape = object(entryFields, entryOptions);
export const outputRowShape = object(outputFields);
export const runRowShape = object(runFields, runOptions);
