// The contract between the engine and a cloud. The engine owns waiting, retry, throttling and journaling;
// a handler makes exactly one request per `perform` and reports what it saw.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { PropMap, PropValue } from "../../grammar/graph/value.ts";
import type { ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { PriceList } from "../cost/price-list.ts";
import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeMap, NativeRef, NativeValue, PinRequest } from "../lower/native-value.ts";
import type { ProviderError } from "./errors.ts";
import type { Impact, NativeSchema } from "./native-schema.ts";

// ── The provider ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Provider<Client = unknown> {
  readonly name: string;
  /** All that the compiler may know. */
  readonly description: ProviderDescription;
  /** By kind. Pure: no client, no clock, no Node module. */
  readonly lowerings: Readonly<Record<string, Lowering>>;
  /** What the objects of a stack stand in on this provider, apart from any one resource (azure: a resource group). */
  readonly surroundings?: Surroundings;
  /** By native type. Importing a handler loads no SDK; only `connect` does. */
  readonly handlers: Readonly<Record<string, Handler<Client>>>;
  readonly limits: readonly RateLimit[];
  /** By name: what `NativeDeferred.transform` does to a finished value. `base64` need not be listed. */
  readonly transforms?: Readonly<Record<string, (value: NativeValue) => NativeValue>>;
  /** Loads the SDK and makes a client. Settings are those of one cloud block, in normal form. */
  connect(settings: PropMap, options: ConnectOptions): Promise<Client>;
  /** Which account this client speaks for, by one read call. */
  identify(client: Client, signal: AbortSignal): Promise<Identity>;
  /** Answers the pins that the lock does not hold, by read calls only. An unknown alias is a diagnostic, not a throw. */
  resolvePins(client: Client, requests: readonly PinRequest[], signal: AbortSignal): Promise<readonly PinAnswer[]>;
  /** What its objects cost by its public price list. Imports the list only when called. */
  prices?(): Promise<PriceList>;
  /** Starts the embedded cloud over the world kept in `directory`. Imports its code only when called. */
  simulate(options: SimulatorOptions): Promise<RunningSimulator>;
}

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** Set for simulation: the loopback address, with credentials that are not looked for. */
  readonly endpoint?: string;
  readonly simulated: boolean;
  /** For the User-Agent. */
  readonly koineVersion: string;
  /** Called before each request goes out on the wire: counting tests and `--log-level debug`. */
  readonly onRequest?: (operation: string) => void;
  /** When reads may go out. Absent: at once. */
  readonly pace?: ReadPace;
}

/** The rhythm of a client's reads, by the provider's documented rates. */
export interface ReadPace {
  /** Undefined when a reading request may go at once; else a promise of its turn, rejected with the signal's reason. */
  turn(operation: string, signal: AbortSignal): Promise<void> | undefined;
  /** The cloud said `throttled` to it. */
  lower(operation: string): void;
  /** Waits for others to join a read. */
  gather(milliseconds: number): Promise<void>;
}

export interface Identity {
  readonly account: string;
  readonly region: string;
}

export interface PinAnswer {
  readonly request: PinRequest;
  readonly answer:
    | { readonly id: string; readonly name: string; readonly date: string }
    | { readonly mistake: string; readonly hint?: string };
}

export interface SimulatorOptions {
  /** Folder of the persisted world; created when missing. `:memory:` keeps nothing. */
  readonly directory: string;
  readonly seed?: number;
  /** 0: any free port. */
  readonly port?: number;
  /** `realistic` shows the vendor's delays (scaled to be watchable), `none` answers in final states after one poll. */
  readonly delays?: "realistic" | "short" | "none";
  /** A fault plan as in docs; already parsed from YAML. */
  readonly faults?: unknown;
}

export interface RunningSimulator {
  readonly endpoint: string;
  /** Environment variables that point the vendor's own tools at it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A token bucket per account, region and operation; `resource` buckets are spent by `cost`. */
export interface RateLimit {
  readonly bucket: string;
  /** Operations that spend from it: `ec2:RunInstances`. A trailing `*` matches a prefix. First match wins within one dimension. */
  readonly operations: readonly string[];
  readonly capacity: number;
  readonly refillPerSecond: number;
  readonly cost?: (body: NativeMap) => number;
}

// ── Lowering ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Turns one resource into native objects. Pure. */
export type Lowering = (resource: PortableResource, context: LoweringContext) => Lowered;

/** Objects that a stack needs once for each place it uses, before those of its resources. They come with the first resource there and go with the last. */
export interface Surroundings {
  /** Tells places apart that need their own: `westeurope-1f3a`. Clouds of equal scope stand in the same ones, so a cloud may be renamed. */
  scope(settings: PropMap): string;
  /** Called once for each scope, with a resource that nobody wrote: its address is `<provider>.<scope>`, its place that of the cloud. */
  readonly lower: Lowering;
}

export interface Lowered {
  readonly objects: readonly NativeObject[];
  /** Values of the kind's attributes; blocks by dotted path: `disk.data.id`. */
  readonly outputs: Readonly<Record<string, NativeValue>>;
  readonly diagnostics?: readonly Diagnostic[];
}

export interface LoweringContext {
  readonly stack: ResourceGraph["stack"];
  readonly graph: ResourceGraph;
  /** Settings of the cloud the resource is placed on, in normal form. */
  readonly settings: PropMap;
  /** The stack's tags and the resource's, values native. */
  readonly tags: NativeMap;
  /**
   * Makes a native object of this resource. `role` is unique within the resource (`vpc`, `gateway`); the object's key is
   * `<address>:<role>`. Undefined props are left out.
   */
  object(role: string, type: string, props: Readonly<Record<string, NativeValue | undefined>>, options?: ObjectOptions): NativeObjectHandle;
  /** The value of a prop as a native value: `Ref`s become the `id` output of what they name, deferred values stay deferred. */
  native(value: PropValue, transform?: string): NativeValue;
  /** An attribute of another resource of this stack, lowered already: `output("network.main", "id")`. */
  output(address: string, attribute: string): NativeValue;
  /** The object that another resource of this cloud lowers to in a role; undefined where it has none. */
  objectOf(address: string, role: string): NativeObjectHandle | undefined;
  /** An object of the provider's surroundings of this place. A throw when there is none: a defect of the provider. */
  surroundings(role: string): NativeObjectHandle;
  /** Resources that refer to `address` through `prop`. */
  referrers(address: string, prop: string): readonly PortableResource[];
  /** `<stack>-<name>[-<key>]` within the cloud's alphabet and length, with a short stable hash where it had to be cut. */
  name(limit: { readonly length: number; readonly alphabet: RegExp }): string;
  /** The pinned answer, or a placeholder that asks for it. */
  pin(request: Omit<PinRequest, "cloud" | "provider">): NativeValue;
  /** What the lock holds for a key, for decisions at compile time (instance types). */
  pinned(kind: PinRequest["kind"], key: string): string | undefined;
  /** Notes a compile-time choice, to be written to the lock and explained in the plan: `m7i.large: cheapest that fits 2 cpu, 4 GiB`. */
  chose(kind: PinRequest["kind"], key: string, answer: string, because: string): void;
  place(prop: string): Span;
}

export interface ObjectOptions {
  /** Keys of objects that must be complete first, beyond those that props refer to. */
  readonly after?: readonly string[];
  /** Where each native prop comes from: the portable prop's name, for places and `@ignore`. `{ CidrBlock: "cidr" }` */
  readonly from?: Readonly<Record<string, string>>;
}

export interface NativeObjectHandle {
  readonly key: string;
  readonly object: NativeObject;
  ref(attribute: string): NativeRef;
}

// ── Handlers ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Handler<Client = unknown> {
  readonly schema: NativeSchema;
  /** The requests that carry out a change, in order. Pure. Deferred values may still stand in bodies. */
  steps(change: NativeChange): readonly Step[];
  /** Exactly one request. Throws `ProviderError` only. */
  perform(call: Call<Client>, step: Step, body: NativeMap): Promise<Ack>;
  /** Looks whether a step's effect is complete, by read calls. */
  poll(call: Call<Client>, step: Step, on: PollTarget): Promise<Progress>;
  /** Reads objects by id, many per call. Every id asked for is answered. Never throws for `denied` or a partial page: `unknown`. */
  observe(call: Call<Client>, ids: readonly ObjectId[], depth: "list" | "each"): Promise<Observation>;
  /** Finds by mark (server-side filter, page by page) or by natural key. Types without marks answer `lineage` with nothing. */
  find(call: Call<Client>, by: FindBy): Promise<readonly Observed[]>;
  /** The form in which this handler gives an id that a person wrote; for clouds whose ids have several. */
  canonicalId?(id: string): string;
  /** What holds up a delete, for the message; may be empty. */
  blockers(call: Call<Client>, id: ObjectId): Promise<readonly Blocker[]>;
}

/** Ownership marks, written in the creating request. */
export interface Marks {
  /** Of the stack's state: 128-bit hex. */
  readonly lineage: string;
  /** 128-bit hex, never changes for one object row. */
  readonly object: string;
  /** Of the attempt that created it. */
  readonly operation: string;
  /** `machine.web[0]:instance`, readable where the alphabet allows. */
  readonly address: string;
}

export interface NativeChange {
  readonly action: "create" | "update" | "delete";
  /** Desired props; bodies are made of these. Empty for a delete. */
  readonly desired: NativeMap;
  /** What the cloud reports; empty for a create. For an interrupted create: what exists so far. */
  readonly observed: NativeMap;
  readonly attributes: NativeMap;
  /** Names of props to bring from `observed` to `desired`; for a create: all. */
  readonly changed: readonly string[];
  /** Set once it exists. */
  readonly id?: ObjectId;
  readonly generation: number;
  /** The ownership marks are to be written on what exists: a step with `marks` is wanted. */
  readonly marks?: true;
}

/** One mutating request. */
export interface Step {
  /** Unique within the change and stable between plan and apply: `create`, `modify:EnableDnsSupport`, `authorize:tcp/80/0.0.0.0/0`. */
  readonly key: string;
  /** `ec2:CreateVpc` */
  readonly operation: string;
  readonly body: NativeMap;
  readonly replay: Replay;
  readonly impact: Impact;
  /** It brings the object into being: marks and token go with it. */
  readonly creates?: true;
  /** It ends the object. */
  readonly deletes?: true;
  /** Props that hold their desired value once it is done. */
  readonly sets?: readonly string[];
  /** It writes the ownership marks on an object that exists; `Call.marks` is present then as for a create. */
  readonly marks?: true;
}

/** What protects a repeat: a token that the cloud deduplicates, a name or claim it refuses twice, that it sets a value or deletes by id, or nothing but the mark. */
export type Replay = "token" | "natural" | "idempotent" | "marked";

export interface ObjectId {
  readonly type: string;
  readonly account: string;
  /** `global` for types that belong to none. */
  readonly region: string;
  /** Physical id; for types without one, parent ids and natural key joined by `|`. */
  readonly id: string;
  /** Tells a reused name from the same object (gcp numeric id, azure vmId). */
  readonly incarnation?: string;
}

export interface Call<Client> {
  readonly client: Client;
  readonly identity: Identity;
  readonly signal: AbortSignal;
  /** Present in `perform` of a step that creates. */
  readonly marks?: Marks;
  /** Client token of the attempt; equal on every resend of the same journaled bytes. */
  readonly token?: string;
  /** The object's id as far as it is known. */
  readonly id?: ObjectId;
  /** Handles that earlier steps of the same change acknowledged in this run, by step key: a volume made one step before it is attached. */
  readonly earlier?: Readonly<Record<string, string>>;
}

export interface Ack {
  /** Physical id, when the answer tells it. */
  readonly id?: string;
  /** A long-running operation to poll. */
  readonly handle?: string;
  readonly incarnation?: string;
}

export interface PollTarget {
  readonly id?: ObjectId;
  readonly handle?: string;
}

export type Progress =
  /** `note` is the vendor's state, for the progress display: "pending". */
  | { readonly kind: "pending"; readonly retryAfter: number; readonly note?: string }
  | { readonly kind: "done"; readonly observed?: Observed }
  | { readonly kind: "failed"; readonly error: ProviderError; readonly leaves: "nothing" | "object" };

export interface Observed {
  readonly id: ObjectId;
  /** In normal form, as far as the depth allows. */
  readonly props: NativeMap;
  readonly attributes: NativeMap;
  readonly marks?: Partial<Marks>;
  /** The vendor's state: "running", "available". */
  readonly status?: string;
  /** It was created with this client token, where the cloud tells. */
  readonly token?: string;
  /** Ended or ending, though still listed for a while (`terminated`, `shutting-down`, `deleting`). It does not count as existing. */
  readonly dead?: true;
  /** The cloud says that it will never work (a NAT gateway in `failed`): it can only be replaced. The text is the reason. */
  readonly broken?: string;
}

export interface Observation {
  readonly found: readonly Observed[];
  readonly absent: readonly ObjectId[];
  readonly unknown: readonly { readonly id: ObjectId; readonly reason: string }[];
}

export type FindBy =
  | { readonly kind: "lineage"; readonly lineage: string }
  | { readonly kind: "operation"; readonly operation: string }
  | { readonly kind: "natural"; readonly props: NativeMap };

export interface Blocker {
  readonly type: string;
  /** In the form of `ObjectId.id`. */
  readonly id: string;
  readonly description: string;
  /** Of what is part of something else: the id of that, as the instance of an interface. */
  readonly holder?: string;
}
