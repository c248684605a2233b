// The native graph: the objects a stack becomes, with the edges that order them. Made by lower.ts, read by the planner.

import type { Annotations, DeferredAssert, Output } from "../../grammar/graph/resource-graph.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { NativeMap, NativeValue, PinRequest } from "./native-value.ts";

export interface NativeObject {
  /** `<address>:<role>` */
  readonly key: string;
  readonly address: string;
  readonly role: string;
  /** `aws.ec2.Vpc` */
  readonly type: string;
  /** Name of the cloud, and its provider. */
  readonly cloud: string;
  readonly provider: string;
  readonly props: NativeMap;
  /** Keys of objects that must be complete first: those its props refer to, and those the lowering named. Sorted, distinct. */
  readonly after: readonly string[];
  /** Portable prop behind each native prop. */
  readonly from: Readonly<Record<string, string>>;
  /** Source place by native prop; `*` is the declaration. */
  readonly places: Readonly<Record<string, Span>>;
  readonly annotations: Annotations;
}

export interface NativeGraph {
  readonly stack: string;
  /** By key, in an order in which dependencies come first. */
  readonly objects: ReadonlyMap<string, NativeObject>;
  /** By resource address: the values of its attributes. Deferred values are finished through these. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, NativeValue>>>;
  readonly stackOutputs: ReadonlyMap<string, Output>;
  readonly asserts: readonly DeferredAssert[];
  /** Settings by cloud name. */
  readonly clouds: ReadonlyMap<string, { readonly provider: string; readonly settings: NativeMap }>;
  readonly pinRequests: readonly PinRequest[];
  readonly choices: readonly PinChoice[];
}

export interface PinChoice {
  readonly cloud: string;
  readonly provider: string;
  readonly kind: PinRequest["kind"];
  readonly key: string;
  readonly answer: string;
  readonly because: string;
}
