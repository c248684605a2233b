// Makes an engine handler out of what is particular to one EC2 type: filters, describe calls, tags. What does not depend on EC2 stands in
// ../handlers. Loads no SDK.

import type { Filter, Tag } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { Blocker, FindBy, Handler, NativeChange, Step } from "../../engine/provider/provider.ts";
import { type Described as DescribedObject, makeHandler, type Settled } from "../handlers/handler.ts";
import type { Request } from "../handlers/request.ts";
import { markKeys, readTags } from "./marks.ts";
import type { Ec2, Ec2Call } from "./operations.ts";
import { filter, readByValues, valuesPerFilter } from "./sweep.ts";
import { tagRequests } from "./tag-requests.ts";

export type Ec2Handler = Handler<Ec2>;

/** An object as a row of a describe call shows it. */
export interface Described extends Omit<DescribedObject, "marks" | "incarnation"> {
  /** Of types that carry marks; `Tags` among the props and the marks are made from these. */
  readonly tags?: readonly Tag[] | undefined;
}

export interface Ec2Definition<Row> {
  readonly schema: NativeSchema;
  steps(change: NativeChange): readonly Step[];
  /** By operation, without `ec2:`. CreateTags and DeleteTags are there for all. */
  readonly requests: Readonly<Record<string, Request<Ec2>>>;
  /** The filter that takes ids, or, for types without an id of their own, those of the parent. */
  readonly idFilter: string;
  /** The value of `idFilter` for a physical id; the id itself unless said otherwise. */
  parentOf?(id: string): string;
  read(call: Ec2Call, filters: Filter[]): Promise<readonly Row[]>;
  /** The objects that a row shows: one, or, for associations and routes, those inside their parent. */
  describe(row: Row): readonly Described[];
  /** Filters that find it by natural key; what they find is compared with the props given. */
  naturalFilters?(props: NativeMap): Filter[] | undefined;
  /** Whether a step's effect is complete; `ready` as soon as the object is seen unless said otherwise. */
  settled?(step: Step, row: Described, call: Ec2Call, handle: string | undefined): Settled | Promise<Settled>;
  /** Reads what the rows do not show. `list` for what costs calls in proportion to pages, `each` for a call per object. */
  complete?(call: Ec2Call, rows: readonly Described[], depth: "list" | "each"): Promise<readonly Described[]>;
  blockers?(call: Ec2Call, id: string): Promise<readonly Blocker[]>;
  /** Milliseconds between two looks. */
  readonly pollEvery?: number;
}

/**
 * The engine's handler of one EC2 type. Describe calls take filters and answer for every id; a fresh one may be unknown to them for a while.
 * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
 */
export function defineHandler<Row>(definition: Ec2Definition<Row>): Ec2Handler {
  const { schema, parentOf, settled, complete, blockers, pollEvery } = definition;
  const readRows = async (call: Ec2Call, filters: Filter[]): Promise<readonly Described[]> =>
    (await definition.read(call, filters)).flatMap((row) => definition.describe(row)).map((row) => addTags(schema, row));

  return makeHandler<Ec2, Described>({
    schema,
    steps: (change) => definition.steps(change),

    async perform(call, step, body) {
      const name = step.operation.slice("ec2:".length);
      const request = definition.requests[name] ?? tagRequests[name];
      if (request === undefined) throw new Error(`${schema.type} makes no request ${step.operation}`);
      return request(call, body, step);
    },

    mostPerRead: valuesPerFilter,
    read: async (call, parents) => ({ rows: await readByValues(parents, (by) => readRows(call, [by]), definition.idFilter) }),
    search(call, by) {
      const filters = filtersFor(definition, by);
      return filters === undefined ? undefined : readRows(call, filters);
    },
    ...(parentOf && { parentOf }),
    ...(settled && { settled }),
    ...(complete && { complete }),
    ...(blockers && { blockers }),
    ...(pollEvery !== undefined && { pollEvery }),
  });
}

function filtersFor<Row>(definition: Ec2Definition<Row>, by: FindBy): Filter[] | undefined {
  if (by.kind === "natural") return definition.naturalFilters?.(by.props);
  return by.kind === "lineage" ? [filter(`tag:${markKeys.lineage}`, by.lineage)] : [filter(`tag:${markKeys.operation}`, by.operation)];
}

function addTags(schema: NativeSchema, row: Described): Described & DescribedObject {
  const { user, marks } = readTags(row.tags);
  return { ...row, props: schema.props.Tags === undefined ? row.props : { ...row.props, Tags: user }, marks };
}
