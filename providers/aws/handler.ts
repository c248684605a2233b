// Makes an engine handler out of what is particular to one EC2 type: its rows, its steps, its requests. Reading, finding, polling and the
// reporting of absence are the same for all types and stand here once. Loads no SDK.

import type { Filter, Tag } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type {
  Blocker,
  FindBy,
  Handler,
  Identity,
  NativeChange,
  ObjectId,
  Observation,
  Observed,
  Progress,
  Step,
} from "../../engine/provider/provider.ts";
import { readTogether } from "./coalesce.ts";
import { markKeys, readTags } from "./marks.ts";
import type { Ec2 } from "./operations.ts";
import type { Ec2Call, Request } from "./request.ts";
import { filter, readByValues } from "./sweep.ts";
import { tagRequests } from "./tag-requests.ts";

export type Ec2Handler = Handler<Ec2>;

/** An object as a row of a describe call shows it. */
export interface Described {
  readonly id: string;
  readonly props: NativeMap;
  readonly attributes: NativeMap;
  /** Of types that carry marks; `Tags` among the props and the marks are made from these. */
  readonly tags?: readonly Tag[] | undefined;
  readonly status?: string | undefined;
  /** Why it came to its state, where the cloud tells. */
  readonly reason?: { readonly code: string; readonly message: string } | undefined;
  readonly token?: string | undefined;
  /** Why it will never work. */
  readonly broken?: string | undefined;
  /** Still listed, and no object any more: terminated, deleted. `going`: on its way there, so that only a delete still waits for it. */
  readonly dead?: true | "going" | undefined;
}

export type Settled =
  | "ready"
  | { readonly pending: string }
  | { readonly failed: string; readonly code: ErrorCode; readonly vendorCode?: string; readonly leaves: "nothing" | "object" };

export interface Ec2Definition<Row> {
  readonly schema: NativeSchema;
  steps(change: NativeChange): readonly Step[];
  /** By operation, without `ec2:`. CreateTags and DeleteTags are there for all. */
  readonly requests: Readonly<Record<string, Request>>;
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

export function defineHandler<Row>(definition: Ec2Definition<Row>): Ec2Handler {
  const { schema } = definition;
  const parentOf = definition.parentOf ?? ((id: string) => id);
  const retryAfter = definition.pollEvery ?? 500;

  const readRows = async (call: Ec2Call, filters: Filter[]): Promise<readonly Described[]> =>
    (await definition.read(call, filters)).flatMap((row) => definition.describe(row));

  const finish = async (call: Ec2Call, rows: readonly Described[], depth: "list" | "each"): Promise<readonly Observed[]> => {
    const completed = rows.length > 0 && definition.complete ? await definition.complete(call, rows, depth) : rows;
    return completed.map((row) => toObserved(schema, call.identity, row));
  };

  return {
    schema,
    steps: (change) => definition.steps(change),

    async perform(call, step, body) {
      const name = step.operation.slice("ec2:".length);
      const request = definition.requests[name] ?? tagRequests[name];
      if (request === undefined) throw new Error(`${schema.type} makes no request ${step.operation}`);
      return request(call, body, step);
    },

    async poll(call, step, on): Promise<Progress> {
      const id = (on.id ?? call.id)?.id;
      if (id === undefined) throw new Error(`${schema.type} is polled without an id`);
      const rows = await readTogether(call.client, schema.type, parentOf(id), call.signal, (parents, signal) =>
        readByValues(parents, (by) => readRows({ ...call, signal }, [by]), definition.idFilter),
      );
      const row = rows.find((each) => each.id === id);
      if (step.deletes)
        return row === undefined || row.dead === true ? { kind: "done" } : { kind: "pending", retryAfter, ...note(row.status) };
      // A fresh id may be unknown to the describe calls for a while.
      // https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
      if (row === undefined) return { kind: "pending", retryAfter, note: "not visible yet" };
      const settled = definition.settled
        ? await definition.settled(step, row, call, on.handle)
        : row.dead
          ? goneWhileWaiting(row)
          : "ready";
      if (settled === "ready") return { kind: "done", ...observedOf(await finish(call, [row], "list")) };
      if ("pending" in settled) return { kind: "pending", retryAfter, note: settled.pending };
      const { failed, code, vendorCode, leaves } = settled;
      return {
        kind: "failed",
        leaves,
        error: new ProviderError(failed, { code, effect: "none", ...(vendorCode === undefined ? {} : { vendorCode }) }),
      };
    },

    async observe(call, ids, depth): Promise<Observation> {
      const own = ids.filter((id) => isSamePlace(id, call.identity));
      const unknown: { id: ObjectId; reason: string }[] = ids
        .filter((id) => !isSamePlace(id, call.identity))
        .map((id) => ({
          id,
          reason: `it belongs to account ${id.account} in ${id.region}, and ${call.identity.account} in ${call.identity.region} was asked`,
        }));
      if (own.length === 0) return { found: [], absent: [], unknown };
      try {
        const parents = own.map((id) => parentOf(id.id));
        const rows = await readByValues(parents, (by) => readRows(call, [by]), definition.idFilter);
        const living = new Map(rows.filter((row) => row.dead === undefined).map((row) => [row.id, row]));
        const asked = own.flatMap((id) => living.get(id.id) ?? []);
        const found = await finish(call, asked, depth);
        return { found, absent: own.filter((id) => !living.has(id.id)), unknown };
      } catch (error) {
        if (!(error instanceof ProviderError) || isPassing(error)) throw error;
        return { found: [], absent: [], unknown: [...unknown, ...own.map((id) => ({ id, reason: error.message }))] };
      }
    },

    async find(call, by: FindBy) {
      const filters = filtersFor(definition, by);
      if (filters === undefined) return [];
      const rows = (await readRows(call, filters)).filter((row) => row.dead === undefined);
      const observed = await finish(call, rows, "list");
      return by.kind === "natural" ? observed.filter((each) => matches(schema, each, by.props)) : observed;
    },

    async blockers(call, id) {
      return definition.blockers ? definition.blockers(call, id.id) : [];
    },
  };
}

function filtersFor<Row>(definition: Ec2Definition<Row>, by: FindBy): Filter[] | undefined {
  if (by.kind === "natural") return definition.naturalFilters?.(by.props);
  if (definition.schema.marks === "none") return undefined;
  return by.kind === "lineage" ? [filter(`tag:${markKeys.lineage}`, by.lineage)] : [filter(`tag:${markKeys.operation}`, by.operation)];
}

function matches(schema: NativeSchema, observed: Observed, props: NativeMap): boolean {
  return Object.entries(props).every(([name, value]) => {
    const spec = schema.props[name];
    return spec === undefined || isSameProp(spec, observed.props[name], value);
  });
}

function toObserved(schema: NativeSchema, identity: Identity, row: Described): Observed {
  const { user, marks } = readTags(row.tags);
  return {
    id: { type: schema.type, account: identity.account, region: identity.region, id: row.id },
    props: schema.props.Tags === undefined ? row.props : { ...row.props, Tags: user },
    attributes: row.attributes,
    ...(schema.marks === "tags" ? { marks } : {}),
    ...(row.status === undefined ? {} : { status: row.status }),
    ...(row.token === undefined ? {} : { token: row.token }),
    ...(row.broken === undefined ? {} : { broken: row.broken }),
  };
}

function isSamePlace(id: ObjectId, identity: Identity): boolean {
  return id.account === identity.account && id.region === identity.region;
}

/** What a later call may answer otherwise; the engine repeats it. */
function isPassing(error: ProviderError): boolean {
  return ["throttled", "unavailable", "timeout", "not_ready"].includes(error.details.code);
}

function goneWhileWaiting(row: Described): Settled {
  return { failed: `it went to ${row.status ?? "its end"} while it was waited for`, code: "gone", leaves: "nothing" };
}

function note(status: string | undefined): { readonly note?: string } {
  return status === undefined ? {} : { note: status };
}

function observedOf(found: readonly Observed[]): { readonly observed?: Observed } {
  const [observed] = found;
  return observed === undefined ? {} : { observed };
}
