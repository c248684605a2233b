// What the compiler may know of a provider: pure data and pure functions, so that `check` loads no cloud's code.

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PropMap } from "../graph/value.ts";
import type { Span } from "../source/span.ts";
import type { PropSchema } from "./kind.ts";

export interface ObjectSchema {
  readonly doc: string;
  readonly props: Readonly<Record<string, PropSchema>>;
}

/** Whether a provider honours a prop of a kind. A refusal is a compile error that says why and the way out. */
export type Support =
  | { readonly kind: "supported"; readonly note?: string }
  | { readonly kind: "conditional"; readonly condition: string }
  /** Taken, and nothing follows from it: the cloud is so whatever is written. */
  | { readonly kind: "needless"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string; readonly instead: string };

export interface ProviderDescription {
  readonly name: string;
  /** For messages and the reference: "AWS EC2". */
  readonly title: string;
  /** `cloud aws { … }`. Must declare `region` when the provider has regions. */
  readonly config: ObjectSchema;
  /** `on aws { … }` by kind. */
  readonly refinements: Readonly<Record<string, ObjectSchema>>;
  /** By kind, then prop (`disk.type` for blocks, `*` for the kind itself). A prop not listed is supported. */
  readonly support: Readonly<Record<string, Readonly<Record<string, Support>>>>;
  readonly regions: readonly string[];
  /** The region nearest to a city of the catalog; undefined for an unknown city. Deterministic. */
  nearest(city: string): string | undefined;
  /** Cities that `near` knows, for suggestions. */
  readonly cities: readonly string[];
  /** Zones of a region by rank: `a` is the first. */
  zones(region: string): readonly string[];
  /** Judges the settings of one cloud block: unknown region, impossible combination. */
  checkConfig(settings: PropMap, place: (prop: string) => Span): readonly Diagnostic[];
}
