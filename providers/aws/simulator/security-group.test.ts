// Security groups, their rules as objects, and key pairs, through the vendor's SDK.

import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ec2Fixture, makeNetwork, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
beforeAll(async () => {
  fixture = await openEc2();
});
afterAll(() => fixture.close());

const http = { IpProtocol: "tcp", FromPort: 80, ToPort: 80 };

describe("rules", () => {
  test("one rule a peer, each with an id, gathered again in the group's description", async () => {
    const { ec2 } = fixture;
    const { groupId: GroupId } = await makeNetwork(ec2);
    const IpPermissions = [
      { ...http, IpRanges: [{ CidrIp: "10.0.0.9/8", Description: "inside" }, { CidrIp: "0.0.0.0/0" }], UserIdGroupPairs: [{ GroupId }] },
      { IpProtocol: "17", FromPort: 53, ToPort: 53, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    ];
    const added = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
    expect(added.SecurityGroupRules).toHaveLength(4);
    expect(added.SecurityGroupRules?.[0]).toMatchObject({
      CidrIpv4: "10.0.0.0/8",
      Description: "inside",
      IsEgress: false,
      IpProtocol: "tcp",
      FromPort: 80,
    });
    expect(added.SecurityGroupRules?.[3]).toMatchObject({ CidrIpv6: "::/0", IpProtocol: "udp" });
    const [group] = (await ec2.describeSecurityGroups({ GroupIds: [GroupId] })).SecurityGroups ?? [];
    expect(group?.IpPermissions).toMatchObject([
      { ...http, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "inside" }, { CidrIp: "0.0.0.0/0" }], UserIdGroupPairs: [{ GroupId }] },
      { IpProtocol: "udp", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    ]);
    expect(group?.IpPermissionsEgress).toMatchObject([{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }]);
    expect(group?.IpPermissionsEgress?.[0]).not.toHaveProperty("FromPort");
    const listed = await ec2.describeSecurityGroupRules({ Filters: [{ Name: "group-id", Values: [GroupId] }] });
    expect(listed.SecurityGroupRules).toHaveLength(5);
    expect(listed.SecurityGroupRules?.find((rule) => rule.IsEgress)).toMatchObject({ IpProtocol: "-1", FromPort: -1, ToPort: -1 });
  });

  test("the same rule twice is refused whatever its description; a rule revoked by id or by permission is gone", async () => {
    const { ec2 } = fixture;
    const { groupId: GroupId } = await makeNetwork(ec2);
    const permission = (Description?: string) => [
      { ...http, IpRanges: [{ CidrIp: "0.0.0.0/0", ...(Description === undefined ? {} : { Description }) }] },
    ];
    const added = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: permission() });
    expect(await refusal(ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: permission("again") }))).toBe(
      "InvalidPermission.Duplicate",
    );
    await ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [added.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ""] });
    expect(await refusal(ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: permission() }))).toBe("InvalidPermission.NotFound");
    const open = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    const revoked = await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [open] });
    expect(revoked.RevokedSecurityGroupRules).toMatchObject([{ IsEgress: true, CidrIpv4: "0.0.0.0/0" }]);
    expect((await ec2.describeSecurityGroupRules({ Filters: [{ Name: "group-id", Values: [GroupId] }] })).SecurityGroupRules).toEqual([]);
    await ec2.authorizeSecurityGroupEgress({
      GroupId,
      IpPermissions: [open],
      TagSpecifications: [{ ResourceType: "security-group-rule", Tags: [{ Key: "a", Value: "b" }] }],
    });
    expect((await ec2.describeSecurityGroupRules({ Filters: [{ Name: "tag:a", Values: ["b"] }] })).SecurityGroupRules).toHaveLength(1);
  });

  test.each([
    [{ IpProtocol: "tcp", FromPort: 0, ToPort: 70000, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, "InvalidParameterValue"],
    [{ IpProtocol: "tcp", FromPort: 90, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, "InvalidParameterValue"],
    [{ IpProtocol: "tcp", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, "InvalidParameterValue"],
    [{ ...http, IpRanges: [{ CidrIp: "0.0.0.0/33" }] }, "InvalidParameterValue"],
    [{ ...http, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "naïve" }] }, "InvalidParameterValue"],
    [{ ...http, UserIdGroupPairs: [{ GroupId: "sg-00000000000000000" }] }, "InvalidGroup.NotFound"],
    [{ IpProtocol: "quic", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, "InvalidPermission.Malformed"],
    [{ ...http, PrefixListIds: [{ PrefixListId: "pl-1" }] }, "InvalidParameterValue"],
  ])("%j is refused: %s", async (permission, code) => {
    const { ec2 } = fixture;
    const { groupId: GroupId } = await makeNetwork(ec2);
    expect(await refusal(ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [permission] }))).toBe(code);
  });

  test("are changed in place, and their descriptions apart", async () => {
    const { ec2 } = fixture;
    const { groupId: GroupId } = await makeNetwork(ec2);
    const added = await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [{ ...http, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] });
    const SecurityGroupRuleId = added.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
    await ec2.modifySecurityGroupRules({
      GroupId,
      SecurityGroupRules: [
        { SecurityGroupRuleId, SecurityGroupRule: { ...http, ToPort: 81, CidrIpv4: "10.0.0.0/8", Description: "changed" } },
      ],
    });
    const seen = async () =>
      (await ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: [SecurityGroupRuleId ?? ""] })).SecurityGroupRules?.[0];
    expect(await seen()).toMatchObject({ ToPort: 81, CidrIpv4: "10.0.0.0/8", Description: "changed" });
    const other = { SecurityGroupRuleId, SecurityGroupRule: { ...http, CidrIpv6: "::/0" } };
    expect(await refusal(ec2.modifySecurityGroupRules({ GroupId, SecurityGroupRules: [other] }))).toBe("InvalidParameterValue");
    await ec2.updateSecurityGroupRuleDescriptionsIngress({
      GroupId,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: "told" }],
    });
    expect((await seen())?.Description).toBe("told");
  });

  test("sixty rules a group, no more", async () => {
    const { ec2 } = fixture;
    const { groupId: GroupId } = await makeNetwork(ec2);
    const ports = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        IpProtocol: "tcp",
        FromPort: from + n,
        ToPort: from + n,
        IpRanges: [{ CidrIp: "0.0.0.0/0" }],
      }));
    await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: ports(1, 60) });
    expect(await refusal(ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: ports(100, 1) }))).toBe(
      "RulesPerSecurityGroupLimitExceeded",
    );
  });
});

describe("groups", () => {
  test("names are unique in a VPC, and what refers to a group holds it", async () => {
    const { ec2 } = fixture;
    const { vpcId: VpcId, groupId } = await makeNetwork(ec2);
    const named = (GroupName: string) => ec2.createSecurityGroup({ VpcId, GroupName, Description: "d" });
    expect(await refusal(named("web"))).toBe("InvalidGroup.Duplicate");
    expect(await refusal(named("sg-web"))).toBe("InvalidParameterValue");
    expect(await refusal(named("default"))).toBe("InvalidParameterValue");
    expect(await refusal(named("ü"))).toBe("InvalidParameterValue");
    expect(await refusal(ec2.createSecurityGroup({ GroupName: "web", Description: "d" }))).toBe("VPCIdNotSpecified");
    const { GroupId } = await named("db");
    await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [{ ...http, UserIdGroupPairs: [{ GroupId: groupId }] }] });
    expect(await refusal(ec2.deleteSecurityGroup({ GroupId: groupId }))).toBe("DependencyViolation");
    await ec2.deleteSecurityGroup({ GroupId });
    await ec2.deleteSecurityGroup({ GroupId: groupId });
    const [standard] = (await ec2.describeSecurityGroups({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] })).SecurityGroups ?? [];
    expect(await refusal(ec2.deleteSecurityGroup({ GroupId: standard?.GroupId }))).toBe("CannotDelete");
  });
});

describe("key pairs", () => {
  // Fingerprints computed by ssh-keygen: `ssh-keygen -ef KEY -m PKCS8 | openssl pkey -pubin -outform DER | openssl md5 -c`, and `ssh-keygen -lf KEY`.
  const rsa =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC4frbxigyPZ/Ks1HR2Hq2bDWSyzdm8wzsJWoE5Z0GoclgqhWnGOrjRsM6ZyZQZr9VsLt9pNWtNoX3rvICTndpe/urNOPyE8BV9Q5okCc5R0RTl7OBk1JUQC10uUk012tsmJIp5CLvG1C8Xh2aWJHwM3Zf7vuHH23IDug6iSnr7Sp5oB2aiPVQUJurWV3zHu9LiWaIRzWrR+iE+I9e1C3QnSBY93DPKGvIxnGYbNBey5xEjwE2in9TYuxU7XcVad+f/pQK2msfbEhd6qEsWS0Q+PTWgOX0T6cgJPVGW1/xZ8YGY5XgTMbdLamTdCUU52FjNHFdqJf1Egno5tkX1SDnB someone";
  const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB73NVx92N+1EO8oykj7u0o0Aeik4FtaoN4vanEq3YPg someone";

  test("an imported key has the fingerprint that ssh-keygen and openssl compute", async () => {
    const { ec2 } = fixture;
    const imported = async (KeyName: string, text: string) =>
      (await ec2.importKeyPair({ KeyName, PublicKeyMaterial: Buffer.from(text) })).KeyFingerprint;
    expect(await imported("rsa", rsa)).toBe("ba:4b:de:d7:ae:bb:47:21:c9:8d:3f:6b:c9:a3:77:7a");
    expect(await imported("ed", ed25519)).toBe("dZgNdcbT1EkeC3M2kv8angOFCv6DzgnuT4F5uI+iF+o=");
    expect(await refusal(imported("ed", ed25519))).toBe("InvalidKeyPair.Duplicate");
    const [seen] = (await ec2.describeKeyPairs({ KeyNames: ["ed"], IncludePublicKey: true })).KeyPairs ?? [];
    expect(seen).toMatchObject({ KeyType: "ed25519", PublicKey: ed25519 });
    await ec2.deleteKeyPair({ KeyName: "ed" });
    await ec2.deleteKeyPair({ KeyName: "ed" });
    expect(await refusal(ec2.describeKeyPairs({ KeyNames: ["ed"] }))).toBe("InvalidKeyPair.NotFound");
  });

  test.each(["", "ssh-rsa", "ssh-rsa AAAA", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "ssh-dss AAAAB3NzaC1kc3MAAACB", "nonsense"])(
    "%j is not a key",
    async (text) => {
      expect(await refusal(fixture.ec2.importKeyPair({ KeyName: `k${text.length}`, PublicKeyMaterial: Buffer.from(text) }))).toBe(
        "InvalidKey.Format",
      );
    },
  );

  test("an elliptic key of another curve is refused", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const PublicKeyMaterial = publicKey.export({ format: "der", type: "spki" }).toString("base64");
    expect(await refusal(fixture.ec2.importKeyPair({ KeyName: "ec", PublicKeyMaterial: Buffer.from(PublicKeyMaterial) }))).toBe(
      "InvalidKey.Format",
    );
  });

  test("a key made by the cloud comes with its private half, once", async () => {
    const made = await fixture.ec2.createKeyPair({ KeyName: "made", KeyType: "ed25519" });
    expect(made.KeyMaterial).toContain("PRIVATE KEY");
    expect(made.KeyFingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect((await fixture.ec2.createKeyPair({ KeyName: "made-rsa" })).KeyFingerprint).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
  });
});
