// A security group without rules: EC2 puts one in that lets everything out, and it is taken away again, so that every rule is an object of
// its own. Rules that somebody else put in show as `UnmanagedRules`, which is wanted empty, and are revoked one by one.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html

import type { SecurityGroup } from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { Ack, NativeChange, Step } from "../../../engine/provider/provider.ts";
import { flag, isMap, known, map, needText, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { blockersOfGroup } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { type Described, defineHandler } from "../handler.ts";
import { markKeys, readTag, specifyTags } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { filter, readByValues, readPages } from "../sweep.ts";
import { describeRule, readRules } from "./read-rules.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.SecurityGroup",
  version: 1,
  marks: "tags",
  naturalKey: ["VpcId", "GroupName"],
  nameBound: "GroupName",
  props: {
    VpcId: { type: "string", required: true, immutable: true },
    GroupName: { type: "string", required: true, immutable: true, doc: "Unique in the VPC, whatever the case of its letters." },
    Description: { type: "string", required: true, immutable: true },
    UnmanagedRules: {
      type: "set",
      identity: ["SecurityGroupRuleId"],
      default: [],
      whenAbsent: "keep",
      doc: "Rules in the group that carry no marks. Wanted empty.",
    },
    Tags: tagsProp,
  },
  attributes: { GroupId: { type: "string" } },
  exclusive: [["VpcId", "GroupName"]],
  timeouts: quick,
};

/** The rule that EC2 gives every new group. https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
const allOutbound: NativeMap = { IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: "0.0.0.0/0" };

export const securityGroup = defineHandler<SecurityGroup>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteSecurityGroup")];
    if (change.id !== undefined) return [...revokeSteps(unmanagedRules(change)), ...tagSteps(schema, change)];
    const create = createStep("CreateSecurityGroup", pick(change.desired, ["VpcId", "GroupName", "Description", "Tags"]), "natural");
    return [create, ...revokeSteps([allOutbound])];
  },

  requests: {
    async CreateSecurityGroup(call, body) {
      const input = {
        VpcId: needText(body, "VpcId"),
        GroupName: needText(body, "GroupName"),
        Description: needText(body, "Description"),
        TagSpecifications: specifyTags("security-group", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("CreateSecurityGroup", input, call.signal)).GroupId;
      if (id === undefined) throw incompleteAnswer("CreateSecurityGroup", "GroupId");
      return { id };
    },

    async RevokeSecurityGroupIngress(call, body) {
      return revoke(call, "RevokeSecurityGroupIngress", body);
    },

    async RevokeSecurityGroupEgress(call, body) {
      return revoke(call, "RevokeSecurityGroupEgress", body);
    },

    async DeleteSecurityGroup(call) {
      await call.client.send("DeleteSecurityGroup", { GroupId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "group-id",
  read: (call, Filters) =>
    readPages(call.client, "DescribeSecurityGroups", { Filters, MaxResults: 1_000 }, (page) => page.SecurityGroups, call.signal),
  describe: (row) =>
    row.GroupId === undefined
      ? []
      : [
          {
            id: row.GroupId,
            props: known({ VpcId: row.VpcId, GroupName: row.GroupName, Description: row.Description }),
            attributes: { GroupId: row.GroupId },
            tags: row.Tags ?? [],
          },
        ],
  complete: addUnmanagedRules,
  naturalFilters(props) {
    const vpc = text(props, "VpcId");
    const name = text(props, "GroupName");
    return vpc === undefined || name === undefined ? undefined : [filter("vpc-id", vpc), filter("group-name", name)];
  },
  blockers: blockersOfGroup,
});

function unmanagedRules(change: NativeChange): readonly NativeMap[] {
  const due = change.action === "create" || isPending(schema, change, "UnmanagedRules");
  const rules = change.observed.UnmanagedRules;
  return due && Array.isArray(rules) ? rules.filter(isMap) : [];
}

/** A rule that is not there is revoked: an answer that was lost is followed by this refusal. */
async function revoke(call: Ec2Call, operation: "RevokeSecurityGroupIngress" | "RevokeSecurityGroupEgress", body: NativeMap): Promise<Ack> {
  try {
    await call.client.send(operation, await revocation(call, body), call.signal);
  } catch (error) {
    const gone =
      error instanceof ProviderError && /^Invalid(Permission|SecurityGroupRuleId)\.NotFound$/.test(error.details.vendorCode ?? "");
    if (!gone) throw error;
  }
  return {};
}

function revokeSteps(rules: readonly NativeMap[]): readonly Step[] {
  return rules.map((rule, at) => {
    const operation = rule.IsEgress === true ? "RevokeSecurityGroupEgress" : "RevokeSecurityGroupIngress";
    // By id where there is one: the rule that was seen and no other.
    const body = rule.SecurityGroupRuleId === undefined ? rule : pick(rule, ["SecurityGroupRuleId", "IsEgress"]);
    return step(`revoke:${nameRule(rule)}`, operation, body, "idempotent", at === rules.length - 1 ? { sets: ["UnmanagedRules"] } : {});
  });
}

/** Two rules of one group differ in this. */
function nameRule(rule: NativeMap): string {
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupId ?? rule.SecurityGroupRuleId;
  return [rule.IsEgress === true ? "egress" : "ingress", rule.IpProtocol, `${rule.FromPort}-${rule.ToPort}`, peer].join("/");
}

/**
 * By id wherever one is known: a request that lands late then takes nothing else away. EC2's own rule is looked up first, and revoked by what it says
 * only while lists do not show it yet. EC2 answers `Return: false` with the unknown rules, rather than an error, in a VPC; gone is gone.
 */
async function revocation(call: Ec2Call, body: NativeMap) {
  const GroupId = ownId(call);
  const rule = text(body, "SecurityGroupRuleId") ?? (await findOwnOutbound(call, GroupId, body));
  if (rule !== undefined) return { GroupId, SecurityGroupRuleIds: [rule] };
  if (flag(body, "IsEgress") !== true) throw new Error("only EC2's own outbound rule is revoked by what it says");
  return { GroupId, IpPermissions: [{ IpProtocol: needText(body, "IpProtocol"), IpRanges: [{ CidrIp: needText(body, "CidrIpv4") }] }] };
}

/** The rule that says what `body` says and that nobody of ours made. */
async function findOwnOutbound(call: Ec2Call, group: string, body: NativeMap): Promise<string | undefined> {
  const rules = await readRules(call, [filter("group-id", group)]);
  return rules.find(
    (rule) =>
      rule.IsEgress === true &&
      rule.IpProtocol === body.IpProtocol &&
      rule.CidrIpv4 === body.CidrIpv4 &&
      readTag(rule.Tags, markKeys.object) === undefined,
  )?.SecurityGroupRuleId;
}

/** One call for 200 groups, and a page for 1,000 rules. A rule with any of our marks belongs to somebody, if not to this stack. */
async function addUnmanagedRules(call: Ec2Call, rows: readonly Described[]): Promise<readonly Described[]> {
  const rules = await readByValues(
    rows.map((row) => row.id),
    (by) => readRules(call, [by]),
    "group-id",
  );
  const byGroup = new Map<string, NativeMap[]>();
  for (const rule of rules) {
    if (rule.GroupId === undefined || rule.SecurityGroupRuleId === undefined || readTag(rule.Tags, markKeys.object) !== undefined) continue;
    const { GroupId: _, ...shown } = describeRule(rule);
    const list = byGroup.get(rule.GroupId) ?? [];
    list.push({ SecurityGroupRuleId: rule.SecurityGroupRuleId, ...shown });
    byGroup.set(rule.GroupId, list);
  }
  return rows.map((row) => ({ ...row, props: { ...row.props, UnmanagedRules: byGroup.get(row.id) ?? [] } }));
}
