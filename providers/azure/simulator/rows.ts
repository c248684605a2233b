// The rows of the embedded Azure Resource Manager: resources as ARM stores them, the operations that run on them, and timers.

import type { RowOf, TimerRowOf } from "../../simulation/rows.ts";

/** JSON as ARM's bodies have it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [name: string]: Json | undefined;
}

export type ProvisioningState = "Creating" | "Updating" | "Deleting" | "Succeeded" | "Failed";

/** A resource group, a resource, or a resource below another. `id` is its ARM id in lower case: ids compare without case. */
export interface ResourceRow extends RowOf<"resource"> {
  /** The ARM id as the request that made it wrote it. */
  readonly armId: string;
  /** In the vendor's case: `Microsoft.Network/virtualNetworks`. */
  readonly type: string;
  readonly name: string;
  /** The group's name in lower case. */
  readonly group: string;
  /** The lower-case id of the resource it is below. */
  readonly parent?: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The tags that a lagging index still answers by, and when they changed. */
  readonly tagsBefore?: Readonly<Record<string, string>>;
  readonly tagsAt: number;
  /** What stands beside `properties` in the body: zones, sku, plan, identity. */
  readonly envelope: JsonMap;
  /** What was asked and what the cloud filled in; not what other resources say of it. */
  readonly properties: JsonMap;
  readonly state: ProvisioningState;
  /** The etag without quotes. */
  readonly etag: string;
  /** `resourceGuid`, `vmId` or `uniqueId`: another for each incarnation of a name. */
  readonly guid: string;
  /** Lower-case ids of the resources that it names. */
  readonly references: readonly string[];
  /** Of an interface: the machine that it is kept for, though that one is gone, and until when. */
  readonly reserved?: { readonly by: string; readonly until: number };
  /** The operation that runs on it, or that ran last. */
  readonly operation?: string;
}

/** An asynchronous operation, as its status URL answers it. */
export interface OperationRow extends RowOf<"operation"> {
  readonly location: string;
  readonly target: string;
  /** The name that errors call it by: `PutSubnetOperation`. */
  readonly title: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly status: "InProgress" | "Succeeded" | "Failed";
  readonly error?: { readonly code: string; readonly message: string };
}

export type TimerAction = "late-request" | "finish";
export type TimerRow = TimerRowOf<TimerAction>;

export type Row = ResourceRow | OperationRow | TimerRow;
