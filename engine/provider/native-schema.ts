// What is true of a native type, as data. The engine decides create, update and replace from this alone; it names no cloud.

import type { NativeMap, NativeValue } from "../lower/native-value.ts";

/** Gone from the source though it was owned: set back to the default, leave as it is, replace the object, or refuse. */
export type WhenAbsent = "reset" | "keep" | "replace" | "refuse";

/** What a step does to those who use the object. */
export type Impact = "none" | "restart" | "downtime" | "data-loss";

export interface NativeProp {
  /** `set`: order never matters; `tags`: a map owned key by key; `json`: compared structurally. */
  readonly type: "string" | "int" | "number" | "bool" | "list" | "set" | "map" | "tags" | "json";
  readonly doc?: string;
  readonly required?: true;
  /** What the cloud fills in when nothing is sent; also what `reset` sets. */
  readonly default?: NativeValue;
  /** `reset` unless said otherwise. */
  readonly whenAbsent?: WhenAbsent;
  readonly immutable?: true;
  /** A mutable prop that for some changes must replace (a shrinking volume, another instance family). The text is the reason shown. */
  readonly replaceWhen?: (from: NativeValue, to: NativeValue, observed: NativeMap) => string | undefined;
  /** Never readable; changes are found by keyed digest against prior. */
  readonly writeOnly?: true;
  readonly secret?: true;
  /** `list`: in every sweep; `each`: costs a call per object; `never`: write-only. `list` unless said otherwise. */
  readonly observed?: "list" | "each" | "never";
  /** Brings a value of the author or of the cloud to normal form; both sides pass through it before they are compared. */
  readonly normalise?: (value: NativeValue) => NativeValue;
  /** Two values that differ in normal form and yet mean the same: what one leaves to the cloud, the other says. Symmetric. */
  readonly same?: (left: NativeValue, right: NativeValue) => boolean;
  /** What it refers to cannot be deleted while it says so: the cloud refuses. */
  readonly holds?: true;
  /** For a set of objects: the fields that identify a member. */
  readonly identity?: readonly string[];
  /** Of a prop that stands in `exclusive`: values that any number of objects may have at once ("none"). */
  readonly unclaimed?: readonly NativeValue[];
}

export interface NativeAttribute {
  readonly type: "string" | "int" | "bool" | "list" | "map";
  readonly doc?: string;
  /** Updates of these props may change it; until they are done, it is not known. */
  readonly changesWith?: readonly string[];
  /** Whether an update of those props, from what is observed to what is desired, certainly leaves it as it is. Absent: never certain. */
  readonly unchangedBy?: (desired: NativeMap, observed: NativeMap) => boolean;
  /** It is always the value of this prop, and so known before the object is there. */
  readonly repeats?: string;
}

export interface NativeSchema {
  /** `aws.ec2.Vpc` */
  readonly type: string;
  /** Of the row in the state; an upgrader from each earlier version is in `upgrade`. */
  readonly version: number;
  readonly upgrade?: Readonly<Record<number, (row: NativeMap) => NativeMap>>;
  readonly props: Readonly<Record<string, NativeProp>>;
  readonly attributes: Readonly<Record<string, NativeAttribute>>;
  /** It belongs to no region (a network of GCE): the region of its `ObjectId` is `global`, and a cloud of another region means the same object. */
  readonly global?: true;
  /** Where the ownership marks stand: the object's tags, or nowhere (associations, routes): then parent id plus natural key find it. */
  readonly marks: "tags" | "none";
  /** Props that identify it within its scope when there is no mark. */
  readonly naturalKey?: readonly string[];
  /** Milliseconds for an operation, waiting included. */
  readonly timeouts: { readonly create: number; readonly update: number; readonly delete: number };
  /** Milliseconds for which the cloud remembers a client token; absent where it has none. */
  readonly tokenValid?: number;
  /** Milliseconds within which a lost request may still land. 300,000 unless said otherwise. */
  readonly lateEffect?: number;
  /**
   * Two objects may not have equal values of these props at once: successor and predecessor collide, so replacement deletes first. Of one prop that
   * holds a list, or a path into one (`nats.natIps`), no two may have a member in common.
   */
  readonly exclusive?: readonly (readonly string[])[];
  /** The prop that carries a name which must be unique in the scope; from the second generation on it gets `-g2`. */
  readonly nameBound?: string;
  /** Further props that the lowering chooses, not the author (the group it stands in): an object that exists keeps them, as it keeps its name. */
  readonly givenOnce?: readonly string[];
  /** Holds the user's data: destroying it is a line of its own, `data-loss`. */
  readonly dataBearing?: true;
  /** Props whose native reference is a parent: requests under one parent run one at a time. */
  readonly lockedBy?: readonly string[];
  /** Goes with its parent: deleting the parent named by these props deletes it too, so no delete step is needed then. */
  readonly deletedWith?: readonly string[];
  /**
   * Creating it once more takes away what was written under it since: a security group that is put without its rules. After a create that had to be
   * repeated, what goes under it waits until no repeat can land.
   */
  readonly emptiedByRepeat?: true;
  /** The order of replacement when nothing is written; `create-first` unless claims forbid. */
  readonly replacement?: "create-first" | "delete-first";
}
