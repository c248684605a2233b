// How each sort of object is read: its GET and its list, in our region or globally. The table that observing, finding and explaining share.

import type { Address, Disk, Firewall, Image, Instance, Network, Router, Snapshot, Subnetwork } from "./operations.ts";
import { type Collection, listPlain, listZonal } from "./sweep.ts";

export const addresses: Collection<Address> = {
  name: "addresses",
  get: ({ client, signal }, { project, region = client.region, name }) =>
    client.send("addresses.get", { project, region, address: name }, signal),
  list: (call, filter) => listPlain(call, "addresses.list", { region: call.client.region, filter }, `regions/${call.client.region}`),
};

export const disks: Collection<Disk> = {
  name: "disks",
  get: ({ client, signal }, { project, zone = "", name }) => client.send("disks.get", { project, zone, disk: name }, signal),
  list: (call, filter) => listZonal(call, "disks.aggregatedList", filter, (scoped) => scoped.disks),
};

export const firewalls: Collection<Firewall> = {
  name: "firewalls",
  get: ({ client, signal }, { project, name }) => client.send("firewalls.get", { project, firewall: name }, signal),
  list: (call, filter) => listPlain(call, "firewalls.list", { filter }, "global"),
};

export const images: Collection<Image> = {
  name: "images",
  get: ({ client, signal }, { project, name }) => client.send("images.get", { project, image: name }, signal),
  list: (call, filter) => listPlain(call, "images.list", { filter }, "global"),
};

export const instances: Collection<Instance> = {
  name: "instances",
  get: ({ client, signal }, { project, zone = "", name }) => client.send("instances.get", { project, zone, instance: name }, signal),
  list: (call, filter) => listZonal(call, "instances.aggregatedList", filter, (scoped) => scoped.instances),
};

export const networks: Collection<Network> = {
  name: "networks",
  get: ({ client, signal }, { project, name }) => client.send("networks.get", { project, network: name }, signal),
  list: (call, filter) => listPlain(call, "networks.list", { filter }, "global"),
};

export const routers: Collection<Router> = {
  name: "routers",
  get: ({ client, signal }, { project, region = client.region, name }) =>
    client.send("routers.get", { project, region, router: name }, signal),
  list: (call, filter) => listPlain(call, "routers.list", { region: call.client.region, filter }, `regions/${call.client.region}`),
};

export const snapshots: Collection<Snapshot> = {
  name: "snapshots",
  get: ({ client, signal }, { project, name }) => client.send("snapshots.get", { project, snapshot: name }, signal),
  list: (call, filter) => listPlain(call, "snapshots.list", { filter }, "global"),
};

export const subnetworks: Collection<Subnetwork> = {
  name: "subnetworks",
  get: ({ client, signal }, { project, region = client.region, name }) =>
    client.send("subnetworks.get", { project, region, subnetwork: name }, signal),
  list: (call, filter) => listPlain(call, "subnetworks.list", { region: call.client.region, filter }, `regions/${call.client.region}`),
};
