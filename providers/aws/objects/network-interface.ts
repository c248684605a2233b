// A network interface prepared before its instance, so that the first boot has its address.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html

import type { NetworkInterface } from "@aws-sdk/client-ec2";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map, needText, present, text, texts } from "../../handlers/body.ts";
import { ownId, tokenOf } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { blockersOfInterface } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { readPages } from "../sweep.ts";
import { quick, tagsProp, undocumentedTokenValid } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.NetworkInterface",
  version: 1,
  marks: "tags",
  props: {
    SubnetId: { type: "string", required: true, immutable: true },
    PrivateIpAddress: { type: "string", immutable: true, whenAbsent: "keep" },
    Groups: { type: "set", holds: true, whenAbsent: "keep", doc: "Ids of its security groups, one at least." },
    Description: { type: "string", default: "" },
    Tags: tagsProp,
  },
  attributes: {
    NetworkInterfaceId: { type: "string" },
    PrivateIpAddress: { type: "string" },
    AvailabilityZone: { type: "string" },
    SubnetId: { type: "string" },
  },
  exclusive: [["SubnetId", "PrivateIpAddress"]],
  tokenValid: undocumentedTokenValid,
  timeouts: quick,
};

export const networkInterface = defineHandler<NetworkInterface>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteNetworkInterface")];
    const body = pick(change.desired, ["SubnetId", "PrivateIpAddress", "Groups", "Description", "Tags"]);
    const fresh = change.id === undefined;
    return [
      ...(fresh ? [createStep("CreateNetworkInterface", body, "token")] : []),
      // One attribute per request: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
      ...(!fresh && isPending(schema, change, "Groups") && change.desired.Groups !== undefined
        ? [step("modify:Groups", "ModifyNetworkInterfaceAttribute", pick(change.desired, ["Groups"]), "idempotent", { sets: ["Groups"] })]
        : []),
      ...(!fresh && isPending(schema, change, "Description")
        ? [
            step("modify:Description", "ModifyNetworkInterfaceAttribute", { Description: change.desired.Description ?? "" }, "idempotent", {
              sets: ["Description"],
            }),
          ]
        : []),
      ...tagSteps(schema, change),
    ];
  },

  requests: {
    async CreateNetworkInterface(call, body) {
      const groups = texts(body, "Groups");
      const input = {
        SubnetId: needText(body, "SubnetId"),
        ...present({ PrivateIpAddress: text(body, "PrivateIpAddress"), Description: text(body, "Description") || undefined }),
        ...(groups.length === 0 ? {} : { Groups: groups }),
        ClientToken: tokenOf(call),
        TagSpecifications: specifyTags("network-interface", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateNetworkInterface", input, call.signal)).NetworkInterface?.NetworkInterfaceId;
      if (id === undefined) throw incompleteAnswer("CreateNetworkInterface", "NetworkInterfaceId");
      return { id };
    },

    async ModifyNetworkInterfaceAttribute(call, body) {
      const groups = texts(body, "Groups");
      const change = groups.length > 0 ? { Groups: groups } : { Description: { Value: text(body, "Description") ?? "" } };
      await call.client.send("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: ownId(call), ...change }, call.signal);
      return {};
    },

    async DeleteNetworkInterface(call) {
      await call.client.send("DeleteNetworkInterface", { NetworkInterfaceId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "network-interface-id",
  read: (call, Filters) =>
    readPages(call.client, "DescribeNetworkInterfaces", { Filters, MaxResults: 1_000 }, (page) => page.NetworkInterfaces, call.signal),
  describe: (row) =>
    row.NetworkInterfaceId === undefined
      ? []
      : [
          {
            id: row.NetworkInterfaceId,
            props: known({
              SubnetId: row.SubnetId,
              PrivateIpAddress: row.PrivateIpAddress,
              Groups: (row.Groups ?? []).flatMap((group) => group.GroupId ?? []).sort(),
              Description: row.Description,
            }),
            attributes: known({
              NetworkInterfaceId: row.NetworkInterfaceId,
              PrivateIpAddress: row.PrivateIpAddress,
              AvailabilityZone: row.AvailabilityZone,
              SubnetId: row.SubnetId,
            }),
            tags: row.TagSet ?? [],
            status: row.Status,
          },
        ],
  settled: (_step, row) => (row.status === "pending" ? { pending: "pending" } : "ready"),
  blockers: blockersOfInterface,
});
