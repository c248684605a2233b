// How the records of prices are mended before they become a module that ships.

import { expect, test } from "vitest";
import { dropLicensed, type PricedSize } from "../../scripts/drop-licensed-prices.ts";

const size = (name: string, cpu: number, ...prices: readonly (number | undefined)[]): PricedSize => ({ name, cpu, prices });

/** What is left of a size's prices, beside the sizes that it is measured by. */
function keep(one: PricedSize): readonly (number | undefined)[] {
  const measures = [size("Standard_D2s_v5", 2, 0.096, 0.108, 0.115, 0.101), size("Standard_B1s", 1, 0.0104, 0.0125, 0.012, 0.0112)];
  return dropLicensed([...measures, one]).find(({ name }) => name === one.name)?.prices ?? [];
}

test("prices that hold a licence go, wherever most of them do", () => {
  // 0.086 with Linux; 0.046 for each processor more with a licence
  expect(keep(size("Standard_D2as_v5", 2, 0.178, 0.0972, 0.104, undefined))).toEqual([undefined, 0.0972, 0.104, undefined]);
  expect(keep(size("Standard_D4as_v5", 4, 0.356, 0.378, 0.392, 0.295))[3]).toBeUndefined();
  expect(keep(size("Standard_D4as_v5", 4, 0.172, 0.378, 0.392, undefined))).toEqual([0.172, undefined, undefined, undefined]);
  // 0.0376 and 0.0425 with Linux; 0.0046 for each processor more
  expect(keep(size("Standard_B2als_v2", 2, 0.0376, 0.0517, 0.0432, undefined))).toEqual([0.0376, undefined, 0.0432, undefined]);
});

test("prices that are sound stay, those of a region where a size is cheap among them", () => {
  expect(keep(size("Standard_D2as_v6", 2, 0.0908, 0.103, 0.11, 0.0586))).toEqual([0.0908, 0.103, 0.11, 0.0586]);
  expect(keep(size("Standard_B2s", 2, 0.0416, 0.0499, 0.048, 0.0448))).toEqual([0.0416, 0.0499, 0.048, 0.0448]);
});
