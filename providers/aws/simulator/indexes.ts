// By what the rows of each kind are found besides their id. An index function names the keys a row stands under; nothing else may depend on scans.

import { createEntryLister, type Indexes, indexEntry } from "../../simulation/indexes.ts";
import type { AnyRow } from "./rows.ts";

export const INDEXES: Indexes<AnyRow> = {
  subnet: { vpc: (row) => [row.vpcId] },
  "internet-gateway": { vpc: (row) => [row.vpcId] },
  "route-table": {
    vpc: (row) => [row.vpcId],
    subnet: (row) => row.associations.map((association) => association.subnetId),
    association: (row) => row.associations.map((association) => association.id),
    target: (row) => row.routes.map((route) => route.targetId),
  },
  "network-acl": { vpc: (row) => [row.vpcId] },
  "nat-gateway": { vpc: (row) => [row.vpcId], subnet: (row) => [row.subnetId] },
  "security-group": { vpc: (row) => [row.vpcId], name: (row) => [row.name] },
  "security-group-rule": { group: (row) => [row.groupId], peer: (row) => [row.peer.groupId] },
  "key-pair": { name: (row) => [row.name] },
  "network-interface": {
    vpc: (row) => [row.vpcId],
    subnet: (row) => [row.subnetId],
    instance: (row) => [row.attachment?.instanceId],
    attachment: (row) => [row.attachment?.id],
    group: (row) => row.groups,
    private: (row) => [`${row.subnetId}/${row.privateIp}`],
    lent: (row) => [row.lentIp],
  },
  instance: {
    vpc: (row) => [row.vpcId],
    subnet: (row) => [row.subnetId],
    image: (row) => [row.imageId],
    profile: (row) => [row.profile?.id],
  },
  volume: { instance: (row) => [row.attachment?.instanceId], snapshot: (row) => [row.snapshotId] },
  address: {
    ip: (row) => [row.publicIp],
    interface: (row) => [row.association?.networkInterfaceId],
    instance: (row) => [row.association?.instanceId],
    association: (row) => [row.association?.id],
  },
  snapshot: { volume: (row) => [row.volumeId] },
  image: { name: (row) => [row.name], snapshot: (row) => row.disks.map((disk) => disk.snapshotId) },
};

const listNamed = createEntryLister(INDEXES);

/** Every index entry of a row: `index key` pairs, the tags' among them. */
export function listIndexEntries(row: AnyRow): readonly string[] {
  const entries = listNamed(row);
  if (row.kind === "timer") return entries;
  for (const [key, value] of Object.entries(row.tags)) entries.push(indexEntry("tag", tagIndexKey(key, value)));
  // A lagging tag index still answers by the old tags, so they stay findable.
  for (const [key, value] of Object.entries(row.tagsBefore ?? {})) entries.push(indexEntry("tag", tagIndexKey(key, value)));
  return entries;
}

export function tagIndexKey(key: string, value: string): string {
  return `${key}\u0000${value}`;
}
