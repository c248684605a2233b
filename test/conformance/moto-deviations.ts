// Where moto does not do as EC2 documents, as data with reasons: requests that are put or answered differently for it, and tests that it cannot
// pass. The provider knows nothing of this. Seen with moto 5.2.1.

import type { Ec2, OperationName, Operations } from "../../providers/aws/operations.ts";
import { signal } from "./aws-surroundings.ts";
import type { Deviation } from "./conformance-case.ts";

interface Stand {
  /** Counted on the wire. */
  readonly client: Ec2;
  /** Not counted, for what the adaptation has to look up. */
  readonly quiet: Ec2;
  /** Whether a public address was asked for, by interface. */
  readonly publicAddress: Map<string, boolean>;
}

type Adaptations = {
  readonly [Name in OperationName]?: {
    readonly reason: string;
    send(stand: Stand, input: Operations[Name]["input"], abort: AbortSignal): Promise<Operations[Name]["output"]>;
  };
};

const adaptations: Adaptations = {
  DeleteKeyPair: {
    reason: "looks at KeyName only, and answers success for a KeyPairId while the key stays where it is",
    async send({ client, quiet }, input, abort) {
      const Filters = [{ Name: "key-pair-id", Values: [input.KeyPairId ?? ""] }];
      const name = (await quiet.send("DescribeKeyPairs", { Filters }, signal())).KeyPairs?.[0]?.KeyName;
      return client.send("DeleteKeyPair", name === undefined ? input : { KeyName: name }, abort);
    },
  },
  RegisterImage: {
    reason: "keeps no tags of the creating request",
    async send({ client, quiet }, input, abort) {
      const output = await client.send("RegisterImage", input, abort);
      const Tags = input.TagSpecifications?.[0]?.Tags;
      if (output.ImageId !== undefined && Tags !== undefined)
        await quiet.send("CreateTags", { Resources: [output.ImageId], Tags }, signal());
      return output;
    },
  },
  RunInstances: {
    reason: "does not keep whether a public address was asked for",
    async send({ client, publicAddress }, input, abort) {
      const output = await client.send("RunInstances", input, abort);
      const card = output.Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
      if (card !== undefined) publicAddress.set(card, input.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? false);
      return output;
    },
  },
  DescribeNetworkInterfaceAttribute: {
    reason: "does not know the attribute associatePublicIpAddress",
    async send({ publicAddress }, input) {
      return { $metadata: {}, AssociatePublicIpAddress: publicAddress.get(input.NetworkInterfaceId ?? "") ?? false };
    },
  },
};

/** The client as moto needs it. */
export function adaptRequests(client: Ec2, quiet: Ec2): Ec2 {
  const stand: Stand = { client, quiet, publicAddress: new Map() };
  return {
    ...client,
    send(operation, input, abort) {
      const adaptation = adaptations[operation];
      return adaptation === undefined ? client.send(operation, input, abort) : adaptation.send(stand, input, abort);
    },
  };
}

export const deviations: readonly Deviation[] = [
  {
    type: "aws.ec2.RouteTable",
    test: "a repeated create",
    reason: "CreateRouteTable ignores ClientToken",
  },
  {
    type: "aws.ec2.NetworkInterface",
    test: "a repeated create",
    reason: "CreateNetworkInterface ignores ClientToken",
  },
  {
    type: "aws.ec2.Volume",
    test: "a repeated create",
    reason: "CreateVolume ignores ClientToken",
  },
  {
    type: "aws.ec2.NatGateway",
    test: "a repeated create",
    reason: "CreateNatGateway ignores ClientToken",
  },
  {
    type: "aws.ec2.Instance",
    test: "a repeated create",
    reason: "RunInstances ignores ClientToken, and fails on the address that the first one has",
  },
  {
    type: "aws.ec2.NetworkInterface",
    test: "update in place: Description taken out",
    reason: "ModifyNetworkInterfaceAttribute takes an empty description for none",
  },
  {
    type: "aws.ec2.Instance",
    test: "update in place: Groups",
    reason: "ModifyInstanceAttribute leaves the former groups on the interface",
  },
  {
    type: "aws.ec2.Instance",
    test: "update in place: AssociatePublicIpAddress",
    reason: "ModifyNetworkInterfaceAttribute does not take an address away",
  },
  {
    type: "aws.ec2.Instance",
    test: "an edit by somebody else is seen: AssociatePublicIpAddress",
    reason: "ModifyNetworkInterfaceAttribute does not take an address away",
  },
  {
    type: "aws.ec2.Instance",
    test: "update in place: Monitoring",
    reason: "MonitorInstances is not there",
  },
  {
    type: "aws.ec2.Instance",
    test: "an edit by somebody else is seen: Monitoring",
    reason: "MonitorInstances is not there",
  },
  {
    type: "aws.ec2.Instance",
    test: "an edit by somebody else is seen: UserData",
    reason: "ModifyInstanceAttribute refuses the user data of the SDK as badly encoded",
  },
  {
    type: "aws.ec2.SecurityGroupRule",
    test: "update in place: Description",
    reason: "UpdateSecurityGroupRuleDescriptions finds rules by what they say, and overlooks SecurityGroupRuleDescriptions",
  },
  {
    type: "aws.ec2.SecurityGroupRule",
    test: "an edit by somebody else is seen: Description",
    reason: "UpdateSecurityGroupRuleDescriptions finds rules by what they say, and overlooks SecurityGroupRuleDescriptions",
  },
  ...[
    "create, then observe",
    "a second look",
    "update in place: Tags",
    "interrupted between every two steps: Tags",
    "an edit by somebody else is seen: Tags",
    "a create that was interrupted",
  ].map((test) => ({ type: "aws.ec2.Image", test, reason: "RegisterImage keeps the name and the description only" })),
];
