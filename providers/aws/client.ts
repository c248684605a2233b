// The only file that loads the AWS SDK, and it is imported when a cloud is called, never before. One `send` is one request on the wire:
// the SDK's own retries are off, because only the engine knows whether a repeat is safe.

import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AssociateIamInstanceProfileCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AttachVolumeCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteKeyPairCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
  DeregisterImageCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeInternetGatewaysCommand,
  DescribeKeyPairsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfaceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVolumesModificationsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DetachVolumeCommand,
  DisassociateAddressCommand,
  DisassociateIamInstanceProfileCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  type EC2ClientConfig,
  ImportKeyPairCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySubnetAttributeCommand,
  ModifyVolumeCommand,
  ModifyVpcAttributeCommand,
  MonitorInstancesCommand,
  RegisterImageCommand,
  ReleaseAddressCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  UnmonitorInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsEgressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from "@aws-sdk/client-ec2";
import { toProviderError } from "./errors.ts";
import type { Ec2, OperationName, Operations } from "./operations.ts";

export interface Ec2Options {
  readonly region: string;
  readonly profile?: string;
  /** Loopback address of an embedded or third-party EC2. */
  readonly endpoint?: string;
  /** No credentials are looked for; requests are signed with ones that mean nothing. */
  readonly simulated: boolean;
  readonly koineVersion: string;
  readonly onRequest?: (operation: string) => void;
}

/** Named one by one so that a bundle holds these commands and no others of the SDK's 700. */
const commands = {
  AllocateAddress: AllocateAddressCommand,
  AssociateAddress: AssociateAddressCommand,
  AssociateIamInstanceProfile: AssociateIamInstanceProfileCommand,
  AssociateRouteTable: AssociateRouteTableCommand,
  AttachInternetGateway: AttachInternetGatewayCommand,
  AttachVolume: AttachVolumeCommand,
  AuthorizeSecurityGroupEgress: AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngress: AuthorizeSecurityGroupIngressCommand,
  CreateInternetGateway: CreateInternetGatewayCommand,
  CreateNatGateway: CreateNatGatewayCommand,
  CreateNetworkInterface: CreateNetworkInterfaceCommand,
  CreateRoute: CreateRouteCommand,
  CreateRouteTable: CreateRouteTableCommand,
  CreateSecurityGroup: CreateSecurityGroupCommand,
  CreateSnapshot: CreateSnapshotCommand,
  CreateSubnet: CreateSubnetCommand,
  CreateTags: CreateTagsCommand,
  CreateVolume: CreateVolumeCommand,
  CreateVpc: CreateVpcCommand,
  DeleteInternetGateway: DeleteInternetGatewayCommand,
  DeleteKeyPair: DeleteKeyPairCommand,
  DeleteNatGateway: DeleteNatGatewayCommand,
  DeleteNetworkInterface: DeleteNetworkInterfaceCommand,
  DeleteRoute: DeleteRouteCommand,
  DeleteRouteTable: DeleteRouteTableCommand,
  DeleteSecurityGroup: DeleteSecurityGroupCommand,
  DeleteSnapshot: DeleteSnapshotCommand,
  DeleteSubnet: DeleteSubnetCommand,
  DeleteTags: DeleteTagsCommand,
  DeleteVolume: DeleteVolumeCommand,
  DeleteVpc: DeleteVpcCommand,
  DeregisterImage: DeregisterImageCommand,
  DescribeAddresses: DescribeAddressesCommand,
  DescribeAvailabilityZones: DescribeAvailabilityZonesCommand,
  DescribeIamInstanceProfileAssociations: DescribeIamInstanceProfileAssociationsCommand,
  DescribeImages: DescribeImagesCommand,
  DescribeInstanceAttribute: DescribeInstanceAttributeCommand,
  DescribeInstanceTypeOfferings: DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypes: DescribeInstanceTypesCommand,
  DescribeInstances: DescribeInstancesCommand,
  DescribeInternetGateways: DescribeInternetGatewaysCommand,
  DescribeKeyPairs: DescribeKeyPairsCommand,
  DescribeNatGateways: DescribeNatGatewaysCommand,
  DescribeNetworkInterfaceAttribute: DescribeNetworkInterfaceAttributeCommand,
  DescribeNetworkInterfaces: DescribeNetworkInterfacesCommand,
  DescribeRegions: DescribeRegionsCommand,
  DescribeRouteTables: DescribeRouteTablesCommand,
  DescribeSecurityGroupRules: DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroups: DescribeSecurityGroupsCommand,
  DescribeSnapshots: DescribeSnapshotsCommand,
  DescribeSubnets: DescribeSubnetsCommand,
  DescribeVolumes: DescribeVolumesCommand,
  DescribeVolumesModifications: DescribeVolumesModificationsCommand,
  DescribeVpcAttribute: DescribeVpcAttributeCommand,
  DescribeVpcs: DescribeVpcsCommand,
  DetachInternetGateway: DetachInternetGatewayCommand,
  DetachVolume: DetachVolumeCommand,
  DisassociateAddress: DisassociateAddressCommand,
  DisassociateIamInstanceProfile: DisassociateIamInstanceProfileCommand,
  DisassociateRouteTable: DisassociateRouteTableCommand,
  ImportKeyPair: ImportKeyPairCommand,
  ModifyInstanceAttribute: ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptions: ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttribute: ModifyNetworkInterfaceAttributeCommand,
  ModifySubnetAttribute: ModifySubnetAttributeCommand,
  ModifyVolume: ModifyVolumeCommand,
  ModifyVpcAttribute: ModifyVpcAttributeCommand,
  MonitorInstances: MonitorInstancesCommand,
  RegisterImage: RegisterImageCommand,
  ReleaseAddress: ReleaseAddressCommand,
  ReplaceIamInstanceProfileAssociation: ReplaceIamInstanceProfileAssociationCommand,
  ReplaceRoute: ReplaceRouteCommand,
  ReplaceRouteTableAssociation: ReplaceRouteTableAssociationCommand,
  RevokeSecurityGroupEgress: RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngress: RevokeSecurityGroupIngressCommand,
  RunInstances: RunInstancesCommand,
  StartInstances: StartInstancesCommand,
  StopInstances: StopInstancesCommand,
  TerminateInstances: TerminateInstancesCommand,
  UnmonitorInstances: UnmonitorInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsEgress: UpdateSecurityGroupRuleDescriptionsEgressCommand,
  UpdateSecurityGroupRuleDescriptionsIngress: UpdateSecurityGroupRuleDescriptionsIngressCommand,
} satisfies Record<OperationName, unknown>;

type AnyCommand = Parameters<EC2Client["send"]>[0];

/** Connects by the default credential chain, or to a simulator. Sends nothing. */
export function connectEc2(options: Ec2Options): Ec2 {
  const client = new EC2Client(configure(options));
  const { onRequest } = options;
  if (onRequest !== undefined) {
    // `deserialize` is the step nearest to the wire: it runs once per request, after everything that could repeat one.
    client.middlewareStack.add(
      (next, context) => (args) => {
        onRequest(`ec2:${String(context.commandName).replace(/Command$/, "")}`);
        return next(args);
      },
      { step: "deserialize", name: "koineWireCount", priority: "low" },
    );
  }
  return {
    region: options.region,
    async send<Name extends OperationName>(operation: Name, input: Operations[Name]["input"], signal: AbortSignal) {
      // The table gives a union of constructors; that name, input and command belong together is what `Operations` says.
      const Command = commands[operation] as unknown as new (input: Operations[Name]["input"]) => AnyCommand;
      try {
        signal.throwIfAborted();
      } catch (cause) {
        throw toProviderError(cause, operation, { sent: false });
      }
      try {
        return (await client.send(new Command(input), { abortSignal: signal })) as Operations[Name]["output"];
      } catch (cause) {
        throw toProviderError(cause, operation, { sent: true });
      }
    },
    async account(signal: AbortSignal) {
      let known: string | undefined;
      try {
        known = (await client.config.credentials()).accountId;
      } catch (cause) {
        throw toProviderError(cause, "credentials", { sent: false });
      }
      return known ?? askSts(options, client, signal);
    },
    close: () => client.destroy(),
  };
}

/**
 * Not every source of credentials tells their account, and EC2 itself has no call for it. This one needs no permission.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
async function askSts(options: Ec2Options, client: EC2Client, signal: AbortSignal): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { region, maxAttempts, requestHandler, customUserAgent, endpoint } = configure(options);
  const sts = new STSClient({
    ...(region === undefined ? {} : { region }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
    ...(customUserAgent === undefined ? {} : { customUserAgent }),
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: client.config.credentials,
  });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    if (Account !== undefined) return Account;
  } catch (cause) {
    throw toProviderError(cause, "GetCallerIdentity", { sent: true });
  } finally {
    sts.destroy();
  }
  throw toProviderError(new Error("STS named no account"), "GetCallerIdentity", { sent: true });
}

function configure(options: Ec2Options): EC2ClientConfig {
  return {
    region: options.region,
    maxAttempts: 1,
    customUserAgent: [["koine", options.koineVersion]],
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.simulated ? { credentials: simulatedCredentials } : {}),
  };
}

const simulatedCredentials = { accessKeyId: "AKIASIMULATED", secretAccessKey: "simulated" };
