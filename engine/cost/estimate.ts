// What a stack costs in a month, before and after: the sum over its objects, by resource and by cloud, with all that could not be priced. Pure; sums
// are taken in whole millionths of a dollar, so that they are exact and do not depend on the order of the objects.

import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { NativeMap } from "../lower/native-value.ts";
import { costsNothing, type PriceList, type Quote, unpriced } from "./price-list.ts";

/** Whole millionths of a US dollar, in a month of 730 hours. */
export type Micros = number;

/** One object, as it is (`before`) and as it will be (`after`); absent where it is not there. */
export interface CostObject {
  readonly key: string;
  readonly address: string;
  readonly cloud: string;
  readonly provider: string;
  readonly type: string;
  readonly before?: CostSide;
  readonly after?: CostSide;
}

export interface CostSide {
  readonly props: NativeMap;
  readonly region: string;
}

export interface Estimate extends Amounts {
  /** That of the oldest list used; absent where no object has one. */
  readonly date?: string;
  /** In code-point order of the clouds' names; those that have objects. */
  readonly byCloud: readonly (Amounts & { readonly cloud: string })[];
  /** Of every resource that costs something, or may, in code-point order of address, then cloud. */
  readonly lines: readonly CostLine[];
  /** By type, then reason. An object with several reasons stands under all of them joined, so that the counts add up to objects. */
  readonly unpriced: readonly { readonly type: string; readonly reason: string; readonly count: number }[];
}

export interface Amounts {
  readonly before: Micros;
  readonly after: Micros;
}

export interface CostLine extends Amounts {
  readonly address: string;
  readonly cloud: string;
  /** Some of what it costs could not be priced. */
  readonly partial: boolean;
  /** `c6a.large → m7i.large`; of what is new or goes away, that: `2 × gp3 100 GiB`. */
  readonly what: string;
}

/** `lists` by provider; one without a list has nothing priced. */
export function estimateCost(objects: readonly CostObject[], lists: ReadonlyMap<string, PriceList>): Estimate {
  const lines = new Map<string, OpenLine>();
  const clouds = new Map<string, OpenAmounts>();
  const gaps = new Map<string, { readonly type: string; readonly reason: string; count: number }>();
  const dates = new Set<string>();
  for (const object of objects) {
    const list = lists.get(object.provider);
    for (const side of [object.before, object.after]) if (list && side) dates.add(list.date(side.region));
    const before = priceSide(object, object.before, list);
    const after = priceSide(object, object.after, list);
    const cloud = take(clouds, object.cloud, () => ({ before: 0, after: 0 }));
    const line = take(lines, `${object.address}\n${object.cloud}`, () => openLine(object));
    for (const [side, quote] of [
      ["before", before],
      ["after", after],
    ] as const) {
      for (const { what, monthly } of quote.components) {
        const micros = toMicros(monthly);
        cloud[side] += micros;
        line[side] += micros;
        line.parts[side].set(what, (line.parts[side].get(what) ?? 0) + 1);
      }
    }
    const missing = object.after ? after.missing : before.missing;
    if (missing.length === 0) continue;
    line.partial = true;
    const reason = [...new Set(missing)].sort(compareCodePoints).join("; ");
    take(gaps, `${object.type}\n${reason}`, () => ({ type: object.type, reason, count: 0 })).count++;
  }
  const [date] = [...dates].sort(compareCodePoints);
  const byCloud = [...clouds].map(([cloud, amounts]) => ({ cloud, ...amounts }));
  return {
    ...(date === undefined ? {} : { date }),
    ...addUp(byCloud),
    byCloud: byCloud.sort((a, b) => compareCodePoints(a.cloud, b.cloud)),
    lines: [...lines.values()]
      .filter(({ before, after, partial }) => before > 0 || after > 0 || partial)
      .map(({ parts, ...line }) => ({ ...line, what: describeParts(parts) }))
      .sort((a, b) => compareCodePoints(a.address, b.address) || compareCodePoints(a.cloud, b.cloud)),
    unpriced: [...gaps.values()].sort((a, b) => compareCodePoints(a.type, b.type) || compareCodePoints(a.reason, b.reason)),
  };
}

/** Whole cents, as US dollars: only for what is shown. */
export function toDollars(micros: Micros): number {
  return Math.round(micros / 10_000) / 100;
}

interface OpenAmounts {
  before: Micros;
  after: Micros;
}

type Parts = Readonly<Record<"before" | "after", Map<string, number>>>;

interface OpenLine extends OpenAmounts {
  readonly address: string;
  readonly cloud: string;
  readonly parts: Parts;
  partial: boolean;
}

function openLine({ address, cloud }: CostObject): OpenLine {
  return { address, cloud, before: 0, after: 0, partial: false, parts: { before: new Map(), after: new Map() } };
}

function take<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function priceSide({ type }: CostObject, side: CostSide | undefined, list: PriceList | undefined): Quote {
  if (!side) return costsNothing;
  const price = list && Object.hasOwn(list.types, type) ? list.types[type] : undefined;
  if (price === undefined) return unpriced("the catalog does not have this type");
  return price === "free" ? costsNothing : price(side.props, side.region);
}

function toMicros(usd: number): Micros {
  return Math.round(usd * 1_000_000);
}

function addUp(parts: readonly Amounts[]): Amounts {
  return parts.reduce<Amounts>((sum, part) => ({ before: sum.before + part.before, after: sum.after + part.after }), {
    before: 0,
    after: 0,
  });
}

/** What differs; where nothing does, all of it. */
function describeParts({ before, after }: Parts): string {
  const gone = listParts(before, after);
  const added = listParts(after, before);
  if (gone !== "" && added !== "") return `${gone} → ${added}`;
  return gone || added || listParts(after, new Map());
}

function listParts(parts: ReadonlyMap<string, number>, without: ReadonlyMap<string, number>): string {
  return [...parts]
    .map(([what, count]) => [what, count - (without.get(what) ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([what, count]) => (count === 1 ? what : `${count} × ${what}`))
    .join(", ");
}
