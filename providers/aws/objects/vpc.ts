// An EC2 VPC. CreateVpc takes no client token, so a lost answer is settled by the operation tag alone.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html

import type { Vpc } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { Step } from "../../../engine/provider/provider.ts";
import { flag, known, map, needText } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { blockersOfVpc } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { type Described, defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { readPages } from "../sweep.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Vpc",
  version: 1,
  marks: "tags",
  props: {
    CidrBlock: { type: "string", required: true, immutable: true, doc: "IPv4 range, /16 to /28." },
    // DescribeVpcs tells neither: each is a DescribeVpcAttribute call per VPC.
    EnableDnsSupport: { type: "bool", default: true, observed: "each", doc: "Whether the Amazon resolver answers inside the VPC." },
    EnableDnsHostnames: { type: "bool", default: false, observed: "each", doc: "Whether public addresses get public DNS names." },
    Tags: tagsProp,
  },
  attributes: { VpcId: { type: "string" } },
  timeouts: quick,
};

const dnsAttributes = ["EnableDnsSupport", "EnableDnsHostnames"] as const;

export const vpc = defineHandler<Vpc>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteVpc")];
    const create = change.id === undefined ? [createStep("CreateVpc", pick(change.desired, ["CidrBlock", "Tags"]), "marked")] : [];
    return [
      ...create,
      ...inOrder(change.desired)
        .filter((prop) => isPending(schema, change, prop))
        .map(modify),
      ...tagSteps(schema, change),
    ];

    function modify(prop: string): Step {
      return step(`modify:${prop}`, "ModifyVpcAttribute", { [prop]: wanted(schema, change, prop) ?? false }, "idempotent", {
        sets: [prop],
      });
    }
  },

  requests: {
    async CreateVpc(call, body) {
      const input = { CidrBlock: needText(body, "CidrBlock"), TagSpecifications: specifyTags("vpc", call.marks, map(body, "Tags")) };
      const id = (await call.client.send("CreateVpc", input, call.signal)).Vpc?.VpcId;
      if (id === undefined) throw incompleteAnswer("CreateVpc", "VpcId");
      return { id };
    },

    // One attribute per request: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    async ModifyVpcAttribute(call, body) {
      const support = flag(body, "EnableDnsSupport");
      const hostnames = flag(body, "EnableDnsHostnames");
      await call.client.send(
        "ModifyVpcAttribute",
        {
          VpcId: ownId(call),
          ...(support === undefined ? {} : { EnableDnsSupport: { Value: support } }),
          ...(hostnames === undefined ? {} : { EnableDnsHostnames: { Value: hostnames } }),
        },
        call.signal,
      );
      return {};
    },

    async DeleteVpc(call) {
      await call.client.send("DeleteVpc", { VpcId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "vpc-id",
  read: (call, Filters) => readPages(call.client, "DescribeVpcs", { Filters, MaxResults: 1_000 }, (page) => page.Vpcs, call.signal),
  describe: (row): readonly Described[] =>
    row.VpcId === undefined
      ? []
      : [
          {
            id: row.VpcId,
            props: known({ CidrBlock: row.CidrBlock }),
            attributes: { VpcId: row.VpcId },
            tags: row.Tags ?? [],
            status: row.State,
          },
        ],
  settled: (_step, row) => (row.status === "pending" ? { pending: "pending" } : "ready"),
  complete: (call, rows, depth) =>
    depth === "list" ? Promise.resolve(rows) : Promise.all(rows.map((row) => readDnsAttributes(call, row))),
  blockers: blockersOfVpc,
});

/** Host names need the resolver: it is switched on first, and off last. */
function inOrder(desired: { readonly EnableDnsSupport?: unknown }): readonly string[] {
  return desired.EnableDnsSupport === false ? [...dnsAttributes].reverse() : dnsAttributes;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html */
async function readDnsAttributes(call: Ec2Call, row: Described): Promise<Described> {
  const [support, hostnames] = await Promise.all([
    call.client.send("DescribeVpcAttribute", { VpcId: row.id, Attribute: "enableDnsSupport" }, call.signal),
    call.client.send("DescribeVpcAttribute", { VpcId: row.id, Attribute: "enableDnsHostnames" }, call.signal),
  ]);
  return {
    ...row,
    props: {
      ...row.props,
      ...known({ EnableDnsSupport: support.EnableDnsSupport?.Value, EnableDnsHostnames: hostnames.EnableDnsHostnames?.Value }),
    },
  };
}
