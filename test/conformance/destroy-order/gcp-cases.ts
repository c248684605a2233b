// What Compute Engine does when something is deleted that other objects refer to. Data.

import type { CloudCases } from "./pair-case.ts";

const networks = "https://cloud.google.com/vpc/docs/create-modify-vpc-networks#deleting_a_network";
const subnets = "https://cloud.google.com/vpc/docs/create-modify-vpc-networks#deleting_a_subnet";
const addresses = "https://cloud.google.com/compute/docs/ip-addresses/configure-static-external-ip-address#release_ip";

/** Networks are deleted by an operation, which fails; the others refuse the request. */
const usedByOperation = "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE";
const used = "resourceInUseByAnotherResource";

export const gcpCases: CloudCases = {
  differs: { "gcp.compute.Subnetwork": { ipCidrRange: "10.0.9.0/24" } },
  pairs: {
    "gcp.compute.AttachedDisk.disk -> gcp.compute.Disk": {
      refused: used,
      page: "https://cloud.google.com/compute/docs/reference/rest/v1/disks/delete",
    },
    "gcp.compute.AttachedDisk.instance -> gcp.compute.Instance": {
      allowed: "the disk is let go of",
      page: "https://cloud.google.com/compute/docs/instances/deleting-instance",
    },
    "gcp.compute.Disk.sourceSnapshot -> gcp.compute.Snapshot": {
      allowed: "disks made from it go on",
      page: "https://cloud.google.com/compute/docs/disks/manage-snapshots",
    },
    "gcp.compute.Firewall.network -> gcp.compute.Network": { refused: usedByOperation, page: networks },
    "gcp.compute.Image.sourceSnapshot -> gcp.compute.Snapshot": {
      allowed: "images made from it stay",
      page: "https://cloud.google.com/compute/docs/disks/manage-snapshots",
    },
    "gcp.compute.Instance.disks -> gcp.compute.Image": {
      allowed: "instances go on",
      page: "https://cloud.google.com/compute/docs/images/deprecate-custom#delete_image",
    },
    "gcp.compute.Instance.externalIp -> gcp.compute.Address": { refused: used, page: addresses },
    "gcp.compute.Instance.subnetwork -> gcp.compute.Subnetwork": { refused: used, page: subnets },
    "gcp.compute.Router.nats -> gcp.compute.Address": { refused: used, page: addresses },
    "gcp.compute.Router.nats -> gcp.compute.Subnetwork": {
      refused: used,
      page: "https://github.com/hashicorp/terraform-provider-google/issues/26776",
    },
    "gcp.compute.Router.network -> gcp.compute.Network": { refused: usedByOperation, page: networks },
    "gcp.compute.Snapshot.sourceDisk -> gcp.compute.Disk": {
      allowed: "snapshots outlive their disk",
      page: "https://cloud.google.com/compute/docs/disks/snapshots",
    },
    "gcp.compute.Subnetwork.network -> gcp.compute.Network": { refused: usedByOperation, page: networks },
  },
};
