// What the objects of Google Cloud cost by its public price list: machines on demand, with Linux, without discounts for sustained use. Loaded only when
// something is priced; `koine check` never does.

import { costsNothing, joinQuotes, type PriceList, perHour, perMonth, type Quote, unpriced } from "../../../engine/cost/price-list.ts";
import { makePriceTable, noPricesOf } from "../../../engine/cost/price-table.ts";
import { type Read, readMaps, readNumber, readText } from "../../../engine/cost/read-props.ts";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { findMachineType, type MachineType } from "../catalog/machine-types.ts";
import { pricedRegions, priceRows, pricesDate } from "./machine-rates.generated.ts";
import { addressHour, diskRates, elsewhereDate, sharedCores } from "./rates.ts";

const rates = makePriceTable(pricesDate, pricedRegions, priceRows);

/** Where the catalog that sizes are chosen from has prices: of families without a rate here. */
const catalogRegion = "us-central1";

export const gcpPrices: PriceList = {
  date: (region) => (region === catalogRegion ? pricesDate : elsewhereDate),
  types: {
    "gcp.compute.Address": () => perHour("external IPv4", addressHour),
    "gcp.compute.AttachedDisk": "free",
    "gcp.compute.Disk": (props, region) => quoteDisk(readNumber(props, "sizeGb"), props, region),
    "gcp.compute.Firewall": "free",
    "gcp.compute.Image": () => unpriced("images are charged by the data they hold"),
    "gcp.compute.Instance": quoteInstance,
    "gcp.compute.Network": "free",
    "gcp.compute.Router": quoteRouter,
    "gcp.compute.Snapshot": () => unpriced("snapshots are charged by the data they hold"),
    "gcp.compute.Subnetwork": "free",
  },
};

/** A stopped instance costs nothing but its disks. https://cloud.google.com/compute/docs/instances/stop-start-instance */
function quoteInstance(props: NativeMap, region: string): Quote {
  const own = readMaps(props, "disks");
  const disks = own ? own.map((disk) => quoteDisk(readNumber(disk, "sizeGb"), disk, region)) : [unpriced("disks: known only at apply")];
  if (props.power === "off") return joinQuotes(disks);
  // A reserved address is an object of its own.
  const address = props.externalIp !== "ephemeral" ? costsNothing : quoteEphemeral(props);
  return joinQuotes([quoteMachine(props, region), ...disks, address]);
}

function quoteEphemeral(props: NativeMap): Quote {
  return props.provisioningModel === "SPOT"
    ? unpriced("external IPv4 of a spot machine has a price of its own")
    : perHour("external IPv4", addressHour);
}

function quoteMachine(props: NativeMap, region: string): Quote {
  const name = readText(props, "machineType");
  if (name.kind !== "known") return unpriced("machine type: known only at apply");
  if (props.provisioningModel === "SPOT") return unpriced(`${name.value}: spot prices change`);
  const type = findMachineType(name.value);
  if (!type) return unpriced(`${name.value}: the catalog does not have it`);
  const price = priceOf(type, region);
  return typeof price === "number" ? perHour(name.value, price) : unpriced(`${name.value}: ${price.reason}`);
}

/** Processors and memory apart, as Google charges them; of a shared core a part. https://cloud.google.com/compute/vm-instance-pricing */
function priceOf(type: MachineType, region: string): number | { readonly reason: string } {
  const cpu = rates.find(`${type.series}/vcpu`, region);
  const gib = rates.find(`${type.series}/gib`, region);
  const cores = type.burst ? sharedCores[type.name] : type.cpu;
  if (cores !== undefined && !type.localDisk && typeof cpu === "number" && typeof gib === "number")
    return cores * cpu + (type.memoryMib / 1024) * gib;
  if (region === catalogRegion && type.price !== undefined) return type.price;
  return typeof cpu === "number" ? { reason: `the catalog has no price of it in ${region}` } : cpu;
}

/** `size` in GiB; without one a disk is as large as its image or snapshot. */
function quoteDisk(size: Read<number>, props: NativeMap, region: string): Quote {
  const type = readText(props, "type");
  if (size.kind === "later" || type.kind !== "known") return unpriced("disk: known only at apply");
  if (size.kind !== "known") return unpriced("disk: as large as what it is made from");
  const rate = diskRates[region];
  if (!rate) return unpriced(`disk: ${noPricesOf(region)}`);
  const usd = rate[type.value];
  if (usd === undefined) return unpriced(`disk: the catalog has no price of ${type.value} in ${region}`);
  return perMonth(`${type.value} ${size.value} GiB`, "GiB-month", size.value, usd);
}

/** A router costs nothing, a NAT on it does. https://cloud.google.com/nat/pricing */
function quoteRouter(props: NativeMap): Quote {
  const nats = readMaps(props, "nats");
  return nats?.length === 0 ? costsNothing : unpriced("Cloud NAT is charged by the machines behind it and the GiB through it");
}
