// The shape of the state document as data. docs/schemas/state.schema.json is made of it; what the shape cannot say is checked beside it. Pure.

import { described, integer, list, listMistakes, map, object, oneOf, type Shape, string, toJsonSchema } from "./data-shape.ts";
import { id, journalEntryShape, objectRowShape, outputRowShape, runRowShape } from "./row-shapes.ts";
import type { JournalEntry, ObjectRow } from "./store.ts";

const document = (format: number): Shape =>
  object({
    version: oneOf(format),
    lineage: described("Of the stack's state; all marks carry it.", id),
    serial: described("Rises with every run that wrote.", integer(0)),
    stack: string,
    objects: list(objectRowShape),
    journal: object({
      open: described("Requests whose outcome is not known yet.", list(journalEntryShape)),
      ended: described("Those that ended within the last 30 days.", list(journalEntryShape)),
    }),
    outputs: map(outputRowShape),
    runs: described("Newest first.", list(runRowShape)),
  });

/** Of the document, for docs/schemas. */
export function describeSnapshotSchema(format: number): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A state of Koine",
    description: "What `koine state pull` prints and `koine state push` takes.",
    ...toJsonSchema(document(format)),
  };
}

/** Mistakes that are told at once. */
const most = 5;

/** Empty for a sound document of this version. */
export function describeSnapshotMistakes(value: unknown, format: number): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ["it is not a JSON object"];
  const { version: found } = value as { readonly version?: unknown };
  if (typeof found !== "number") return ["it does not say which version it has"];
  if (found !== format) return [`it has version ${found}, and this Koine reads ${format}`];
  const mistakes = listMistakes(value, document(format), most);
  return mistakes.length > 0 ? mistakes : listConflicts(value as Snapshot).slice(0, most);
}

interface Snapshot {
  readonly objects: readonly ObjectRow[];
  readonly journal: { readonly open: readonly JournalEntry[]; readonly ended: readonly JournalEntry[] };
}

const openStates: ReadonlySet<JournalEntry["state"]> = new Set(["intended", "acknowledged", "unresolved"]);

/** What rows must be among each other. */
function listConflicts({ objects, journal }: Snapshot): readonly string[] {
  const mistakes: string[] = [];
  const once = (seen: Map<string, string>, text: string, path: string, what: string): void => {
    const before = seen.get(text);
    if (before === undefined) seen.set(text, path);
    else mistakes.push(`\`${path}\` has the same ${what} as \`${before}\``);
  };
  const marks = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const [index, row] of objects.entries()) {
    const path = `objects[${index}]`;
    if (row.key !== `${row.address}:${row.role}`)
      mistakes.push(`\`${path}.key\` is not its address and role, \`${row.address}:${row.role}\``);
    if (row.id.type !== row.type) mistakes.push(`\`${path}.id.type\` is not \`${row.type}\``);
    once(marks, row.object, path, "object mark");
    const { type, account, region, id: physical, incarnation = "" } = row.id;
    if (physical !== "") once(ids, [type, account, region, physical, incarnation].join("\n"), path, "physical id");
  }
  const operations = new Map<string, string>();
  for (const name of ["open", "ended"] as const) {
    for (const [index, one] of journal[name].entries()) {
      const path = `journal.${name}[${index}]`;
      once(operations, one.operation, path, "operation");
      if (openStates.has(one.state) !== (name === "open")) mistakes.push(`\`${path}.state\` is \`${one.state}\``);
    }
  }
  return mistakes;
}
