// Network interfaces: create, attach, change, detach, delete.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html

import type {
  AttachNetworkInterfaceRequest,
  AttachNetworkInterfaceResult,
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfaceAttributeRequest,
  DescribeNetworkInterfaceAttributeResult,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  DetachNetworkInterfaceRequest,
  ModifyNetworkInterfaceAttributeRequest,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { findByToken } from "./idempotency.ts";
import { countInterfaces, readType } from "./instance-types.ts";
import { relendAddresses } from "./launch-interfaces.ts";
import { addInterface, nameInterfaceType, namePrivately, publicAddressOf, removeInterface, renderInterface } from "./network-interface.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { NetworkInterfaceRow } from "./rows.ts";
import { readGroups } from "./security-group.ts";
import { readTagSpecifications } from "./tags.ts";
import type { World } from "./world.ts";
import { nameZone } from "./zones.ts";

const lookup: Lookup<"network-interface"> = {
  kind: "network-interface",
  missing: (id) => refuseMissing("network-interface", id),
  idFilter: "network-interface-id",
  indexed: {
    "vpc-id": "vpc",
    "subnet-id": "subnet",
    "group-id": "group",
    "attachment.instance-id": "instance",
    "attachment.attachment-id": "attachment",
  },
  filters: {
    "addresses.association.public-ip": (row, world) => [publicAddressOf(world, row)?.ip],
    "addresses.primary": () => [true],
    "addresses.private-ip-address": (row) => [row.privateIp],
    "association.allocation-id": (row, world) => [publicAddressOf(world, row)?.allocationId],
    "association.association-id": (row, world) => [publicAddressOf(world, row)?.associationId],
    "association.ip-owner-id": (row, world) => [publicAddressOf(world, row)?.owner],
    "association.public-ip": (row, world) => [publicAddressOf(world, row)?.ip],
    "attachment.attach-time": (row) => [row.attachment && new Date(row.attachment.attachedAt).toISOString()],
    "attachment.attachment-id": (row) => [row.attachment?.id],
    "attachment.delete-on-termination": (row) => [row.attachment?.deleteOnTermination],
    "attachment.device-index": (row) => [row.attachment?.deviceIndex],
    "attachment.instance-id": (row) => [row.attachment?.instanceId],
    "attachment.instance-owner-id": (row) => [row.attachment?.ownerId],
    "attachment.status": (row) => [row.attachment?.status],
    "availability-zone": (row, world) => [nameZone(world, row.zoneId)],
    "availability-zone-id": (row) => [row.zoneId],
    description: (row) => [row.description],
    "group-id": (row) => row.groups,
    "group-name": (row, world) => row.groups.map((id) => world.get("security-group", id)?.name),
    "interface-type": (row) => [nameInterfaceType(row)],
    "mac-address": (row) => [row.mac],
    "network-interface-id": (row) => [row.id],
    "owner-id": (_row, world) => [world.account],
    "private-dns-name": (row, world) => [namePrivately(world, row.privateIp)],
    "private-ip-address": (row) => [row.privateIp],
    "requester-managed": (row) => [row.requesterManaged],
    "source-dest-check": (row) => [row.sourceDestCheck],
    status: (row) => [row.status],
    "subnet-id": (row) => [row.subnetId],
    "vpc-id": (row) => [row.vpcId],
  },
};

function refuseManaged(row: NetworkInterfaceRow): void {
  if (row.requesterManaged) refuse("AuthFailure", "You do not have permission to access the specified resource.", 403);
}

export const networkInterfaceOperations = {
  CreateNetworkInterface: defineMutation<CreateNetworkInterfaceRequest, CreateNetworkInterfaceResult>(
    ["SubnetId", "Description", "PrivateIpAddress", "Groups", "ClientToken", "InterfaceType", "TagSpecifications"],
    (world, input) => {
      const token = findByToken(world, "CreateNetworkInterface", input.ClientToken, input);
      const known = token.ids?.map((id) => world.get("network-interface", id))[0];
      if (known !== undefined) return { ClientToken: input.ClientToken, NetworkInterface: renderInterface(world, known) };
      const subnet = requireRow(world, "subnet", input.SubnetId);
      if (input.InterfaceType !== undefined && (input.InterfaceType as string) !== "interface") {
        refuse(
          "InvalidParameterValue",
          `Value (${input.InterfaceType}) for parameter interfaceType is not implemented by the embedded EC2`,
        );
      }
      const row = addInterface(world, {
        subnet,
        privateIp: input.PrivateIpAddress,
        groups: readGroups(world, subnet.vpcId, input.Groups),
        description: input.Description,
        tags: readTagSpecifications(input.TagSpecifications, "network-interface")["network-interface"] ?? {},
        status: "pending",
      });
      token.remember([row.id]);
      world.after("interface", "interface-available", row.id);
      return {
        ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
        NetworkInterface: renderInterface(world, row),
      };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html: "You must detach the network interface before you can delete it."
  DeleteNetworkInterface: defineMutation<DeleteNetworkInterfaceRequest, object>(["NetworkInterfaceId"], (world, input) => {
    const row = requireRow(world, "network-interface", input.NetworkInterfaceId);
    refuseManaged(row);
    if (row.attachment !== undefined) refuse("InvalidNetworkInterface.InUse", `Network interface '${row.id}' is currently in use.`);
    removeInterface(world, row);
    return {};
  }),

  DescribeNetworkInterfaces: defineQuery<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult>(
    ["NetworkInterfaceIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.NetworkInterfaceIds, input.Filters, input);
      return { NextToken: nextToken, NetworkInterfaces: rows.map((row) => renderInterface(world, row)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaceAttribute.html: one attribute a request
  DescribeNetworkInterfaceAttribute: defineQuery<DescribeNetworkInterfaceAttributeRequest, DescribeNetworkInterfaceAttributeResult>(
    ["NetworkInterfaceId", "Attribute"],
    (world, input) => {
      const row = requireRow(world, "network-interface", input.NetworkInterfaceId);
      const shown = renderInterface(world, row);
      const head = { NetworkInterfaceId: row.id };
      switch (input.Attribute) {
        case "description":
          return { ...head, Description: { Value: row.description } };
        case "groupSet":
          return { ...head, Groups: shown.Groups };
        case "sourceDestCheck":
          return { ...head, SourceDestCheck: { Value: row.sourceDestCheck } };
        case "attachment":
          return { ...head, Attachment: shown.Attachment };
        case "associatePublicIpAddress":
          return { ...head, AssociatePublicIpAddress: row.lendsIp };
        default:
          return refuse(
            "InvalidParameterValue",
            `Value (${String(input.Attribute)}) for parameter attribute is invalid or not implemented by the embedded EC2`,
          );
      }
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachNetworkInterface.html
  AttachNetworkInterface: defineMutation<AttachNetworkInterfaceRequest, AttachNetworkInterfaceResult>(
    ["DeviceIndex", "InstanceId", "NetworkInterfaceId", "NetworkCardIndex"],
    (world, input) => {
      const row = requireRow(world, "network-interface", input.NetworkInterfaceId);
      const instance = requireRow(world, "instance", input.InstanceId);
      refuseManaged(row);
      if (input.NetworkCardIndex !== undefined && input.NetworkCardIndex !== 0)
        refuse(
          "InvalidParameterValue",
          `Value (${input.NetworkCardIndex}) for parameter NetworkCardIndex is not implemented by the embedded EC2`,
        );
      if (row.attachment !== undefined) refuse("InvalidNetworkInterface.InUse", `Interface: [${row.id}] in use.`);
      if (row.status !== "available") refuse("IncorrectState", `Network interface '${row.id}' is in state '${row.status}'`);
      if (instance.state !== "running" && instance.state !== "stopped")
        refuse("IncorrectState", `The instance '${instance.id}' is not in a valid state for this operation: ${instance.state}`);
      if (instance.zoneId !== row.zoneId)
        refuse(
          "InvalidParameterCombination",
          "You may not attach a network interface to an instance if they are not in the same availability zone",
        );
      const present = world.by("network-interface", "instance", instance.id);
      const index = input.DeviceIndex ?? 0;
      if (present.some((other) => other.attachment?.deviceIndex === index)) {
        refuse("InvalidParameterValue", `Instance '${instance.id}' already has an interface attached at device index '${index}'.`);
      }
      if (present.length >= countInterfaces(readType(instance.instanceType))) {
        refuse("AttachmentLimitExceeded", `Interface count ${present.length + 1} exceeds the limit for ${instance.instanceType}`);
      }
      const attachment = {
        id: world.newId("eni-attach"),
        instanceId: instance.id,
        ownerId: world.account,
        deviceIndex: index,
        deleteOnTermination: false,
        attachedAt: world.now,
        status: "attaching" as const,
      };
      world.change(row, { status: "in-use", attachment });
      world.after("interfaceAttach", "interface-attached", row.id);
      return { AttachmentId: attachment.id, NetworkCardIndex: 0 };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachNetworkInterface.html
  DetachNetworkInterface: defineMutation<DetachNetworkInterfaceRequest, object>(["AttachmentId", "Force"], (world, input) => {
    const [row] = world.by("network-interface", "attachment", input.AttachmentId ?? "");
    if (row?.attachment === undefined) refuse("InvalidAttachmentID.NotFound", `The attachment '${input.AttachmentId}' does not exist.`);
    refuseManaged(row);
    if (row.attachment.deviceIndex === 0)
      refuse("OperationNotPermitted", "The network interface at device index 0 and networkCard index 0 cannot be detached.");
    world.change(row, { attachment: { ...row.attachment, status: "detaching" } });
    world.after("interfaceDetach", "interface-detached", row.id);
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html: "You can specify only one attribute at a time."
  ModifyNetworkInterfaceAttribute: defineMutation<ModifyNetworkInterfaceAttributeRequest, object>(
    [
      "NetworkInterfaceId",
      "Description",
      "Groups",
      "SourceDestCheck",
      "Attachment.AttachmentId",
      "Attachment.DeleteOnTermination",
      "AssociatePublicIpAddress",
    ],
    (world, input) => {
      const row = requireRow(world, "network-interface", input.NetworkInterfaceId);
      refuseManaged(row);
      const { AssociatePublicIpAddress: lendsIp } = input;
      const given = [input.Description, input.Groups, input.SourceDestCheck, input.Attachment, lendsIp].filter(
        (value) => value !== undefined,
      ).length;
      if (given === 0) refuse("MissingParameter", "The request must contain an attribute to modify");
      if (given > 1) refuse("InvalidParameterCombination", "Fields for multiple attribute types specified");
      if (input.Attachment !== undefined) {
        if (row.attachment?.id !== input.Attachment.AttachmentId || row.attachment === undefined) {
          refuse("InvalidAttachmentID.NotFound", `The attachment '${input.Attachment.AttachmentId}' does not exist.`);
        }
        world.change(row, {
          attachment: {
            ...row.attachment,
            deleteOnTermination: input.Attachment.DeleteOnTermination ?? row.attachment.deleteOnTermination,
          },
        });
        return {};
      }
      if (lendsIp !== undefined) {
        lendAddress(world, row, lendsIp);
        return {};
      }
      world.change(row, {
        description: input.Description?.Value ?? row.description,
        groups: input.Groups === undefined ? row.groups : readGroups(world, row.vpcId, input.Groups),
        sourceDestCheck: input.SourceDestCheck?.Value ?? row.sourceDestCheck,
      });
      return {};
    },
  ),
};

/**
 * "This option can be enabled for any network interface but will only apply to the primary network interface"; on a running instance it takes
 * effect at once. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
 */
function lendAddress(world: World, row: NetworkInterfaceRow, lendsIp: boolean): void {
  const { lentIp: _back, ...rest } = row;
  if (!lendsIp) {
    world.change(rest as NetworkInterfaceRow, { lendsIp: false });
    return;
  }
  world.change(row, { lendsIp: true });
  const { attachment } = row;
  if (attachment?.deviceIndex !== 0 || attachment.instanceId === undefined) return;
  if (requireRow(world, "instance", attachment.instanceId).state === "running") relendAddresses(world, attachment.instanceId);
}
