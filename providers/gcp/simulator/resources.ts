// GCE's REST resources as far as they are served: field names and sorts as in the vendor's description, which a test compares. Output-only fields
// that are computed when shown are in here too. int64 is a string, as in JSON.

export type Labels = Readonly<Record<string, string>>;

interface Basics {
  readonly name: string;
  readonly id: string;
  readonly kind: string;
  readonly selfLink: string;
  readonly creationTimestamp: string;
  readonly description?: string;
}

interface Labelled {
  readonly labels?: Labels;
  readonly labelFingerprint: string;
}

export interface NetworkResource extends Basics {
  readonly autoCreateSubnetworks: boolean;
  readonly mtu: number;
  readonly routingConfig: { readonly routingMode: string; readonly bgpBestPathSelectionMode?: string };
  readonly networkFirewallPolicyEnforcementOrder: string;
  readonly selfLinkWithId: string;
  readonly subnetworks?: readonly string[];
}

export interface SubnetworkResource extends Basics {
  readonly network: string;
  readonly region: string;
  readonly ipCidrRange: string;
  readonly gatewayAddress: string;
  readonly privateIpGoogleAccess: boolean;
  readonly privateIpv6GoogleAccess: string;
  readonly purpose: string;
  readonly stackType: string;
  readonly fingerprint: string;
  readonly allowSubnetCidrRoutesOverlap: boolean;
}

export interface FirewallRuleEntry {
  readonly IPProtocol: string;
  readonly ports?: readonly string[];
}

export interface FirewallResource extends Basics {
  readonly network: string;
  readonly direction: string;
  readonly priority: number;
  readonly disabled: boolean;
  readonly allowed?: readonly FirewallRuleEntry[];
  readonly denied?: readonly FirewallRuleEntry[];
  readonly sourceRanges?: readonly string[];
  readonly destinationRanges?: readonly string[];
  readonly sourceTags?: readonly string[];
  readonly targetTags?: readonly string[];
  readonly sourceServiceAccounts?: readonly string[];
  readonly targetServiceAccounts?: readonly string[];
  readonly logConfig: { readonly enable: boolean; readonly metadata?: string };
}

export interface RouteResource extends Basics {
  readonly network: string;
  readonly destRange: string;
  readonly priority: number;
  readonly nextHopGateway?: string;
  readonly nextHopNetwork?: string;
  readonly tags?: readonly string[];
}

export interface RouterNat {
  readonly name: string;
  readonly type: string;
  readonly natIpAllocateOption: string;
  readonly natIps?: readonly string[];
  readonly drainNatIps?: readonly string[];
  readonly sourceSubnetworkIpRangesToNat: string;
  readonly subnetworks?: readonly {
    readonly name: string;
    readonly sourceIpRangesToNat?: readonly string[];
    readonly secondaryIpRangeNames?: readonly string[];
  }[];
  readonly minPortsPerVm?: number;
  readonly enableEndpointIndependentMapping: boolean;
  readonly enableDynamicPortAllocation?: boolean;
  readonly endpointTypes: readonly string[];
  readonly autoNetworkTier?: string;
  readonly logConfig?: { readonly enable?: boolean; readonly filter?: string };
}

export interface RouterResource extends Basics {
  readonly network: string;
  readonly region: string;
  readonly nats?: readonly RouterNat[];
}

export interface AddressResource extends Basics, Labelled {
  readonly region: string;
  readonly address: string;
  readonly addressType: string;
  readonly networkTier?: string;
  readonly purpose?: string;
  readonly subnetwork?: string;
  readonly status: string;
  readonly users?: readonly string[];
}

export interface GuestOsFeature {
  readonly type: string;
}

export interface DiskResource extends Basics, Labelled {
  readonly zone: string;
  readonly sizeGb: string;
  readonly type: string;
  readonly status: string;
  readonly users?: readonly string[];
  readonly sourceImage?: string;
  readonly sourceImageId?: string;
  readonly sourceSnapshot?: string;
  readonly sourceSnapshotId?: string;
  readonly provisionedIops?: string;
  readonly provisionedThroughput?: string;
  readonly physicalBlockSizeBytes: string;
  readonly licenses?: readonly string[];
  readonly guestOsFeatures?: readonly GuestOsFeature[];
  readonly architecture?: string;
  readonly lastAttachTimestamp?: string;
  readonly lastDetachTimestamp?: string;
  readonly enableConfidentialCompute: boolean;
}

export interface AttachedDiskResource {
  readonly kind: string;
  readonly type: string;
  readonly mode: string;
  readonly source: string;
  readonly deviceName: string;
  readonly index: number;
  readonly boot: boolean;
  readonly autoDelete: boolean;
  readonly interface: string;
  readonly diskSizeGb: string;
  readonly licenses?: readonly string[];
  readonly guestOsFeatures?: readonly GuestOsFeature[];
  readonly architecture?: string;
}

export interface AccessConfigResource {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly natIP?: string;
  readonly networkTier: string;
}

export interface NetworkInterfaceResource {
  readonly kind: string;
  readonly name: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly networkIP: string;
  readonly fingerprint: string;
  readonly stackType: string;
  readonly nicType?: string;
  readonly accessConfigs?: readonly AccessConfigResource[];
}

export interface MetadataResource {
  readonly kind: string;
  readonly fingerprint: string;
  readonly items?: readonly { readonly key: string; readonly value?: string }[];
}

export interface SchedulingResource {
  readonly onHostMaintenance: string;
  readonly automaticRestart: boolean;
  readonly preemptible: boolean;
  readonly provisioningModel: string;
  readonly instanceTerminationAction?: string;
}

export interface ShieldedConfig {
  readonly enableSecureBoot: boolean;
  readonly enableVtpm: boolean;
  readonly enableIntegrityMonitoring: boolean;
}

export interface InstanceResource extends Basics, Labelled {
  readonly zone: string;
  readonly machineType: string;
  readonly status: string;
  readonly statusMessage?: string;
  readonly hostname?: string;
  readonly cpuPlatform: string;
  readonly canIpForward: boolean;
  readonly deletionProtection: boolean;
  readonly startRestricted: boolean;
  readonly tags: { readonly fingerprint: string; readonly items?: readonly string[] };
  readonly metadata: MetadataResource;
  readonly networkInterfaces: readonly NetworkInterfaceResource[];
  readonly disks: readonly AttachedDiskResource[];
  readonly serviceAccounts?: readonly { readonly email: string; readonly scopes: readonly string[] }[];
  readonly scheduling: SchedulingResource;
  readonly shieldedInstanceConfig?: ShieldedConfig;
  readonly shieldedInstanceIntegrityPolicy?: { readonly updateAutoLearnPolicy: boolean };
  readonly resourceStatus?: { readonly physicalHost?: string };
  readonly fingerprint: string;
  readonly lastStartTimestamp?: string;
  readonly lastStopTimestamp?: string;
}

export interface SnapshotResource extends Basics, Labelled {
  readonly status: string;
  readonly sourceDisk: string;
  readonly sourceDiskId: string;
  readonly diskSizeGb: string;
  readonly storageBytes: string;
  readonly storageBytesStatus: string;
  readonly creationSizeBytes: string;
  readonly downloadBytes: string;
  readonly storageLocations: readonly string[];
  readonly snapshotType: string;
  readonly licenses?: readonly string[];
  readonly guestOsFeatures?: readonly GuestOsFeature[];
  readonly architecture?: string;
  readonly autoCreated: boolean;
  readonly enableConfidentialCompute: boolean;
}

export interface ImageResource extends Basics, Labelled {
  readonly status: string;
  readonly sourceType: string;
  readonly diskSizeGb: string;
  readonly archiveSizeBytes: string;
  readonly family?: string;
  readonly architecture?: string;
  readonly sourceSnapshot?: string;
  readonly sourceSnapshotId?: string;
  readonly sourceDisk?: string;
  readonly sourceDiskId?: string;
  readonly sourceImage?: string;
  readonly sourceImageId?: string;
  readonly storageLocations: readonly string[];
  readonly licenses?: readonly string[];
  readonly guestOsFeatures?: readonly GuestOsFeature[];
  readonly deprecated?: { readonly state: string; readonly replacement?: string };
  readonly enableConfidentialCompute: boolean;
  readonly rawDisk?: { readonly containerType: string; readonly source: string };
}

export interface GceOperation {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly operationType: string;
  readonly targetLink: string;
  readonly targetId: string;
  readonly user: string;
  readonly insertTime: string;
  readonly selfLink: string;
  readonly zone?: string;
  readonly region?: string;
}

export interface Resources {
  readonly networks: NetworkResource;
  readonly subnetworks: SubnetworkResource;
  readonly firewalls: FirewallResource;
  readonly routes: RouteResource;
  readonly routers: RouterResource;
  readonly addresses: AddressResource;
  readonly disks: DiskResource;
  readonly instances: InstanceResource;
  readonly snapshots: SnapshotResource;
  readonly images: ImageResource;
}
