// Makes an engine handler out of what is particular to one type of Compute Engine: its collection, its steps, its requests. What does not depend on
// Compute Engine stands in ../handlers. Loads no SDK.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { Blocker, FindBy, Handler, NativeChange, Progress, Step } from "../../engine/provider/provider.ts";
import { type Described, makeHandler, type Reading, type Settled } from "../handlers/handler.ts";
import type { Request } from "../handlers/request.ts";
import { markLabels } from "./marks.ts";
import { lookAtOperation } from "./operation-progress.ts";
import type { Gce, GceCall } from "./operations.ts";
import { pathOf } from "./paths.ts";
import { type Collection, filterByLabel, filterByPattern, type Named, readByPaths, sweep } from "./sweep.ts";

export type GceHandler = Handler<Gce>;

export interface GceDefinition<Row extends Named> {
  readonly schema: NativeSchema;
  steps(change: NativeChange): readonly Step[];
  /** By operation, without `gcp:`: `networks.insert`. One mutating request each; reads for fingerprints may go before it. */
  readonly requests: Readonly<Record<string, Request<Gce>>>;
  readonly collection: Collection<Row>;
  /** Where its marks stand, for the filters that find them; nowhere for attachments. */
  readonly marksIn: readonly ("labels" | "description")[];
  /** The objects that a row shows: one, or, for attachments, those inside their parent. */
  describe(row: Row): readonly Described[];
  /** The path of the row for a physical id; the id itself unless said otherwise. */
  parentOf?(id: string): string;
  /** The path at which natural props say that it is. */
  naturalPath(props: NativeMap, call: GceCall): string | undefined;
  /** Whether a step's effect is complete, once its operation is; `ready` as soon as the object is seen unless said otherwise. */
  settled?(step: Step, row: Described, call: GceCall, handle: string | undefined): Settled;
  /** Reads what the rows do not show. */
  complete?(call: GceCall, rows: readonly Described[], depth: "list" | "each"): Promise<readonly Described[]>;
  blockers?(call: GceCall, id: string): Promise<readonly Blocker[]>;
}

/** Milliseconds between two looks at an operation. */
const pollEvery = 1_000;

export function defineHandler<Row extends Named>(definition: GceDefinition<Row>): GceHandler {
  const { schema, collection, parentOf, settled, complete, blockers } = definition;
  const describeAll = (rows: Iterable<Row>): readonly Described[] => [...rows].flatMap((row) => definition.describe(row));

  const read = async (call: GceCall, paths: readonly string[]): Promise<Reading> => {
    const { rows, unseen } = await readByPaths(collection, call, paths);
    return { rows: describeAll(rows.values()), unseen: (id) => unseen.get(parentOf?.(id) ?? id) };
  };

  return makeHandler<Gce, Described>({
    schema,
    steps: (change) => definition.steps(change),

    async perform(call, step, body) {
      const request = definition.requests[step.operation.slice("gcp:".length)];
      if (request === undefined) throw new Error(`${schema.type} makes no request ${step.operation}`);
      return request(call, body, step);
    },

    mostPerRead: 100,
    read,
    search: (call, by) => search(definition, call, by, async (path) => (await read(call, [path])).rows),

    async settleHandle(call, step, handle): Promise<Progress | undefined> {
      const progress = await lookAtOperation(call, step, handle, pollEvery);
      if (progress === undefined) return step.deletes ? { kind: "done" } : undefined;
      if (progress.kind !== "failed" || !step.creates || call.id === undefined) return progress;
      // An operation that failed seldom leaves anything; what it left is taken on.
      const id = call.id;
      const left = (await read(call, [parentOf?.(id.id) ?? id.id])).rows.some((row) => row.id === id.id && row.dead === undefined);
      return left ? { ...progress, leaves: "object" } : progress;
    },

    pollEvery,
    canonicalId: pathOf,
    ...(parentOf && { parentOf }),
    ...(settled && { settled }),
    ...(complete && { complete, completesPolls: false }),
    ...(blockers && { blockers }),
  });
}

function search<Row extends Named>(
  definition: GceDefinition<Row>,
  call: GceCall,
  by: FindBy,
  readAt: (path: string) => Promise<readonly Described[]>,
): Promise<readonly Described[]> | undefined {
  if (by.kind === "natural") {
    const path = definition.naturalPath(by.props, call);
    return path === undefined ? undefined : readAt(path);
  }
  return sweepMarks(definition, call, by);
}

/** Marks may stand in two places; an object that has them in both is found once. */
async function sweepMarks<Row extends Named>(
  definition: GceDefinition<Row>,
  call: GceCall,
  by: Exclude<FindBy, { kind: "natural" }>,
): Promise<readonly Described[]> {
  const filters = definition.marksIn.map((place) => filterOf(place, by));
  const lists = await Promise.all(filters.map((filter) => sweep(definition.collection, call, filter)));
  const found = new Map<string, Described>();
  for (const row of lists.flat()) for (const each of definition.describe(row)) found.set(each.id, each);
  return [...found.values()];
}

function filterOf(place: GceDefinition<Named>["marksIn"][number], by: Exclude<FindBy, { kind: "natural" }>): string {
  if (place === "description") {
    const pattern = by.kind === "lineage" ? `koine lineage=${by.lineage} .*` : `koine .* operation=${by.operation} .*`;
    return filterByPattern("description", pattern);
  }
  return by.kind === "lineage" ? filterByLabel(markLabels.lineage, by.lineage) : filterByLabel(markLabels.operation, by.operation);
}
