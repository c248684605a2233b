// The recorded retail prices of Azure name a size twice, with Linux and with a Windows licence, and some records kept the dearer one. A licence costs the
// same for each processor everywhere, so the two can be told apart by how a size is priced in other regions. What cannot be told for certain is dropped.

/** USD an hour for a processor. https://azure.microsoft.com/pricing/details/virtual-machines/windows/ less the same sizes with Linux. */
const licence = { burstable: 0.0046, other: 0.046 };

/** How much dearer than usual a size may be in a region: less than a licence makes it, which is a tenth of a burstable size and a third of another at least. */
const dearest = { burstable: 1.05, other: 1.2 };

/** Sizes whose records are sound in all regions; others are compared with what these cost there. */
const measure = { burstable: "Standard_B1s", other: "Standard_D2s_v5" };

export interface PricedSize {
  readonly name: string;
  readonly cpu: number;
  /** By region; undefined where it is not sold. */
  readonly prices: readonly (number | undefined)[];
}

/** The same sizes, without the prices that are, or may be, those with a licence. */
export function dropLicensed(sizes: readonly PricedSize[]): readonly PricedSize[] {
  const byName = new Map(sizes.map((size) => [size.name, size]));
  return sizes.map((size) => {
    const sort = size.name.startsWith("Standard_B") ? "burstable" : "other";
    const local = byName.get(measure[sort])?.prices ?? [];
    const fee = licence[sort] * size.cpu;
    const relative = (price: number | undefined, at: number): number | undefined => {
      const unit = local[at];
      return price === undefined || unit === undefined ? undefined : price / unit;
    };
    const plain = size.prices.map(relative);
    const without = size.prices.map((price, at) => relative(price === undefined ? undefined : price - fee, at));
    const usual = findUsual(plain, without);
    const prices = size.prices.map((price, at) => {
      const [ratio, less] = [plain[at], without[at]];
      if (price === undefined || ratio === undefined || less === undefined) return price;
      // A region may be cheap for a size: then it must be too cheap to hold a licence.
      return ratio <= usual * dearest[sort] && (ratio >= usual * 0.95 || less < usual * 0.45) ? price : undefined;
    });
    return { ...size, prices };
  });
}

/**
 * What the size costs with Linux, in units of the measure: the value that explains most regions, with a licence or without. Of
 * equals one that is recorded, then the lower.
 */
function findUsual(plain: readonly (number | undefined)[], without: readonly (number | undefined)[]): number {
  const near = (value: number | undefined, usual: number): boolean => value !== undefined && Math.abs(value / usual - 1) <= 0.03;
  const explained = (usual: number): number => plain.filter((value, at) => near(value, usual) || near(without[at], usual)).length;
  const rising = (values: readonly (number | undefined)[]): readonly number[] =>
    values.filter((value): value is number => value !== undefined && value > 0).sort((a, b) => a - b);
  const candidates = [...rising(plain), ...rising(without)];
  return candidates.reduce((best, next) => (explained(next) > explained(best) ? next : best), candidates[0] ?? 0);
}
