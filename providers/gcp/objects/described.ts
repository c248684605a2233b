// The parts of a row that all types of Compute Engine describe alike. Pure.

import { known } from "../../handlers/body.ts";
import type { Described } from "../../handlers/handler.ts";
import { readDescription, readLabels } from "../marks.ts";
import { nameOf, pathOf } from "../paths.ts";

interface Identified {
  readonly name?: string | null;
  readonly selfLink?: string | null;
  readonly id?: unknown;
  readonly description?: string | null;
  readonly labels?: Readonly<Record<string, string>> | null;
}

type Props = Parameters<typeof known>[0];

/** An object that carries its marks and the user's labels as labels. Nothing for a row without a link, which no API of Google's gives. */
export function describeLabelled(
  row: Identified,
  props: Props,
  attributes: Props = {},
  more: Partial<Described> = {},
): readonly Described[] {
  const { user, marks } = readLabels(row.labels);
  return describeRow(row, { ...props, labels: user }, attributes, { marks, ...more });
}

/** An object that carries its marks in the description. */
export function describeMarked(row: Identified, props: Props, attributes: Props = {}, more: Partial<Described> = {}): readonly Described[] {
  return describeRow(row, props, attributes, { marks: readDescription(row.description), ...more });
}

function describeRow(row: Identified, props: Props, attributes: Props, more: Partial<Described>): readonly Described[] {
  if (!row.selfLink) return [];
  const selfLink = pathOf(row.selfLink);
  const incarnation = row.id === undefined || row.id === null ? undefined : String(row.id);
  return [
    {
      id: selfLink,
      incarnation,
      props: known({ name: row.name ?? undefined, ...props }),
      attributes: known({ selfLink, id: incarnation, ...attributes }),
      ...more,
    },
  ];
}

/** Where something stands that belongs to a network and a region: the path of the one, the name of the other. */
export function describePlace(row: { readonly network?: string | null; readonly region?: string | null }): Props {
  return { network: row.network ? pathOf(row.network) : undefined, region: row.region ? nameOf(row.region) : undefined };
}

/** Undefined for what is absent: the SDK has null too. */
export function orAbsent<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

/** int64 is a string in JSON. */
export function toNumber(value: unknown): number | undefined {
  return value === undefined || value === null || value === "" ? undefined : Number(value);
}

/** Empty lists are not sent and not told apart from absent ones. */
export function orEmpty(list: readonly string[] | null | undefined): readonly string[] {
  return list ?? [];
}
