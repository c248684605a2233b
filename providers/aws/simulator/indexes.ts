// By what the rows of each kind are found besides their id. An index function names the keys a row stands under; nothing else may depend on scans.

import type { Kind, Row, RowByKind } from "./rows.ts";

type Indexes = { readonly [K in Kind]?: Readonly<Record<string, (row: RowByKind<K>) => readonly (string | undefined)[]>> };

export const INDEXES: Indexes = {
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

/** Every index entry of a row: `index key` pairs, the tags' among them. */
export function listIndexEntries(row: Row): readonly string[] {
  const entries: string[] = [];
  const indexes = INDEXES[row.kind] as Readonly<Record<string, (row: Row) => readonly (string | undefined)[]>> | undefined;
  for (const [name, keysOf] of Object.entries(indexes ?? {})) {
    for (const key of keysOf(row)) if (key !== undefined) entries.push(indexEntry(name, key));
  }
  for (const [key, value] of Object.entries(row.tags)) entries.push(indexEntry("tag", tagIndexKey(key, value)));
  // A lagging tag index still answers by the old tags, so they stay findable.
  for (const [key, value] of Object.entries(row.tagsBefore ?? {})) entries.push(indexEntry("tag", tagIndexKey(key, value)));
  return entries;
}

export function indexEntry(index: string, key: string): string {
  return `${index}\u0000${key}`;
}

export function tagIndexKey(key: string, value: string): string {
  return `${key}\u0000${value}`;
}
