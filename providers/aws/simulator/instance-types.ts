// What the embedded EC2 knows of instance types: size and architecture as published, the rest by family and size, and where each is offered.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html

import type {
  _InstanceType,
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
  InstanceTypeOffering,
} from "@aws-sdk/client-ec2";
import { cutPage, matchFilters } from "./describe.ts";
import { refuse } from "./errors.ts";
import { INSTANCE_TYPE_FACTS } from "./instance-types.generated.ts";
import { defineQuery } from "./operation.ts";
import { listZones } from "./regions.ts";
import type { World } from "./world.ts";

export interface TypeFacts {
  readonly name: string;
  readonly vcpus: number;
  readonly memory: number;
  readonly arch: string;
  readonly current: boolean;
  readonly burstable: boolean;
  readonly metal: boolean;
  /** Xen types predate Nitro: other disk names, fewer features. */
  readonly nitro: boolean;
}

/** Families that run on Xen, all of them older than the fifth generation. https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html */
const XEN = new Set([
  "c1",
  "c3",
  "c4",
  "cc2",
  "d2",
  "f1",
  "g2",
  "g3",
  "g3s",
  "h1",
  "i2",
  "i3",
  "m1",
  "m2",
  "m3",
  "m4",
  "p2",
  "p3",
  "r3",
  "r4",
  "t1",
  "t2",
  "x1",
  "x1e",
]);

let known: ReadonlyMap<string, TypeFacts> | undefined;

function facts(): ReadonlyMap<string, TypeFacts> {
  known ??= new Map(
    INSTANCE_TYPE_FACTS.trim()
      .split("\n")
      .map((line) => {
        const [name = "", vcpus, memory, arch = "x86_64", flags = ""] = line.split(" ");
        const metal = flags.includes("m");
        const type = {
          name,
          vcpus: Number(vcpus),
          memory: Number(memory),
          arch,
          current: flags.includes("c"),
          burstable: flags.includes("b"),
          metal,
          nitro: metal || !XEN.has(familyOf(name)),
        };
        return [name, type];
      }),
  );
  return known;
}

function familyOf(type: string): string {
  return type.slice(0, type.indexOf("."));
}

export function findType(name: string): TypeFacts | undefined {
  return facts().get(name);
}

/** The type that a request names; InvalidParameterValue for one that does not exist. */
export function readType(name: string): TypeFacts {
  return findType(name) ?? refuse("InvalidParameterValue", `Invalid value '${name}' for InstanceType.`);
}

/**
 * Not every zone has every type. The known case: use1-az3, the oldest zone, has previous-generation types only.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-discovery.html
 */
export function isOffered(type: TypeFacts, zoneId: string): boolean {
  return zoneId !== "use1-az3" || !type.nitro;
}

/** Whether the family name carries a `d`, or is one of storage: local disks. */
function hasLocalDisks(type: TypeFacts): boolean {
  const family = familyOf(type.name);
  return /^[a-z]+\d+[a-z-]*d/.test(family) || /^(i\d|d2|d3|h1|im4|is4|m1|m3|c1|c3|r3|g4dn|g5|x1|p4|p5|trn1)/.test(family);
}

const ENIS_BY_SIZE: Readonly<Record<string, number>> = {
  nano: 2,
  micro: 2,
  small: 3,
  medium: 3,
  large: 3,
  xlarge: 4,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 8,
};

/** Interfaces that fit; by size, as for the usual families. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html */
export function countInterfaces(type: TypeFacts): number {
  return ENIS_BY_SIZE[type.name.slice(type.name.indexOf(".") + 1)] ?? 15;
}

function renderType(type: TypeFacts): InstanceTypeInfo {
  const local = hasLocalDisks(type);
  const cores = Math.max(1, type.arch === "arm64" ? type.vcpus : type.vcpus / 2);
  return {
    InstanceType: type.name as _InstanceType,
    CurrentGeneration: type.current,
    FreeTierEligible: type.name === "t2.micro" || type.name === "t3.micro",
    SupportedUsageClasses: type.name === "t1.micro" ? ["on-demand"] : ["on-demand", "spot"],
    SupportedRootDeviceTypes: ["ebs"],
    SupportedVirtualizationTypes: ["hvm"],
    BareMetal: type.metal,
    ...(type.metal ? {} : { Hypervisor: type.nitro ? ("nitro" as const) : ("xen" as const) }),
    ProcessorInfo: { SupportedArchitectures: [type.arch as "x86_64" | "arm64"], Manufacturer: manufacturerOf(type) },
    VCpuInfo: { DefaultVCpus: type.vcpus, DefaultCores: cores, DefaultThreadsPerCore: type.vcpus / cores },
    MemoryInfo: { SizeInMiB: type.memory },
    InstanceStorageSupported: local,
    EbsInfo: {
      EbsOptimizedSupport: type.nitro ? "default" : "supported",
      EncryptionSupport: "supported",
      NvmeSupport: type.nitro ? "required" : "unsupported",
    },
    NetworkInfo: {
      MaximumNetworkInterfaces: countInterfaces(type),
      EnaSupport: type.nitro ? "required" : "supported",
      Ipv6Supported: true,
    },
    PlacementGroupInfo: { SupportedStrategies: type.burstable ? ["partition", "spread"] : ["cluster", "partition", "spread"] },
    HibernationSupported: false,
    BurstablePerformanceSupported: type.burstable,
    DedicatedHostsSupported: !type.burstable,
    AutoRecoverySupported: !local,
    SupportedBootModes: type.arch === "arm64" ? ["uefi"] : type.nitro ? ["legacy-bios", "uefi"] : ["legacy-bios"],
  };
}

/** The letter after the generation names the maker: `m7g` Graviton, `m7a` AMD, `m7i` Intel. */
function manufacturerOf(type: TypeFacts): string {
  if (type.arch === "arm64") return "AWS";
  return /^[a-z]+\d+[a-z-]*a/.test(familyOf(type.name)) ? "AMD" : "Intel";
}

const typeFilters = {
  "auto-recovery-supported": (type: TypeFacts) => [!hasLocalDisks(type)],
  "bare-metal": (type: TypeFacts) => [type.metal],
  "burstable-performance-supported": (type: TypeFacts) => [type.burstable],
  "current-generation": (type: TypeFacts) => [type.current],
  "free-tier-eligible": (type: TypeFacts) => [type.name === "t2.micro" || type.name === "t3.micro"],
  hypervisor: (type: TypeFacts) => (type.metal ? [] : [type.nitro ? "nitro" : "xen"]),
  "instance-storage-supported": (type: TypeFacts) => [hasLocalDisks(type)],
  "instance-type": (type: TypeFacts) => [type.name],
  "memory-info.size-in-mib": (type: TypeFacts) => [type.memory],
  "processor-info.supported-architecture": (type: TypeFacts) => [type.arch],
  "dedicated-hosts-supported": (type: TypeFacts) => [!type.burstable],
  "ebs-info.ebs-optimized-support": (type: TypeFacts) => [type.nitro ? "default" : "supported"],
  "ebs-info.encryption-support": () => ["supported"],
  "ebs-info.nvme-support": (type: TypeFacts) => [type.nitro ? "required" : "unsupported"],
  "hibernation-supported": () => [false],
  "network-info.ena-support": (type: TypeFacts) => [type.nitro ? "required" : "supported"],
  "network-info.ipv6-supported": () => [true],
  "network-info.maximum-network-interfaces": (type: TypeFacts) => [countInterfaces(type)],
  "supported-boot-mode": (type: TypeFacts) => renderType(type).SupportedBootModes ?? [],
  "supported-root-device-type": () => ["ebs"],
  "supported-usage-class": (type: TypeFacts) => renderType(type).SupportedUsageClasses ?? [],
  "supported-virtualization-type": () => ["hvm"],
  "vcpu-info.default-vcpus": (type: TypeFacts) => [type.vcpus],
};

interface Offering {
  readonly type: string;
  readonly location: string;
}

function listOfferings(world: World, kind: string): readonly Offering[] {
  const zones = listZones(world.seed, world.account, world.region);
  const offerings = (type: TypeFacts): readonly Offering[] => {
    const offered = zones.filter((zone) => isOffered(type, zone.id));
    if (kind === "region") return offered.length > 0 ? [{ type: type.name, location: world.region }] : [];
    return offered.map((zone) => ({ type: type.name, location: kind === "availability-zone" ? zone.name : zone.id }));
  };
  return [...facts().values()].flatMap(offerings);
}

export const instanceTypeOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
  DescribeInstanceTypes: defineQuery<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>(
    ["InstanceTypes", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      if (input.InstanceTypes !== undefined && input.InstanceTypes.length > 100) {
        refuse("InvalidParameterValue", "The maximum number of instance types in one request is 100");
      }
      for (const name of input.InstanceTypes ?? []) {
        if (findType(name) === undefined) refuse("InvalidInstanceType", `The following supplied instance types do not exist: [${name}]`);
      }
      if (input.InstanceTypes !== undefined && input.MaxResults !== undefined) {
        refuse("InvalidParameterCombination", "The parameter InstanceTypes cannot be used with the parameter MaxResults");
      }
      const matches = matchFilters(typeFilters, input.Filters);
      const zones = listZones(world.seed, world.account, world.region);
      const types = [...facts().values()].filter(
        (type) =>
          (input.InstanceTypes as readonly string[] | undefined)?.includes(type.name) !== false &&
          zones.some((zone) => isOffered(type, zone.id)) &&
          matches(type),
      );
      const { rows, nextToken } = cutPage(types.sort(byName), (type) => type.name, input, { least: 5, most: 100 });
      return { InstanceTypes: rows.map(renderType), NextToken: nextToken };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
  DescribeInstanceTypeOfferings: defineQuery<DescribeInstanceTypeOfferingsRequest, DescribeInstanceTypeOfferingsResult>(
    ["LocationType", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const kind = input.LocationType ?? "region";
      if (!["region", "availability-zone", "availability-zone-id"].includes(kind)) {
        refuse("InvalidParameterValue", `Value (${kind}) for parameter LocationType is invalid.`);
      }
      const matches = matchFilters<Offering>(
        { location: (offering) => [offering.location], "instance-type": (offering) => [offering.type] },
        input.Filters,
      );
      const order = (offering: Offering): string => `${offering.type} ${offering.location}`;
      const offerings = listOfferings(world, kind)
        .filter(matches)
        .sort((a, b) => (order(a) < order(b) ? -1 : 1));
      const { rows, nextToken } = cutPage(offerings, order, input, { least: 5, most: 1000 });
      const render = (offering: Offering): InstanceTypeOffering => ({
        InstanceType: offering.type as _InstanceType,
        LocationType: kind as "region",
        Location: offering.location,
      });
      return { InstanceTypeOfferings: rows.map(render), NextToken: nextToken };
    },
  ),
};

function byName(a: TypeFacts, b: TypeFacts): number {
  return a.name < b.name ? -1 : 1;
}
