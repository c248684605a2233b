// Elastic IP addresses and their association.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html

import type {
  Address,
  AllocateAddressRequest,
  AllocateAddressResult,
  AssociateAddressRequest,
  AssociateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
  DisassociateAddressRequest,
  ReleaseAddressRequest,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { relendAddresses } from "./launch-interfaces.ts";
import { disassociate, takePublicIp } from "./network-interface.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { AddressRow, NetworkInterfaceRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"address"> = {
  kind: "address",
  missing: (id) => refuseMissing("address", id),
  idFilter: "allocation-id",
  indexed: { "public-ip": "ip", "network-interface-id": "interface", "instance-id": "instance", "association-id": "association" },
  filters: {
    "allocation-id": (row) => [row.id],
    "association-id": (row) => [row.association?.id],
    domain: () => ["vpc"],
    "instance-id": (row) => [row.association?.instanceId],
    "network-border-group": (_row, world) => [world.region],
    "network-interface-id": (row) => [row.association?.networkInterfaceId],
    "network-interface-owner-id": (row) => [row.association?.ownerId],
    "private-ip-address": (row) => [row.association?.privateIp],
    "public-ip": (row) => [row.publicIp],
  },
};

function renderAddress(world: World, row: AddressRow): Address {
  return {
    AllocationId: row.id,
    ...(row.association === undefined
      ? {}
      : {
          AssociationId: row.association.id,
          NetworkInterfaceId: row.association.networkInterfaceId,
          NetworkInterfaceOwnerId: row.association.ownerId,
          PrivateIpAddress: row.association.privateIp,
          ...(row.association.instanceId === undefined ? {} : { InstanceId: row.association.instanceId }),
        }),
    Domain: "vpc",
    Tags: renderTags(row.tags),
    PublicIpv4Pool: "amazon",
    NetworkBorderGroup: world.region,
    PublicIp: row.publicIp,
  };
}

function requireAddress(world: World, allocationId: string | undefined, publicIp: string | undefined): AddressRow {
  if (allocationId !== undefined && publicIp !== undefined)
    refuse("InvalidParameterCombination", "You may specify public IP or allocation id, but not both in the same call");
  if (allocationId !== undefined) return requireRow(world, "address", allocationId);
  if (publicIp === undefined) refuse("MissingParameter", "Either public IP or allocation id must be specified");
  const [row] = world.by("address", "ip", publicIp);
  return row ?? refuse("InvalidAddress.NotFound", `Address '${publicIp}' not found.`);
}

/** The interface that is meant: named, or the only one of an instance. */
function requireTarget(world: World, input: AssociateAddressRequest): NetworkInterfaceRow {
  if (input.NetworkInterfaceId !== undefined) {
    const row = requireRow(world, "network-interface", input.NetworkInterfaceId);
    if (row.requesterManaged) refuse("AuthFailure", "You do not have permission to access the specified resource.", 403);
    return row;
  }
  if (input.InstanceId === undefined) refuse("MissingParameter", "Either instance ID or network interface id must be specified");
  const instance = requireRow(world, "instance", input.InstanceId);
  if (instance.state !== "running" && instance.state !== "stopped" && instance.state !== "stopping") {
    refuse("InvalidInstanceID", `The pending instance '${instance.id}' is not in a valid state for this operation: ${instance.state}`);
  }
  const interfaces = world.by("network-interface", "instance", instance.id);
  const [only] = interfaces;
  if (only === undefined || interfaces.length > 1)
    refuse(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${instance.id}'. Please specify an interface ID for the operation instead.`,
    );
  return only;
}

/**
 * "When you disassociate the Elastic IP address from your instance, it receives a new public IP address", where it had one by its launch.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
 */
function lendAgain(world: World, instanceId: string): void {
  if (world.get("instance", instanceId)?.state === "running") relendAddresses(world, instanceId);
}

export const addressOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html
  AllocateAddress: defineMutation<AllocateAddressRequest, AllocateAddressResult>(
    ["Domain", "TagSpecifications", "NetworkBorderGroup", "PublicIpv4Pool"],
    (world, input) => {
      if (input.Domain !== undefined && input.Domain !== "vpc")
        refuse("InvalidParameterValue", `Value (${input.Domain}) for parameter domain is invalid. EC2-Classic is retired.`);
      if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== world.region)
        refuse("InvalidParameterValue", `Value (${input.NetworkBorderGroup}) for parameter networkBorderGroup is invalid.`);
      if (input.PublicIpv4Pool !== undefined && input.PublicIpv4Pool !== "amazon")
        refuse("InvalidPublicIpv4PoolID.NotFound", `The pool ID '${input.PublicIpv4Pool}' does not exist`);
      if (world.count("address") >= world.settings.quotas.addresses)
        refuse("AddressLimitExceeded", "The maximum number of addresses has been reached.");
      const tags = readTagSpecifications(input.TagSpecifications, "elastic-ip");
      const row = world.add("address", { id: world.newId("eipalloc"), publicIp: takePublicIp(world), tags: tags["elastic-ip"] ?? {} });
      return { AllocationId: row.id, PublicIpv4Pool: "amazon", NetworkBorderGroup: world.region, Domain: "vpc", PublicIp: row.publicIp };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
  ReleaseAddress: defineMutation<ReleaseAddressRequest, object>(["AllocationId", "PublicIp", "NetworkBorderGroup"], (world, input) => {
    const row = requireAddress(world, input.AllocationId, input.PublicIp);
    if (row.association?.ownerId === "amazon-aws")
      refuse("AuthFailure", "You do not have permission to access the specified resource.", 403);
    if (row.association !== undefined) refuse("InvalidIPAddress.InUse", `Address '${row.publicIp}' is in use.`);
    world.remove(row);
    return {};
  }),

  AssociateAddress: defineMutation<AssociateAddressRequest, AssociateAddressResult>(
    ["AllocationId", "PublicIp", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress", "AllowReassociation"],
    (world, input) => {
      const row = requireAddress(world, input.AllocationId, input.PublicIp);
      if (row.association?.ownerId === "amazon-aws")
        refuse("Resource.AlreadyAssociated", `resource ${row.id} is already associated with associate-id ${row.association.id}`);
      const target = requireTarget(world, input);
      if (input.PrivateIpAddress !== undefined && input.PrivateIpAddress !== target.privateIp) {
        refuse("InvalidParameterValue", `Network interface ${target.id} does not have the private IP address ${input.PrivateIpAddress}`);
      }
      if (world.countBy("internet-gateway", "vpc", target.vpcId) === 0)
        refuse("Gateway.NotAttached", `Network ${target.vpcId} is not attached to any internet gateway`);
      // "This is an idempotent operation. If you perform the operation more than once, Amazon EC2 doesn't return an error."
      if (row.association?.networkInterfaceId === target.id) return { AssociationId: row.association.id };
      if (row.association !== undefined && input.AllowReassociation === false) {
        refuse("Resource.AlreadyAssociated", `resource ${row.id} is already associated with associate-id ${row.association.id}`);
      }
      // The interface's other address, if any, is let go.
      for (const other of world.by("address", "interface", target.id)) disassociate(world, other);
      const left = row.association?.instanceId;
      const instanceId = target.attachment?.instanceId;
      const association = {
        id: world.newId("eipassoc"),
        networkInterfaceId: target.id,
        privateIp: target.privateIp,
        ownerId: world.account,
        ...(instanceId === undefined ? {} : { instanceId }),
      };
      world.change(row, { association });
      // A lent address is released to the pool. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
      if (target.lentIp !== undefined) {
        const { lentIp: _back, ...rest } = target;
        world.change(rest as NetworkInterfaceRow, {});
      }
      if (left !== undefined && left !== instanceId) lendAgain(world, left);
      return { AssociationId: association.id };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html
  DisassociateAddress: defineMutation<DisassociateAddressRequest, object>(["AssociationId", "PublicIp"], (world, input) => {
    const [row] =
      input.AssociationId === undefined
        ? world.by("address", "ip", input.PublicIp ?? "")
        : world.by("address", "association", input.AssociationId);
    if (row === undefined) {
      if (input.AssociationId === undefined) refuse("InvalidAddress.NotFound", `Address '${input.PublicIp ?? ""}' not found.`);
      refuse("InvalidAssociationID.NotFound", `The association ID '${input.AssociationId}' does not exist`);
    }
    if (row.association === undefined) refuse("InvalidAssociationID.NotFound", `The address '${row.publicIp}' is not associated`);
    if (row.association.ownerId === "amazon-aws")
      refuse("AuthFailure", "You do not have permission to access the specified resource.", 403);
    disassociate(world, row);
    if (row.association.instanceId !== undefined) lendAgain(world, row.association.instanceId);
    return {};
  }),

  DescribeAddresses: defineQuery<DescribeAddressesRequest, DescribeAddressesResult>(
    ["AllocationIds", "PublicIps", "Filters"],
    (world, input) => {
      const ids = [...(input.AllocationIds ?? []), ...(input.PublicIps ?? []).map((ip) => requireAddress(world, undefined, ip).id)];
      const { rows } = selectRows(world, lookup, ids.length === 0 ? undefined : ids, input.Filters, {});
      return { Addresses: rows.map((row) => renderAddress(world, row)) };
    },
  ),
};
