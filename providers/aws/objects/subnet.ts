// A subnet. CreateSubnet takes no client token, but a VPC has room for one range only, so a repeat is refused.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html

import type { Subnet } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { flag, known, map, needText, present, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { blockersOfSubnet } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { filter, readPages } from "../sweep.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Subnet",
  version: 1,
  marks: "tags",
  naturalKey: ["VpcId", "CidrBlock"],
  props: {
    VpcId: { type: "string", required: true, immutable: true },
    CidrBlock: { type: "string", required: true, immutable: true },
    AvailabilityZoneId: { type: "string", immutable: true, whenAbsent: "keep", doc: "Zone by id, the same in every account: `euw1-az1`." },
    AvailabilityZone: {
      type: "string",
      immutable: true,
      whenAbsent: "keep",
      doc: "Zone by name, which differs between accounts: `eu-west-1a`.",
    },
    MapPublicIpOnLaunch: { type: "bool", default: false, doc: "Whether interfaces get a public address without asking." },
    Tags: tagsProp,
  },
  attributes: { SubnetId: { type: "string" }, AvailabilityZone: { type: "string" }, AvailabilityZoneId: { type: "string" } },
  exclusive: [["VpcId", "CidrBlock"]],
  timeouts: quick,
};

export const subnet = defineHandler<Subnet>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteSubnet")];
    const body = pick(change.desired, ["VpcId", "CidrBlock", "AvailabilityZoneId", "AvailabilityZone", "Tags"]);
    const mapped = { MapPublicIpOnLaunch: wanted(schema, change, "MapPublicIpOnLaunch") ?? false };
    return [
      ...(change.id === undefined ? [createStep("CreateSubnet", body, "natural")] : []),
      ...(isPending(schema, change, "MapPublicIpOnLaunch")
        ? [step("modify:MapPublicIpOnLaunch", "ModifySubnetAttribute", mapped, "idempotent", { sets: ["MapPublicIpOnLaunch"] })]
        : []),
      ...tagSteps(schema, change),
    ];
  },

  requests: {
    async CreateSubnet(call, body) {
      const input = {
        VpcId: needText(body, "VpcId"),
        CidrBlock: needText(body, "CidrBlock"),
        ...present({ AvailabilityZoneId: text(body, "AvailabilityZoneId"), AvailabilityZone: text(body, "AvailabilityZone") }),
        TagSpecifications: specifyTags("subnet", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateSubnet", input, call.signal)).Subnet?.SubnetId;
      if (id === undefined) throw incompleteAnswer("CreateSubnet", "SubnetId");
      return { id };
    },

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    async ModifySubnetAttribute(call, body) {
      const Value = flag(body, "MapPublicIpOnLaunch") ?? false;
      await call.client.send("ModifySubnetAttribute", { SubnetId: ownId(call), MapPublicIpOnLaunch: { Value } }, call.signal);
      return {};
    },

    async DeleteSubnet(call) {
      await call.client.send("DeleteSubnet", { SubnetId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "subnet-id",
  read: (call, Filters) => readPages(call.client, "DescribeSubnets", { Filters, MaxResults: 1_000 }, (page) => page.Subnets, call.signal),
  describe(row) {
    if (row.SubnetId === undefined) return [];
    const zone = { AvailabilityZone: row.AvailabilityZone, AvailabilityZoneId: row.AvailabilityZoneId };
    return [
      {
        id: row.SubnetId,
        props: known({ VpcId: row.VpcId, CidrBlock: row.CidrBlock, MapPublicIpOnLaunch: row.MapPublicIpOnLaunch, ...zone }),
        attributes: known({ SubnetId: row.SubnetId, ...zone }),
        tags: row.Tags ?? [],
        status: row.State,
      },
    ];
  },
  settled: (_step, row) => (row.status === "pending" ? { pending: "pending" } : "ready"),
  naturalFilters(props) {
    const vpc = text(props, "VpcId");
    const range = text(props, "CidrBlock");
    return vpc === undefined || range === undefined ? undefined : [filter("vpc-id", vpc), filter("cidr-block", range)];
  },
  blockers: blockersOfSubnet,
});
