// Rows to put into a state.

import type { JournalEntry, ObjectRow, RunRow } from "../../../engine/state/store.ts";
import { makeObjectRow } from "../../support/state-rows.ts";

export function makeRow(object: string, cidr = "10.0.0.0/16", more: Partial<ObjectRow> = {}): ObjectRow {
  return makeObjectRow(object, { settings: { region: "r" }, props: { CidrBlock: cidr }, ...more });
}

export function makeEntry(operation: string, state: JournalEntry["state"], more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    operation,
    run: "r",
    object: operation,
    key: `network.${operation}:vpc`,
    type: "test.Vpc",
    generation: 1,
    action: "create",
    step: { key: "create", operation: "x:Create", replay: "marked", creates: true },
    body: {},
    row: makeRow(operation),
    token: "t",
    schemaVersion: 1,
    earliestSend: 1,
    latestSend: 2,
    state,
    ...more,
  };
}

export function makeRunRow(id: string, more: Partial<RunRow> = {}): RunRow {
  return { id, command: "apply", startedAt: 1, serialBefore: 0, basis: "b", changes: "c", ...more };
}

/** A change that touches everything a change can touch. */
export function makeFullChange(tag: string, serial?: number) {
  return {
    putObjects: [makeRow(`${tag}-row`)],
    removeObjects: ["kept"],
    putJournal: [makeEntry(`${tag}-op`, "intended", { type: `test.${tag}` })],
    putOutputs: { [tag]: { value: tag, secret: false } },
    putRun: makeRunRow(`${tag}-run`),
    meta: { stack: tag, ...(serial === undefined ? {} : { serial, cause: tag }) },
  };
}
