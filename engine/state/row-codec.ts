// Rows read back from a store, each judged before it is used: text that is no JSON, or JSON that is no such row, was damaged from outside. What a
// row's props mean is not judged here.

import { data, map, object, type Shape, string } from "./data-shape.ts";
import { journalEntryShape, objectRowShape, outputRowShape, runRowShape } from "./row-shapes.ts";
import {
  type JournalEntry,
  type MadeType,
  type ObjectRow,
  type OutputRow,
  type RunRow,
  type SerialRow,
  StateDamaged,
  type StateMeta,
} from "./store.ts";

/** What is wrong with a value, in words that follow its name; undefined when nothing is. */
type Check = (value: unknown) => string | undefined;

/**
 * A shape as a quick check, for each of a hundred thousand rows: the kinds of all fields, not the texts of marks nor what is inside of props. Fields that
 * are not known are left alone.
 */
function compileCheck(shape: Shape): Check {
  switch (shape.kind) {
    case "data":
      return () => undefined;
    case "string":
    case "number":
    case "boolean":
      return (value) => (typeof value === shape.kind ? undefined : `is not a ${shape.kind}`);
    case "integer":
      return (value) => (Number.isSafeInteger(value) ? undefined : "is not a whole number");
    case "one-of":
      return (value) => (shape.values.includes(value as string) ? undefined : `is none of ${shape.values.join(", ")}`);
    case "list": {
      const check = compileCheck(shape.element);
      return (value) => (Array.isArray(value) ? value.map(check).find((mistake) => mistake !== undefined) : "is not a list");
    }
    case "map":
      return (value) => (isMap(value) ? undefined : "is not a map");
    case "object": {
      const fields = Object.entries(shape.fields).map(([name, field]) => [name, compileCheck(field)] as const);
      const optional = Object.entries(shape.optional ?? {}).map(([name, field]) => [name, compileCheck(field)] as const);
      return (value) => {
        if (!isMap(value)) return "is not a map";
        for (const [name, check] of fields) {
          const mistake = check(value[name]);
          if (mistake !== undefined) return `has a \`${name}\` that ${mistake}`;
        }
        for (const [name, check] of optional) {
          const mistake = value[name] === undefined ? undefined : check(value[name]);
          if (mistake !== undefined) return `has a \`${name}\` that ${mistake}`;
        }
        return undefined;
      };
    }
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const madeTypeShape = object({ type: string, cloud: string, provider: string, settings: map(data) });

/** A stored text; `name` says which row it is of. */
export interface StoredText {
  readonly name: string;
  readonly body: string;
}

function makeDecoder<Row>(what: string, shape: Shape): (text: StoredText) => Row {
  const check = compileCheck(shape);
  return ({ name, body }) => {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch (error) {
      throw new StateDamaged(`the state is damaged: the ${what} \`${name}\` is not JSON: ${error instanceof Error ? error.message : ""}`);
    }
    const mistake = check(value);
    if (mistake !== undefined) throw new StateDamaged(`the state is damaged: the ${what} \`${name}\` ${mistake}`);
    return value as Row;
  };
}

/** Each throws `StateDamaged`, naming the row and what is wrong with it. */
export const decodeObject = makeDecoder<ObjectRow>("object", objectRowShape);
export const decodeEntry = makeDecoder<JournalEntry>("journal entry", journalEntryShape);
export const decodeMade = makeDecoder<MadeType>("place of creates", madeTypeShape);
export const decodeRun = makeDecoder<RunRow>("run", runRowShape);
export const decodeOutput = makeDecoder<OutputRow>("output", outputRowShape);

export function decodeMeta(meta: StateMeta): StateMeta {
  const isSound = /^[0-9a-f]{32}$/.test(meta.lineage) && Number.isSafeInteger(meta.serial) && meta.serial >= 0;
  if (!isSound) throw new StateDamaged("the state is damaged: its lineage or serial cannot be read");
  return meta;
}

export function toSerialRow(row: Omit<SerialRow, "run"> & { readonly run: string | null }): SerialRow {
  return { serial: row.serial, at: row.at, cause: row.cause, ...(row.run === null ? {} : { run: row.run }) };
}
