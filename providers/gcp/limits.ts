// The rate quotas of Compute Engine: so many requests of a group in a minute, for each project, and for each region where the method is regional.
// https://cloud.google.com/compute/docs/api-rate-limits

import type { RateLimit } from "../../engine/provider/provider.ts";
import type { OperationName } from "./operations.ts";

/**
 * A quota counts whole minutes. A bucket of a fifth of it, filled by four fifths a minute, never lets more through in any sixty seconds than the quota
 * has, and leaves what others of the project need to the `throttled` answers.
 */
function perMinute(group: string, operations: readonly `gcp:${OperationName}`[], quota: number): RateLimit {
  return { bucket: `requests ${group}`, operations, capacity: quota / 5, refillPerSecond: (quota * 4) / 5 / 60 };
}

/** "Queries": global methods that change something, and regional ones in each region. The quota of a project that asked for no more. */
const queries = 1_500;
/** "Global resource mutation requests": images and snapshots. */
const globalResources = 375;
const reads = 1_500;
/** "Heavy-weight read requests": aggregated lists. */
const heavyReads = 750;

export const gceLimits: readonly RateLimit[] = [
  perMinute(
    "global resource mutation",
    [
      "gcp:images.insert",
      "gcp:images.delete",
      "gcp:images.setLabels",
      "gcp:snapshots.insert",
      "gcp:snapshots.delete",
      "gcp:snapshots.setLabels",
    ],
    globalResources,
  ),
  perMinute(
    "global queries",
    [
      "gcp:networks.insert",
      "gcp:networks.patch",
      "gcp:networks.delete",
      "gcp:firewalls.insert",
      "gcp:firewalls.update",
      "gcp:firewalls.delete",
    ],
    queries,
  ),
  perMinute(
    "regional queries",
    [
      "gcp:addresses.insert",
      "gcp:addresses.setLabels",
      "gcp:addresses.delete",
      "gcp:disks.insert",
      "gcp:disks.resize",
      "gcp:disks.update",
      "gcp:disks.setLabels",
      "gcp:disks.delete",
      "gcp:instances.insert",
      "gcp:instances.start",
      "gcp:instances.stop",
      "gcp:instances.resume",
      "gcp:instances.setMachineType",
      "gcp:instances.setServiceAccount",
      "gcp:instances.setTags",
      "gcp:instances.setMetadata",
      "gcp:instances.setLabels",
      "gcp:instances.addAccessConfig",
      "gcp:instances.deleteAccessConfig",
      "gcp:instances.attachDisk",
      "gcp:instances.detachDisk",
      "gcp:instances.setDiskAutoDelete",
      "gcp:instances.updateShieldedInstanceConfig",
      "gcp:instances.delete",
      "gcp:routers.insert",
      "gcp:routers.patch",
      "gcp:routers.update",
      "gcp:routers.delete",
      "gcp:subnetworks.insert",
      "gcp:subnetworks.setPrivateIpGoogleAccess",
      "gcp:subnetworks.delete",
    ],
    queries,
  ),
  perMinute(
    "global reads",
    ["gcp:networks.get", "gcp:firewalls.get", "gcp:images.get", "gcp:images.getFromFamily", "gcp:snapshots.get", "gcp:projects.get"],
    reads,
  ),
  perMinute("regional reads", ["gcp:addresses.get", "gcp:disks.get", "gcp:instances.get", "gcp:routers.get", "gcp:subnetworks.get"], reads),
  perMinute(
    "global lists",
    ["gcp:globalOperations.list", "gcp:networks.list", "gcp:firewalls.list", "gcp:images.list", "gcp:snapshots.list"],
    reads,
  ),
  perMinute(
    "regional lists",
    ["gcp:regionOperations.list", "gcp:zoneOperations.list", "gcp:addresses.list", "gcp:routers.list", "gcp:subnetworks.list"],
    reads,
  ),
  perMinute("global operation reads", ["gcp:globalOperations.get"], reads),
  perMinute("regional operation reads", ["gcp:regionOperations.get", "gcp:zoneOperations.get"], reads),
  perMinute("heavy-weight reads", ["gcp:disks.aggregatedList", "gcp:instances.aggregatedList"], heavyReads),
];
