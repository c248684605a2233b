// What EC2 does when something is deleted that other objects refer to. Data.

import type { CloudCases } from "./pair-case.ts";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const vpcGuide = "https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html";

export const awsCases: CloudCases = {
  differs: { "aws.ec2.Subnet": { CidrBlock: "10.0.9.0/24" } },
  pairs: {
    "aws.ec2.EipAssociation.AllocationId -> aws.ec2.Eip": { refused: "InvalidIPAddress.InUse", page: `${api}/API_ReleaseAddress.html` },
    "aws.ec2.EipAssociation.NetworkInterfaceId -> aws.ec2.NetworkInterface": {
      allowed: "the address stays allocated and belongs to nothing",
      page: `${api}/API_DeleteNetworkInterface.html`,
    },
    "aws.ec2.GatewayAttachment.InternetGatewayId -> aws.ec2.InternetGateway": {
      refused: "DependencyViolation",
      page: `${api}/API_DeleteInternetGateway.html`,
    },
    "aws.ec2.GatewayAttachment.VpcId -> aws.ec2.Vpc": { refused: "DependencyViolation", page: vpcGuide },
    "aws.ec2.Image.SnapshotId -> aws.ec2.Snapshot": { refused: "InvalidSnapshot.InUse", page: `${api}/API_DeleteSnapshot.html` },
    "aws.ec2.Instance.Groups -> aws.ec2.SecurityGroup": { refused: "DependencyViolation", page: `${api}/API_DeleteSecurityGroup.html` },
    "aws.ec2.Instance.ImageId -> aws.ec2.Image": { allowed: "instances go on", page: `${api}/API_DeregisterImage.html` },
    "aws.ec2.Instance.KeyName -> aws.ec2.KeyPair": { allowed: "instances keep the public key", page: `${api}/API_DeleteKeyPair.html` },
    "aws.ec2.Instance.NetworkInterfaceId -> aws.ec2.NetworkInterface": {
      refused: "InvalidNetworkInterface.InUse",
      page: `${api}/API_DeleteNetworkInterface.html`,
    },
    "aws.ec2.Instance.SubnetId -> aws.ec2.Subnet": { refused: "DependencyViolation", page: `${api}/API_DeleteSubnet.html` },
    // The address of a gateway belongs to the service while it holds it.
    "aws.ec2.NatGateway.AllocationId -> aws.ec2.Eip": {
      refused: "AuthFailure",
      page: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html",
    },
    "aws.ec2.NatGateway.SubnetId -> aws.ec2.Subnet": { refused: "DependencyViolation", page: `${api}/API_DeleteSubnet.html` },
    "aws.ec2.NetworkInterface.Groups -> aws.ec2.SecurityGroup": {
      refused: "DependencyViolation",
      page: `${api}/API_DeleteSecurityGroup.html`,
    },
    "aws.ec2.NetworkInterface.SubnetId -> aws.ec2.Subnet": { refused: "DependencyViolation", page: `${api}/API_DeleteSubnet.html` },
    "aws.ec2.Route.GatewayId -> aws.ec2.InternetGateway": {
      refused: "DependencyViolation",
      because: "aws.ec2.GatewayAttachment.InternetGatewayId -> aws.ec2.InternetGateway",
      page: `${api}/API_DeleteInternetGateway.html`,
    },
    "aws.ec2.Route.NatGatewayId -> aws.ec2.NatGateway": {
      allowed: "the route stays and leads nowhere (blackhole)",
      page: `${api}/API_DeleteNatGateway.html`,
    },
    "aws.ec2.Route.RouteTableId -> aws.ec2.RouteTable": { allowed: "routes go with their table", page: `${api}/API_DeleteRouteTable.html` },
    "aws.ec2.RouteTable.VpcId -> aws.ec2.Vpc": { refused: "DependencyViolation", page: vpcGuide },
    "aws.ec2.RouteTableAssociation.RouteTableId -> aws.ec2.RouteTable": {
      refused: "DependencyViolation",
      page: `${api}/API_DeleteRouteTable.html`,
    },
    "aws.ec2.RouteTableAssociation.SubnetId -> aws.ec2.Subnet": {
      allowed: "associations go with their subnet",
      page: `${api}/API_DeleteSubnet.html`,
    },
    "aws.ec2.SecurityGroup.VpcId -> aws.ec2.Vpc": { refused: "DependencyViolation", page: vpcGuide },
    "aws.ec2.SecurityGroupRule.GroupId -> aws.ec2.SecurityGroup": {
      allowed: "rules go with their group",
      page: `${api}/API_DeleteSecurityGroup.html`,
    },
    "aws.ec2.SecurityGroupRule.ReferencedGroupId -> aws.ec2.SecurityGroup": {
      refused: "DependencyViolation",
      page: `${api}/API_DeleteSecurityGroup.html`,
    },
    "aws.ec2.Snapshot.VolumeId -> aws.ec2.Volume": { allowed: "snapshots outlive their volume", page: `${api}/API_DeleteVolume.html` },
    "aws.ec2.Subnet.VpcId -> aws.ec2.Vpc": { refused: "DependencyViolation", page: vpcGuide },
    "aws.ec2.Volume.SnapshotId -> aws.ec2.Snapshot": { allowed: "volumes made from it go on", page: `${api}/API_DeleteSnapshot.html` },
    "aws.ec2.VolumeAttachment.InstanceId -> aws.ec2.Instance": {
      allowed: "the volume is let go of",
      page: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html",
    },
    "aws.ec2.VolumeAttachment.VolumeId -> aws.ec2.Volume": { refused: "VolumeInUse", page: `${api}/API_DeleteVolume.html` },
  },
};
