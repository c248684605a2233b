// Prices of Azure beyond machines: managed disks, NAT gateways, public addresses. Each with its source and date; what no source was found for does not
// stand here.

/**
 * USD a month by region, then size and redundancy. https://azure.microsoft.com/pricing/details/managed-disks/: retail prices of eastus, E4 read 2026-10-16, P30 and
 * E30 2026-05, the others as recorded from https://prices.azure.com/api/retail/prices (infracost, tests of azurerm_managed_disk).
 */
export const diskRates: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  eastus: { "P4 LRS": 5.28, "P10 LRS": 19.71, "P20 LRS": 73.22, "P30 LRS": 135.17, "E4 LRS": 2.4, "E30 LRS": 76.8, "S4 LRS": 1.54 },
};

/** USD an hour by region. https://azure.microsoft.com/pricing/details/azure-nat-gateway/, as recorded by infracost (tests of azurerm_nat_gateway). */
export const natGatewayHour: Readonly<Record<string, number>> = { eastus: 0.045 };

/** USD an hour by region, Standard and static, used or idle. https://azure.microsoft.com/pricing/details/ip-addresses/, read 2026-10-16. */
export const publicAddressHour: Readonly<Record<string, number>> = { eastus: 0.005 };

/** GiB that a disk of each size holds; it is charged as the next that is large enough. https://learn.microsoft.com/azure/virtual-machines/disks-understand-billing */
export const diskSizes: readonly (readonly [number: number, gib: number])[] = [
  [1, 4],
  [2, 8],
  [3, 16],
  [4, 32],
  [6, 64],
  [10, 128],
  [15, 256],
  [20, 512],
  [30, 1_024],
  [40, 2_048],
  [50, 4_096],
  [60, 8_192],
  [70, 16_384],
  [80, 32_767],
];
