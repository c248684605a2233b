// The network types of AWS, put to the test: networks, gateways, routes, groups and their rules, keys.

import { generateKeyPairSync } from "node:crypto";
import type { Ec2 } from "../../providers/aws/operations.ts";
import {
  editTags,
  joined,
  makeEip,
  makeGateway,
  makeGroup,
  makePublicSubnet,
  makeSubnet,
  makeTable,
  makeVpc,
  otherId,
  rangeOf,
  type Stage,
  type Surroundings,
  signal,
  tags,
  tagsElsewhere,
} from "./aws-surroundings.ts";
import { type ConformanceCase, withProp } from "./conformance-case.ts";

export function networkCases(surroundings: Surroundings): readonly ConformanceCase<Ec2>[] {
  const { zone } = surroundings;
  return [
    vpc,
    internetGateway,
    gatewayAttachment,
    subnetCase(surroundings),
    routeTable,
    routeCase(zone),
    routeTableAssociationCase(zone),
    natGatewayCase(zone),
    securityGroup,
    securityGroupRuleCase(surroundings),
    keyPair,
  ];
}

const vpc: ConformanceCase<Ec2> = {
  type: "aws.ec2.Vpc",
  props: async (_stage, n) => ({ CidrBlock: rangeOf(n), EnableDnsSupport: true, EnableDnsHostnames: true, Tags: tags }),
  edits: [
    {
      name: "EnableDnsHostnames taken out",
      changed: ["EnableDnsHostnames"],
      to: (_stage, made) => withProp(made.desired, "EnableDnsHostnames", undefined),
      steps: ["modify:EnableDnsHostnames"],
    },
    {
      name: "no DNS at all",
      changed: ["EnableDnsSupport", "EnableDnsHostnames"],
      to: (_stage, made) => ({ ...made.desired, EnableDnsSupport: false, EnableDnsHostnames: false }),
      steps: ["modify:EnableDnsHostnames", "modify:EnableDnsSupport"],
    },
    editTags,
  ],
  elsewhere: [
    {
      prop: "EnableDnsHostnames",
      change: async (stage, made) => {
        await stage.world.client.send("ModifyVpcAttribute", { VpcId: made.id.id, EnableDnsHostnames: { Value: false } }, signal());
      },
    },
    {
      prop: "EnableDnsSupport",
      change: async (stage, made) => {
        await stage.world.client.send("ModifyVpcAttribute", { VpcId: made.id.id, EnableDnsHostnames: { Value: false } }, signal());
        await stage.world.client.send("ModifyVpcAttribute", { VpcId: made.id.id, EnableDnsSupport: { Value: false } }, signal());
      },
    },
    tagsElsewhere,
  ],
  fixed: { CidrBlock: "the first range of a VPC never changes" },
  remove: async (stage, made) => void (await stage.world.client.send("DeleteVpc", { VpcId: made.id.id }, signal())),
  missing: otherId,
};

const internetGateway: ConformanceCase<Ec2> = {
  type: "aws.ec2.InternetGateway",
  props: async () => ({ Tags: tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere],
  fixed: {},
  remove: async (stage, made) => void (await stage.world.client.send("DeleteInternetGateway", { InternetGatewayId: made.id.id }, signal())),
  missing: otherId,
};

const gatewayAttachment: ConformanceCase<Ec2> = {
  type: "aws.ec2.GatewayAttachment",
  props: async (stage, n) => ({
    InternetGatewayId: (await stage.make("aws.ec2.InternetGateway", {})).id.id,
    VpcId: await makeVpc(stage, n),
  }),
  edits: [],
  elsewhere: [],
  fixed: { InternetGatewayId: "names it", VpcId: "names it" },
  remove: async (stage, made) => {
    const [InternetGatewayId, VpcId] = joined(made);
    await stage.world.client.send("DetachInternetGateway", { InternetGatewayId, VpcId }, signal());
  },
  missing: (id) => `${id.split("|")[0]}|vpc-00000000000000000`,
};

function subnetCase({ zone, zoneId }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.Subnet",
    props: async (stage, n) => ({
      VpcId: await makeVpc(stage, n),
      CidrBlock: `10.${n % 250}.7.0/24`,
      ...(n % 2 === 0 ? { AvailabilityZone: zone } : { AvailabilityZoneId: zoneId }),
      MapPublicIpOnLaunch: true,
      Tags: tags,
    }),
    edits: [
      {
        name: "MapPublicIpOnLaunch",
        changed: ["MapPublicIpOnLaunch"],
        to: (_stage, made) => withProp(made.desired, "MapPublicIpOnLaunch", undefined),
        steps: ["modify:MapPublicIpOnLaunch"],
      },
      editTags,
    ],
    elsewhere: [
      {
        prop: "MapPublicIpOnLaunch",
        change: async (stage, made) => {
          const input = { SubnetId: made.id.id, MapPublicIpOnLaunch: { Value: false } };
          await stage.world.client.send("ModifySubnetAttribute", input, signal());
        },
      },
      tagsElsewhere,
    ],
    fixed: { VpcId: "immutable", CidrBlock: "immutable", AvailabilityZone: "immutable", AvailabilityZoneId: "immutable" },
    remove: async (stage, made) => void (await stage.world.client.send("DeleteSubnet", { SubnetId: made.id.id }, signal())),
    missing: otherId,
  };
}

const routeTable: ConformanceCase<Ec2> = {
  type: "aws.ec2.RouteTable",
  props: async (stage, n) => ({ VpcId: await makeVpc(stage, n), Tags: tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere],
  fixed: { VpcId: "immutable" },
  remove: async (stage, made) => void (await stage.world.client.send("DeleteRouteTable", { RouteTableId: made.id.id }, signal())),
  missing: otherId,
};

function routeCase(zone: string): ConformanceCase<Ec2> {
  const nat = async (stage: Stage, VpcId: string, n: number): Promise<string> => {
    const { subnet } = await makeSubnet(stage, n, zone, VpcId);
    return (await stage.make("aws.ec2.NatGateway", { SubnetId: subnet, AllocationId: await makeEip(stage) })).id.id;
  };
  const vpcOf = async (stage: Stage, table: unknown): Promise<string> =>
    String((await stage.observe({ type: "aws.ec2.RouteTable", ...stage.world.identity, id: String(table) }))?.props.VpcId);
  const numberOf = async (stage: Stage, vpcId: string): Promise<number> => {
    const range = (await stage.observe({ type: "aws.ec2.Vpc", ...stage.world.identity, id: vpcId }))?.props.CidrBlock;
    return Number(String(range).split(".")[1]);
  };
  return {
    type: "aws.ec2.Route",
    props: async (stage, n) => {
      const VpcId = await makeVpc(stage, n);
      const GatewayId = await makeGateway(stage, VpcId);
      return { RouteTableId: await makeTable(stage, VpcId), DestinationCidrBlock: "0.0.0.0/0", GatewayId };
    },
    edits: [
      {
        name: "from the internet gateway to a NAT gateway",
        changed: ["GatewayId", "NatGatewayId"],
        to: async (stage, made) => {
          const VpcId = await vpcOf(stage, made.desired.RouteTableId);
          const gateway = await nat(stage, VpcId, await numberOf(stage, VpcId));
          return { ...withProp(made.desired, "GatewayId", undefined), NatGatewayId: gateway };
        },
        steps: ["replace"],
      },
    ],
    elsewhere: [
      {
        prop: "GatewayId",
        change: async (stage, made) => {
          const VpcId = await vpcOf(stage, made.desired.RouteTableId);
          const NatGatewayId = await nat(stage, VpcId, await numberOf(stage, VpcId));
          const [RouteTableId, DestinationCidrBlock] = joined(made);
          await stage.world.client.send("ReplaceRoute", { RouteTableId, DestinationCidrBlock, NatGatewayId }, signal());
        },
      },
      {
        prop: "NatGatewayId",
        mendable: false,
        change: async (stage, made) => {
          const VpcId = await vpcOf(stage, made.desired.RouteTableId);
          const NatGatewayId = await nat(stage, VpcId, await numberOf(stage, VpcId));
          const [RouteTableId, DestinationCidrBlock] = joined(made);
          await stage.world.client.send("ReplaceRoute", { RouteTableId, DestinationCidrBlock, NatGatewayId }, signal());
        },
      },
    ],
    fixed: { RouteTableId: "names it", DestinationCidrBlock: "names it" },
    remove: async (stage, made) => {
      const [RouteTableId, DestinationCidrBlock] = joined(made);
      await stage.world.client.send("DeleteRoute", { RouteTableId, DestinationCidrBlock }, signal());
    },
    missing: (id) => `${id.split("|")[0]}|192.0.2.0/24`,
  };
}

function routeTableAssociationCase(zone: string): ConformanceCase<Ec2> {
  const otherTable = async (stage: Stage, subnet: unknown): Promise<string> => {
    const seen = await stage.observe({ type: "aws.ec2.Subnet", ...stage.world.identity, id: String(subnet) });
    return makeTable(stage, String(seen?.props.VpcId));
  };
  return {
    type: "aws.ec2.RouteTableAssociation",
    props: async (stage, n) => {
      const { vpc, subnet } = await makeSubnet(stage, n, zone);
      return { SubnetId: subnet, RouteTableId: await makeTable(stage, vpc) };
    },
    edits: [
      {
        name: "RouteTableId",
        changed: ["RouteTableId"],
        to: async (stage, made) => withProp(made.desired, "RouteTableId", await otherTable(stage, made.desired.SubnetId)),
        steps: ["replace"],
      },
    ],
    elsewhere: [
      {
        prop: "RouteTableId",
        change: async (stage, made) => {
          const RouteTableId = await otherTable(stage, made.desired.SubnetId);
          const AssociationId = String(made.observed.attributes.AssociationId);
          await stage.world.client.send("ReplaceRouteTableAssociation", { AssociationId, RouteTableId }, signal());
        },
      },
    ],
    fixed: { SubnetId: "names it" },
    remove: async (stage, made) => {
      const AssociationId = String(made.observed.attributes.AssociationId);
      await stage.world.client.send("DisassociateRouteTable", { AssociationId }, signal());
    },
    missing: otherId,
  };
}

function natGatewayCase(zone: string): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.NatGateway",
    props: async (stage, n) => ({
      SubnetId: (await makePublicSubnet(stage, n, zone)).subnet,
      AllocationId: await makeEip(stage),
      Tags: tags,
    }),
    edits: [editTags],
    elsewhere: [tagsElsewhere],
    fixed: { SubnetId: "immutable", AllocationId: "immutable" },
    remove: async (stage, made) => void (await stage.world.client.send("DeleteNatGateway", { NatGatewayId: made.id.id }, signal())),
    missing: otherId,
  };
}

const securityGroup: ConformanceCase<Ec2> = {
  type: "aws.ec2.SecurityGroup",
  props: async (stage, n) => ({
    VpcId: await makeVpc(stage, n),
    GroupName: `conformance-${n}`,
    Description: "made by the conformance suite",
    UnmanagedRules: [],
    Tags: tags,
  }),
  edits: [editTags],
  unedited: { UnmanagedRules: "always wanted empty; only others change it" },
  elsewhere: [
    {
      prop: "UnmanagedRules",
      change: async (stage, made) => {
        const IpPermissions = [22, 443].map((port) => ({
          IpProtocol: "tcp",
          FromPort: port,
          ToPort: port,
          IpRanges: [{ CidrIp: "198.51.100.0/24" }],
        }));
        await stage.world.client.send("AuthorizeSecurityGroupIngress", { GroupId: made.id.id, IpPermissions }, signal());
      },
    },
    tagsElsewhere,
  ],
  fixed: { VpcId: "immutable", GroupName: "immutable", Description: "immutable" },
  remove: async (stage, made) => void (await stage.world.client.send("DeleteSecurityGroup", { GroupId: made.id.id }, signal())),
  missing: otherId,
};

function securityGroupRuleCase({ describesGroupPeers }: Surroundings): ConformanceCase<Ec2> {
  return {
    type: "aws.ec2.SecurityGroupRule",
    props: async (stage, n) => {
      const VpcId = await makeVpc(stage, n);
      const GroupId = await makeGroup(stage, VpcId, `conformance-${n}`);
      const common = { GroupId, Tags: tags, Description: "a rule" };
      if (n % 3 === 0) return { ...common, IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: "0.0.0.0/0" };
      if (n % 3 === 1) return { ...common, IsEgress: false, IpProtocol: "tcp", FromPort: 80, ToPort: 90, CidrIpv4: "203.0.113.0/24" };
      const ReferencedGroupId = await makeGroup(stage, VpcId, `conformance-${n}-peer`);
      const peer = { IsEgress: false, IpProtocol: "udp", FromPort: 53, ToPort: 53, ReferencedGroupId };
      return describesGroupPeers ? { ...common, ...peer } : { GroupId, Tags: tags, ...peer };
    },
    edits: [
      {
        name: "Description",
        changed: ["Description"],
        to: (_stage, made) => withProp(made.desired, "Description", "another word"),
        steps: ["describe"],
      },
      editTags,
    ],
    elsewhere: [
      {
        prop: "Description",
        change: async (stage, made) => {
          const side = made.desired.IsEgress === true ? "Egress" : "Ingress";
          const rules = [{ SecurityGroupRuleId: made.id.id, Description: "by hand" }];
          const input = { GroupId: String(made.desired.GroupId), SecurityGroupRuleDescriptions: rules };
          await stage.world.client.send(`UpdateSecurityGroupRuleDescriptions${side}`, input, signal());
        },
      },
      tagsElsewhere,
    ],
    fixed: Object.fromEntries(
      ["GroupId", "IsEgress", "IpProtocol", "FromPort", "ToPort", "CidrIpv4", "ReferencedGroupId"].map((name) => [name, "names it"]),
    ),
    remove: async (stage, made) => {
      const side = made.desired.IsEgress === true ? "Egress" : "Ingress";
      const input = { GroupId: String(made.desired.GroupId), SecurityGroupRuleIds: [made.id.id] };
      await stage.world.client.send(`RevokeSecurityGroup${side}`, input, signal());
    },
    missing: otherId,
  };
}

const keyPair: ConformanceCase<Ec2> = {
  type: "aws.ec2.KeyPair",
  props: async (_stage, n) => ({ KeyName: `conformance-${n}`, PublicKeyMaterial: `${makePublicKey()} somebody@somewhere`, Tags: tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere],
  fixed: { KeyName: "immutable", PublicKeyMaterial: "immutable" },
  remove: async (stage, made) => void (await stage.world.client.send("DeleteKeyPair", { KeyPairId: made.id.id }, signal())),
  missing: otherId,
};

/** In OpenSSH form: the algorithm's name and the 32 bytes, each behind its length. */
function makePublicKey(): string {
  const { x } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const parts = [Buffer.from("ssh-ed25519"), Buffer.from(String(x), "base64url")];
  const blob = Buffer.concat(parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]));
  return `ssh-ed25519 ${blob.toString("base64")}`;
}
