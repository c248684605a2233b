// A kind is data: its props, attributes, blocks and checks. The checker, the reference page, completion and hover read this.

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../graph/resource-graph.ts";
import type { Type } from "../types/type.ts";

/** Constant defaults in the normal form of the graph: sizes in bytes, durations in milliseconds. */
export type ConstantValue = boolean | number | string | readonly ConstantValue[] | { readonly [name: string]: ConstantValue };

export interface PropSchema {
  readonly type: Type;
  readonly doc: string;
  readonly required?: true;
  readonly default?: ConstantValue;
  /** `T` or `list<T>`; normalised to a list. */
  readonly many?: true;
  /** Other types accepted besides `type`: `public` is a bool or an address. */
  readonly or?: readonly Type[];
  /** ⟳ in the reference: a change may replace the object. */
  readonly replaces?: true;
  /** May be known only at apply; "values": the values of a map may. References are always allowed. */
  readonly deferrable?: true | "values";
  readonly acceptsSecret?: true;
  /** For the reference page: "GiB", "UTC". */
  readonly unit?: string;
  /** Inclusive bounds of a number, in the normal form. */
  readonly min?: number;
  readonly max?: number;
  /** The author may leave it to the cloud: known if written, deferred if not. */
  readonly computed?: true;
}

export interface AttributeSchema {
  readonly type: Type;
  readonly doc: string;
  /** Whether this resource will have it; absent: always. Judged on the normalised resource. */
  readonly present?: (resource: PortableResource) => boolean;
  /** Shown when it is read though absent: "set `public = true`". */
  readonly absentHint?: string;
}

export interface BlockSchema {
  readonly doc: string;
  readonly props: Readonly<Record<string, PropSchema>>;
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  /** Props that only the block with this label may have, or that it refuses. */
  readonly labels?: Readonly<Record<string, { readonly doc: string; readonly refuses?: readonly string[] }>>;
}

export interface KindSchema {
  readonly name: string;
  readonly doc: string;
  readonly props: Readonly<Record<string, PropSchema>>;
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  /** Blocks by the word that opens them; each use has a label. */
  readonly blocks?: Readonly<Record<string, BlockSchema>>;
  /** Takes `allow` rules. */
  readonly rules?: true;
  /** Props of which exactly one, or at most one, may be written. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Checks that concern no cloud in particular. Each runs once per resource and must be near-linear in what it reads. */
  readonly checks?: readonly KindCheck[];
}

/** Returns what is wrong with one resource, seen in its graph. Pure; throws never. */
export type KindCheck = (resource: PortableResource, context: CheckContext) => readonly Diagnostic[];

export interface CheckContext {
  readonly graph: ResourceGraph;
  /** Resources that refer to `address`, by the prop that does: `referrers(address, "network")`. Indexed once per graph. */
  referrers(address: string, prop?: string): readonly PortableResource[];
}
