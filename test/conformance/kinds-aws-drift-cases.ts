// What other hands do to a stack on EC2, each by the operation that a person would use, and what the next plan has to show for it. Data only:
// kinds-aws-drift.test.ts plays them.

import type { Action } from "../../engine/plan/change.ts";
import type { StackRig } from "../support/stack-rig.ts";
import { keyA } from "./kinds-aws-stacks.ts";

/** Something of every native type, with what can be edited of it. */
export const everything = `
stack t { tags = { team = "lab" } }
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
network lone { cidr = 10.1.0.0/16, internet = true }
subnet edge { network = main, cidr = 10.0.0.0/24 }
subnet inner { network = main, cidr = 10.0.1.0/24, public = false, nat = edge }
subnet alone { network = lone, cidr = 10.1.0.0/24 }
firewall web {
  network = main
  allow tcp 80 from any
  allow tcp 22 from ssh
}
firewall ssh { network = main }
key admin { public_key = "${keyA}" }
address fixed {}
address spare {}
machine m {
  cpu       = 2
  memory    = 4GiB
  image     = "ubuntu-24.04"
  subnet    = edge
  firewall  = web
  key       = admin
  public    = true
  user_data = "#!/bin/sh\\necho hello"
  disk data { size = 10GiB }
  on aws { iam_instance_profile = "web", monitoring = false, ebs_optimized = false }
}
machine b { cpu = 2, memory = 4GiB, image = "debian-12", subnet = edge, firewall = web, public = fixed }
disk d { size = 10GiB, attach = m }
disk idle { size = 10GiB }
disk kept { size = 10GiB }
snapshot past { disk = kept }
image golden { from = past }
`;

export interface DriftCase {
  readonly name: string;
  readonly edit: (rig: StackRig) => void;
  readonly shows: Readonly<Record<string, Action>>;
  /** Seen only by a call for each object, which `status --deep` makes. */
  readonly deep?: true;
}

type Type = Parameters<StackRig["idOf"]>[0];

/** A person writes another `Name`, and one of their own beside the tags of the stack. */
function retag(type: Type, address: string): DriftCase {
  const edit = (rig: StackRig): void => {
    const Resources = [rig.idOf(type, address)];
    rig.call("CreateTags", {
      Resources,
      Tags: [
        { Key: "Name", Value: "mine" },
        { Key: "theirs", Value: "kept" },
      ],
    });
    rig.call("DeleteTags", { Resources, Tags: [{ Key: "team" }] });
  };
  return { name: `tags of ${address}`, edit, shows: { [address]: "update" } };
}

const tagged: readonly (readonly [Type, string])[] = [
  ["vpc", "network.main:vpc"],
  ["internet-gateway", "network.main:gateway"],
  ["subnet", "subnet.edge:subnet"],
  ["route-table", "subnet.edge:table"],
  ["nat-gateway", "subnet.edge:nat"],
  ["address", "address.fixed:eip"],
  ["security-group", "firewall.web:group"],
  ["security-group-rule", "firewall.web:ingress-tcp-80-0.0.0.0/0"],
  ["key-pair", "key.admin:key"],
  ["network-interface", "machine.b:interface"],
  ["instance", "machine.m:instance"],
  ["volume", "disk.d:volume"],
  ["snapshot", "snapshot.past:snapshot"],
  ["image", "image.golden:image"],
];

const machine = (rig: StackRig): string => rig.idOf("instance", "machine.m:instance");

/** All there is to a living thing. */
function row(rig: StackRig, id: string): Readonly<Record<string, unknown>> {
  const found = rig.world().find((object) => object.id === id);
  if (!found) throw new Error(`nothing that lives has the id ${id}`);
  return found.row as unknown as Record<string, unknown>;
}

/** The primary interface, which EC2 made with the instance. */
function primary(rig: StackRig): string {
  const instanceId = machine(rig);
  const found = rig.world().find((object) => {
    const attachment =
      object.type === "network-interface" ? (object.row as { attachment?: { instanceId?: string } }).attachment : undefined;
    return attachment?.instanceId === instanceId;
  });
  return found?.id ?? "";
}

function volumeOf(rig: StackRig, device: string): string {
  const InstanceId = machine(rig);
  const found = rig.world().find((object) => {
    const attachment =
      object.type === "volume" ? (object.row as { attachment?: { instanceId?: string; device?: string } }).attachment : undefined;
    return attachment?.instanceId === InstanceId && attachment.device === device;
  });
  return found?.id ?? "";
}

function associationOf(rig: StackRig, table: string): string {
  const associations = row(rig, rig.idOf("route-table", table)).associations as readonly { readonly id: string }[];
  return associations[0]?.id ?? "";
}

function whileStopped(rig: StackRig, edit: () => void): void {
  rig.call("StopInstances", { InstanceIds: [machine(rig)] });
  edit();
  rig.call("StartInstances", { InstanceIds: [machine(rig)] });
}

const instance = "machine.m:instance";
const updated = { [instance]: "update" } as const;

export const editCases: readonly DriftCase[] = [
  ...tagged.map(([type, address]) => retag(type, address)),
  {
    name: "the marks of a VPC",
    edit: (rig) => {
      const Tags = ["koine:object", "koine:address", "koine:lineage", "koine:operation"].map((Key) => ({ Key }));
      rig.call("DeleteTags", { Resources: [rig.idOf("vpc", "network.main:vpc")], Tags });
    },
    shows: { "network.main:vpc": "update" },
  },
  {
    name: "DNS support of a VPC",
    edit: (rig) => rig.call("ModifyVpcAttribute", { VpcId: rig.idOf("vpc", "network.main:vpc"), EnableDnsHostnames: { Value: false } }),
    shows: { "network.main:vpc": "update" },
    deep: true,
  },
  {
    name: "a subnet's route table",
    edit: (rig) =>
      rig.call("ReplaceRouteTableAssociation", {
        AssociationId: associationOf(rig, "subnet.edge:table"),
        RouteTableId: rig.idOf("route-table", "subnet.inner:table"),
      }),
    shows: { "subnet.edge:association": "update" },
  },
  {
    name: "a route",
    edit: (rig) =>
      rig.call("ReplaceRoute", {
        RouteTableId: rig.idOf("route-table", "subnet.inner:table"),
        DestinationCidrBlock: "0.0.0.0/0",
        GatewayId: rig.idOf("internet-gateway", "network.main:gateway"),
      }),
    shows: { "subnet.inner:route": "update" },
  },
  {
    name: "a rule in a group",
    edit: (rig) =>
      rig.call("AuthorizeSecurityGroupIngress", {
        GroupId: rig.idOf("security-group", "firewall.web:group"),
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 23, ToPort: 23, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    shows: { "firewall.web:group": "update" },
  },
  {
    name: "a rule's ports",
    edit: (rig) =>
      rig.call("ModifySecurityGroupRules", {
        GroupId: rig.idOf("security-group", "firewall.web:group"),
        SecurityGroupRules: [
          {
            SecurityGroupRuleId: rig.idOf("security-group-rule", "firewall.web:ingress-tcp-80-0.0.0.0/0"),
            SecurityGroupRule: { IpProtocol: "tcp", FromPort: 0, ToPort: 65535, CidrIpv4: "0.0.0.0/0" },
          },
        ],
      }),
    shows: { "firewall.web:ingress-tcp-80-0.0.0.0/0": "replace" },
  },
  {
    name: "an address on another machine",
    edit: (rig) =>
      rig.call("AssociateAddress", {
        AllocationId: rig.idOf("address", "address.fixed:eip"),
        NetworkInterfaceId: primary(rig),
        AllowReassociation: true,
      }),
    shows: { "machine.b:association": "update" },
  },
  {
    name: "a machine's type",
    edit: (rig) =>
      whileStopped(rig, () => rig.call("ModifyInstanceAttribute", { InstanceId: machine(rig), InstanceType: { Value: "m7i.2xlarge" } })),
    shows: updated,
  },
  {
    name: "a machine's groups",
    edit: (rig) =>
      rig.call("ModifyInstanceAttribute", { InstanceId: machine(rig), Groups: [rig.idOf("security-group", "firewall.ssh:group")] }),
    shows: updated,
  },
  {
    name: "the groups of a prepared interface",
    edit: (rig) =>
      rig.call("ModifyNetworkInterfaceAttribute", {
        NetworkInterfaceId: rig.idOf("network-interface", "machine.b:interface"),
        Groups: [rig.idOf("security-group", "firewall.ssh:group")],
      }),
    shows: { "machine.b:interface": "update" },
  },
  {
    name: "a machine's public address",
    edit: (rig) => rig.call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: primary(rig), AssociatePublicIpAddress: false }),
    shows: updated,
  },
  {
    name: "a machine's user data",
    edit: (rig) =>
      whileStopped(rig, () =>
        rig.call("ModifyInstanceAttribute", {
          InstanceId: machine(rig),
          UserData: { Value: Buffer.from("#!/bin/sh\nother").toString("base64") },
        }),
      ),
    shows: { [instance]: "replace", "disk.d:attachment": "replace" },
    deep: true,
  },
  {
    name: "a machine's metadata options",
    edit: (rig) =>
      rig.call("ModifyInstanceMetadataOptions", { InstanceId: machine(rig), HttpTokens: "optional", HttpPutResponseHopLimit: 1 }),
    shows: updated,
  },
  { name: "a machine stopped", edit: (rig) => rig.call("StopInstances", { InstanceIds: [machine(rig)] }), shows: updated },
  { name: "detailed monitoring", edit: (rig) => rig.call("MonitorInstances", { InstanceIds: [machine(rig)] }), shows: updated },
  {
    name: "a machine's EBS optimisation",
    edit: (rig) =>
      whileStopped(rig, () => rig.call("ModifyInstanceAttribute", { InstanceId: machine(rig), EbsOptimized: { Value: true } })),
    shows: updated,
  },
  {
    name: "a machine's instance profile",
    edit: (rig) => {
      const profile = row(rig, machine(rig)).profile as { readonly id: string };
      rig.call("ReplaceIamInstanceProfileAssociation", { AssociationId: profile.id, IamInstanceProfile: { Name: "admin" } });
    },
    shows: updated,
  },
  {
    name: "a machine's instance profile taken away",
    edit: (rig) => {
      const profile = row(rig, machine(rig)).profile as { readonly id: string };
      rig.call("DisassociateIamInstanceProfile", { AssociationId: profile.id });
    },
    shows: updated,
  },
  {
    name: "the type of a machine's own disk",
    edit: (rig) => rig.call("ModifyVolume", { VolumeId: volumeOf(rig, "/dev/sda1"), VolumeType: "gp2" }),
    shows: updated,
  },
  {
    name: "a machine's own disk that would outlive it",
    edit: (rig) =>
      rig.call("ModifyInstanceAttribute", {
        InstanceId: machine(rig),
        BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { DeleteOnTermination: false } }],
      }),
    shows: updated,
  },
  {
    name: "a machine's own disk detached",
    edit: (rig) => {
      const VolumeId = volumeOf(rig, "/dev/sdg");
      rig.call("DetachVolume", { VolumeId });
    },
    shows: updated,
  },
  {
    name: "a disk's type",
    edit: (rig) => rig.call("ModifyVolume", { VolumeId: rig.idOf("volume", "disk.d:volume"), VolumeType: "gp2" }),
    shows: { "disk.d:volume": "update" },
  },
  {
    name: "a disk grown",
    edit: (rig) => rig.call("ModifyVolume", { VolumeId: rig.idOf("volume", "disk.idle:volume"), Size: 20 }),
    shows: { "disk.idle:volume": "replace" },
  },
];

export const deletionCases: readonly DriftCase[] = [
  {
    name: "an attachment of a gateway",
    edit: (rig) =>
      rig.call("DetachInternetGateway", {
        InternetGatewayId: rig.idOf("internet-gateway", "network.lone:gateway"),
        VpcId: rig.idOf("vpc", "network.lone:vpc"),
      }),
    shows: { "network.lone:attachment": "create" },
  },
  {
    name: "a route",
    edit: (rig) =>
      rig.call("DeleteRoute", { RouteTableId: rig.idOf("route-table", "subnet.alone:table"), DestinationCidrBlock: "0.0.0.0/0" }),
    shows: { "subnet.alone:route": "create" },
  },
  {
    name: "an association of a route table",
    edit: (rig) => rig.call("DisassociateRouteTable", { AssociationId: associationOf(rig, "subnet.alone:table") }),
    shows: { "subnet.alone:association": "create" },
  },
  {
    name: "a route table",
    edit: (rig) => {
      rig.call("DisassociateRouteTable", { AssociationId: associationOf(rig, "subnet.alone:table") });
      rig.call("DeleteRouteTable", { RouteTableId: rig.idOf("route-table", "subnet.alone:table") });
    },
    shows: { "subnet.alone:table": "create", "subnet.alone:association": "create", "subnet.alone:route": "create" },
  },
  {
    name: "a subnet",
    edit: (rig) => rig.call("DeleteSubnet", { SubnetId: rig.idOf("subnet", "subnet.alone:subnet") }),
    shows: { "subnet.alone:subnet": "create", "subnet.alone:association": "create" },
  },
  {
    name: "a NAT gateway",
    edit: (rig) => rig.call("DeleteNatGateway", { NatGatewayId: rig.idOf("nat-gateway", "subnet.edge:nat") }),
    shows: { "subnet.edge:nat": "create", "subnet.inner:route": "update" },
  },
  {
    name: "a rule",
    edit: (rig) =>
      rig.call("RevokeSecurityGroupIngress", {
        GroupId: rig.idOf("security-group", "firewall.web:group"),
        SecurityGroupRuleIds: [rig.idOf("security-group-rule", "firewall.web:ingress-tcp-80-0.0.0.0/0")],
      }),
    shows: { "firewall.web:ingress-tcp-80-0.0.0.0/0": "create" },
  },
  {
    name: "a key",
    edit: (rig) => rig.call("DeleteKeyPair", { KeyPairId: rig.idOf("key-pair", "key.admin:key") }),
    shows: { "key.admin:key": "create" },
  },
  {
    name: "a place of an address",
    edit: (rig) => {
      const { id } = row(rig, rig.idOf("address", "address.fixed:eip")).association as { readonly id: string };
      rig.call("DisassociateAddress", { AssociationId: id });
    },
    shows: { "machine.b:association": "create" },
  },
  {
    name: "an address",
    edit: (rig) => rig.call("ReleaseAddress", { AllocationId: rig.idOf("address", "address.spare:eip") }),
    shows: { "address.spare:eip": "create" },
  },
  {
    name: "an attachment of a disk",
    edit: (rig) => rig.call("DetachVolume", { VolumeId: rig.idOf("volume", "disk.d:volume") }),
    shows: { "disk.d:attachment": "create" },
  },
  {
    name: "a disk in use",
    edit: (rig) => {
      const VolumeId = rig.idOf("volume", "disk.d:volume");
      rig.call("DetachVolume", { VolumeId });
      rig.call("DeleteVolume", { VolumeId });
    },
    shows: { "disk.d:volume": "create", "disk.d:attachment": "create" },
  },
  {
    name: "an image",
    edit: (rig) => rig.call("DeregisterImage", { ImageId: rig.idOf("image", "image.golden:image") }),
    shows: { "image.golden:image": "create" },
  },
  {
    name: "an image and its snapshot",
    edit: (rig) => {
      rig.call("DeregisterImage", { ImageId: rig.idOf("image", "image.golden:image") });
      rig.call("DeleteSnapshot", { SnapshotId: rig.idOf("snapshot", "snapshot.past:snapshot") });
    },
    shows: { "snapshot.past:snapshot": "create", "image.golden:image": "create" },
  },
  {
    name: "a disk that only a snapshot needs",
    edit: (rig) => rig.call("DeleteVolume", { VolumeId: rig.idOf("volume", "disk.kept:volume") }),
    shows: { "disk.kept:volume": "create", "snapshot.past:snapshot": "replace", "image.golden:image": "replace" },
  },
  {
    name: "a machine's own disk",
    edit: (rig) => {
      const VolumeId = volumeOf(rig, "/dev/sdg");
      rig.call("DetachVolume", { VolumeId });
      rig.call("DeleteVolume", { VolumeId });
    },
    shows: updated,
  },
  {
    name: "a machine",
    edit: (rig) => rig.call("TerminateInstances", { InstanceIds: [machine(rig)] }),
    shows: { [instance]: "create", "disk.d:attachment": "create" },
  },
  {
    name: "a machine with an address, and its interface",
    edit: (rig) => {
      rig.call("TerminateInstances", { InstanceIds: [rig.idOf("instance", "machine.b:instance")] });
      rig.call("DeleteNetworkInterface", { NetworkInterfaceId: rig.idOf("network-interface", "machine.b:interface") });
    },
    shows: { "machine.b:instance": "create", "machine.b:interface": "create", "machine.b:association": "create" },
  },
];
