// Random schedules: what people do one after another, in what weather, and what goes wrong at which moment. Data only.

import fc from "fast-check";
import type { Weather } from "../../providers/memory/faults.ts";
import { anyEdit, type Edit } from "./engine-edits.ts";
import { anyStack, type StackSpec } from "./engine-stacks.ts";

export type Deed =
  | { readonly kind: "apply" }
  | { readonly kind: "plan" }
  | { readonly kind: "destroy" }
  /** Limited to one resource, chosen by share of all. */
  | { readonly kind: "target"; readonly at: number }
  /** A plan file is made, applied, and applied again: the rest of a killed run, or a second use. */
  | { readonly kind: "file" }
  /** A plan file is made, another apply comes between, then the file. */
  | { readonly kind: "stale" }
  /** Another person applies the next edit at the same time, on a machine whose clock is wrong otherwise. */
  | { readonly kind: "pair"; readonly delay: number; readonly skew: number; readonly edits: readonly Edit[] };

export interface Meddling {
  readonly at: number;
  /**
   * `copy`: another object with all marks. `recreate`: deleted, and made again under its name by somebody else, with its marks or without.
   * `annotate`: something that no schema knows is written into its body.
   */
  readonly deed: "edit" | "remove" | "strip" | "copy" | "recreate" | "restore" | "annotate";
  /** Milliseconds after the stage began; 0: before it. */
  readonly after: number;
}

export interface Stage {
  /** Absent: edits of what was there. */
  readonly stack: StackSpec | null;
  readonly edits: readonly Edit[];
  readonly deed: Deed;
  readonly weather: Weather;
  /** Dies at this place; null: lives. */
  readonly killAt: number | null;
  /** Stopped at this place for so long. */
  readonly stop: { readonly at: number; readonly lasts: number } | null;
  readonly stopAfter: number | null;
  readonly meddling: readonly Meddling[];
  /** Milliseconds that its machine's clock is wrong. */
  readonly skew: number;
  /** Milliseconds that nobody does anything before it. */
  readonly rest: number;
  /** Whether a person decides what was named unresolved. */
  readonly hand: boolean;
}

export interface Storm {
  readonly seed: number;
  /** A protected disk that every stage has; `shrink` are stages whose source would replace it. */
  readonly vault: { readonly shrink: readonly number[] } | null;
  /** Before the edits of the first stage. */
  readonly stack: StackSpec;
  readonly stages: readonly Stage[];
}

/** Null but for so many percent. */
function sometimes<Value>(percent: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(null) }, { weight: percent, arbitrary });
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rare = fc.constantFrom(0, 0, 0.02, 0.1);

const minute = 60_000;

export const anyWeather: fc.Arbitrary<Weather> = fc.record({
  rates: fc.record({
    throttle: rare,
    error: rare,
    "error-after": rare,
    cut: rare,
    late: rare,
    duplicate: rare,
    echo: rare,
    fail: rare,
    undone: fc.constantFrom(0, 0, 0.05),
    linger: rare,
    denied: fc.constantFrom(0, 0, 0.01),
    partial: rare,
    empty: rare,
  }),
  limit: fc.integer({ min: 0, max: 30 }),
  latency: fc.constantFrom([0, 0] as const, [10, 300] as const, [100, 5_000] as const),
  lag: fc.record({ id: fc.constantFrom(0, 20_000), tag: fc.constantFrom(0, 60_000), list: fc.constantFrom(0, 30_000) }),
  late: fc.constantFrom(5_000, 60_000, 290_000),
  lockout: sometimes(
    15,
    fc.record({
      after: fc.constantFrom(0, 300, 3_000, 20_000, minute),
      lasts: fc.constantFrom(2_000, minute, 20 * minute),
      what: fc.constantFrom("read" as const, "change" as const, "all" as const),
    }),
  ),
});

const anyMeddling: fc.Arbitrary<Meddling> = fc.record({
  at: share,
  deed: fc.constantFrom("edit", "remove", "strip", "copy", "recreate", "restore", "annotate"),
  after: fc.constantFrom(0, 0, 500, 5_000, 30_000),
});

const skew = fc.constantFrom(0, 0, 0, -2_000, 2_000, -3 * minute, 3 * minute);

const edits = fc.array(anyEdit, { maxLength: 3 });

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: "apply" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "plan" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "destroy" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("target" as const), at: share }) },
  { weight: 1, arbitrary: fc.constant({ kind: "file" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "stale" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("pair" as const), delay: fc.constantFrom(0, 200, 30_000), skew, edits }),
  },
);

const anyStage: fc.Arbitrary<Stage> = fc.record({
  stack: sometimes(25, anyStack),
  edits,
  deed: anyDeed,
  weather: anyWeather,
  killAt: sometimes(50, fc.integer({ min: 1, max: 400 })),
  stop: sometimes(20, fc.record({ at: fc.integer({ min: 1, max: 300 }), lasts: fc.constantFrom(1_000, 90_000, 5 * minute, 15 * minute) })),
  stopAfter: sometimes(15, fc.integer({ min: 0, max: 60_000 })),
  meddling: fc.array(anyMeddling, { maxLength: 2 }),
  skew,
  rest: fc.constantFrom(0, 0, 10 * minute, 180 * minute),
  hand: fc.boolean(),
});

export const anyStorm: fc.Arbitrary<Storm> = fc.record({
  seed: fc.integer(),
  vault: sometimes(20, fc.record({ shrink: fc.subarray([0, 1, 2, 3]) })),
  stack: anyStack,
  stages: fc.array(anyStage, { minLength: 1, maxLength: 4 }),
});
