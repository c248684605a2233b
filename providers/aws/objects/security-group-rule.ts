// One rule of a security group, with marks of its own in the tags that rules have. EC2 refuses a second rule of the same content.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html

import type { AuthorizeSecurityGroupIngressCommandOutput, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { Ack, NativeChange } from "../../../engine/provider/provider.ts";
import { map, needText, text, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { filter } from "../sweep.ts";
import { describeRule, readRules } from "./read-rules.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const content = ["GroupId", "IsEgress", "IpProtocol", "FromPort", "ToPort", "CidrIpv4", "ReferencedGroupId"] as const;

const schema: NativeSchema = {
  type: "aws.ec2.SecurityGroupRule",
  version: 1,
  marks: "tags",
  naturalKey: content,
  props: {
    GroupId: { type: "string", required: true, immutable: true },
    IsEgress: { type: "bool", required: true, immutable: true, doc: "Outbound where true, inbound where false." },
    IpProtocol: { type: "string", required: true, immutable: true, doc: "`tcp`, `udp`, `icmp`, or `-1` for all." },
    FromPort: { type: "int", default: -1, immutable: true, doc: "First port, or the ICMP type; -1: all." },
    ToPort: { type: "int", default: -1, immutable: true, doc: "Last port, or the ICMP code; -1: all." },
    CidrIpv4: { type: "string", immutable: true, doc: "Peer: a range." },
    ReferencedGroupId: { type: "string", immutable: true, doc: "Peer: whatever carries the group, by its private address." },
    Description: { type: "string", default: "" },
    Tags: tagsProp,
  },
  attributes: { SecurityGroupRuleId: { type: "string" }, GroupId: { type: "string" }, IsEgress: { type: "bool" } },
  exclusive: [content.slice(0, 6), [...content.slice(0, 5), "ReferencedGroupId"]],
  timeouts: quick,
};

export const securityGroupRule = defineHandler<SecurityGroupRule>({
  schema,

  steps(change) {
    // Both must be said to end a rule, and its id tells neither.
    const place = { ...pick(change.attributes, ["GroupId", "IsEgress"]), ...pick(change.observed, ["GroupId", "IsEgress"]) };
    if (change.action === "delete") return [deleteStep(operation("Revoke", place), place)];
    if (change.id === undefined) {
      const body = pick(change.desired, [...content, "Description", "Tags"]);
      return [createStep(operation("Authorize", change.desired), body, "natural")];
    }
    return [...describeSteps(change, place), ...tagSteps(schema, change)];
  },

  requests: {
    AuthorizeSecurityGroupIngress: async (call, body) =>
      acknowledge(
        "AuthorizeSecurityGroupIngress",
        await call.client.send("AuthorizeSecurityGroupIngress", permission(call, body), call.signal),
      ),

    AuthorizeSecurityGroupEgress: async (call, body) =>
      acknowledge(
        "AuthorizeSecurityGroupEgress",
        await call.client.send("AuthorizeSecurityGroupEgress", permission(call, body), call.signal),
      ),

    async RevokeSecurityGroupIngress(call, body) {
      const input = { GroupId: needText(body, "GroupId"), SecurityGroupRuleIds: [ownId(call)] };
      await call.client.send("RevokeSecurityGroupIngress", input, call.signal);
      return {};
    },

    async RevokeSecurityGroupEgress(call, body) {
      const input = { GroupId: needText(body, "GroupId"), SecurityGroupRuleIds: [ownId(call)] };
      await call.client.send("RevokeSecurityGroupEgress", input, call.signal);
      return {};
    },

    async UpdateSecurityGroupRuleDescriptionsIngress(call, body) {
      await call.client.send("UpdateSecurityGroupRuleDescriptionsIngress", description(call, body), call.signal);
      return {};
    },

    async UpdateSecurityGroupRuleDescriptionsEgress(call, body) {
      await call.client.send("UpdateSecurityGroupRuleDescriptionsEgress", description(call, body), call.signal);
      return {};
    },
  },

  idFilter: "security-group-rule-id",
  read: readRules,
  describe(row) {
    if (row.SecurityGroupRuleId === undefined) return [];
    const { CidrIpv6: _ipv6, PrefixListId: _list, ...props } = describeRule(row);
    const place = pick(props, ["GroupId", "IsEgress"]);
    return [
      { id: row.SecurityGroupRuleId, props, attributes: { SecurityGroupRuleId: row.SecurityGroupRuleId, ...place }, tags: row.Tags ?? [] },
    ];
  },
  naturalFilters(props) {
    const group = text(props, "GroupId");
    return group === undefined ? undefined : [filter("group-id", group)];
  },
});

function operation(verb: "Authorize" | "Revoke", rule: NativeMap): string {
  return `${verb}SecurityGroup${rule.IsEgress === true ? "Egress" : "Ingress"}`;
}

function describeSteps(change: NativeChange, place: NativeMap) {
  if (!isPending(schema, change, "Description")) return [];
  const side = place.IsEgress === true ? "Egress" : "Ingress";
  const body = { GroupId: place.GroupId ?? "", Description: change.desired.Description ?? "" };
  return [step("describe", `UpdateSecurityGroupRuleDescriptions${side}`, body, "idempotent", { sets: ["Description"] })];
}

function permission(call: Ec2Call, body: NativeMap) {
  const range = text(body, "CidrIpv4");
  const group = text(body, "ReferencedGroupId");
  const Description = text(body, "Description") || undefined;
  const note = Description === undefined ? {} : { Description };
  const from = whole(body, "FromPort");
  const to = whole(body, "ToPort");
  const IpProtocol = needText(body, "IpProtocol");
  return {
    GroupId: needText(body, "GroupId"),
    IpPermissions: [
      {
        IpProtocol,
        // All protocols have no ports. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
        ...(IpProtocol === "-1" || from === undefined ? {} : { FromPort: from }),
        ...(IpProtocol === "-1" || to === undefined ? {} : { ToPort: to }),
        ...(range === undefined ? {} : { IpRanges: [{ CidrIp: range, ...note }] }),
        ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...note }] }),
      },
    ],
    TagSpecifications: specifyTags("security-group-rule", call.marks, map(body, "Tags")),
  };
}

function description(call: Ec2Call, body: NativeMap) {
  const Description = text(body, "Description") ?? "";
  return { GroupId: needText(body, "GroupId"), SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: ownId(call), Description }] };
}

function acknowledge(name: string, output: Pick<AuthorizeSecurityGroupIngressCommandOutput, "SecurityGroupRules">): Ack {
  const id = output.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  if (id === undefined) throw incompleteAnswer(name, "SecurityGroupRuleId");
  return { id };
}
