// How much of a plan is told where there is not room for all of it: what goes first, and what never goes. Knows sizes, not contents.

/** What a rendering leaves out; everything else stands in it. */
export interface Detail {
  readonly diagram: boolean;
  /** So many resources that end nothing are told with their objects and props; the others on one line each. */
  readonly safeInFull: number;
  /** So many of them are named, from both ends; those between are counted. */
  readonly safeNamed: number;
  /** So many items of every other list: outputs, warnings, diagnostics. */
  readonly items: number;
  /** So many resources that are destroyed, replaced or lose data are told in full; the others as `danger` says. */
  readonly dangerInFull: number;
  readonly danger: "line" | "short" | "bare" | "ranges" | "counts";
}

export interface Sizes {
  readonly safe: number;
  readonly danger: number;
}

/**
 * The fullest rendering that fits. First the diagram goes, then the details of what ends nothing, then its middle, then long lists of other things, then the
 * details of what ends something. Its addresses stay, each written out; only where these alone are too many are they written as ranges, then counted.
 */
export function chooseDetail(sizes: Sizes, fits: (detail: Detail) => boolean): Detail {
  const all: Detail = {
    diagram: true,
    safeInFull: sizes.safe,
    safeNamed: sizes.safe,
    items: Number.POSITIVE_INFINITY,
    dangerInFull: sizes.danger,
    danger: "line",
  };
  if (fits(all)) return all;
  const plain: Detail = { ...all, diagram: false };
  if (fits(plain)) return plain;
  return (
    fillUp(sizes.safe, (safeInFull) => ({ ...plain, safeInFull }), fits) ??
    fillUp(sizes.safe, (safeNamed) => ({ ...plain, safeInFull: 0, safeNamed, items: 50 }), fits) ??
    fillUp(sizes.danger, (dangerInFull) => ({ ...plain, safeInFull: 0, safeNamed: 0, items: 10, dangerInFull }), fits) ??
    shorten({ ...plain, safeInFull: 0, safeNamed: 0, items: 10, dangerInFull: 0 }, fits)
  );
}

/** The largest number with which it fits; undefined when not even none does. */
function fillUp(most: number, detailOf: (count: number) => Detail, fits: (detail: Detail) => boolean): Detail | undefined {
  if (!fits(detailOf(0))) return undefined;
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(detailOf(middle))) low = middle;
    else high = middle - 1;
  }
  return detailOf(low);
}

function shorten(least: Detail, fits: (detail: Detail) => boolean): Detail {
  const steps: readonly Detail[] = [
    { ...least, danger: "short" },
    { ...least, danger: "bare" },
    { ...least, danger: "bare", items: 2 },
    { ...least, danger: "bare", items: 0 },
    { ...least, danger: "ranges", items: 0 },
  ];
  return steps.find(fits) ?? { ...least, danger: "counts", items: 0 };
}
