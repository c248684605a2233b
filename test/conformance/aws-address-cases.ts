// Interfaces and addresses of AWS, put to the test.

import type { Ec2 } from "../../providers/aws/operations.ts";
import {
  editTags,
  makeEip,
  makeGroup,
  makeInterface,
  makePublicSubnet,
  makeSubnet,
  otherId,
  type Stage,
  type Surroundings,
  signal,
  tags,
  tagsElsewhere,
} from "./aws-surroundings.ts";
import { type ConformanceCase, withProp } from "./conformance-case.ts";

export function addressCases({ zone }: Surroundings): readonly ConformanceCase<Ec2>[] {
  return [networkInterfaceCase(zone), eip, eipAssociationCase(zone)];
}

function networkInterfaceCase(zone: string): ConformanceCase<Ec2> {
  const otherGroup = async (stage: Stage, subnet: unknown): Promise<string> => {
    const seen = await stage.observe({ type: "aws.ec2.Subnet", ...stage.world.identity, id: String(subnet) });
    return makeGroup(stage, String(seen?.props.VpcId), `other-${String(subnet)}`);
  };
  return {
    type: "aws.ec2.NetworkInterface",
    props: async (stage, n) => {
      const { vpc: VpcId, subnet } = await makeSubnet(stage, n, zone);
      const Groups = [await makeGroup(stage, VpcId, `conformance-${n}`)];
      return { SubnetId: subnet, PrivateIpAddress: `10.${n % 250}.1.77`, Groups, Description: "an interface", Tags: tags };
    },
    edits: [
      {
        name: "Groups",
        changed: ["Groups"],
        to: async (stage, made) => withProp(made.desired, "Groups", [await otherGroup(stage, made.desired.SubnetId)]),
        steps: ["modify:Groups"],
      },
      {
        name: "Description taken out",
        changed: ["Description"],
        to: (_stage, made) => withProp(made.desired, "Description", undefined),
        steps: ["modify:Description"],
      },
      editTags,
    ],
    elsewhere: [
      {
        prop: "Groups",
        change: async (stage, made) => {
          const Groups = [await otherGroup(stage, made.desired.SubnetId)];
          await stage.world.client.send("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: made.id.id, Groups }, signal());
        },
      },
      {
        prop: "Description",
        change: async (stage, made) => {
          const input = { NetworkInterfaceId: made.id.id, Description: { Value: "by hand" } };
          await stage.world.client.send("ModifyNetworkInterfaceAttribute", input, signal());
        },
      },
      tagsElsewhere,
    ],
    fixed: { SubnetId: "immutable", PrivateIpAddress: "the primary address never changes" },
    remove: async (stage, made) =>
      void (await stage.world.client.send("DeleteNetworkInterface", { NetworkInterfaceId: made.id.id }, signal())),
    missing: otherId,
  };
}

const eip: ConformanceCase<Ec2> = {
  type: "aws.ec2.Eip",
  props: async () => ({ Domain: "vpc", Tags: tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere],
  fixed: { Domain: "the only one there is" },
  remove: async (stage, made) => void (await stage.world.client.send("ReleaseAddress", { AllocationId: made.id.id }, signal())),
  missing: otherId,
};

function eipAssociationCase(zone: string): ConformanceCase<Ec2> {
  const anotherInterface = async (stage: Stage, card: unknown): Promise<string> => {
    const seen = await stage.observe({ type: "aws.ec2.NetworkInterface", ...stage.world.identity, id: String(card) });
    return makeInterface(stage, String(seen?.props.SubnetId));
  };
  return {
    type: "aws.ec2.EipAssociation",
    props: async (stage, n) => {
      const { subnet } = await makePublicSubnet(stage, n, zone);
      return { AllocationId: await makeEip(stage), NetworkInterfaceId: await makeInterface(stage, subnet) };
    },
    edits: [
      {
        name: "to another interface",
        changed: ["NetworkInterfaceId"],
        to: async (stage, made) =>
          withProp(made.desired, "NetworkInterfaceId", await anotherInterface(stage, made.desired.NetworkInterfaceId)),
        steps: ["move"],
      },
    ],
    unedited: { InstanceId: "moves as an interface does; an instance's primary interface is what it comes to" },
    elsewhere: [
      {
        prop: "NetworkInterfaceId",
        change: async (stage, made) => {
          const NetworkInterfaceId = await anotherInterface(stage, made.desired.NetworkInterfaceId);
          const input = { AllocationId: made.id.id, NetworkInterfaceId, AllowReassociation: true };
          await stage.world.client.send("AssociateAddress", input, signal());
        },
      },
    ],
    fixed: { AllocationId: "names it", InstanceId: "seen where the interface is an instance's" },
    remove: async (stage, made) => {
      const AssociationId = String(made.observed.attributes.AssociationId);
      await stage.world.client.send("DisassociateAddress", { AssociationId }, signal());
    },
    missing: otherId,
  };
}
