// A cloud router and its NATs: subnets reach the internet through addresses of ours. What others set on a NAT stays through a change.
// https://cloud.google.com/compute/docs/reference/rest/v1/routers

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { isMap, maps, needText, texts } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { routers } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { describeMarks } from "../marks.ts";
import type { Router, RouterNat } from "../operations.ts";
import { linkOf, needLocation, pathOf } from "../paths.ts";
import { acknowledge, acknowledgeNew, ownRegional, requestIdOf } from "../request.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { describeMarked, describePlace } from "./described.ts";
import { namedInRegion, nameProp, pathProp, quick, regionalPath, regionProp, toPath } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "gcp.compute.Router",
  version: 1,
  ...namedInRegion,
  props: {
    name: nameProp,
    network: pathProp("Path of its network.", { required: true }),
    region: regionProp,
    nats: {
      type: "set",
      identity: ["name"],
      holds: true,
      default: [],
      normalise: normaliseNats,
      doc: "`{ name, natIps, subnetworks }`: paths of addresses and of subnetworks, all of their ranges.",
    },
  },
  // An address, and a range of a subnetwork, is of one NAT at a time. https://cloud.google.com/nat/docs/public-nat
  exclusive: [["nats.natIps"], ["nats.subnetworks"]],
  timeouts: quick,
};

export const router = defineHandler<Router>({
  schema,
  collection: routers,
  marksIn: ["description"],
  naturalPath: regionalPath("routers"),

  steps(change) {
    if (change.action === "delete") return [deleteStep("routers.delete", {}, { impact: "downtime" })];
    if (change.id === undefined) return [createStep("routers.insert", pick(change.desired, Object.keys(schema.props)), "token")];
    const mark = change.marks === true ? [step("mark", "routers.patch", {}, "idempotent", { marks: true })] : [];
    if (!isPending(schema, change, "nats")) return mark;
    const nats = change.desired.nats ?? [];
    // A partial change cannot empty a list.
    const operation = Array.isArray(nats) && nats.length === 0 ? "routers.update" : "routers.patch";
    return [...mark, step("nats", operation, { nats }, "idempotent", { sets: ["nats"] })];
  },

  requests: {
    async "routers.insert"(call, body) {
      const region = needText(body, "region");
      const routerResource: Router = {
        name: needText(body, "name"),
        description: describeMarks(call.marks),
        network: linkOf(needText(body, "network")),
        nats: maps(body, "nats").map((nat) => writeNat(nat, undefined)),
      };
      const input = { region, requestId: requestIdOf(call), routerResource };
      return acknowledgeNew("routers.insert", await call.client.send("routers.insert", input, call.signal));
    },

    async "routers.patch"(call, body, asked) {
      const at = needLocation(ownId(call));
      const { project, region = call.client.region, name } = at;
      const routerResource: Router = asked.marks === true ? { description: describeMarks(call.marks) } : {};
      if (body.nats !== undefined) {
        const current = await routers.get(call, at);
        const present = new Map((current.nats ?? []).map((nat) => [nat.name, nat]));
        routerResource.nats = maps(body, "nats").map((nat) => writeNat(nat, present.get(needText(nat, "name"))));
      }
      const input = { project, region, router: name, requestId: requestIdOf(call), routerResource };
      return acknowledge("routers.patch", await call.client.send("routers.patch", input, call.signal));
    },

    /** Without any NAT. */
    async "routers.update"(call) {
      const at = needLocation(ownId(call));
      const { project, region = call.client.region, name } = at;
      const { id: _, kind: __, selfLink: ___, creationTimestamp: ____, nats: _____, ...rest } = await routers.get(call, at);
      const input = { project, region, router: name, requestId: requestIdOf(call), routerResource: rest };
      return acknowledge("routers.update", await call.client.send("routers.update", input, call.signal));
    },

    async "routers.delete"(call) {
      const { name: router, ...place } = ownRegional(call);
      return acknowledge("routers.delete", await call.client.send("routers.delete", { ...place, router }, call.signal));
    },
  },

  describe: (row) =>
    describeMarked(row, {
      ...describePlace(row),
      nats: (row.nats ?? []).map((nat) => ({
        name: nat.name ?? "",
        natIps: (nat.natIps ?? []).map(pathOf),
        subnetworks: (nat.subnetworks ?? []).flatMap((each) => (each.name ? [pathOf(each.name)] : [])),
      })),
    }),
});

/** https://cloud.google.com/nat/docs/public-nat: addresses of ours, and listed subnets with all their ranges. */
function writeNat(nat: NativeMap, current: RouterNat | undefined): RouterNat {
  return {
    ...current,
    name: needText(nat, "name"),
    natIpAllocateOption: "MANUAL_ONLY",
    natIps: texts(nat, "natIps").map(linkOf),
    sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
    subnetworks: texts(nat, "subnetworks").map((path) => ({ name: linkOf(path), sourceIpRangesToNat: ["ALL_IP_RANGES"] })),
  };
}

function normaliseNats(value: NativeValue): NativeValue {
  if (!Array.isArray(value)) return value;
  return value.map((nat: NativeValue) =>
    isMap(nat) ? { ...nat, natIps: sortPaths(nat.natIps), subnetworks: sortPaths(nat.subnetworks) } : nat,
  );
}

/** Order never matters. Values that are not known yet stay as they are. */
function sortPaths(value: NativeValue | undefined): NativeValue {
  if (!Array.isArray(value)) return value ?? [];
  const paths = value.map((each: NativeValue) => toPath(each));
  return paths.every((each) => typeof each === "string") ? paths.toSorted() : paths;
}
