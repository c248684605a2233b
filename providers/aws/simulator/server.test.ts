// What holds for every request: strictness, errors, filters, pages, tags, lags, throttling, identity; on the wire as the vendor has it.

import type { Filter } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectTo, type Ec2Fixture, makeNetwork, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
beforeAll(async () => {
  fixture = await openEc2();
});
afterAll(() => fixture.close());

const signed = { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0" };

async function post(body: string, headers: Record<string, string> = signed): Promise<{ status: number; text: string }> {
  const response = await fetch(fixture.endpoint, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  return { status: response.status, text: await response.text() };
}

describe("strictness", () => {
  test.each([
    ["", 400, "MissingAction"],
    ["Action=DescribeVpcs", 400, "NoSuchVersion"],
    ["Action=DescribeVpcs&Version=2014-10-01", 400, "NoSuchVersion"],
    ["Action=RunScheduledInstances&Version=2016-11-15", 400, "InvalidAction"],
    ["Action=constructor&Version=2016-11-15", 400, "InvalidAction"],
    ["Action=DescribeVpcs&Version=2016-11-15&Colour=red", 400, "UnknownParameter"],
    ["Action=DescribeVpcs&Version=2016-11-15&VpcId=vpc-1", 400, "UnknownParameter"],
    ["Action=DescribeVpcs&Version=2016-11-15&VpcId.x=vpc-1", 400, "UnknownParameter"],
    ["Action=DescribeVpcs&Version=2016-11-15&MaxResults=many", 400, "InvalidParameterValue"],
    ["Action=DescribeVpcs&Version=2016-11-15&DryRun=perhaps", 400, "InvalidParameterValue"],
    ["Action=CreateSubnet&Version=2016-11-15&CidrBlock=10.0.0.0/24", 400, "MissingParameter"],
    ["Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/16&AmazonProvidedIpv6CidrBlock=true", 400, "InvalidParameterValue"],
  ])("%s: %i %s", async (body, status, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Response><Errors><Error><Code>${code}</Code><Message>`);
    expect(answer.text).toMatch(/<RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/);
  });

  test("a request without a signature, or for no region, fails to authenticate", async () => {
    expect(await post("Action=DescribeVpcs&Version=2016-11-15", {})).toMatchObject({
      status: 401,
      text: expect.stringContaining("AuthFailure"),
    });
    const nowhere = connectTo(fixture.endpoint, "eu-nowhere-9");
    expect(await refusal(nowhere.describeVpcs({}))).toBe("AuthFailure");
    nowhere.destroy();
  });

  test("an unknown filter, one without values, and one of another operation are refused by name", async () => {
    const { ec2 } = fixture;
    for (const Filters of [
      [{ Name: "colour", Values: ["red"] }],
      [{ Name: "state" }],
      [{ Name: "instance-state-name", Values: ["running"] }],
    ] satisfies Filter[][]) {
      await expect(ec2.describeVpcs({ Filters })).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: expect.stringContaining(Filters[0]?.Name ?? "?"),
      });
    }
  });

  test("the request id is in the answer and in the header", async () => {
    const answer = await fixture.ec2.describeVpcs({});
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect((await fixture.ec2.describeVpcs({})).$metadata.requestId).not.toBe(answer.$metadata.requestId);
  });

  test("regions and accounts are worlds apart", async () => {
    const { ec2, endpoint } = fixture;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc?.VpcId ?? "";
    for (const other of [connectTo(endpoint, "eu-west-2"), connectTo(endpoint, "eu-west-1", "444455556666")]) {
      expect(await refusal(other.describeVpcs({ VpcIds: [VpcId] }))).toBe("InvalidVpcID.NotFound");
      other.destroy();
    }
    const regions = (await ec2.describeRegions({})).Regions?.map((region) => region.RegionName);
    expect(regions).toContain("eu-west-1");
    expect(regions).not.toContain("af-south-1");
  });

  test("the caller's identity, as STS tells it", async () => {
    const headers = { authorization: signed.authorization.replace("/ec2/", "/sts/") };
    expect((await post("Action=GetCallerIdentity&Version=2011-06-15", headers)).text).toContain("<Account>111122223333</Account>");
  });
});

describe("describe", () => {
  test("pages hold what was asked for, survive what comes and goes between them, and refuse other sizes", async () => {
    const { ec2, close } = await openEc2();
    const { vpcId: VpcId } = await makeNetwork(ec2);
    for (let n = 10; n < 30; n++) await ec2.createSecurityGroup({ VpcId, GroupName: `g${n}`, Description: "d" });
    const Filters = [{ Name: "group-name", Values: ["g?*"] }];
    const first = await ec2.describeSecurityGroups({ Filters, MaxResults: 7 });
    expect(first.SecurityGroups?.map((group) => group.GroupName)).toEqual(["g10", "g11", "g12", "g13", "g14", "g15", "g16"]);
    await ec2.deleteSecurityGroup({ GroupId: first.SecurityGroups?.[6]?.GroupId });
    await ec2.deleteSecurityGroup({ GroupId: first.SecurityGroups?.[0]?.GroupId });
    const second = await ec2.describeSecurityGroups({ Filters, MaxResults: 7, NextToken: first.NextToken });
    expect(second.SecurityGroups?.[0]?.GroupName).toBe("g17");
    const third = await ec2.describeSecurityGroups({ Filters, MaxResults: 7, NextToken: second.NextToken });
    expect(third.SecurityGroups).toHaveLength(6);
    expect(third.NextToken).toBeUndefined();
    for (const MaxResults of [4, 1001]) expect(await refusal(ec2.describeSecurityGroups({ MaxResults }))).toBe("InvalidParameterValue");
    expect(await refusal(ec2.describeSecurityGroups({ MaxResults: 5, NextToken: "nonsense" }))).toBe("InvalidNextToken");
    expect(await refusal(ec2.describeSecurityGroups({ MaxResults: 5, GroupIds: ["sg-00000000000000000"] }))).toBe(
      "InvalidParameterCombination",
    );
    await close();
  });

  test("filters: all must match, any value of each; * and ? are wildcards, case counts, a backslash takes them literally", async () => {
    const { ec2, close } = await openEc2();
    for (const [n, Value] of ["a*b", "aXb", "AXB", "a?b", "axxb"].entries()) {
      await ec2.createVpc({
        CidrBlock: `10.${n}.0.0/16`,
        TagSpecifications: [
          {
            ResourceType: "vpc",
            Tags: [
              { Key: "k", Value },
              { Key: `only${n}`, Value: "" },
            ],
          },
        ],
      });
    }
    const find = async (...Filters: Filter[]) =>
      (await ec2.describeVpcs({ Filters })).Vpcs?.map((vpc) => vpc.CidrBlock?.split(".")[1]).join("");
    expect(await find({ Name: "tag:k", Values: ["a*b"] })).toBe("0134");
    expect(await find({ Name: "tag:k", Values: ["a?b"] })).toBe("013");
    expect(await find({ Name: "tag:k", Values: ["a\\*b"] })).toBe("0");
    expect(await find({ Name: "tag:k", Values: ["AXB", "axxb"] })).toBe("24");
    expect(await find({ Name: "tag:k", Values: ["a*b"] }, { Name: "tag-key", Values: ["only1", "only2"] })).toBe("1");
    expect(await find({ Name: "tag:only3", Values: [""] })).toBe("3");
    expect(await find({ Name: "tag:k", Values: ["nobody"] })).toBe("");
    await close();
  });

  test("tags have limits, an owner's prefix, and go with or without their value", async () => {
    const { ec2, close } = await openEc2();
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc?.VpcId ?? "";
    const Resources = [VpcId];
    const tag = (Key: string, Value: string) => ec2.createTags({ Resources, Tags: [{ Key, Value }] });
    expect(await refusal(tag("aws:mine", ""))).toBe("InvalidParameterValue");
    expect(await refusal(tag("k".repeat(128), ""))).toBe("InvalidParameterValue");
    expect(await refusal(tag("k", "v".repeat(257)))).toBe("InvalidParameterValue");
    expect(await refusal(ec2.createTags({ Resources: ["vpc-00000000000000000"], Tags: [{ Key: "a", Value: "b" }] }))).toBe(
      "InvalidVpcID.NotFound",
    );
    expect(await refusal(ec2.createTags({ Resources: ["thing-1"], Tags: [{ Key: "a", Value: "b" }] }))).toBe("InvalidID");
    await tag("ключ".repeat(31), "値".repeat(256));
    await ec2.createTags({ Resources, Tags: Array.from({ length: 49 }, (_, n) => ({ Key: `k${n}`, Value: "v" })) });
    expect(await refusal(tag("one-more", ""))).toBe("TagLimitExceeded");
    await ec2.deleteTags({ Resources, Tags: [{ Key: "k1", Value: "other" }, { Key: "k2" }, { Key: "k3", Value: "v" }] });
    const keys = (await ec2.describeVpcs({})).Vpcs?.[0]?.Tags?.map((one) => one.Key);
    expect(keys).toContain("k1");
    expect(keys).not.toContain("k2");
    expect(keys).not.toContain("k3");
    await close();
  });

  test("ids, lists and tags lag each by itself, and catch up", async () => {
    const behind = await openEc2({ faults: { lag: { ids: 1_000, lists: 2_000, tags: 3_000 } } });
    const { ec2 } = behind;
    const VpcId =
      (await ec2.createVpc({ CidrBlock: "10.0.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "b" }] }] }))
        .Vpc?.VpcId ?? "";
    const byId = () => ec2.describeVpcs({ VpcIds: [VpcId] });
    const listed = async (Filters?: Filter[]) => (await ec2.describeVpcs({ Filters })).Vpcs?.length;
    const Filters = [{ Name: "tag:a", Values: ["b"] }];
    expect(await refusal(byId())).toBe("InvalidVpcID.NotFound");
    expect(await refusal(ec2.createSubnet({ VpcId, CidrBlock: "10.0.0.0/24" }))).toBe("InvalidVpcID.NotFound");
    behind.pass(1_100);
    expect((await byId()).Vpcs).toHaveLength(1);
    expect(await listed()).toBe(0);
    behind.pass(1_000);
    expect(await listed()).toBe(1);
    expect(await listed(Filters)).toBe(0);
    behind.pass(1_000);
    expect(await listed(Filters)).toBe(1);
    await ec2.createTags({ Resources: [VpcId], Tags: [{ Key: "a", Value: "c" }] });
    expect(await listed(Filters)).toBe(1);
    behind.pass(3_100);
    expect(await listed(Filters)).toBe(0);
    await behind.close();
  });

  test("the documented buckets throttle, per operation, with 503", async () => {
    const tight = await openEc2({ faults: { throttling: true } });
    const { ec2 } = tight;
    const calls = await Promise.allSettled(Array.from({ length: 60 }, () => ec2.describeVpcs({})));
    const refused = calls.flatMap((call) =>
      call.status === "rejected" ? [call.reason as { name: string; $metadata: { httpStatusCode: number } }] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(10);
    expect(refused[0]).toMatchObject({ name: "RequestLimitExceeded", $metadata: { httpStatusCode: 503 } });
    await ec2.describeSubnets({});
    tight.pass(10_000);
    await ec2.describeVpcs({});
    await tight.close();
  });
});

test("two runs with one seed make the same ids", async () => {
  const ids = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { ec2, close } = await openEc2({ seed });
      const network = await makeNetwork(ec2);
      await close();
      return JSON.stringify(network);
    }),
  );
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});
