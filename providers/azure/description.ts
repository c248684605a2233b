// All that the compiler may know of Azure: settings, refinements, what is supported, regions and zones. Pure data; loads no client and no SDK.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { ObjectSchema, ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import type { Span } from "../../grammar/source/span.ts";
import { bool, int, list, region, string, union } from "../../grammar/types/type.ts";
import { withPlaces } from "../lowering/describe-places.ts";
import { problem } from "../lowering/problems.ts";
import { checkRegion } from "../lowering/zones.ts";
import { openRegions, regions } from "./catalog/places.ts";
import { diskSkus } from "./lower/disk-types.ts";

const config: ObjectSchema = {
  doc: "An Azure subscription in one region. Credentials are found as every Azure tool finds them: environment, managed identity, or `az login`.",
  props: {
    subscription: {
      type: string,
      required: true,
      doc: 'Id of the subscription, for example "00000000-0000-0000-0000-000000000000", as `az account show` tells it.',
    },
    region: { type: region, required: true, doc: 'The region, for example "westeurope", or near("amsterdam").' },
    tenant: { type: string, doc: "Id of the tenant to log in to. Left out, it is that of the credentials." },
  },
};

const refinements: Readonly<Record<string, ObjectSchema>> = {
  machine: {
    doc: "What only Azure has on a virtual machine.",
    props: {
      vm_size: {
        type: string,
        doc: 'The VM size, for example "Standard_D2s_v5", instead of the one that Koine picks by `cpu` and `memory`.',
      },
      admin_user: {
        type: string,
        replaces: true,
        doc: "Name of the first user, who logs in with the machine's keys. azureuser when left out.",
      },
      identities: { type: list(string), doc: "Ids of the user-assigned managed identities that programs on the machine may use." },
      plan: {
        type: string,
        replaces: true,
        doc: 'The purchase plan of an image that is sold under one, as "PUBLISHER:PRODUCT:NAME". The catalog knows those of its aliases.',
      },
      trusted_launch: {
        type: bool,
        replaces: true,
        doc: "Secure boot and a virtual TPM. Left out, a machine has them wherever its image and size allow it.",
      },
    },
  },
  disk: {
    doc: "What only Azure has on a managed disk.",
    props: {
      sku: {
        type: union(...diskSkus),
        doc: "The type of the disk, instead of Premium_LRS for ssd and Standard_LRS for hdd. One that ends in _ZRS is copied over all zones.",
      },
      iops: {
        type: int,
        min: 3_000,
        max: 80_000,
        doc: "Operations per second of a PremiumV2_LRS disk, beyond the 3,000 that come with it.",
      },
      throughput: {
        type: int,
        min: 125,
        max: 2_000,
        unit: "MB/s",
        doc: "Throughput of a PremiumV2_LRS disk, beyond the 125 MB/s that come with it.",
      },
    },
  },
  image: {
    doc: "What only Azure asks of an image.",
    props: {
      hyper_v_generation: {
        type: union("V1", "V2"),
        replaces: true,
        doc: "The generation of the disk that the image was made of. V2 when left out, as that of every image in the catalog.",
      },
    },
  },
};

const rangeCondition = { kind: "conditional", condition: "between /2 and /29, outside the ranges that Azure keeps for itself" } as const;
const encrypted = { kind: "conditional", condition: "true: Azure encrypts every disk at rest" } as const;

export const azureDescription: ProviderDescription = withPlaces(
  regions,
  {
    name: "azure",
    title: "Azure",
    config,
    refinements,
    support: {
      network: {
        cidr: rangeCondition,
        internet: {
          kind: "needless",
          reason:
            "a virtual network has no gateway to leave out: only public addresses and NAT gateways lead out of it, and without `internet` neither can be written",
        },
      },
      subnet: {
        cidr: { kind: "conditional", condition: "/29 or larger" },
        public: {
          kind: "needless",
          reason:
            "subnets of Azure are all alike: none has a way out of itself, and only in a public one a machine can be given an address",
        },
        zone: { kind: "supported", note: 'zones "1", "2" and "3"; a region without zones has only "a", which is none' },
        tags: {
          kind: "refused",
          reason: "a subnet of Azure is a part of its network and has no tags of its own",
          instead: "tag the network, or the stack",
        },
      },
      firewall: {
        "*": {
          kind: "supported",
          note: "an application security group and rules in the network's security group; up to 100 firewalls and 1,000 rules in one network",
        },
      },
      key: { public_key: { kind: "conditional", condition: "ED25519, or RSA of 2048 bits or more" } },
      machine: {
        image: {
          kind: "supported",
          note: "an alias of the catalog, a Marketplace image by its URN, an image or gallery image by its id, or an image of the stack",
        },
        private_ip: { kind: "conditional", condition: "not the first four addresses of the subnet, nor the last" },
        firewall: { kind: "conditional", condition: "up to 20 on one machine" },
        key: {
          kind: "supported",
          note: "a machine without one gets a key whose private half nobody has, because Azure asks for a key or a password",
        },
        user_data: { kind: "conditional", condition: "up to 64 KiB" },
        cloud_init: { kind: "conditional", condition: "up to 64 KiB as YAML" },
        spot: { kind: "supported", note: "never on a burstable size" },
        "disk.size": {
          kind: "conditional",
          condition: "whole GiB; up to 32,767 GiB, a root up to 4,095 GiB and no smaller than its image (30 GiB, of rocky-9 10 GiB)",
        },
        "disk.type": { kind: "supported", note: "ssd is Premium_LRS, hdd is Standard_LRS" },
        "disk.encrypted": encrypted,
      },
      disk: {
        size: { kind: "conditional", condition: "whole GiB; up to 32,767 GiB, 65,536 GiB for PremiumV2_LRS" },
        type: { kind: "supported", note: "ssd is Premium_LRS, hdd is Standard_LRS" },
        encrypted,
      },
      address: { "*": { kind: "supported", note: "a standard static public address, in all zones of the region" } },
      image: {
        from: {
          kind: "supported",
          note: "a managed image; the machine it is made of has no trusted launch, and machines made from it neither, and no NVMe size",
        },
      },
    },
    checkConfig,
  },
  openRegions,
);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkConfig(settings: PropMap, place: (prop: string) => Span): readonly Diagnostic[] {
  const example = '"westeurope", or let near("amsterdam") pick one';
  const diagnostics = [...checkRegion(settings.region, regions(), { cloud: "Azure", example }, place("region"))];
  for (const prop of ["subscription", "tenant"] as const) {
    const id = settings[prop];
    if (typeof id !== "string" || uuid.test(id)) continue;
    diagnostics.push(
      problem("K3070", place(prop), `\`${prop}\` is ${id === "" ? "empty" : "no id"}, and should be a UUID`, {
        hint: `write the ${prop === "subscription" ? "`id`" : "`tenantId`"} that \`az account show\` tells`,
      }),
    );
  }
  return diagnostics;
}
