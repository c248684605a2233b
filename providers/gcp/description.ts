// All that the compiler may know of Google Compute Engine: settings, refinements, what is supported, regions and zones. Pure data; loads no client and no SDK.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { ObjectSchema, Support } from "../../grammar/kinds/provider-description.ts";
import type { Span } from "../../grammar/source/span.ts";
import { int, list, region, string, union } from "../../grammar/types/type.ts";
import { withPlaces } from "../lowering/describe-places.ts";
import { problem } from "../lowering/problems.ts";
import { checkRegion } from "../lowering/zones.ts";
import { regions } from "./catalog/places.ts";

const config: ObjectSchema = {
  doc: "A Google Cloud project in one region. Credentials are Application Default Credentials, found as every Google tool finds them.",
  props: {
    project: {
      type: string,
      required: true,
      doc: 'The id of the project, for example "shop-production": neither its name nor its number.',
    },
    region: { type: region, required: true, doc: 'The region, for example "europe-west1", or near("dublin").' },
    impersonate: {
      type: string,
      doc: "E-mail of a service account to act as. Left out, requests are made with the credentials themselves.",
    },
  },
};

const refinements: Readonly<Record<string, ObjectSchema>> = {
  machine: {
    doc: "What only Compute Engine has on a machine.",
    props: {
      machine_type: {
        type: string,
        doc: 'The machine type, for example "n2-standard-2", instead of the one that Koine picks by `cpu` and `memory`.',
      },
      service_account: { type: string, doc: "E-mail of the service account whose roles the machine has. It has none when left out." },
      scopes: {
        type: list(string),
        doc: 'What the account may do at most, for example ["devstorage.read_only"]. Left out, all that its roles allow.',
      },
      network_tags: { type: list(string), doc: "Network tags beside those of its firewalls, for rules that others keep." },
      ssh_user: { type: string, doc: "Who logs in: the account is made with the keys of the machine." },
    },
  },
  disk: {
    doc: "What only Compute Engine has on a disk.",
    props: {
      disk_type: {
        type: union("pd-balanced", "pd-standard", "hyperdisk-balanced"),
        replaces: true,
        doc: "The type of the disk, instead of the one that fits its `type` and the series of its machine.",
      },
      provisioned_iops: { type: int, min: 3_000, max: 160_000, doc: "Operations per second of a Hyperdisk, beyond what comes with it." },
      provisioned_throughput: {
        type: int,
        min: 140,
        max: 2_400,
        unit: "MiB/s",
        doc: "Throughput of a Hyperdisk, beyond what comes with it.",
      },
    },
  },
};

const noLabels: Support = {
  kind: "refused",
  reason: "it has no labels there",
  instead: "remove `tags` here: the stack's tags stand on every object that can carry them",
};

const labels: Support = {
  kind: "conditional",
  condition: "as labels: small letters, digits, `_` and `-`, up to 63 characters; up to 59 of them",
};

const encrypted: Support = { kind: "conditional", condition: "not false: Google Cloud encrypts every disk" };

const diskSizes: Support = { kind: "conditional", condition: "whole GiB; 10 GiB to 64 TiB, from 4 GiB for Hyperdisk" };

const diskTypes: Support = {
  kind: "conditional",
  condition: "ssd is pd-balanced, hyperdisk-balanced on the newest series; hdd is pd-standard, which the newest series do not take",
};

export const gcpDescription = withPlaces(regions, {
  name: "gcp",
  title: "Google Compute Engine",
  config,
  refinements,
  support: {
    network: {
      cidr: {
        kind: "conditional",
        condition: "not a range that Google Cloud prohibits; it is that of the subnetworks, a network has none",
      },
      internet: {
        kind: "needless",
        reason: "no machine has a way out without an address of its own or a NAT, which need `internet` on every cloud",
      },
      tags: noLabels,
    },
    subnet: {
      cidr: { kind: "conditional", condition: "between /4 and /29, not a range that Google Cloud prohibits" },
      zone: { kind: "supported", note: "a subnetwork is in all zones of its region; the zone is that of its machines" },
      public: { kind: "needless", reason: "a subnetwork is neither; it says which machines may have addresses, on every cloud" },
      nat: { kind: "supported", note: "a Router with one NAT and one address for all subnets that name it" },
      tags: noLabels,
    },
    firewall: {
      "*": { kind: "supported", note: "rules on a network tag; 30 firewalls as peers of one rule" },
      allow: { kind: "supported", note: "`to` a firewall means the addresses of its machines, in the rule" },
      tags: noLabels,
    },
    key: {
      "*": {
        kind: "supported",
        note: "a line in the metadata of its machines; OS Login is off there, and keys of the project are kept out",
      },
    },
    machine: {
      image: { kind: "supported", note: "an alias of the catalog, an image of the stack, or one by its path" },
      hostname: { kind: "conditional", condition: "each part begins with a letter; one without a dot gets the domain `internal`" },
      private_ip: { kind: "conditional", condition: "not the first two addresses of the subnet, nor the last two" },
      firewall: { kind: "conditional", condition: "up to 64 on one machine" },
      key: { kind: "supported", note: "changes in place" },
      user_data: {
        kind: "conditional",
        condition: "up to 256 KiB; on images without cloud-init (debian, rocky) a script that begins with #!, run once",
      },
      cloud_init: { kind: "conditional", condition: "on images with cloud-init: of the catalog, ubuntu" },
      spot: { kind: "supported", note: "a Spot VM, stopped when its capacity is taken away" },
      tags: labels,
      "disk.size": diskSizes,
      "disk.type": diskTypes,
      "disk.encrypted": encrypted,
    },
    disk: { size: diskSizes, type: diskTypes, encrypted, tags: labels },
    address: { tags: labels },
    snapshot: { tags: labels },
    image: { tags: labels },
  },
  checkConfig,
});

function checkConfig(settings: PropMap, place: (prop: string) => Span): readonly Diagnostic[] {
  const { project, region: name, impersonate } = settings;
  const diagnostics = [
    ...checkRegion(name, regions(), { cloud: "Google Cloud", example: '"europe-west1", or let near("dublin") pick one' }, place("region")),
  ];
  if (typeof project === "string" && !isProjectId(project)) {
    const number = /^\d+$/.test(project);
    const message = number ? `\`${project}\` is the number of a project, not its id` : `\`${project}\` is no id of a Google Cloud project`;
    const hint = "an id has 6 to 30 small letters, digits and hyphens, and begins with a letter: `gcloud projects list` shows it";
    diagnostics.push(problem("K3050", place("project"), message, { hint }));
  }
  if (typeof impersonate === "string" && !/^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/.test(impersonate)) {
    const hint = "write it as name@project.iam.gserviceaccount.com";
    diagnostics.push(problem("K3051", place("impersonate"), `\`${impersonate}\` is no e-mail of a service account`, { hint }));
  }
  return diagnostics;
}

/** With the domain in front where the project belongs to one. https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
function isProjectId(text: string): boolean {
  return /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(text);
}
