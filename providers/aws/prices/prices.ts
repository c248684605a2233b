// What the objects of AWS cost by its public price list: machines on demand, with Linux. Loaded only when something is priced; `koine check` never does.

import { costsNothing, joinQuotes, type PriceList, perHour, perMonth, type Quote, unpriced } from "../../../engine/cost/price-list.ts";
import { makePriceTable, noPricesOf } from "../../../engine/cost/price-table.ts";
import { type Read, readMap, readMaps, readNumber, readText } from "../../../engine/cost/read-props.ts";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { pricedRegions, priceRows, pricesDate } from "./instance-prices.generated.ts";
import { natGatewayHour, publicAddressHour, volumeRates } from "./rates.ts";

const machines = makePriceTable(pricesDate, pricedRegions, priceRows);

export const awsPrices: PriceList = {
  date: () => pricesDate,
  types: {
    "aws.ec2.Eip": (_props, region) => quoteAddress(region),
    "aws.ec2.EipAssociation": "free",
    "aws.ec2.GatewayAttachment": "free",
    // The snapshot behind it is what is charged.
    "aws.ec2.Image": "free",
    "aws.ec2.Instance": quoteInstance,
    "aws.ec2.InternetGateway": "free",
    "aws.ec2.KeyPair": "free",
    "aws.ec2.NatGateway": quoteNatGateway,
    "aws.ec2.NetworkInterface": "free",
    "aws.ec2.Route": "free",
    "aws.ec2.RouteTable": "free",
    "aws.ec2.RouteTableAssociation": "free",
    "aws.ec2.SecurityGroup": "free",
    "aws.ec2.SecurityGroupRule": "free",
    "aws.ec2.Snapshot": () => unpriced("snapshots are charged by the data they hold"),
    "aws.ec2.Subnet": "free",
    "aws.ec2.Volume": (props, region) => quoteVolume(readNumber(props, "Size"), props, region),
    "aws.ec2.VolumeAttachment": "free",
    "aws.ec2.Vpc": "free",
  },
};

/** A stopped instance costs nothing but its volumes. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html */
function quoteInstance(props: NativeMap, region: string): Quote {
  const disks = readMaps(props, "Disks");
  const volumes = disks
    ? disks.map((disk) => quoteVolume(readNumber(disk, "VolumeSize"), disk, region))
    : [unpriced("disks: known only at apply")];
  if (props.Power === "off") return joinQuotes(volumes);
  // Of a machine with a prepared interface, the public address is an object of its own.
  const address = props.AssociatePublicIpAddress === true ? quoteAddress(region) : costsNothing;
  const metrics = props.Monitoring === true ? unpriced("detailed monitoring is charged by the metric") : costsNothing;
  return joinQuotes([quoteMachine(props, region), ...volumes, address, metrics]);
}

function quoteMachine(props: NativeMap, region: string): Quote {
  const type = readText(props, "InstanceType");
  if (type.kind !== "known") return unpriced("instance type: known only at apply");
  if (readMap(props, "InstanceMarketOptions").MarketType === "spot") return unpriced(`${type.value}: spot prices change by the hour`);
  if (props.Tenancy !== undefined && props.Tenancy !== "default")
    return unpriced(`${type.value}: the catalog has no prices of dedicated hardware`);
  const price = machines.find(type.value, region);
  return typeof price === "number" ? perHour(type.value, price) : unpriced(`${type.value}: ${price.reason}`);
}

/** `size` in GiB; without one a volume is as large as its image or snapshot. */
function quoteVolume(size: Read<number>, props: NativeMap, region: string): Quote {
  const type = readText(props, "VolumeType");
  const iops = readNumber(props, "Iops");
  const throughput = readNumber(props, "Throughput");
  if ([size, type, iops, throughput].some(({ kind }) => kind === "later")) return unpriced("volume: known only at apply");
  if (size.kind !== "known") return unpriced("volume: as large as what it is made from");
  const name = type.kind === "known" ? type.value : "gp2";
  const rates = volumeRates[region];
  if (!rates) return unpriced(`volume: ${noPricesOf(region)}`);
  const rate = rates[name];
  if (!rate) return unpriced(`volume: the catalog has no price of ${name} in ${region}`);
  const beyond = (read: Read<number>, included = 0): number => (read.kind === "known" ? Math.max(0, read.value - included) : 0);
  const moreIops = beyond(iops, rate.iops?.included);
  const moreThroughput = beyond(throughput, rate.throughput?.included);
  return joinQuotes([
    perMonth(`${name} ${size.value} GiB`, "GiB-month", size.value, rate.gib),
    rate.iops && moreIops > 0 ? perMonth(`${name} ${moreIops} IOPS more`, "IOPS-month", moreIops, rate.iops.usd) : costsNothing,
    rate.throughput && moreThroughput > 0
      ? perMonth(`${name} ${moreThroughput} MiB/s more`, "MiB/s-month", moreThroughput, rate.throughput.usd)
      : costsNothing,
    rate.byUse === undefined ? costsNothing : unpriced(rate.byUse),
  ]);
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html */
function quoteNatGateway(_props: NativeMap, region: string): Quote {
  const hour = natGatewayHour[region];
  const traffic = unpriced("data through a NAT gateway is charged by the GB");
  return joinQuotes([hour === undefined ? unpriced(`NAT gateway: ${noPricesOf(region)}`) : perHour("NAT gateway", hour), traffic]);
}

/** The regions in China and of GovCloud are other partitions, with prices of their own. */
function quoteAddress(region: string): Quote {
  return region === "" || /^(cn|us-gov)-/.test(region)
    ? unpriced(`public IPv4: ${noPricesOf(region)}`)
    : perHour("public IPv4", publicAddressHour);
}
