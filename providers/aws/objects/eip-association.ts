// An Elastic IP on an instance or an interface. An address stands in one place at most, so the address names the association, and moving it is
// one request: AssociateAddress with leave to take it from where it was.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html

import type { Address } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, needText, present, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { type Described, defineHandler } from "../handler.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { filter } from "../sweep.ts";
import { readAddresses } from "./read-addresses.ts";
import { quick } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.EipAssociation",
  version: 1,
  marks: "none",
  naturalKey: ["AllocationId"],
  props: {
    AllocationId: { type: "string", required: true, immutable: true },
    InstanceId: { type: "string", doc: "Target: an instance's primary interface." },
    NetworkInterfaceId: { type: "string", doc: "Target: an interface." },
  },
  // Each move gives the association another id.
  attributes: {
    AssociationId: { type: "string", changesWith: ["InstanceId", "NetworkInterfaceId"] },
    PublicIp: { type: "string" },
    PrivateIpAddress: { type: "string", changesWith: ["InstanceId", "NetworkInterfaceId"] },
  },
  exclusive: [["AllocationId"]],
  timeouts: quick,
};

const targets = ["InstanceId", "NetworkInterfaceId"] as const;

export const eipAssociation = defineHandler<Address>({
  schema,

  steps(change) {
    if (change.action === "delete") {
      return [deleteStep("DisassociateAddress", pick(change.attributes, ["AssociationId"]), { impact: "downtime" })];
    }
    const body = pick(change.desired, targets);
    if (change.id === undefined) return [createStep("AssociateAddress", { ...pick(change.desired, ["AllocationId"]), ...body }, "natural")];
    if (!targets.some((name) => change.desired[name] !== undefined && isPending(schema, change, name))) return [];
    return [step("move", "AssociateAddress", { ...body, AllowReassociation: true }, "idempotent", { sets: targets, impact: "downtime" })];
  },

  requests: {
    async AssociateAddress(call, body, asked) {
      const AllocationId = asked.creates === true ? needText(body, "AllocationId") : ownId(call);
      // A first association never takes an address from where somebody else has put it.
      const AllowReassociation = asked.creates !== true;
      await call.client.send("AssociateAddress", { AllocationId, AllowReassociation, ...target(body) }, call.signal);
      return { id: AllocationId };
    },

    async DisassociateAddress(call, body) {
      await call.client.send("DisassociateAddress", { AssociationId: needText(body, "AssociationId") }, call.signal);
      return {};
    },
  },

  idFilter: "allocation-id",
  read: readAddresses,
  describe(row): readonly Described[] {
    if (row.AllocationId === undefined || row.AssociationId === undefined) return [];
    return [
      {
        id: row.AllocationId,
        props: known({ AllocationId: row.AllocationId, InstanceId: row.InstanceId, NetworkInterfaceId: row.NetworkInterfaceId }),
        attributes: known({ AssociationId: row.AssociationId, PublicIp: row.PublicIp, PrivateIpAddress: row.PrivateIpAddress }),
      },
    ];
  },
  settled(asked, row) {
    const moved = targets.every((name) => typeof asked.body[name] !== "string" || row.props[name] === asked.body[name]);
    return moved ? "ready" : { pending: "not visible yet" };
  },
  naturalFilters(props) {
    const allocation = text(props, "AllocationId");
    return allocation === undefined ? undefined : [filter("allocation-id", allocation)];
  },
});

function target(body: NativeMap): { InstanceId?: string; NetworkInterfaceId?: string } {
  return present({ InstanceId: text(body, "InstanceId"), NetworkInterfaceId: text(body, "NetworkInterfaceId") });
}
