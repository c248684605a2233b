// What the describe calls show while something is on its way, for the states that a server without delays skips.

import { expect, it } from "vitest";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { Step } from "../../../engine/provider/provider.ts";
import type { Ec2Handler } from "../handler.ts";
import type { Ec2 } from "../operations.ts";
import { gatewayAttachment } from "./gateway-attachment.ts";
import { instance } from "./instance.ts";
import { natGateway } from "./nat-gateway.ts";
import { networkInterface } from "./network-interface.ts";
import { routeTableAssociation } from "./route-table-association.ts";
import { subnet } from "./subnet.ts";
import { volume } from "./volume.ts";
import { volumeAttachment } from "./volume-attachment.ts";

const identity = { account: "123456789012", region: "eu-west-1" };

async function look(handler: Ec2Handler, id: string, asked: Partial<Step>, answers: Readonly<Record<string, unknown>>) {
  const client = { region: "eu-west-1", send: async (operation: string) => answers[operation] ?? {} } as unknown as Ec2;
  const step: Step = { key: "create", operation: "ec2:Anything", body: {}, replay: "token", impact: "none", ...asked };
  const own = { type: handler.schema.type, ...identity, id };
  const volumeId = (asked.body as NativeMap | undefined)?.VolumeId;
  const on = { id: own, ...(typeof volumeId === "string" ? { handle: volumeId } : {}) };
  return handler.poll({ client, identity, signal: AbortSignal.timeout(1_000) }, step, on);
}

const nat = (State: string, more: object = {}) => ({ DescribeNatGateways: { NatGateways: [{ NatGatewayId: "nat-1", State, ...more }] } });
const machine = (State: string, more: object = {}) => ({
  DescribeInstances: { Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: State }, ...more }] }] },
});
const modified = (ModificationState: string, more: object = {}) => ({
  DescribeVolumes: { Volumes: [{ VolumeId: "vol-1", State: "in-use" }] },
  DescribeVolumesModifications: { VolumesModifications: [{ VolumeId: "vol-1", ModificationState, ...more }] },
});
const disks = { Disks: [{ DeviceName: "/dev/sdf" }] };
const device = (Status: string) => ({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-2", Status } }] });

it.each([
  ["a NAT gateway", natGateway, "nat-1", {}, nat("pending"), { kind: "pending", note: "pending" }],
  ["a NAT gateway", natGateway, "nat-1", {}, nat("available"), { kind: "done" }],
  ["a NAT gateway that goes", natGateway, "nat-1", { deletes: true }, nat("deleting"), { kind: "pending", note: "deleting" }],
  ["a NAT gateway that went", natGateway, "nat-1", { deletes: true }, nat("deleted"), { kind: "done" }],
  [
    "a NAT gateway that failed",
    natGateway,
    "nat-1",
    {},
    nat("failed", { FailureCode: "Gateway.NotAttached" }),
    { kind: "failed", leaves: "object" },
  ],
  [
    "a volume",
    volume,
    "vol-1",
    { operation: "ec2:CreateVolume" },
    { DescribeVolumes: { Volumes: [{ VolumeId: "vol-1", State: "creating" }] } },
    { kind: "pending" },
  ],
  [
    "a volume that grows",
    volume,
    "vol-1",
    { operation: "ec2:ModifyVolume" },
    modified("modifying", { Progress: 7 }),
    { kind: "pending", note: "modifying, 7 %" },
  ],
  ["a volume that has grown", volume, "vol-1", { operation: "ec2:ModifyVolume" }, modified("optimizing"), { kind: "done" }],
  [
    "a volume that could not grow",
    volume,
    "vol-1",
    { operation: "ec2:ModifyVolume" },
    modified("failed"),
    { kind: "failed", leaves: "object" },
  ],
  [
    "a change that is not visible yet",
    volume,
    "vol-1",
    { operation: "ec2:ModifyVolume" },
    { DescribeVolumes: modified("x").DescribeVolumes },
    { kind: "pending" },
  ],
  ["a launch", instance, "i-1", { operation: "ec2:RunInstances" }, machine("pending"), { kind: "pending", note: "pending" }],
  [
    "a launch whose disk is not there",
    instance,
    "i-1",
    { operation: "ec2:RunInstances", body: disks },
    machine("running", device("attaching")),
    { kind: "pending" },
  ],
  [
    "a launch with its disk",
    instance,
    "i-1",
    { operation: "ec2:RunInstances", body: disks },
    machine("running", device("attached")),
    { kind: "done" },
  ],
  ["a start", instance, "i-1", { operation: "ec2:StartInstances" }, machine("stopped"), { kind: "pending", note: "stopped" }],
  [
    "a start without capacity",
    instance,
    "i-1",
    { operation: "ec2:StartInstances" },
    machine("stopped", { StateReason: { Code: "Server.InsufficientInstanceCapacity", Message: "none left" } }),
    { kind: "failed", leaves: "object" },
  ],
  ["a stop", instance, "i-1", { operation: "ec2:StopInstances" }, machine("stopping"), { kind: "pending", note: "stopping" }],
  [
    "a disk that is let go",
    instance,
    "i-1",
    { operation: "ec2:DetachVolume", body: { VolumeId: "vol-1" } },
    { ...machine("running"), ...modified("completed") },
    { kind: "pending", note: "in-use" },
  ],
  [
    "an attachment",
    volumeAttachment,
    "vol-1|i-1",
    {},
    { DescribeVolumes: { Volumes: [{ VolumeId: "vol-1", Attachments: [{ InstanceId: "i-1", State: "attaching" }] }] } },
    { kind: "pending", note: "attaching" },
  ],
  [
    "an attachment that goes",
    volumeAttachment,
    "vol-1|i-1",
    { deletes: true },
    { DescribeVolumes: { Volumes: [{ VolumeId: "vol-1", Attachments: [{ InstanceId: "i-1", State: "busy" }] }] } },
    { kind: "pending", note: "busy" },
  ],
  ["a subnet", subnet, "subnet-1", {}, { DescribeSubnets: { Subnets: [{ SubnetId: "subnet-1", State: "pending" }] } }, { kind: "pending" }],
  [
    "an interface",
    networkInterface,
    "eni-1",
    {},
    { DescribeNetworkInterfaces: { NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "pending" }] } },
    { kind: "pending" },
  ],
  [
    "a gateway's attachment",
    gatewayAttachment,
    "igw-1|vpc-1",
    {},
    {
      DescribeInternetGateways: {
        InternetGateways: [{ InternetGatewayId: "igw-1", Attachments: [{ VpcId: "vpc-1", State: "attaching" }] }],
      },
    },
    { kind: "pending" },
  ],
  [
    "a table's association",
    routeTableAssociation,
    "subnet-1",
    {},
    {
      DescribeRouteTables: {
        RouteTables: [
          {
            RouteTableId: "rtb-1",
            Associations: [{ SubnetId: "subnet-1", RouteTableAssociationId: "rtbassoc-1", AssociationState: { State: "associating" } }],
          },
        ],
      },
    },
    { kind: "pending" },
  ],
  ["what no describe call shows yet", subnet, "subnet-1", {}, {}, { kind: "pending", note: "not visible yet" }],
  ["what no describe call shows any more", subnet, "subnet-1", { deletes: true }, {}, { kind: "done" }],
] as const)("%s: %#", async (_name, handler, id, asked, answers, expected) => {
  expect(await look(handler, id, asked as Partial<Step>, answers)).toMatchObject(expected);
});

it("tells why a NAT gateway can only be replaced", async () => {
  const failed = nat("failed", {
    FailureCode: "InsufficientFreeAddressesInSubnet",
    FailureMessage: "Subnet has insufficient free addresses",
  });
  const client = {
    region: "eu-west-1",
    send: async (operation: string) => (failed as Record<string, unknown>)[operation],
  } as unknown as Ec2;
  const own = { type: "aws.ec2.NatGateway", ...identity, id: "nat-1" };
  const seen = await natGateway.observe({ client, identity, signal: AbortSignal.timeout(1_000) }, [own], "list");
  expect(seen.found[0]?.broken).toBe("InsufficientFreeAddressesInSubnet: Subnet has insufficient free addresses");
});
