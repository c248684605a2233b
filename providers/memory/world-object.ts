// What the in-process cloud is made of, as data: objects, requests, and the ledger of their effects.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import type { Marks } from "../../engine/provider/provider.ts";

export interface WorldObject {
  readonly id: string;
  readonly type: string;
  props: NativeMap;
  attributes: Readonly<Record<string, string>>;
  marks: Partial<Marks>;
  readonly token?: string;
  readonly handle?: string;
  /** Tells it from another that had its id before, where ids are names. */
  readonly incarnation?: string;
  /** Who made it; an engine's object also by which request. */
  readonly origin: "engine" | "outside";
  readonly wire?: Wire;
  /** What somebody else made it from, marks and all. */
  copyOf?: WorldObject;
  /** What its raw body holds beyond the schema's props; written by others, kept by whoever merges. */
  extra: NativeMap;
  /** Rises with every change of a whole-object type. */
  etag: number;
  readonly createdAt: number;
  /** Complete from then on. */
  readyAt: number;
  /** It will end as failed instead of complete. */
  readonly willFail?: true;
  stopped: boolean;
  /** Being ended since, and gone from lists later. */
  endedAt?: number;
  goneAt?: number;
}

/** One effect on the world, or a refusal. The oracle of the laws reads nothing else. */
export interface LedgerEntry {
  readonly at: number;
  /** `engine`: by a request; `outside`: by somebody else. */
  readonly by: "engine" | "outside";
  readonly operation: string;
  readonly type: string;
  readonly id: string;
  readonly effect: "create" | "update" | "delete" | "none";
  readonly refusal?: string;
  /** Who made the object. */
  readonly owner?: WorldObject["origin"];
  /** How an engine's request came here. */
  readonly wire?: Wire;
}

/** One arrival of a request: its number on the wire, and whether it came by the caller's own send, late, or once more. */
export interface Wire {
  readonly request: number;
  readonly via: "sent" | "late" | "duplicate" | "echo";
}

/** A request as it arrives. */
export interface WorldRequest {
  readonly operation: string;
  readonly verb: "create" | "modify" | "put" | "add" | "remove" | "stop" | "start" | "tag" | "delete";
  readonly type: string;
  readonly id?: string;
  readonly body: NativeMap;
  readonly marks?: Marks;
  readonly token?: string;
  /** Of a `put`: the version that the caller merged into. */
  readonly etag?: number;
  /** Chosen by a fault: the object will end as failed. */
  readonly willFail?: boolean;
  /** Chosen by a fault: a delete that is accepted and never carried out. */
  readonly undone?: boolean;
  /** Chosen by a fault: milliseconds for which what is deleted still holds up what it referred to. */
  readonly lingers?: number;
  readonly wire?: Wire;
}

export interface WorldAnswer {
  readonly id?: string;
  readonly incarnation?: string;
  readonly handle?: string;
}

export function isLiving(object: WorldObject): boolean {
  return object.endedAt === undefined;
}

/** The request is refused; nothing happened. */
export function refuse(code: ErrorCode, vendorCode: string, message: string): ProviderError {
  return new ProviderError(message, { code, effect: "none", vendorCode });
}
