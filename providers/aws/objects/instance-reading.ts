// What an instance looks like to the describe calls: the row itself, its volumes, and the two things that no list shows. Reads only.

import type { Filter, Instance, Volume } from "@aws-sdk/client-ec2";
import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import { known } from "../../handlers/body.ts";
import type { Described } from "../handler.ts";
import { childKeys, markKeys, readTag } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { readByValues, readPages } from "../sweep.ts";
import { nameOfProfile, normaliseMetadataOptions } from "./instance-schema.ts";
import { readVolumes } from "./volume-modification.ts";

/** Pages hold 1,000 instances. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export function readInstances(call: Ec2Call, Filters: Filter[]): Promise<readonly Instance[]> {
  return readPages(
    call.client,
    "DescribeInstances",
    { Filters, MaxResults: 1_000 },
    (page) => page.Reservations?.flatMap((reservation) => reservation.Instances ?? []),
    call.signal,
  );
}

/** The row alone; `addVolumes` replaces `Disks`, which here are only names and ids. */
export function describeInstance(row: Instance): readonly Described[] {
  if (row.InstanceId === undefined) return [];
  const state = row.State?.Name;
  const primary = row.NetworkInterfaces?.find((each) => each.Attachment?.DeviceIndex === 0) ?? row.NetworkInterfaces?.[0];
  const groups = primary?.Groups ?? row.SecurityGroups ?? [];
  return [
    {
      id: row.InstanceId,
      props: known({
        ImageId: row.ImageId,
        InstanceType: row.InstanceType,
        SubnetId: row.SubnetId,
        PrivateIpAddress: row.PrivateIpAddress,
        NetworkInterfaceId: primary?.NetworkInterfaceId,
        Groups: groups.flatMap((group) => group.GroupId ?? []).sort(),
        AssociatePublicIpAddress: showsPublicAddress(state, primary?.Association?.IpOwnerId),
        KeyName: row.KeyName,
        MetadataOptions: describeMetadataOptions(row),
        RootDeviceName: row.RootDeviceName,
        Power: state === "stopped" || state === "stopping" ? "off" : "on",
        InstanceMarketOptions: row.InstanceLifecycle === "spot" ? { MarketType: "spot" } : undefined,
        IamInstanceProfile: row.IamInstanceProfile?.Arn === undefined ? undefined : nameOfProfile(row.IamInstanceProfile.Arn),
        Monitoring: row.Monitoring?.State === "enabled" || row.Monitoring?.State === "pending",
        EbsOptimized: row.EbsOptimized,
        Tenancy: row.Placement?.Tenancy,
      }),
      attributes: known({
        InstanceId: row.InstanceId,
        PrivateIpAddress: row.PrivateIpAddress,
        PublicIpAddress: row.PublicIpAddress,
        AvailabilityZone: row.Placement?.AvailabilityZone,
        InstanceType: row.InstanceType,
        Disks: attachedDevices(row),
        PrimaryNetworkInterfaceId: primary?.NetworkInterfaceId,
      }),
      tags: row.Tags ?? [],
      status: state,
      token: row.ClientToken === "" ? undefined : row.ClientToken,
      reason: row.StateReason?.Code === undefined ? undefined : { code: row.StateReason.Code, message: row.StateReason.Message ?? "" },
      // Terminated instances stay listed for about an hour. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
      dead: state === "terminated" ? true : state === "shutting-down" ? "going" : undefined,
    },
  ];
}

/** An address of EC2's pool means that one was asked for; with an Elastic IP, or while it stands still, the row does not tell. */
function showsPublicAddress(state: string | undefined, owner: string | undefined): boolean | undefined {
  if (state !== "running") return undefined;
  if (owner === undefined) return false;
  return owner === "amazon" ? true : undefined;
}

function describeMetadataOptions(row: Instance): NativeValue | undefined {
  const options = row.MetadataOptions;
  if (options === undefined) return undefined;
  const { HttpEndpoint, HttpPutResponseHopLimit, HttpTokens, InstanceMetadataTags } = options;
  return normaliseMetadataOptions(known({ HttpEndpoint, HttpPutResponseHopLimit, HttpTokens, InstanceMetadataTags }));
}

/** Volume ids by device, of those that are attached for good. */
function attachedDevices(row: Instance): NativeMap {
  return Object.fromEntries(
    (row.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
      DeviceName === undefined || Ebs?.VolumeId === undefined || (Ebs.Status !== undefined && Ebs.Status !== "attached")
        ? []
        : [[DeviceName, Ebs.VolumeId]],
    ),
  );
}

/** Lists: the volumes of all rows, and their profile associations. Each: what costs a call per instance. */
export async function completeInstances(call: Ec2Call, rows: readonly Described[], depth: "list" | "each"): Promise<readonly Described[]> {
  const [volumes, associations] = await Promise.all([readVolumesOf(call, rows), readAssociations(call, rows)]);
  const listed = rows.map((row) => addAssociation(addVolumes(row, volumes), associations));
  return depth === "list" ? listed : Promise.all(listed.map((row) => readAttributes(call, row)));
}

interface Volumes {
  readonly byId: ReadonlyMap<string, Volume>;
  /** Children by the object mark of their instance. */
  readonly byObject: ReadonlyMap<string, readonly Volume[]>;
}

/**
 * Children by the mark of their instance, which shows the detached ones too; then, by id, what is attached and lost its tags. Calls are in
 * proportion to the instances, 200 in each.
 */
async function readVolumesOf(call: Ec2Call, rows: readonly Described[]): Promise<Volumes> {
  const marks = rows.flatMap((row) => readTag(row.tags, markKeys.object) ?? []);
  const children = await readByValues(marks, (by) => readVolumes(call, [by]), `tag:${childKeys.object}`);
  const byId = new Map(children.flatMap((volume) => (volume.VolumeId === undefined ? [] : [[volume.VolumeId, volume]])));
  const missing = rows.flatMap((row) => attachedIds(row)).filter((id) => !byId.has(id));
  for (const volume of await readByValues(missing, (by) => readVolumes(call, [by]), "volume-id")) {
    if (volume.VolumeId !== undefined) byId.set(volume.VolumeId, volume);
  }
  return { byId, byObject: Map.groupBy(children, (volume) => readTag(volume.Tags, childKeys.object) ?? "") };
}

function attachedIds(row: Described): readonly string[] {
  return Object.values((row.attributes.Disks ?? {}) as NativeMap).filter((id) => typeof id === "string");
}

function addVolumes(row: Described, volumes: Volumes): Described {
  const disks: NativeMap[] = [];
  const attached: Record<string, string> = {};
  for (const [device, id] of Object.entries((row.attributes.Disks ?? {}) as NativeMap)) {
    const volume = volumes.byId.get(String(id));
    if (volume === undefined || !isOwnDisk(volume, device, row)) continue;
    attached[device] = String(id);
    disks.push(describeDisk(device, volume, true));
  }
  const detached: Record<string, string> = {};
  for (const volume of volumes.byObject.get(readTag(row.tags, markKeys.object) ?? "-") ?? []) {
    const device = readTag(volume.Tags, childKeys.device);
    if (device === undefined || volume.VolumeId === undefined || volume.State !== "available" || attached[device] !== undefined) continue;
    detached[device] = volume.VolumeId;
    disks.push(describeDisk(device, volume, false));
  }
  disks.sort((a, b) => (String(a.DeviceName) < String(b.DeviceName) ? -1 : 1));
  return {
    ...row,
    props: { ...row.props, Disks: disks },
    attributes: { ...row.attributes, Disks: attached, ...(Object.keys(detached).length === 0 ? {} : { DetachedDisks: detached }) },
  };
}

/** A volume that is attached and is an object of its own, or that somebody put there by hand, is no disk of the instance. */
function isOwnDisk(volume: Volume, device: string, row: Described): boolean {
  if (readTag(volume.Tags, markKeys.object) !== undefined) return false;
  if (readTag(volume.Tags, childKeys.object) !== undefined || device === row.props.RootDeviceName) return true;
  return volume.Attachments?.some((each) => each.InstanceId === row.id && each.DeleteOnTermination === true) ?? false;
}

function describeDisk(device: string, volume: Volume, attached: boolean): NativeMap {
  return known({
    DeviceName: device,
    VolumeSize: volume.Size,
    VolumeType: volume.VolumeType,
    Iops: volume.Iops,
    Throughput: volume.Throughput,
    Encrypted: volume.Encrypted,
    DeleteOnTermination: attached ? (volume.Attachments?.[0]?.DeleteOnTermination ?? true) : true,
    Attached: attached,
  });
}

/** Only instances that have a profile are asked about. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeIamInstanceProfileAssociations.html */
async function readAssociations(call: Ec2Call, rows: readonly Described[]): Promise<ReadonlyMap<string, string>> {
  const ids = rows.filter((row) => row.props.IamInstanceProfile !== undefined).map((row) => row.id);
  const found = await readByValues(
    ids,
    (by) =>
      readPages(
        call.client,
        "DescribeIamInstanceProfileAssociations",
        { Filters: [by], MaxResults: 1_000 },
        (page) => page.IamInstanceProfileAssociations,
        call.signal,
      ),
    "instance-id",
  );
  return new Map(
    found.flatMap(({ InstanceId, AssociationId, State }) =>
      InstanceId === undefined || AssociationId === undefined || State === "disassociating" || State === "disassociated"
        ? []
        : [[InstanceId, AssociationId]],
    ),
  );
}

function addAssociation(row: Described, associations: ReadonlyMap<string, string>): Described {
  const id = associations.get(row.id);
  return id === undefined ? row : { ...row, attributes: { ...row.attributes, IamInstanceProfileAssociationId: id } };
}

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaceAttribute.html
 */
async function readAttributes(call: Ec2Call, row: Described): Promise<Described> {
  const primary = row.attributes.PrimaryNetworkInterfaceId;
  const ask = row.props.AssociatePublicIpAddress === undefined && typeof primary === "string";
  const [userData, address] = await Promise.all([
    call.client.send("DescribeInstanceAttribute", { InstanceId: row.id, Attribute: "userData" }, call.signal),
    ask
      ? call.client.send(
          "DescribeNetworkInterfaceAttribute",
          { NetworkInterfaceId: primary, Attribute: "associatePublicIpAddress" },
          call.signal,
        )
      : undefined,
  ]);
  return {
    ...row,
    props: {
      ...row.props,
      ...known({ UserData: decode(userData.UserData?.Value) }),
      ...(address === undefined ? {} : { AssociatePublicIpAddress: address.AssociatePublicIpAddress ?? false }),
    },
  };
}

function decode(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : Buffer.from(value, "base64").toString("utf8");
}
