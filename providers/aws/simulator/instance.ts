// Instances as they are described. Launching is in run-instances.ts, power in instance-state.ts.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html

import type {
  _InstanceType,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceStatus,
  Reservation,
} from "@aws-sdk/client-ec2";
import { selectRows } from "./describe.ts";
import { instanceLookup, interfacesOf, STATE_CODES, volumesOf } from "./instance-filters.ts";
import { idOfProfile } from "./instance-profile.ts";
import { findType } from "./instance-types.ts";
import { renderMetadataOptions } from "./metadata-options.ts";
import { namePublicly, publicAddressOf, renderInstanceInterface } from "./network-interface.ts";
import { defineQuery } from "./operation.ts";
import type { InstanceRow, InstanceState } from "./rows.ts";
import { renderTags } from "./tags.ts";
import type { World } from "./world.ts";
import { nameZone } from "./zones.ts";

export function renderState(state: InstanceState): { Code: number; Name: InstanceState } {
  return { Code: STATE_CODES[state], Name: state };
}

function renderInstance(world: World, row: InstanceRow): Instance {
  const gone = row.state === "terminated";
  const interfaces = interfacesOf(world, row);
  const [primary] = interfaces;
  const publicIp = primary === undefined ? undefined : publicAddressOf(world, primary)?.ip;
  const groups = (primary?.groups ?? (gone ? [] : row.groups)).map((id) => ({
    GroupId: id,
    GroupName: world.get("security-group", id)?.name ?? "",
  }));
  return {
    Architecture: row.architecture as "x86_64",
    BlockDeviceMappings: volumesOf(world, row).map((volume) => ({
      DeviceName: volume.attachment?.device ?? "",
      Ebs: {
        AttachTime: new Date(volume.attachment?.attachedAt ?? 0),
        DeleteOnTermination: volume.attachment?.deleteOnTermination ?? false,
        Status: volume.attachment?.state as "attached",
        VolumeId: volume.id,
      },
    })),
    ...(row.clientToken === undefined ? { ClientToken: "" } : { ClientToken: row.clientToken }),
    EbsOptimized: row.ebsOptimized,
    EnaSupport: true,
    Hypervisor: "xen",
    ...(row.spot === undefined ? {} : { InstanceLifecycle: "spot" as const, SpotInstanceRequestId: row.spot.requestId }),
    ...(row.profile === undefined ? {} : { IamInstanceProfile: { Arn: row.profile.arn, Id: idOfProfile(row.profile.arn) } }),
    NetworkInterfaces: interfaces.map((one) => renderInstanceInterface(world, one)),
    RootDeviceName: row.rootDevice,
    RootDeviceType: "ebs",
    SecurityGroups: groups,
    SourceDestCheck: primary?.sourceDestCheck ?? row.sourceDestCheck,
    ...(row.stateReason === undefined ? {} : { StateReason: { Code: row.stateReason.code, Message: row.stateReason.message } }),
    Tags: renderTags(row.tags),
    VirtualizationType: "hvm",
    CpuOptions: renderCpu(row),
    CapacityReservationSpecification: { CapacityReservationPreference: "open" },
    HibernationOptions: { Configured: false },
    MetadataOptions: renderMetadataOptions(row.metadata),
    EnclaveOptions: { Enabled: false },
    ...(row.bootMode === undefined ? {} : { BootMode: row.bootMode as "uefi" }),
    PlatformDetails: row.platformDetails,
    UsageOperation: row.usageOperation,
    UsageOperationUpdateTime: new Date(row.createdAt),
    PrivateDnsNameOptions: {
      HostnameType: row.hostnameType as "ip-name",
      EnableResourceNameDnsARecord: row.resourceNameDnsA,
      EnableResourceNameDnsAAAARecord: false,
    },
    MaintenanceOptions: { AutoRecovery: "default", RebootMigration: "default" },
    CurrentInstanceBootMode: row.bootMode?.startsWith("uefi") === true ? "uefi" : "legacy-bios",
    InstanceId: row.id,
    ImageId: row.imageId,
    State: renderState(row.state),
    PrivateDnsName: gone ? "" : row.privateDnsName,
    PublicDnsName: publicIp === undefined ? "" : namePublicly(world, row.vpcId, publicIp),
    StateTransitionReason: row.transitionReason,
    ...(row.keyName === undefined ? {} : { KeyName: row.keyName }),
    AmiLaunchIndex: row.launchIndex,
    ProductCodes: [],
    InstanceType: row.instanceType as _InstanceType,
    LaunchTime: new Date(row.launchedAt),
    Placement: {
      AvailabilityZone: nameZone(world, row.zoneId),
      AvailabilityZoneId: row.zoneId,
      GroupName: "",
      Tenancy: row.tenancy ?? "default",
    },
    Monitoring: { State: row.monitoring ? "enabled" : "disabled" },
    // A terminated instance has left its network.
    ...(gone ? {} : { SubnetId: row.subnetId, VpcId: row.vpcId }),
    ...(primary === undefined ? {} : { PrivateIpAddress: primary.privateIp }),
    ...(publicIp === undefined ? {} : { PublicIpAddress: publicIp }),
  };
}

function renderCpu(row: InstanceRow): { CoreCount: number; ThreadsPerCore: number } {
  const type = findType(row.instanceType);
  const threads = type === undefined || type.arch === "arm64" || type.vcpus === 1 ? 1 : 2;
  return { CoreCount: Math.max(1, (type?.vcpus ?? 1) / threads), ThreadsPerCore: threads };
}

/** The instances of one launch. */
export function renderReservation(world: World, rows: readonly InstanceRow[]): Reservation {
  return {
    Groups: [],
    Instances: rows.map((row) => renderInstance(world, row)),
    OwnerId: world.account,
    ReservationId: rows[0]?.reservationId ?? "",
  };
}

/** Instances of one launch stand together, wherever their place in the list. */
function gatherReservations(rows: readonly InstanceRow[]): readonly (readonly InstanceRow[])[] {
  const gathered = new Map<string, InstanceRow[]>();
  for (const row of rows) {
    const known = gathered.get(row.reservationId);
    if (known === undefined) gathered.set(row.reservationId, [row]);
    else known.push(row);
  }
  return [...gathered.values()];
}

function renderStatus(world: World, row: InstanceRow): InstanceStatus {
  const running = row.state === "running";
  // Checks take a while to pass after a start.
  const status = !running
    ? "not-applicable"
    : world.now - row.launchedAt < 60_000 && world.settings.delays === "realistic"
      ? "initializing"
      : "ok";
  const summary = {
    Status: status as "ok",
    Details: running ? [{ Name: "reachability" as const, Status: status === "ok" ? ("passed" as const) : ("initializing" as const) }] : [],
  };
  return {
    AvailabilityZone: nameZone(world, row.zoneId),
    AvailabilityZoneId: row.zoneId,
    InstanceId: row.id,
    InstanceState: renderState(row.state),
    InstanceStatus: summary,
    SystemStatus: summary,
    Events: [],
  };
}

export const instanceOperations = {
  DescribeInstances: defineQuery<DescribeInstancesRequest, DescribeInstancesResult>(
    ["InstanceIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, instanceLookup, input.InstanceIds, input.Filters, input);
      return { NextToken: nextToken, Reservations: gatherReservations(rows).map((members) => renderReservation(world, members)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html: running ones only, unless all are asked for.
  DescribeInstanceStatus: defineQuery<DescribeInstanceStatusRequest, DescribeInstanceStatusResult>(
    ["InstanceIds", "Filters", "IncludeAllInstances", "MaxResults", "NextToken"],
    (world, input) => {
      const known = instanceLookup.filters;
      const status = (row: InstanceRow): string => (row.state === "running" ? "ok" : "not-applicable");
      const filters = {
        "availability-zone": known["availability-zone"] ?? (() => []),
        "availability-zone-id": known["availability-zone-id"] ?? (() => []),
        "instance-state-code": known["instance-state-code"] ?? (() => []),
        "instance-state-name": known["instance-state-name"] ?? (() => []),
        "instance-status.status": (row: InstanceRow) => [status(row)],
        "system-status.status": (row: InstanceRow) => [status(row)],
        "instance-status.reachability": (row: InstanceRow) => (row.state === "running" ? ["passed"] : []),
        "system-status.reachability": (row: InstanceRow) => (row.state === "running" ? ["passed"] : []),
      };
      const { rows, nextToken } = selectRows(world, { ...instanceLookup, filters }, input.InstanceIds, input.Filters, input);
      const shown = rows.filter((row) => input.IncludeAllInstances === true || row.state === "running");
      return { InstanceStatuses: shown.map((row) => renderStatus(world, row)), NextToken: nextToken };
    },
  ),
};
