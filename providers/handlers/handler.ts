// Makes an engine handler out of what is particular to one native type: its rows, its steps, its requests. Reading, finding, polling and the
// reporting of absence are the same for all clouds and stand here once. Names no cloud and loads no SDK.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { regionOf } from "../../engine/observe/place.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type {
  Ack,
  Blocker,
  Call,
  FindBy,
  Handler,
  Identity,
  Marks,
  NativeChange,
  ObjectId,
  Observation,
  Observed,
  Progress,
  Step,
} from "../../engine/provider/provider.ts";
import { readTogether } from "./read-together.ts";

/** An object as a row of a list or an answer shows it. */
export interface Described {
  readonly id: string;
  /** Tells a reused name from the same object, where the cloud has names. */
  readonly incarnation?: string | undefined;
  readonly props: NativeMap;
  readonly attributes: NativeMap;
  /** Of types that carry marks, as far as they are there. */
  readonly marks?: Partial<Marks> | undefined;
  readonly status?: string | undefined;
  /** Why it came to its state, where the cloud tells. */
  readonly reason?: { readonly code: string; readonly message: string } | undefined;
  readonly token?: string | undefined;
  /** Why it will never work. */
  readonly broken?: string | undefined;
  /** Still listed, and no object any more: terminated, deleted. `going`: on its way there, so that only a delete still waits for it. */
  readonly dead?: true | "going" | undefined;
}

/** What a read showed. */
export interface Reading<Row extends Described = Described> {
  readonly rows: readonly Row[];
  /** Why an object that is not among the rows may be there all the same: a part of the cloud did not answer. Undefined: it is not there. */
  readonly unseen?: (id: string) => string | undefined;
}

export type Settled =
  | "ready"
  | { readonly pending: string }
  | { readonly failed: string; readonly code: ErrorCode; readonly vendorCode?: string; readonly leaves: "nothing" | "object" };

export interface HandlerDefinition<Client, Row extends Described = Described> {
  readonly schema: NativeSchema;
  steps(change: NativeChange): readonly Step[];
  /** Exactly one mutating request. */
  perform(call: Call<Client>, step: Step, body: NativeMap): Promise<Ack>;
  /** Reads by physical ids or, for types without an id of their own, by those of their parents; each value once, any number of them. */
  read(call: Call<Client>, parents: readonly string[]): Promise<Reading<Row>>;
  /** What `read` takes for a physical id; the id itself unless said otherwise. */
  parentOf?(id: string): string;
  /** Values of one `read` when polls are put together. */
  readonly mostPerRead: number;
  /** Reads by a mark, or by natural key (what it finds is compared with the props given). Undefined: it cannot be found so. */
  search(call: Call<Client>, by: FindBy): Promise<readonly Row[]> | undefined;
  /** Looks at a long-running operation. Undefined: it has ended well, and the object tells the rest. */
  settleHandle?(call: Call<Client>, step: Step, handle: string): Promise<Progress | undefined>;
  /** Whether a step's effect is complete; `ready` as soon as the object is seen unless said otherwise. */
  settled?(step: Step, row: Row, call: Call<Client>, handle: string | undefined): Settled | Promise<Settled>;
  /** Reads what the rows do not show. `list` for what costs calls in proportion to pages, `each` for a call per object. */
  complete?(call: Call<Client>, rows: readonly Row[], depth: "list" | "each"): Promise<readonly Row[]>;
  /** Polls want no more of an object than its attributes; false where the rows have those, so that polls need not complete them. */
  readonly completesPolls?: false;
  blockers?(call: Call<Client>, id: string): Promise<readonly Blocker[]>;
  /** See `Handler.canonicalId`. */
  canonicalId?(id: string): string;
  /** Milliseconds between two looks; 500 unless said otherwise. */
  readonly pollEvery?: number;
}

export function makeHandler<Client extends object, Row extends Described>(definition: HandlerDefinition<Client, Row>): Handler<Client> {
  const { schema } = definition;
  const parentOf = definition.parentOf ?? ((id: string) => id);
  const retryAfter = definition.pollEvery ?? 500;

  const finish = async (call: Call<Client>, rows: readonly Row[], depth: "list" | "each"): Promise<readonly Observed[]> => {
    const completed = rows.length > 0 && definition.complete ? await definition.complete(call, rows, depth) : rows;
    return completed.map((row) => toObserved(schema, call.identity, row));
  };

  return {
    schema,
    steps: (change) => definition.steps(change),
    perform: (call, step, body) => definition.perform(call, step, body),

    async poll(call, step, on): Promise<Progress> {
      if (on.handle !== undefined && definition.settleHandle !== undefined) {
        const progress = await definition.settleHandle(call, step, on.handle);
        if (progress !== undefined) return progress;
      }
      const target = on.id ?? call.id;
      if (target === undefined) throw new Error(`${schema.type} is polled without an id`);
      const reading = await readTogether(
        {
          owner: call.client,
          name: schema.type,
          most: definition.mostPerRead,
          read: (parents, signal) => definition.read({ ...call, signal }, parents),
        },
        parentOf(target.id),
        call.signal,
      );
      const row = reading.rows.find((each) => each.id === target.id && isSameIncarnation(target, each));
      const hidden = row === undefined ? reading.unseen?.(target.id) : undefined;
      if (hidden !== undefined) throw new ProviderError(hidden, { code: "unavailable", effect: "none" });
      if (step.deletes)
        return row === undefined || row.dead === true ? { kind: "done" } : { kind: "pending", retryAfter, ...note(row.status) };
      // A fresh id may be unknown to the lists for a while.
      if (row === undefined) return { kind: "pending", retryAfter, note: "not visible yet" };
      const settled = definition.settled
        ? await definition.settled(step, row, call, on.handle)
        : row.dead
          ? goneWhileWaiting(row)
          : "ready";
      if (settled === "ready") {
        const known = definition.completesPolls === false ? [toObserved(schema, call.identity, row)] : await finish(call, [row], "list");
        return { kind: "done", ...observedOf(known) };
      }
      if ("pending" in settled) return { kind: "pending", retryAfter, note: settled.pending };
      const { failed, code, vendorCode, leaves } = settled;
      return {
        kind: "failed",
        leaves,
        error: new ProviderError(failed, { code, effect: "none", ...(vendorCode === undefined ? {} : { vendorCode }) }),
      };
    },

    async observe(call, ids, depth): Promise<Observation> {
      const { own, unknown } = splitByPlace(ids, placeOf(schema, call.identity));
      if (own.length === 0) return { found: [], absent: [], unknown };
      try {
        const { rows, unseen } = await definition.read(call, [...new Set(own.map((id) => parentOf(id.id)))]);
        const living = new Map(rows.filter((row) => row.dead === undefined).map((row) => [row.id, row]));
        const asked = own.flatMap((id) => living.get(id.id) ?? []);
        const found = await finish(call, asked, depth);
        const missing = own.filter((id) => !living.has(id.id)).map((id) => ({ id, reason: unseen?.(id.id) }));
        return {
          found,
          absent: missing.flatMap(({ id, reason }) => (reason === undefined ? [id] : [])),
          unknown: [...unknown, ...missing.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ id, reason }]))],
        };
      } catch (error) {
        if (!(error instanceof ProviderError) || isPassing(error)) throw error;
        // Reads by id answer for every id, so this is the call for one object that a list has shown: its index trails, or it went in between.
        // The next look tells which.
        if (error.details.code === "not_found") throw new ProviderError(error.message, { ...error.details, code: "not_ready" }, error);
        return { found: [], absent: [], unknown: [...unknown, ...own.map((id) => ({ id, reason: error.message }))] };
      }
    },

    async find(call, by) {
      if (by.kind !== "natural" && schema.marks === "none") return [];
      const rows = await definition.search(call, by);
      if (rows === undefined) return [];
      const observed = await finish(
        call,
        rows.filter((row) => row.dead === undefined),
        "list",
      );
      return by.kind === "natural" ? observed.filter((each) => matches(schema, each, by.props)) : observed;
    },

    ...(definition.canonicalId && { canonicalId: definition.canonicalId }),

    async blockers(call, id) {
      return definition.blockers ? definition.blockers(call, id.id) : [];
    },
  };
}

/** Where objects of a type are, for their ids: global ones belong to no region. */
export function placeOf(schema: NativeSchema, identity: Identity): Identity {
  return { account: identity.account, region: regionOf(schema, identity) };
}

/** What a later call may answer otherwise; the engine repeats it. */
export function isPassing(error: ProviderError): boolean {
  return ["throttled", "unavailable", "timeout", "not_ready"].includes(error.details.code);
}

/** Ids of this account and region, and the others with the reason why nothing can be said of them. */
export function splitByPlace(
  ids: readonly ObjectId[],
  identity: Identity,
): { readonly own: readonly ObjectId[]; readonly unknown: Observation["unknown"] } {
  const isOwn = (id: ObjectId): boolean => id.account === identity.account && id.region === identity.region;
  return {
    own: ids.filter(isOwn),
    unknown: ids
      .filter((id) => !isOwn(id))
      .map((id) => ({
        id,
        reason: `it belongs to account ${id.account} in ${id.region}, and ${identity.account} in ${identity.region} was asked`,
      })),
  };
}

function matches(schema: NativeSchema, observed: Observed, props: NativeMap): boolean {
  return Object.entries(props).every(([name, value]) => {
    const spec = schema.props[name];
    return spec === undefined || isSameProp(spec, observed.props[name], value);
  });
}

function toObserved(schema: NativeSchema, identity: Identity, row: Described): Observed {
  return {
    id: {
      type: schema.type,
      ...placeOf(schema, identity),
      id: row.id,
      ...(row.incarnation === undefined ? {} : { incarnation: row.incarnation }),
    },
    props: row.props,
    attributes: row.attributes,
    ...(schema.marks === "tags" ? { marks: row.marks ?? {} } : {}),
    ...(row.status === undefined ? {} : { status: row.status }),
    ...(row.token === undefined ? {} : { token: row.token }),
    ...(row.broken === undefined ? {} : { broken: row.broken }),
  };
}

function isSameIncarnation(id: ObjectId, row: Described): boolean {
  return id.incarnation === undefined || row.incarnation === undefined || id.incarnation === row.incarnation;
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
