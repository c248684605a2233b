// What Azure does when something is deleted that other resources refer to. Data. A resource group takes with it whatever stands in it, so its handler never
// deletes one that is not empty; that has a test of its own.

import type { CloudCases } from "./pair-case.ts";

const networking = "https://learn.microsoft.com/azure/virtual-network";

export const azureCases: CloudCases = {
  differs: { "azure.network.Subnet": { addressPrefix: "10.0.9.0/24" } },
  pairs: {
    "azure.compute.Disk.sourceResourceId -> azure.compute.Snapshot": {
      allowed: "disks made from it go on",
      page: "https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk",
    },
    "azure.compute.DiskAttachment.disk -> azure.compute.Disk": {
      refused: "OperationNotAllowed",
      page: "https://learn.microsoft.com/rest/api/compute/disks/delete",
    },
    "azure.compute.DiskAttachment.virtualMachine -> azure.compute.VirtualMachine": {
      allowed: "the disk is let go of",
      page: "https://learn.microsoft.com/azure/virtual-machines/delete",
    },
    "azure.compute.Image.sourceSnapshot -> azure.compute.Snapshot": {
      allowed: "images made from it stay",
      page: "https://learn.microsoft.com/azure/virtual-machines/capture-image-resource",
    },
    "azure.compute.Snapshot.sourceResourceId -> azure.compute.Disk": {
      allowed: "snapshots outlive their disk",
      page: "https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk",
    },
    "azure.compute.VirtualMachine.imageReference -> azure.compute.Image": {
      allowed: "machines go on",
      page: "https://learn.microsoft.com/azure/virtual-machines/capture-image-resource",
    },
    "azure.compute.VirtualMachine.networkInterface -> azure.network.NetworkInterface": {
      refused: "NicInUse",
      page: `${networking}/virtual-network-network-interface#delete-a-network-interface`,
    },
    "azure.network.ApplicationSecurityGroup.virtualNetwork -> azure.network.VirtualNetwork": {
      allowed: "a group is bound to a network only by the interfaces that carry it",
      page: `${networking}/application-security-groups`,
    },
    "azure.network.NatGateway.publicIpAddresses -> azure.network.PublicIPAddress": {
      refused: "PublicIPAddressCannotBeDeleted",
      page: `${networking}/ip-services/virtual-network-public-ip-address`,
    },
    "azure.network.NatGateway.virtualNetwork -> azure.network.VirtualNetwork": {
      allowed: "a gateway is bound to a network only by the subnets that name it",
      page: "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource",
    },
    "azure.network.NetworkInterface.applicationSecurityGroups -> azure.network.ApplicationSecurityGroup": {
      refused: "InUseApplicationSecurityGroupCannotBeDeleted",
      page: `${networking}/manage-network-security-group#delete-an-application-security-group`,
    },
    "azure.network.NetworkInterface.publicIPAddress -> azure.network.PublicIPAddress": {
      refused: "PublicIPAddressCannotBeDeleted",
      page: `${networking}/ip-services/virtual-network-public-ip-address`,
    },
    "azure.network.NetworkInterface.subnet -> azure.network.Subnet": {
      refused: "InUseSubnetCannotBeDeleted",
      page: `${networking}/virtual-network-manage-subnet#delete-a-subnet`,
    },
    "azure.network.SecurityRule.destinationApplicationSecurityGroups -> azure.network.ApplicationSecurityGroup": {
      refused: "InUseApplicationSecurityGroupCannotBeDeleted",
      page: `${networking}/manage-network-security-group#delete-an-application-security-group`,
    },
    "azure.network.SecurityRule.networkSecurityGroup -> azure.network.NetworkSecurityGroup": {
      allowed: "rules go with their group",
      page: `${networking}/manage-network-security-group#delete-a-network-security-group`,
    },
    "azure.network.SecurityRule.sourceApplicationSecurityGroups -> azure.network.ApplicationSecurityGroup": {
      refused: "InUseApplicationSecurityGroupCannotBeDeleted",
      page: `${networking}/manage-network-security-group#delete-an-application-security-group`,
    },
    "azure.network.Subnet.natGateway -> azure.network.NatGateway": {
      refused: "InUseNatGatewayCannotBeDeleted",
      page: "https://learn.microsoft.com/azure/nat-gateway/manage-nat-gateway",
    },
    "azure.network.Subnet.networkSecurityGroup -> azure.network.NetworkSecurityGroup": {
      refused: "InUseNetworkSecurityGroupCannotBeDeleted",
      page: `${networking}/manage-network-security-group#delete-a-network-security-group`,
    },
    "azure.network.Subnet.virtualNetwork -> azure.network.VirtualNetwork": {
      allowed: "subnets with nothing in them go with their network",
      page: `${networking}/manage-virtual-network#delete-a-virtual-network`,
    },
  },
};
