// What holds up the deletion of a network, a subnetwork, an address or a disk, for the message that names it. Reads only; finds nothing where nothing
// stands.

import type { Blocker } from "../../engine/provider/provider.ts";
import { addresses, disks, firewalls, instances, routers, subnetworks } from "./collections.ts";
import type { GceCall } from "./operations.ts";
import { locate, nameOf, needLocation, pathOf } from "./paths.ts";
import { filterByPattern, type Named } from "./sweep.ts";

/** https://cloud.google.com/vpc/docs/create-modify-vpc-networks#deleting_a_network */
export async function blockersOfNetwork(call: GceCall, id: string): Promise<readonly Blocker[]> {
  const within = filterByPattern("network", `.*/${id}`);
  const [subnets, rules, gateways] = await Promise.all([
    subnetworks.list(call, within),
    firewalls.list(call, within),
    routers.list(call, within),
  ]);
  return [
    ...subnets.rows.map((row) => name("gcp.compute.Subnetwork", row, `subnetwork ${row.ipCidrRange ?? ""}`)),
    ...rules.rows.map((row) => name("gcp.compute.Firewall", row, "firewall rule")),
    ...gateways.rows.map((row) => name("gcp.compute.Router", row, "router")),
  ];
}

/** Instances of our region with an interface in it, and NATs that serve it: lists cannot be filtered by a field of a list, so all are looked through. */
export async function blockersOfSubnetwork(call: GceCall, id: string): Promise<readonly Blocker[]> {
  const all = filterByPattern("name", ".*");
  const [machines, gateways] = await Promise.all([instances.list(call, all), routers.list(call, all)]);
  const isIt = (link: string | null | undefined): boolean => Boolean(link) && pathOf(link ?? "") === id;
  return [
    ...machines.rows
      .filter((row) => row.networkInterfaces?.some((card) => isIt(card.subnetwork)))
      .map((row) => name("gcp.compute.Instance", row, "instance")),
    ...gateways.rows
      .filter((row) => row.nats?.some((nat) => nat.subnetworks?.some((each) => isIt(each.name))))
      .map((row) => name("gcp.compute.Router", row, "NAT of router")),
  ];
}

export async function blockersOfAddress(call: GceCall, id: string): Promise<readonly Blocker[]> {
  const row = await addresses.get(call, needLocation(id));
  return (row.users ?? []).map(describeUser);
}

export async function blockersOfDisk(call: GceCall, id: string): Promise<readonly Blocker[]> {
  const row = await disks.get(call, needLocation(id));
  return (row.users ?? []).map(describeUser);
}

const types: Readonly<Record<string, readonly [type: string, word: string]>> = {
  instances: ["gcp.compute.Instance", "instance"],
  routers: ["gcp.compute.Router", "router"],
};

function describeUser(link: string): Blocker {
  const id = pathOf(link);
  const [type, word] = types[locate(id)?.collection ?? ""] ?? ["", "used by"];
  return { type, id, description: `${word} ${nameOf(id)}` };
}

function name(type: string, row: Named, description: string): Blocker {
  return { type, id: row.selfLink ? pathOf(row.selfLink) : "", description: `${description} ("${row.name ?? ""}")` };
}
