// By what the rows of the embedded GCE are found besides their path. Nothing else may depend on scans.

import { createEntryLister, type Indexes, indexEntry } from "../../simulation/indexes.ts";
import { readPath } from "./links.ts";
import type { AnyRow } from "./rows.ts";

const path = (link: string | undefined): string | undefined => (link === undefined ? undefined : readPath(link));

const INDEXES: Indexes<AnyRow> = {
  subnetworks: { network: (row) => [path(row.resource.network)], scope: (row) => [row.scope] },
  firewalls: { network: (row) => [path(row.resource.network)] },
  routes: { network: (row) => [path(row.resource.network)] },
  routers: {
    network: (row) => [path(row.resource.network)],
    scope: (row) => [row.scope],
    subnetwork: (row) => (row.resource.nats ?? []).flatMap((nat) => (nat.subnetworks ?? []).map((one) => path(one.name))),
    address: (row) => (row.resource.nats ?? []).flatMap((nat) => [...(nat.natIps ?? []), ...(nat.drainNatIps ?? [])].map(path)),
  },
  addresses: { scope: (row) => [row.scope], ip: (row) => [row.resource.address], subnetwork: (row) => [path(row.resource.subnetwork)] },
  disks: { scope: (row) => [row.scope] },
  instances: {
    scope: (row) => [row.scope],
    network: (row) => row.resource.networkInterfaces.map((one) => path(one.network)),
    subnetwork: (row) => row.resource.networkInterfaces.map((one) => path(one.subnetwork)),
    disk: (row) => row.resource.disks.map((disk) => path(disk.source)),
    internal: (row) => row.resource.networkInterfaces.map((one) => `${path(one.subnetwork)} ${one.networkIP}`),
    external: (row) => row.resource.networkInterfaces.flatMap((one) => (one.accessConfigs ?? []).map((config) => config.natIP)),
  },
  operations: { scope: (row) => [row.scope], number: (row) => [`${row.scope} ${row.operation.id}`] },
};

const listNamed = createEntryLister(INDEXES);

/** Every index entry of a row, its labels' among them; those of before stay findable while an index may lag. */
export function listIndexEntries(row: AnyRow): readonly string[] {
  const entries = listNamed(row);
  if (!("resource" in row)) return entries;
  const labels = "labels" in row.resource ? row.resource.labels : undefined;
  for (const [key, value] of Object.entries(labels ?? {})) entries.push(indexEntry("label", labelKey(key, value)));
  for (const [key, value] of Object.entries(row.labelsBefore ?? {})) entries.push(indexEntry("label", labelKey(key, value)));
  return entries;
}

export function labelKey(key: string, value: string): string {
  return `${key}\u0000${value}`;
}
