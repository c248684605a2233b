// All that the compiler may know of AWS: settings, refinements, what is supported, regions and zones. Pure data; loads no client and no SDK.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { ObjectSchema } from "../../grammar/kinds/provider-description.ts";
import type { Span } from "../../grammar/source/span.ts";
import { bool, int, region, string, union } from "../../grammar/types/type.ts";
import { withPlaces } from "../lowering/describe-places.ts";
import { problem } from "../lowering/problems.ts";
import { checkRegion } from "../lowering/zones.ts";
import { regions } from "./catalog/places.ts";

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
  image: {
    doc: "What EC2 has to be told of an image, where the machine behind it does not tell.",
    props: {
      root_device: {
        type: string,
        replaces: true,
        doc: "Device name of the root volume, /dev/sda1 or /dev/xvda. Left out, it is that of the machine the image came from.",
      },
      arch: {
        type: union("x86_64", "arm64"),
        replaces: true,
        doc: "The processor architecture. Left out, it is that of the machine the image came from.",
      },
      boot_mode: {
        type: union("legacy-bios", "uefi", "uefi-preferred"),
        replaces: true,
        doc: "How it boots. Left out, instances boot as their type does by default.",
      },
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

export const awsDescription = withPlaces(regions, {
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
      image: { kind: "supported", note: "an alias of the catalog, an AMI by its id, or an `image`" },
      "disk.size": {
        kind: "conditional",
        condition: "whole GiB; 1 GiB to 64 TiB for ssd, 125 GiB to 16 TiB for hdd, up to 1 TiB for an hdd root",
      },
      "disk.type": { kind: "supported", note: "ssd is gp3; hdd is st1, and standard (magnetic) for the root, because st1 cannot boot" },
    },
    snapshot: { disk: { kind: "supported", note: "an EBS snapshot, which stays when the disk goes" } },
    image: {
      from: {
        kind: "conditional",
        condition: "a snapshot of a Linux root disk without billing codes: one of Red Hat or SUSE boots, and is not billed as such",
      },
    },
    disk: {
      size: { kind: "conditional", condition: "whole GiB; 1 GiB to 64 TiB for ssd, 125 GiB to 16 TiB for hdd" },
      encrypted: { kind: "conditional", condition: "not `false` where it is made from a snapshot of an encrypted disk" },
      type: { kind: "supported", note: "ssd is gp3, hdd is st1" },
    },
  },
  checkConfig,
});

function checkConfig(settings: PropMap, place: (prop: string) => Span): readonly Diagnostic[] {
  const { region: name, profile } = settings;
  const diagnostics = [
    ...checkRegion(name, regions(), { cloud: "AWS", example: '"eu-west-1", or let near("dublin") pick one' }, place("region")),
  ];
  if (profile === "") {
    const hint = "name a profile of the shared AWS configuration, or leave `profile` out";
    diagnostics.push(problem("K3011", place("profile"), "`profile` is empty", { hint }));
  }
  return diagnostics;
}
