// All that the compiler may know of AWS: settings, refinements, what is supported, regions and zones. Pure data; loads no client and no SDK.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { ObjectSchema, ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import type { Span } from "../../grammar/source/span.ts";
import { bool, int, region, string, union } from "../../grammar/types/type.ts";
import { cities, nearestRegion, regions } from "./catalog/places.ts";

const config: ObjectSchema = {
  doc: "An AWS account in one region. Credentials are found as every AWS tool finds them: environment, profile, container or machine role.",
  props: {
    region: { type: region, required: true, doc: 'The region, for example "eu-west-1", or near("dublin").' },
    profile: {
      type: string,
      doc: "The profile of the shared AWS configuration to take credentials from. Left out, the default chain decides.",
    },
  },
};

const refinements: Readonly<Record<string, ObjectSchema>> = {
  machine: {
    doc: "What only EC2 has on a machine.",
    props: {
      instance_type: {
        type: string,
        doc: 'The instance type, for example "m7i.large", instead of the one that Koine picks by `cpu` and `memory`.',
      },
      iam_instance_profile: { type: string, doc: "Name of the IAM instance profile whose role the machine has." },
      monitoring: { type: bool, doc: "Detailed monitoring: metrics every minute, at a price. Off when left out." },
      ebs_optimized: { type: bool, doc: "Bandwidth reserved for volumes. Current types have it always." },
      tenancy: { type: union("default", "dedicated"), replaces: true, doc: "Whether it runs on hardware of its own account." },
      root_device: {
        type: string,
        replaces: true,
        doc: "Device name of the root volume, for an image given by its id: /dev/sda1 or /dev/xvda, as `RootDeviceName` of DescribeImages says.",
      },
      ssh_user: { type: string, doc: "Who logs in, for an image given by its id." },
    },
  },
  disk: {
    doc: "What only EBS has on a disk.",
    props: {
      iops: { type: int, min: 3_000, max: 80_000, doc: "Operations per second of an ssd disk, beyond the 3,000 that come with it." },
      throughput: {
        type: int,
        min: 125,
        max: 2_000,
        unit: "MiB/s",
        doc: "Throughput of an ssd disk, beyond the 125 MiB/s that come with it.",
      },
      kms_key: {
        type: string,
        replaces: true,
        doc: "Id, alias or ARN of the KMS key to encrypt with, instead of the account's default for EBS.",
      },
    },
  },
};

export const awsDescription: ProviderDescription = {
  name: "aws",
  title: "AWS EC2",
  config,
  refinements,
  support: {
    network: { cidr: { kind: "conditional", condition: "between /16 and /28" } },
    subnet: { cidr: { kind: "conditional", condition: "between /16 and /28" } },
    firewall: { "*": { kind: "supported", note: "a security group; 60 rules in and 60 out unless the quota was raised" } },
    key: { public_key: { kind: "conditional", condition: "ED25519, or RSA of 1024, 2048 or 4096 bits" } },
    machine: {
      private_ip: { kind: "conditional", condition: "not the first four addresses of the subnet, nor the last" },
      firewall: { kind: "conditional", condition: "up to 5 on one machine, 16 where the quota was raised" },
      key: { kind: "supported", note: "the first is the key pair; further ones are added by cloud-init" },
      user_data: { kind: "conditional", condition: "up to 16 KiB" },
      image: { kind: "supported", note: "an alias of the catalog, or an AMI by its id" },
      "disk.size": {
        kind: "conditional",
        condition: "whole GiB; 1 GiB to 64 TiB for ssd, 125 GiB to 16 TiB for hdd, up to 1 TiB for an hdd root",
      },
      "disk.type": { kind: "supported", note: "ssd is gp3; hdd is st1, and standard (magnetic) for the root, because st1 cannot boot" },
    },
    disk: {
      size: { kind: "conditional", condition: "whole GiB; 1 GiB to 64 TiB for ssd, 125 GiB to 16 TiB for hdd" },
      type: { kind: "supported", note: "ssd is gp3, hdd is st1" },
    },
  },
  get regions() {
    return [...regions().keys()];
  },
  nearest: nearestRegion,
  get cities() {
    return [...cities().keys()];
  },
  zones: (name) => regions().get(name)?.zones ?? [],
  checkConfig,
};

function checkConfig(settings: PropMap, place: (prop: string) => Span): readonly Diagnostic[] {
  const { region: name, profile } = settings;
  const diagnostics: Diagnostic[] = [];
  if (typeof name === "string" && !regions().has(name)) {
    const near = suggest(name, [...regions().keys()]);
    diagnostics.push({
      code: "K3010",
      severity: "error",
      message: `AWS has no region \`${name}\` that Koine knows`,
      span: place("region"),
      hint: near === undefined ? 'name a region such as "eu-west-1", or let near("dublin") pick one' : `did you mean "${near}"?`,
      ...(near === undefined ? {} : { fix: { title: `write "${near}"`, span: place("region"), replacement: `"${near}"` } }),
    });
  }
  if (profile === "") {
    diagnostics.push({
      code: "K3011",
      severity: "error",
      message: "`profile` is empty",
      span: place("profile"),
      hint: "name a profile of the shared AWS configuration, or leave `profile` out",
    });
  }
  return diagnostics;
}
