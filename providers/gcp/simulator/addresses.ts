// Static addresses of a region, external unless told. https://cloud.google.com/compute/docs/reference/rest/v1/addresses

import { type CollectionFacts, defineDelete, defineReads, defineSetLabels } from "./collection.ts";
import { refuseAbsent, refuseInUse, refuseMissing, refuseUnimplemented, refuseValue } from "./errors.ts";
import { readName, readReference, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { addRow, claimName, describeLabels, failCreation, failQuota, startCreation } from "./objects.ts";
import { writeAddress } from "./ranges.ts";
import { REGION_SCOPES } from "./regions.ts";
import type { AddressResource } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import { checkInternalAddress, findFreeAddress, isTaken } from "./subnetworks.ts";
import { exceeds } from "./usage.ts";
import type { World } from "./world.ts";

type Body = Partial<Pick<AddressResource, "name" | "description" | "address" | "addressType" | "networkTier" | "purpose" | "subnetwork">>;

/** Who uses an address: an instance by its access config, or a NAT. */
function listUsers(world: World, row: ResourceRow<"addresses">): readonly string[] {
  const { address, addressType } = row.resource;
  const instances = addressType === "EXTERNAL" ? world.by("instances", "external", address) : [];
  return [...instances, ...world.by("routers", "address", row.id)].map((one) => one.id);
}

function render(world: World, row: ResourceRow<"addresses">): AddressResource {
  const users = listUsers(world, row).map(writeLink);
  const status = row.resource.status === "RESERVING" ? "RESERVING" : users.length === 0 ? "RESERVED" : "IN_USE";
  return { ...row.resource, status, ...(users.length === 0 ? {} : { users }) };
}

const listing: Listing<ResourceRow<"addresses">> = {
  kind: "compute#addressList",
  collection: "addresses",
  render,
  computed: ["status", "users"],
};

/** A free external address, of the block that Google Cloud announces. */
export function drawExternalAddress(world: World): string {
  for (;;) {
    // 34.64.0.0/10 is one of Google Cloud's. https://www.gstatic.com/ipranges/cloud.json
    const text = writeAddress(34 * 2 ** 24 + 64 * 2 ** 16 + world.draw(2 ** 22));
    if (world.countBy("addresses", "ip", text) === 0 && world.countBy("instances", "external", text) === 0) return text;
  }
}

function reserveInternal(world: World, scope: string, body: Body): Partial<AddressResource> {
  const place = { project: world.project, scope };
  const path = readReference("resource.subnetwork", body.subnetwork ?? refuseAbsent("resource.subnetwork"), place, "subnetworks");
  const subnet = world.get("subnetworks", path) ?? refuseMissing(path);
  if (body.address !== undefined) {
    checkInternalAddress("resource.address", subnet, body.address);
    if (isTaken(world, path, body.address))
      refuseValue("resource.address", body.address, "Specified IP address is in-use and would result in a conflict.");
  }
  const address = body.address ?? findFreeAddress(world, subnet) ?? refuseValue("resource.subnetwork", path, "IP_SPACE_EXHAUSTED");
  return { address, addressType: "INTERNAL", purpose: body.purpose ?? "GCE_ENDPOINT", subnetwork: subnet.resource.selfLink };
}

const ADDRESSES: CollectionFacts<"addresses"> = {
  collection: "addresses",
  parameter: "address",
  place: "regions/{region}",
  listing,
  scopes: ["global", ...REGION_SCOPES],
};

export const addressMethods: readonly Method[] = [
  defineChange<Body>("POST", "addresses.insert", "regions/{region}/addresses", "Address", (world, { body, scope }) => {
    claimName(world, "addresses", scope, body.name);
    const name = body.name ?? "";
    const type = body.addressType ?? "EXTERNAL";
    if (type !== "EXTERNAL" && type !== "INTERNAL") refuseValue("resource.addressType", type, "Must be EXTERNAL or INTERNAL.");
    const tier = body.networkTier ?? "PREMIUM";
    if (tier !== "PREMIUM" && tier !== "STANDARD") refuseValue("resource.networkTier", tier, "Must be PREMIUM or STANDARD.");
    if (type === "EXTERNAL" && body.address !== undefined) refuseUnimplemented("The promotion of an ephemeral address to a static one");
    if (type === "EXTERNAL" && body.subnetwork !== undefined)
      refuseValue("resource.subnetwork", body.subnetwork, "Subnetwork cannot be specified for external addresses.");
    const limit = exceeds(world, "STATIC_ADDRESSES", readName(scope), 1);
    if (limit !== undefined) return failCreation(world, "addresses", scope, name, failQuota("STATIC_ADDRESSES", limit, readName(scope)));
    const own =
      type === "INTERNAL"
        ? reserveInternal(world, scope, body)
        : { address: drawExternalAddress(world), addressType: type, networkTier: tier };
    const row = addRow(world, "addresses", "address", scope, name, {
      ...(body.description === undefined ? {} : { description: body.description }),
      ...own,
      region: writeLink(`projects/${world.project}/${scope}`),
      status: "RESERVING",
      labelFingerprint: describeLabels({}).labelFingerprint,
    } as never);
    return startCreation(world, "insert", row, { kind: "set", set: { status: "RESERVED" } });
  }),

  ...defineReads(ADDRESSES),
  defineSetLabels("addresses", ADDRESSES.place, "RegionSetLabelsRequest"),
  defineDelete(ADDRESSES, (world, row) => {
    const [user] = listUsers(world, row);
    if (user !== undefined) refuseInUse("address", row.id, user);
  }),
];
