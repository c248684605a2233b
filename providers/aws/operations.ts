// The EC2 operations that Koine calls, as types. Nothing here exists at run time: the SDK itself stands behind client.ts alone.

import type {
  AllocateAddressCommandInput,
  AllocateAddressCommandOutput,
  AssociateAddressCommandInput,
  AssociateAddressCommandOutput,
  AssociateIamInstanceProfileCommandInput,
  AssociateIamInstanceProfileCommandOutput,
  AssociateRouteTableCommandInput,
  AssociateRouteTableCommandOutput,
  AttachInternetGatewayCommandInput,
  AttachInternetGatewayCommandOutput,
  AttachVolumeCommandInput,
  AttachVolumeCommandOutput,
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupEgressCommandOutput,
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput,
  CreateInternetGatewayCommandInput,
  CreateInternetGatewayCommandOutput,
  CreateNatGatewayCommandInput,
  CreateNatGatewayCommandOutput,
  CreateNetworkInterfaceCommandInput,
  CreateNetworkInterfaceCommandOutput,
  CreateRouteCommandInput,
  CreateRouteCommandOutput,
  CreateRouteTableCommandInput,
  CreateRouteTableCommandOutput,
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  CreateSnapshotCommandInput,
  CreateSnapshotCommandOutput,
  CreateSubnetCommandInput,
  CreateSubnetCommandOutput,
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  CreateVolumeCommandInput,
  CreateVolumeCommandOutput,
  CreateVpcCommandInput,
  CreateVpcCommandOutput,
  DeleteInternetGatewayCommandInput,
  DeleteInternetGatewayCommandOutput,
  DeleteKeyPairCommandInput,
  DeleteKeyPairCommandOutput,
  DeleteNatGatewayCommandInput,
  DeleteNatGatewayCommandOutput,
  DeleteNetworkInterfaceCommandInput,
  DeleteNetworkInterfaceCommandOutput,
  DeleteRouteCommandInput,
  DeleteRouteCommandOutput,
  DeleteRouteTableCommandInput,
  DeleteRouteTableCommandOutput,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupCommandOutput,
  DeleteSnapshotCommandInput,
  DeleteSnapshotCommandOutput,
  DeleteSubnetCommandInput,
  DeleteSubnetCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
  DeleteVolumeCommandInput,
  DeleteVolumeCommandOutput,
  DeleteVpcCommandInput,
  DeleteVpcCommandOutput,
  DeregisterImageCommandInput,
  DeregisterImageCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput,
  DescribeIamInstanceProfileAssociationsCommandInput,
  DescribeIamInstanceProfileAssociationsCommandOutput,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceAttributeCommandOutput,
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypeOfferingsCommandOutput,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  DescribeInternetGatewaysCommandInput,
  DescribeInternetGatewaysCommandOutput,
  DescribeKeyPairsCommandInput,
  DescribeKeyPairsCommandOutput,
  DescribeNatGatewaysCommandInput,
  DescribeNatGatewaysCommandOutput,
  DescribeNetworkInterfaceAttributeCommandInput,
  DescribeNetworkInterfaceAttributeCommandOutput,
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
  DescribeRegionsCommandInput,
  DescribeRegionsCommandOutput,
  DescribeRouteTablesCommandInput,
  DescribeRouteTablesCommandOutput,
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
  DescribeSnapshotsCommandInput,
  DescribeSnapshotsCommandOutput,
  DescribeSubnetsCommandInput,
  DescribeSubnetsCommandOutput,
  DescribeVolumesCommandInput,
  DescribeVolumesCommandOutput,
  DescribeVolumesModificationsCommandInput,
  DescribeVolumesModificationsCommandOutput,
  DescribeVpcAttributeCommandInput,
  DescribeVpcAttributeCommandOutput,
  DescribeVpcsCommandInput,
  DescribeVpcsCommandOutput,
  DetachInternetGatewayCommandInput,
  DetachInternetGatewayCommandOutput,
  DetachVolumeCommandInput,
  DetachVolumeCommandOutput,
  DisassociateAddressCommandInput,
  DisassociateAddressCommandOutput,
  DisassociateIamInstanceProfileCommandInput,
  DisassociateIamInstanceProfileCommandOutput,
  DisassociateRouteTableCommandInput,
  DisassociateRouteTableCommandOutput,
  ImportKeyPairCommandInput,
  ImportKeyPairCommandOutput,
  ModifyInstanceAttributeCommandInput,
  ModifyInstanceAttributeCommandOutput,
  ModifyInstanceMetadataOptionsCommandInput,
  ModifyInstanceMetadataOptionsCommandOutput,
  ModifyNetworkInterfaceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandOutput,
  ModifySubnetAttributeCommandInput,
  ModifySubnetAttributeCommandOutput,
  ModifyVolumeCommandInput,
  ModifyVolumeCommandOutput,
  ModifyVpcAttributeCommandInput,
  ModifyVpcAttributeCommandOutput,
  MonitorInstancesCommandInput,
  MonitorInstancesCommandOutput,
  RegisterImageCommandInput,
  RegisterImageCommandOutput,
  ReleaseAddressCommandInput,
  ReleaseAddressCommandOutput,
  ReplaceIamInstanceProfileAssociationCommandInput,
  ReplaceIamInstanceProfileAssociationCommandOutput,
  ReplaceRouteCommandInput,
  ReplaceRouteCommandOutput,
  ReplaceRouteTableAssociationCommandInput,
  ReplaceRouteTableAssociationCommandOutput,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressCommandOutput,
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput,
  RunInstancesCommandInput,
  RunInstancesCommandOutput,
  StartInstancesCommandInput,
  StartInstancesCommandOutput,
  StopInstancesCommandInput,
  StopInstancesCommandOutput,
  TerminateInstancesCommandInput,
  TerminateInstancesCommandOutput,
  UnmonitorInstancesCommandInput,
  UnmonitorInstancesCommandOutput,
  UpdateSecurityGroupRuleDescriptionsEgressCommandInput,
  UpdateSecurityGroupRuleDescriptionsEgressCommandOutput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandOutput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../../engine/provider/provider.ts";

export interface Operations {
  readonly AllocateAddress: { readonly input: AllocateAddressCommandInput; readonly output: AllocateAddressCommandOutput };
  readonly AssociateAddress: { readonly input: AssociateAddressCommandInput; readonly output: AssociateAddressCommandOutput };
  readonly AssociateIamInstanceProfile: {
    readonly input: AssociateIamInstanceProfileCommandInput;
    readonly output: AssociateIamInstanceProfileCommandOutput;
  };
  readonly AssociateRouteTable: { readonly input: AssociateRouteTableCommandInput; readonly output: AssociateRouteTableCommandOutput };
  readonly AttachInternetGateway: {
    readonly input: AttachInternetGatewayCommandInput;
    readonly output: AttachInternetGatewayCommandOutput;
  };
  readonly AttachVolume: { readonly input: AttachVolumeCommandInput; readonly output: AttachVolumeCommandOutput };
  readonly AuthorizeSecurityGroupEgress: {
    readonly input: AuthorizeSecurityGroupEgressCommandInput;
    readonly output: AuthorizeSecurityGroupEgressCommandOutput;
  };
  readonly AuthorizeSecurityGroupIngress: {
    readonly input: AuthorizeSecurityGroupIngressCommandInput;
    readonly output: AuthorizeSecurityGroupIngressCommandOutput;
  };
  readonly CreateInternetGateway: {
    readonly input: CreateInternetGatewayCommandInput;
    readonly output: CreateInternetGatewayCommandOutput;
  };
  readonly CreateNatGateway: { readonly input: CreateNatGatewayCommandInput; readonly output: CreateNatGatewayCommandOutput };
  readonly CreateNetworkInterface: {
    readonly input: CreateNetworkInterfaceCommandInput;
    readonly output: CreateNetworkInterfaceCommandOutput;
  };
  readonly CreateRoute: { readonly input: CreateRouteCommandInput; readonly output: CreateRouteCommandOutput };
  readonly CreateRouteTable: { readonly input: CreateRouteTableCommandInput; readonly output: CreateRouteTableCommandOutput };
  readonly CreateSecurityGroup: { readonly input: CreateSecurityGroupCommandInput; readonly output: CreateSecurityGroupCommandOutput };
  readonly CreateSnapshot: { readonly input: CreateSnapshotCommandInput; readonly output: CreateSnapshotCommandOutput };
  readonly CreateSubnet: { readonly input: CreateSubnetCommandInput; readonly output: CreateSubnetCommandOutput };
  readonly CreateTags: { readonly input: CreateTagsCommandInput; readonly output: CreateTagsCommandOutput };
  readonly CreateVolume: { readonly input: CreateVolumeCommandInput; readonly output: CreateVolumeCommandOutput };
  readonly CreateVpc: { readonly input: CreateVpcCommandInput; readonly output: CreateVpcCommandOutput };
  readonly DeleteInternetGateway: {
    readonly input: DeleteInternetGatewayCommandInput;
    readonly output: DeleteInternetGatewayCommandOutput;
  };
  readonly DeleteKeyPair: { readonly input: DeleteKeyPairCommandInput; readonly output: DeleteKeyPairCommandOutput };
  readonly DeleteNatGateway: { readonly input: DeleteNatGatewayCommandInput; readonly output: DeleteNatGatewayCommandOutput };
  readonly DeleteNetworkInterface: {
    readonly input: DeleteNetworkInterfaceCommandInput;
    readonly output: DeleteNetworkInterfaceCommandOutput;
  };
  readonly DeleteRoute: { readonly input: DeleteRouteCommandInput; readonly output: DeleteRouteCommandOutput };
  readonly DeleteRouteTable: { readonly input: DeleteRouteTableCommandInput; readonly output: DeleteRouteTableCommandOutput };
  readonly DeleteSecurityGroup: { readonly input: DeleteSecurityGroupCommandInput; readonly output: DeleteSecurityGroupCommandOutput };
  readonly DeleteSnapshot: { readonly input: DeleteSnapshotCommandInput; readonly output: DeleteSnapshotCommandOutput };
  readonly DeleteSubnet: { readonly input: DeleteSubnetCommandInput; readonly output: DeleteSubnetCommandOutput };
  readonly DeleteTags: { readonly input: DeleteTagsCommandInput; readonly output: DeleteTagsCommandOutput };
  readonly DeleteVolume: { readonly input: DeleteVolumeCommandInput; readonly output: DeleteVolumeCommandOutput };
  readonly DeleteVpc: { readonly input: DeleteVpcCommandInput; readonly output: DeleteVpcCommandOutput };
  readonly DeregisterImage: { readonly input: DeregisterImageCommandInput; readonly output: DeregisterImageCommandOutput };
  readonly DescribeAddresses: { readonly input: DescribeAddressesCommandInput; readonly output: DescribeAddressesCommandOutput };
  readonly DescribeAvailabilityZones: {
    readonly input: DescribeAvailabilityZonesCommandInput;
    readonly output: DescribeAvailabilityZonesCommandOutput;
  };
  readonly DescribeIamInstanceProfileAssociations: {
    readonly input: DescribeIamInstanceProfileAssociationsCommandInput;
    readonly output: DescribeIamInstanceProfileAssociationsCommandOutput;
  };
  readonly DescribeImages: { readonly input: DescribeImagesCommandInput; readonly output: DescribeImagesCommandOutput };
  readonly DescribeInstanceAttribute: {
    readonly input: DescribeInstanceAttributeCommandInput;
    readonly output: DescribeInstanceAttributeCommandOutput;
  };
  readonly DescribeInstanceTypeOfferings: {
    readonly input: DescribeInstanceTypeOfferingsCommandInput;
    readonly output: DescribeInstanceTypeOfferingsCommandOutput;
  };
  readonly DescribeInstanceTypes: {
    readonly input: DescribeInstanceTypesCommandInput;
    readonly output: DescribeInstanceTypesCommandOutput;
  };
  readonly DescribeInstances: { readonly input: DescribeInstancesCommandInput; readonly output: DescribeInstancesCommandOutput };
  readonly DescribeInternetGateways: {
    readonly input: DescribeInternetGatewaysCommandInput;
    readonly output: DescribeInternetGatewaysCommandOutput;
  };
  readonly DescribeKeyPairs: { readonly input: DescribeKeyPairsCommandInput; readonly output: DescribeKeyPairsCommandOutput };
  readonly DescribeNatGateways: { readonly input: DescribeNatGatewaysCommandInput; readonly output: DescribeNatGatewaysCommandOutput };
  readonly DescribeNetworkInterfaceAttribute: {
    readonly input: DescribeNetworkInterfaceAttributeCommandInput;
    readonly output: DescribeNetworkInterfaceAttributeCommandOutput;
  };
  readonly DescribeNetworkInterfaces: {
    readonly input: DescribeNetworkInterfacesCommandInput;
    readonly output: DescribeNetworkInterfacesCommandOutput;
  };
  readonly DescribeRegions: { readonly input: DescribeRegionsCommandInput; readonly output: DescribeRegionsCommandOutput };
  readonly DescribeRouteTables: { readonly input: DescribeRouteTablesCommandInput; readonly output: DescribeRouteTablesCommandOutput };
  readonly DescribeSecurityGroupRules: {
    readonly input: DescribeSecurityGroupRulesCommandInput;
    readonly output: DescribeSecurityGroupRulesCommandOutput;
  };
  readonly DescribeSecurityGroups: {
    readonly input: DescribeSecurityGroupsCommandInput;
    readonly output: DescribeSecurityGroupsCommandOutput;
  };
  readonly DescribeSnapshots: { readonly input: DescribeSnapshotsCommandInput; readonly output: DescribeSnapshotsCommandOutput };
  readonly DescribeSubnets: { readonly input: DescribeSubnetsCommandInput; readonly output: DescribeSubnetsCommandOutput };
  readonly DescribeVolumes: { readonly input: DescribeVolumesCommandInput; readonly output: DescribeVolumesCommandOutput };
  readonly DescribeVolumesModifications: {
    readonly input: DescribeVolumesModificationsCommandInput;
    readonly output: DescribeVolumesModificationsCommandOutput;
  };
  readonly DescribeVpcAttribute: { readonly input: DescribeVpcAttributeCommandInput; readonly output: DescribeVpcAttributeCommandOutput };
  readonly DescribeVpcs: { readonly input: DescribeVpcsCommandInput; readonly output: DescribeVpcsCommandOutput };
  readonly DetachInternetGateway: {
    readonly input: DetachInternetGatewayCommandInput;
    readonly output: DetachInternetGatewayCommandOutput;
  };
  readonly DetachVolume: { readonly input: DetachVolumeCommandInput; readonly output: DetachVolumeCommandOutput };
  readonly DisassociateAddress: { readonly input: DisassociateAddressCommandInput; readonly output: DisassociateAddressCommandOutput };
  readonly DisassociateIamInstanceProfile: {
    readonly input: DisassociateIamInstanceProfileCommandInput;
    readonly output: DisassociateIamInstanceProfileCommandOutput;
  };
  readonly DisassociateRouteTable: {
    readonly input: DisassociateRouteTableCommandInput;
    readonly output: DisassociateRouteTableCommandOutput;
  };
  readonly ImportKeyPair: { readonly input: ImportKeyPairCommandInput; readonly output: ImportKeyPairCommandOutput };
  readonly ModifyInstanceAttribute: {
    readonly input: ModifyInstanceAttributeCommandInput;
    readonly output: ModifyInstanceAttributeCommandOutput;
  };
  readonly ModifyInstanceMetadataOptions: {
    readonly input: ModifyInstanceMetadataOptionsCommandInput;
    readonly output: ModifyInstanceMetadataOptionsCommandOutput;
  };
  readonly ModifyNetworkInterfaceAttribute: {
    readonly input: ModifyNetworkInterfaceAttributeCommandInput;
    readonly output: ModifyNetworkInterfaceAttributeCommandOutput;
  };
  readonly ModifySubnetAttribute: {
    readonly input: ModifySubnetAttributeCommandInput;
    readonly output: ModifySubnetAttributeCommandOutput;
  };
  readonly ModifyVolume: { readonly input: ModifyVolumeCommandInput; readonly output: ModifyVolumeCommandOutput };
  readonly ModifyVpcAttribute: { readonly input: ModifyVpcAttributeCommandInput; readonly output: ModifyVpcAttributeCommandOutput };
  readonly MonitorInstances: { readonly input: MonitorInstancesCommandInput; readonly output: MonitorInstancesCommandOutput };
  readonly RegisterImage: { readonly input: RegisterImageCommandInput; readonly output: RegisterImageCommandOutput };
  readonly ReleaseAddress: { readonly input: ReleaseAddressCommandInput; readonly output: ReleaseAddressCommandOutput };
  readonly ReplaceIamInstanceProfileAssociation: {
    readonly input: ReplaceIamInstanceProfileAssociationCommandInput;
    readonly output: ReplaceIamInstanceProfileAssociationCommandOutput;
  };
  readonly ReplaceRoute: { readonly input: ReplaceRouteCommandInput; readonly output: ReplaceRouteCommandOutput };
  readonly ReplaceRouteTableAssociation: {
    readonly input: ReplaceRouteTableAssociationCommandInput;
    readonly output: ReplaceRouteTableAssociationCommandOutput;
  };
  readonly RevokeSecurityGroupEgress: {
    readonly input: RevokeSecurityGroupEgressCommandInput;
    readonly output: RevokeSecurityGroupEgressCommandOutput;
  };
  readonly RevokeSecurityGroupIngress: {
    readonly input: RevokeSecurityGroupIngressCommandInput;
    readonly output: RevokeSecurityGroupIngressCommandOutput;
  };
  readonly RunInstances: { readonly input: RunInstancesCommandInput; readonly output: RunInstancesCommandOutput };
  readonly StartInstances: { readonly input: StartInstancesCommandInput; readonly output: StartInstancesCommandOutput };
  readonly StopInstances: { readonly input: StopInstancesCommandInput; readonly output: StopInstancesCommandOutput };
  readonly TerminateInstances: { readonly input: TerminateInstancesCommandInput; readonly output: TerminateInstancesCommandOutput };
  readonly UnmonitorInstances: { readonly input: UnmonitorInstancesCommandInput; readonly output: UnmonitorInstancesCommandOutput };
  readonly UpdateSecurityGroupRuleDescriptionsEgress: {
    readonly input: UpdateSecurityGroupRuleDescriptionsEgressCommandInput;
    readonly output: UpdateSecurityGroupRuleDescriptionsEgressCommandOutput;
  };
  readonly UpdateSecurityGroupRuleDescriptionsIngress: {
    readonly input: UpdateSecurityGroupRuleDescriptionsIngressCommandInput;
    readonly output: UpdateSecurityGroupRuleDescriptionsIngressCommandOutput;
  };
}

export type OperationName = keyof Operations;

export type Ec2Call = Call<Ec2>;

/** A connection to EC2 in one region. Made by `connectEc2`; handlers see no more of the SDK than this. */
export interface Ec2 {
  readonly region: string;
  /**
   * Sends one request, once: nothing is repeated behind the caller's back. Throws `ProviderError` only.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
   */
  send<Name extends OperationName>(
    operation: Name,
    input: Operations[Name]["input"],
    signal: AbortSignal,
  ): Promise<Operations[Name]["output"]>;
  /** The account that the credentials name, where their source tells it; else STS is asked. Makes no EC2 request. */
  account(signal: AbortSignal): Promise<string>;
  close(): void;
}
