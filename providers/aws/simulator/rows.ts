// The objects of the embedded world as plain rows: what is persisted, and nothing that can be computed from other rows.

import type * as simulation from "../../simulation/rows.ts";

export type TagMap = Readonly<Record<string, string>>;

/** The realm is `<account>/<region>`. */
interface RowOf<Kind extends string> extends simulation.RowOf<Kind> {
  readonly tags: TagMap;
  /** When the tags last changed and what they were: a lagging tag index answers from these. */
  readonly tagsAt: number;
  readonly tagsBefore?: TagMap;
}

export interface VpcRow extends RowOf<"vpc"> {
  readonly cidr: string;
  readonly associationId: string;
  readonly tenancy: string;
  readonly state: "pending" | "available";
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly networkAddressUsageMetrics: boolean;
}

export interface SubnetRow extends RowOf<"subnet"> {
  readonly vpcId: string;
  readonly cidr: string;
  readonly zoneId: string;
  readonly state: "pending" | "available";
  readonly mapPublicIp: boolean;
  readonly hostnameType: string;
  readonly resourceNameDnsA: boolean;
  readonly networkAclAssociationId: string;
}

export interface InternetGatewayRow extends RowOf<"internet-gateway"> {
  readonly vpcId?: string;
}

export type RouteTarget = "gateway" | "nat-gateway" | "network-interface" | "instance";

export interface RouteEntry {
  readonly destination: string;
  readonly target: RouteTarget;
  /** `local` for the VPC's own range. */
  readonly targetId: string;
  readonly origin: "CreateRouteTable" | "CreateRoute";
}

export interface RouteTableAssociation {
  readonly id: string;
  readonly subnetId?: string;
  readonly main: boolean;
}

export interface RouteTableRow extends RowOf<"route-table"> {
  readonly vpcId: string;
  readonly routes: readonly RouteEntry[];
  readonly associations: readonly RouteTableAssociation[];
}

export interface NetworkAclRow extends RowOf<"network-acl"> {
  readonly vpcId: string;
  readonly isDefault: boolean;
}

export interface NatGatewayRow extends RowOf<"nat-gateway"> {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly state: "pending" | "available" | "deleting" | "deleted" | "failed";
  readonly connectivity: "public" | "private";
  readonly networkInterfaceId: string;
  readonly privateIp: string;
  readonly allocationId?: string;
  readonly publicIp?: string;
  readonly associationId?: string;
  readonly failure?: { readonly code: string; readonly message: string };
  readonly deletedAt?: number;
}

export interface SecurityGroupRow extends RowOf<"security-group"> {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

export interface RulePeer {
  readonly cidr4?: string;
  readonly cidr6?: string;
  readonly groupId?: string;
}

export interface SecurityGroupRuleRow extends RowOf<"security-group-rule"> {
  readonly groupId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` or a number. */
  readonly protocol: string;
  /** -1 for every port; for icmp: type and code. */
  readonly from: number;
  readonly to: number;
  readonly peer: RulePeer;
  readonly description?: string;
}

export interface KeyPairRow extends RowOf<"key-pair"> {
  readonly name: string;
  readonly type: "rsa" | "ed25519";
  readonly fingerprint: string;
  readonly publicKey: string;
}

export interface InterfaceAttachment {
  readonly id: string;
  readonly instanceId?: string;
  readonly ownerId: string;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly attachedAt: number;
  readonly status: "attaching" | "attached" | "detaching";
}

export interface NetworkInterfaceRow extends RowOf<"network-interface"> {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zoneId: string;
  readonly description: string;
  readonly interfaceType: "interface" | "natGateway";
  readonly mac: string;
  readonly privateIp: string;
  readonly groups: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly status: "pending" | "available" | "in-use";
  readonly attachment?: InterfaceAttachment;
  /** An address lent by the cloud for as long as the instance runs. */
  readonly lentIp?: string;
  /** Whether the instance gets a lent address at each start. */
  readonly lendsIp: boolean;
  readonly requesterManaged: boolean;
}

export type InstanceState = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface MetadataOptions {
  readonly state: "pending" | "applied";
  readonly tokens: string;
  readonly hopLimit: number;
  readonly endpoint: string;
  readonly ipv6: string;
  readonly instanceTags: string;
}

export interface ProfileAssociation {
  readonly id: string;
  readonly arn: string;
  readonly state: "associating" | "associated" | "disassociating";
  readonly at: number;
}

export interface InstanceRow extends RowOf<"instance"> {
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly instanceType: string;
  readonly architecture: string;
  readonly keyName?: string;
  readonly launchedAt: number;
  readonly state: InstanceState;
  readonly stateReason?: { readonly code: string; readonly message: string };
  readonly transitionReason: string;
  readonly zoneId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** Kept after termination, when the interfaces are gone. */
  readonly groups: readonly string[];
  readonly rootDevice: string;
  /** Absent: shared hardware. */
  readonly tenancy?: "dedicated";
  readonly userData?: string;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: string;
  readonly ebsOptimized: boolean;
  readonly sourceDestCheck: boolean;
  readonly monitoring: boolean;
  readonly metadata: MetadataOptions;
  readonly spot?: { readonly requestId: string; readonly type: string; readonly interruption: string };
  readonly cpuCredits?: string;
  readonly clientToken?: string;
  readonly privateDnsName: string;
  readonly hostnameType: string;
  readonly resourceNameDnsA: boolean;
  readonly bootMode?: string;
  readonly platformDetails: string;
  readonly usageOperation: string;
  readonly profile?: ProfileAssociation;
}

export interface VolumeAttachment {
  readonly instanceId: string;
  readonly device: string;
  readonly state: "attaching" | "attached" | "detaching" | "busy";
  readonly attachedAt: number;
  readonly deleteOnTermination: boolean;
}

export interface VolumeModificationRecord {
  readonly state: "modifying" | "optimizing" | "completed" | "failed";
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly original: VolumeShape;
  readonly target: VolumeShape;
}

export interface VolumeShape {
  readonly size: number;
  readonly type: string;
  readonly iops?: number;
  readonly throughput?: number;
}

export interface VolumeRow extends RowOf<"volume">, VolumeShape {
  readonly zoneId: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
  readonly state: "creating" | "available" | "in-use" | "deleting" | "error";
  readonly multiAttach: boolean;
  readonly attachment?: VolumeAttachment;
  readonly modification?: VolumeModificationRecord;
  readonly modifiedAt?: readonly number[];
}

export interface AddressRow extends RowOf<"address"> {
  readonly publicIp: string;
  readonly association?: {
    readonly id: string;
    readonly networkInterfaceId: string;
    readonly privateIp: string;
    readonly instanceId?: string;
    readonly ownerId: string;
  };
}

export interface SnapshotRow extends RowOf<"snapshot"> {
  readonly volumeId: string;
  readonly size: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly description: string;
  readonly state: "pending" | "completed" | "error";
}

export interface OwnImageDisk {
  readonly device: string;
  readonly snapshotId: string;
  readonly size: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
}

export interface OwnImageRow extends RowOf<"image"> {
  readonly name: string;
  readonly description?: string;
  readonly architecture: string;
  readonly state: "pending" | "available" | "failed";
  readonly rootDevice: string;
  readonly disks: readonly OwnImageDisk[];
  readonly bootMode?: string;
  readonly virtualization: string;
  readonly ena: boolean;
  /** Of an image made by CreateImage. */
  readonly sourceInstanceId?: string;
}

/** What a client token made, and of which parameters. */
export interface TokenRow extends RowOf<"token"> {
  readonly digest: string;
  readonly ids: readonly string[];
}

export type TimerRow = simulation.TimerRowOf<TimerAction>;

export type TimerAction =
  | "vpc-available"
  | "subnet-available"
  | "nat-gateway-available"
  | "nat-gateway-deleted"
  | "instance-running"
  | "instance-stopped"
  | "instance-terminated"
  | "interface-available"
  | "interface-attached"
  | "interface-detached"
  | "interface-released"
  | "metadata-applied"
  | "profile-associated"
  | "profile-disassociated"
  | "volume-available"
  | "volume-attached"
  | "volume-detached"
  | "volume-deleted"
  | "volume-optimizing"
  | "volume-modified"
  | "snapshot-completed"
  | "image-available"
  | "forget"
  | "late-request";

export type Row =
  | VpcRow
  | SubnetRow
  | InternetGatewayRow
  | RouteTableRow
  | NetworkAclRow
  | NatGatewayRow
  | SecurityGroupRow
  | SecurityGroupRuleRow
  | KeyPairRow
  | NetworkInterfaceRow
  | InstanceRow
  | VolumeRow
  | AddressRow
  | SnapshotRow
  | OwnImageRow
  | TokenRow;

/** An object of the cloud, or what a token made; timers are none. */
export type Kind = Row["kind"];
export type RowByKind<K extends Kind> = simulation.RowByKind<Row, K>;
export type AnyRow = Row | TimerRow;
/** What a handler gives to make a row; the world adds the rest. */
export type NewRow<K extends Kind> = Omit<simulation.NewRow<Row, K>, "tags" | "tagsAt" | "tagsBefore"> & { readonly tags?: TagMap };
