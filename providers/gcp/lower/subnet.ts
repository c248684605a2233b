// subnet on gcp: a Subnetwork of the region; the zone is that of its machines. A subnet that others name in `nat` brings a Router with a NAT for their ranges,
// and the address that it has on the internet, one for all that name it.
// https://cloud.google.com/nat/docs/overview

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering } from "../../../engine/provider/provider.ts";
import { regionOf } from "../../lowering/read-props.ts";
import { lowerZoneLetter } from "../../lowering/zones.ts";
import { regions } from "../catalog/places.ts";
import { checkLabels } from "./labels.ts";
import { gceName, partName } from "./names.ts";
import { checkSubnetworkRange } from "./ranges.ts";

export const lowerSubnet: Lowering = (resource, context) => {
  const { object } = context;
  const region = regionOf(context);
  const network = context.native(resource.props.network ?? "");
  const letter = String(resource.props.zone ?? "a");
  const zone = lowerZoneLetter(letter, regions(), context);
  const diagnostics = [...checkSubnetworkRange(resource, context), ...zone.diagnostics, ...checkLabels(resource, context)];

  const subnetwork = object(
    "subnetwork",
    "gcp.compute.Subnetwork",
    { name: gceName(context), network, region, ipCidrRange: context.native(resource.props.cidr ?? "") },
    { from: { network: "network", ipCidrRange: "cidr" } },
  );
  const outputs = { id: subnetwork.ref("selfLink"), zone: letter };
  const through = context.referrers(resource.address, "nat");
  if (through.length === 0) return { objects: [subnetwork.object], outputs, diagnostics };

  const address = object("nat-address", "gcp.compute.Address", {
    name: partName(resource.address, "nat", context),
    region,
    labels: context.tags,
  });
  const router = object("router", "gcp.compute.Router", {
    name: gceName(context),
    network,
    region,
    nats: [
      {
        name: "nat",
        natIps: [address.ref("selfLink")],
        subnetworks: through.map((subnet) => nativeRef(`${subnet.address}:subnetwork`, "selfLink")),
      },
    ],
  });
  return {
    objects: [subnetwork, address, router].map((handle) => handle.object),
    outputs: { ...outputs, nat_ip: address.ref("address") },
    diagnostics,
  };
};
