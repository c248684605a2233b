// What the objects of Azure cost by its public retail prices: machines on demand, with Linux. Loaded only when something is priced; `koine check` never does.

import { costsNothing, joinQuotes, type PriceList, perHour, perMonth, type Quote, unpriced } from "../../../engine/cost/price-list.ts";
import { makePriceTable, noPricesOf } from "../../../engine/cost/price-table.ts";
import { type Read, readMap, readMaps, readNumber, readText } from "../../../engine/cost/read-props.ts";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { diskRates, diskSizes, natGatewayHour, publicAddressHour } from "./rates.ts";
import { pricedRegions, priceRows, pricesDate } from "./vm-prices.generated.ts";

const machines = makePriceTable(pricesDate, pricedRegions, priceRows);

export const azurePrices: PriceList = {
  date: () => pricesDate,
  types: {
    "azure.compute.Disk": (props, region) => quoteDisk(readNumber(props, "diskSizeGB"), readText(props, "sku"), region),
    "azure.compute.DiskAttachment": "free",
    "azure.compute.Image": () => unpriced("images are charged by the data they hold"),
    "azure.compute.Snapshot": () => unpriced("snapshots are charged by the data they hold"),
    "azure.compute.VirtualMachine": quoteMachine,
    "azure.network.ApplicationSecurityGroup": "free",
    "azure.network.NatGateway": quoteNatGateway,
    "azure.network.NetworkInterface": "free",
    "azure.network.NetworkSecurityGroup": "free",
    "azure.network.PublicIPAddress": (_props, region) => quoteHours("public IPv4", publicAddressHour[region], region),
    "azure.network.SecurityRule": "free",
    "azure.network.Subnet": "free",
    "azure.network.VirtualNetwork": "free",
    "azure.resources.ResourceGroup": "free",
  },
};

/** A deallocated machine costs nothing but its disks. https://learn.microsoft.com/azure/virtual-machines/states-billing */
function quoteMachine(props: NativeMap, region: string): Quote {
  const root = readMap(props, "osDisk");
  const more = readMaps(props, "disks");
  const disks = [root, ...(more ?? [])].map((disk) =>
    quoteDisk(readNumber(disk, "diskSizeGB"), readText(disk, "storageAccountType"), region),
  );
  const unknown = more ? costsNothing : unpriced("disks: known only at apply");
  if (props.power === "off") return joinQuotes([...disks, unknown]);
  const plan = props.plan === undefined ? costsNothing : unpriced("what the publisher asks for the image");
  return joinQuotes([quoteHardware(props, region), ...disks, unknown, plan]);
}

function quoteHardware(props: NativeMap, region: string): Quote {
  const size = readText(props, "vmSize");
  if (size.kind !== "known") return unpriced("VM size: known only at apply");
  const name = size.value.replace(/^standard_/i, "");
  if (props.priority === "Spot") return unpriced(`${name}: spot prices change`);
  const price = machines.find(size.value, region);
  return typeof price === "number" ? perHour(name, price) : unpriced(`${name}: ${price.reason}`);
}

const families: Readonly<Record<string, string>> = { Premium: "P", StandardSSD: "E", Standard: "S" };

/** Charged by the size that holds it, not by the GiB. Of `sku`: `Premium_LRS`. Without a size a disk is as large as its image or snapshot. */
function quoteDisk(size: Read<number>, sku: Read<string>, region: string): Quote {
  if (size.kind === "later" || sku.kind !== "known") return unpriced("disk: known only at apply");
  if (size.kind !== "known") return unpriced("disk: as large as what it is made from");
  const rate = diskRates[region];
  if (!rate) return unpriced(`disk: ${noPricesOf(region)}`);
  const [sort = "", redundancy = ""] = sku.value.split("_");
  const family = families[sort];
  const [number] = diskSizes.find(([, gib]) => size.value <= gib) ?? [];
  if (family === undefined || number === undefined) return unpriced(`disk: the catalog has no price of ${sku.value} in ${region}`);
  // The smallest standard HDD is S4.
  const name = `${family}${family === "S" ? Math.max(4, number) : number} ${redundancy}`;
  const usd = rate[name];
  if (usd === undefined) return unpriced(`disk: the catalog has no price of ${name} in ${region}`);
  const byUse = family === "P" ? costsNothing : unpriced("transactions of standard disks are charged by use");
  return joinQuotes([perMonth(`${name} disk`, "month", 1, usd), byUse]);
}

/** https://azure.microsoft.com/pricing/details/azure-nat-gateway/ */
function quoteNatGateway(_props: NativeMap, region: string): Quote {
  return joinQuotes([
    quoteHours("NAT gateway", natGatewayHour[region], region),
    unpriced("data through a NAT gateway is charged by the GB"),
  ]);
}

function quoteHours(what: string, usd: number | undefined, region: string): Quote {
  return usd === undefined ? unpriced(`${what}: ${noPricesOf(region)}`) : perHour(what, usd);
}
