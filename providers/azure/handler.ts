// Makes an engine handler out of what is particular to one ARM type: how its resources are read as objects, its steps, its requests. Everything
// that all types share with each other, and with other clouds, stands in ../handlers and in reads.ts. Loads no SDK.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { Blocker, FindBy, Handler, NativeChange, Step } from "../../engine/provider/provider.ts";
import { type Described, makeHandler, type Settled } from "../handlers/handler.ts";
import { ownId } from "../handlers/request.ts";
import { canonicalId } from "./arm-id.ts";
import { type Json, textAt } from "./json.ts";
import { settleOperation } from "./long-running.ts";
import type { Arm, Collection } from "./operations.ts";
import { type ArmCall, findByOperation, type Resources, readResources, sweepResources } from "./reads.ts";
import { type ArmRequestOf, type Creatable, changeResource } from "./requests.ts";
import { step as makeStep } from "./steps.ts";

export type ArmHandler = Handler<Arm>;

export interface ArmDefinition<Row extends Described> {
  readonly schema: NativeSchema;
  steps(change: NativeChange): readonly Step[];
  /** By operation, without `azure:`. */
  readonly requests: Readonly<Record<string, ArmRequestOf>>;
  /** What is read: resources of this type show the object, or hold it. */
  readonly collection: Collection;
  /** The id of the resource that is read for an object; its own unless said otherwise. */
  parentOf?(id: string): string;
  /** The objects that a resource shows: one, or, for subnets, rules and attachments, those inside. */
  describe(resource: Json): readonly Row[];
  /** The id of the resource to read for a natural key. */
  naturalId?(call: ArmCall, props: NativeMap): string | undefined;
  settled?(step: Step, row: Row, call: ArmCall, handle: string | undefined): Settled | Promise<Settled>;
  complete?(call: ArmCall, rows: readonly Row[], depth: "list" | "each"): Promise<readonly Row[]>;
  blockers?(call: ArmCall, id: string): Promise<readonly Blocker[]>;
  /** Sending a resource of this type back as it is mends one that Azure reports as failed. */
  readonly repairs?: Creatable;
  /** Query of a read by id. */
  readonly query?: Readonly<Record<string, string>>;
  readonly pollEvery?: number;
}

/** How a type is read; ResourceGroup has its own way. */
export interface Reader {
  byIds(call: ArmCall, ids: readonly string[]): Promise<Resources>;
  byLineage(call: ArmCall, lineage: string): Promise<readonly Json[]>;
  byOperation(call: ArmCall, operation: string): Promise<readonly Json[]>;
}

export function defineHandler<Row extends Described>(definition: ArmDefinition<Row>): ArmHandler {
  const { collection, query } = definition;
  return defineRead(definition, {
    byIds: (call, ids) => readResources(call, collection, ids, query),
    byLineage: (call, lineage) => sweepResources(call, collection, lineage),
    byOperation: (call, operation) => findByOperation(call, collection, operation),
  });
}

export function defineRead<Row extends Described>(definition: Omit<ArmDefinition<Row>, "collection">, reader: Reader): ArmHandler {
  const { parentOf = (id: string) => id, repairs } = definition;
  const schema = repairs === undefined ? definition.schema : withState(definition.schema);
  const describe = (resource: Json): readonly Row[] => {
    const rows = definition.describe(resource);
    return repairs === undefined ? rows : rows.map(showFailure);
  };

  const read = async (call: ArmCall, ids: readonly string[]) => {
    const { found, unseen } = await reader.byIds(call, ids);
    const rows = ids.flatMap((id) => {
      const resource = found.get(id);
      return resource === undefined ? [] : describe(resource);
    });
    return { rows, unseen: (id: string) => unseen(parentOf(id)) };
  };

  const search = (call: ArmCall, by: FindBy): Promise<readonly Row[]> | undefined => {
    switch (by.kind) {
      case "natural": {
        const id = definition.naturalId?.(call, by.props);
        return id === undefined ? undefined : read(call, [id]).then(({ rows }) => rows);
      }
      case "lineage":
        return reader
          .byLineage(call, by.lineage)
          .then((resources) => resources.flatMap(describe).filter((row) => row.marks?.lineage === by.lineage));
      case "operation":
        return reader
          .byOperation(call, by.operation)
          .then((resources) => resources.flatMap(describe).filter((row) => row.marks?.operation === by.operation));
    }
  };

  const handler = makeHandler<Arm, Row>({
    ...definition,
    schema,
    steps: (change) => [...repairSteps(definition, change), ...definition.steps(change)],
    read,
    search,
    mostPerRead: 1_000,
    async perform(call, step, body) {
      if (step.key === repairKey && repairs !== undefined) return changeResource(call, repairs, ownId(call), (resource) => resource);
      const request = definition.requests[step.operation.slice("azure:".length)];
      if (request === undefined) throw new Error(`${schema.type} makes no request ${step.operation}`);
      return request(call, body, step);
    },
    settleHandle: (call, step, handle) =>
      settleOperation(call, step, handle, async () => {
        const id = call.id?.id;
        return id === undefined || (await read(call, [parentOf(id)])).rows.some((row) => row.id === id);
      }),
    settled: definition.settled ?? ((step, row) => settleByState(step, row)),
  });

  return { ...handler, canonicalId };
}

const repairKey = "repair";

function withState(schema: NativeSchema): NativeSchema {
  const provisioningState = { type: "string", doc: "`Failed`, where Azure says so." } as const;
  return { ...schema, attributes: { ...schema.attributes, provisioningState } };
}

function showFailure<Row extends Described>(row: Row): Row {
  return row.status === "Failed" ? { ...row, attributes: { ...row.attributes, provisioningState: row.status } } : row;
}

/** A PUT of what was read. https://learn.microsoft.com/azure/networking/troubleshoot-failed-state */
function repairSteps({ repairs, steps }: Pick<ArmDefinition<Described>, "repairs" | "steps">, change: NativeChange): readonly Step[] {
  if (repairs === undefined || change.action === "delete" || change.id === undefined) return [];
  const operation = `${repairs}.createOrUpdate`;
  if (change.attributes.provisioningState !== "Failed" || steps(change).some((each) => each.operation === `azure:${operation}`)) return [];
  return [makeStep(repairKey, operation, {}, "idempotent")];
}

/** `provisioningState`: Succeeded, Failed, Canceled; anything else is on its way. */
export function settleByState(step: Step, row: Described): Settled {
  const state = row.status ?? "Succeeded";
  if (row.dead !== undefined) return { failed: `it went to ${state} while it was waited for`, code: "gone", leaves: "nothing" };
  if (state === "Succeeded") return "ready";
  if (state !== "Failed" && state !== "Canceled") return { pending: state };
  // Tags are written in any state, and do not mend one.
  if (step.key === "tag" || step.key === "mark") return "ready";
  return { failed: `Azure reports it as ${state} and gives no reason`, code: "unavailable", vendorCode: state, leaves: "object" };
}

/** What `provisioningState` says, as the row has it. */
export function stateOf(resource: Json): Pick<Described, "status" | "dead"> {
  const status = textAt(resource, "properties", "provisioningState");
  return { status, dead: status === "Deleting" ? "going" : undefined };
}
