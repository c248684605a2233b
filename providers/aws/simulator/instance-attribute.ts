// What can be changed of an instance after its launch, one attribute a request.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html

import type {
  DescribeInstanceAttributeRequest,
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
  ModifyInstanceCreditSpecificationRequest,
  ModifyInstanceCreditSpecificationResult,
} from "@aws-sdk/client-ec2";
import { cutPage, isBehind, matchFilters } from "./describe.ts";
import { refuse } from "./errors.ts";
import { readType } from "./instance-types.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { requireRow } from "./require.ts";
import type { InstanceRow } from "./rows.ts";
import { checkOffered, MOST_USER_DATA } from "./run-instances.ts";
import { readGroups } from "./security-group.ts";
import type { World } from "./world.ts";

function requireStopped(row: InstanceRow, attribute: string): void {
  if (row.state !== "stopped")
    refuse(
      "IncorrectInstanceState",
      `The instance '${row.id}' is not in the 'stopped' state.${attribute === "" ? "" : ` The attribute ${attribute} can be changed in that state only.`}`,
    );
}

function primaryInterface(world: World, row: InstanceRow) {
  const interfaces = world.by("network-interface", "instance", row.id);
  return (
    interfaces.find((one) => one.attachment?.deviceIndex === 0) ??
    refuse("IncorrectInstanceState", `The instance '${row.id}' has no network interface`)
  );
}

function changeType(world: World, row: InstanceRow, name: string): void {
  const type = readType(name);
  requireStopped(row, "instanceType");
  if (type.arch !== row.architecture) {
    refuse(
      "InvalidParameterCombination",
      `The architecture '${type.arch}' of the specified instance type does not match the architecture '${row.architecture}' of the instance`,
    );
  }
  checkOffered(world, type, row.zoneId);
  const { cpuCredits, ...rest } = row;
  const credits = type.burstable ? (cpuCredits ?? (name.startsWith("t2.") ? "standard" : "unlimited")) : undefined;
  world.change(rest as InstanceRow, { instanceType: name, ...(credits === undefined ? {} : { cpuCredits: credits }) });
}

function changeDevices(world: World, row: InstanceRow, asked: NonNullable<ModifyInstanceAttributeRequest["BlockDeviceMappings"]>): void {
  for (const { DeviceName: device, Ebs: ebs } of asked) {
    const volume = world.by("volume", "instance", row.id).find((one) => one.attachment?.device === device);
    if (volume?.attachment === undefined || (ebs?.VolumeId !== undefined && ebs.VolumeId !== volume.id)) {
      refuse("InvalidInstanceAttributeValue", `No device is currently mapped at ${device}`);
    }
    if (ebs?.DeleteOnTermination === undefined)
      refuse("MissingParameter", "The request must contain the parameter blockDeviceMapping.ebs.deleteOnTermination");
    world.change(volume, { attachment: { ...volume.attachment, deleteOnTermination: ebs.DeleteOnTermination } });
  }
}

function changeUserData(world: World, row: InstanceRow, value: Uint8Array | undefined): void {
  requireStopped(row, "userData");
  const bytes = Buffer.from(value ?? new Uint8Array());
  if (bytes.length > MOST_USER_DATA) refuse("InvalidParameterValue", `User data is limited to ${MOST_USER_DATA} bytes`);
  const { userData: _old, ...rest } = row;
  world.change(rest as InstanceRow, bytes.length === 0 ? {} : { userData: bytes.toString("base64") });
}

export const instanceAttributeOperations = {
  ModifyInstanceAttribute: defineMutation<ModifyInstanceAttributeRequest, object>(
    [
      "InstanceId",
      "Attribute",
      "Value",
      "InstanceType",
      "UserData",
      "Groups",
      "SourceDestCheck",
      "DisableApiTermination",
      "DisableApiStop",
      "InstanceInitiatedShutdownBehavior",
      "EbsOptimized",
      "EnaSupport",
      "BlockDeviceMappings.DeviceName",
      "BlockDeviceMappings.Ebs.VolumeId",
      "BlockDeviceMappings.Ebs.DeleteOnTermination",
    ],
    (world, input) => {
      const row = requireRow(world, "instance", input.InstanceId);
      if (row.state === "terminated" || row.state === "shutting-down")
        refuse("IncorrectInstanceState", `The instance '${row.id}' is not in a valid state for this operation: ${row.state}`);
      const asked = withNamedAttribute(input);
      const given = Object.entries(asked).filter(([, value]) => value !== undefined);
      if (given.length === 0) refuse("MissingParameter", "The request must contain an attribute to modify");
      // "You can specify only one attribute at a time."
      if (given.length > 1) refuse("InvalidParameterCombination", "Fields for multiple attribute types specified");
      if (asked.InstanceType?.Value !== undefined) changeType(world, row, asked.InstanceType.Value);
      if (asked.UserData !== undefined) changeUserData(world, row, asked.UserData.Value);
      if (asked.Groups !== undefined) {
        if (asked.Groups.length === 0) refuse("InvalidParameterValue", "An instance needs at least one security group");
        const interfaces = world.by("network-interface", "instance", row.id);
        if (interfaces.length > 1)
          refuse(
            "InvalidInstanceID",
            "There are multiple interfaces attached to instance. Please specify an interface ID for the operation instead.",
          );
        const groups = readGroups(world, row.vpcId, asked.Groups);
        world.change(primaryInterface(world, row), { groups });
        world.change(row, { groups });
      }
      if (asked.SourceDestCheck?.Value !== undefined) {
        world.change(primaryInterface(world, row), { sourceDestCheck: asked.SourceDestCheck.Value });
        world.change(row, { sourceDestCheck: asked.SourceDestCheck.Value });
      }
      if (asked.DisableApiTermination?.Value !== undefined) {
        if (row.spot !== undefined)
          refuse("UnsupportedOperation", "The attribute disableApiTermination is not supported for Spot Instances");
        world.change(row, { disableApiTermination: asked.DisableApiTermination.Value });
      }
      if (asked.DisableApiStop?.Value !== undefined) world.change(row, { disableApiStop: asked.DisableApiStop.Value });
      if (asked.EbsOptimized?.Value !== undefined) {
        requireStopped(row, "ebsOptimized");
        world.change(row, { ebsOptimized: asked.EbsOptimized.Value });
      }
      if (asked.EnaSupport !== undefined) {
        requireStopped(row, "enaSupport");
        // "This option is supported only for HVM instances"; all are, and have it.
        if (asked.EnaSupport.Value !== true)
          refuse("InvalidParameterValue", "Turning enaSupport off is not implemented by the embedded EC2");
      }
      if (asked.InstanceInitiatedShutdownBehavior?.Value !== undefined) {
        const behavior = asked.InstanceInitiatedShutdownBehavior.Value;
        if (behavior !== "stop" && behavior !== "terminate")
          refuse("InvalidParameterValue", `Value (${behavior}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
        world.change(row, { shutdownBehavior: behavior });
      }
      if (asked.BlockDeviceMappings !== undefined) changeDevices(world, row, asked.BlockDeviceMappings);
      return {};
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
  DescribeInstanceAttribute: defineQuery<DescribeInstanceAttributeRequest, InstanceAttribute>(
    ["InstanceId", "Attribute"],
    (world, input) => {
      const row = requireRow(world, "instance", input.InstanceId);
      return { InstanceId: row.id, ...readAttribute(world, row, String(input.Attribute)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceCreditSpecifications.html
  DescribeInstanceCreditSpecifications: defineQuery<
    DescribeInstanceCreditSpecificationsRequest,
    DescribeInstanceCreditSpecificationsResult
  >(["InstanceIds", "Filters", "MaxResults", "NextToken"], (world, input) => {
    const matches = matchFilters<InstanceRow>({ "instance-id": (row) => [row.id] }, input.Filters);
    const asked = input.InstanceIds?.map((id) => {
      const row = requireRow(world, "instance", id);
      return row.cpuCredits === undefined ? refuse("InvalidInstanceID.NotBurstable", `The instance '${id}' is not burstable`) : row;
    });
    // "If you do not specify an instance ID, returns T2, T3 … instances with the unlimited credit option."
    const rows =
      asked ??
      [...world.all("instance")].filter(
        (row) => row.cpuCredits === "unlimited" && row.state !== "terminated" && !isBehind(world, row, "lists"),
      );
    const page = cutPage(
      rows.filter(matches).sort((a, b) => a.n - b.n),
      (row) => row.n,
      input,
      { least: 5, most: 1000 },
    );
    return {
      InstanceCreditSpecifications: page.rows.map((row) => ({ InstanceId: row.id, CpuCredits: row.cpuCredits })),
      NextToken: page.nextToken,
    };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceCreditSpecification.html
  ModifyInstanceCreditSpecification: defineMutation<ModifyInstanceCreditSpecificationRequest, ModifyInstanceCreditSpecificationResult>(
    ["InstanceCreditSpecifications", "ClientToken"],
    (world, input) => {
      const done: { InstanceId: string }[] = [];
      const failed: {
        InstanceId: string;
        Error: { Code: "InvalidInstanceID.NotFound" | "InstanceCreditSpecification.NotSupported"; Message: string };
      }[] = [];
      for (const { InstanceId: id = "", CpuCredits: credits = "" } of input.InstanceCreditSpecifications ?? []) {
        if (credits !== "standard" && credits !== "unlimited")
          refuse("InvalidParameterValue", `Value (${credits}) for parameter CpuCredits is invalid. Valid values: standard, unlimited`);
        const row = world.get("instance", id);
        if (row === undefined)
          failed.push({ InstanceId: id, Error: { Code: "InvalidInstanceID.NotFound", Message: `The instance ID '${id}' does not exist` } });
        else if (row.cpuCredits === undefined)
          failed.push({
            InstanceId: id,
            Error: { Code: "InstanceCreditSpecification.NotSupported", Message: `The instance '${id}' is not burstable` },
          });
        else {
          world.change(row, { cpuCredits: credits });
          done.push({ InstanceId: id });
        }
      }
      return { SuccessfulInstanceCreditSpecifications: done, UnsuccessfulInstanceCreditSpecifications: failed };
    },
  ),
};

type Asked = Omit<ModifyInstanceAttributeRequest, "InstanceId" | "Attribute" | "Value" | "DryRun">;

/** The older form: `Attribute=instanceType&Value=t3.large`. */
function withNamedAttribute(input: ModifyInstanceAttributeRequest): Asked {
  const { InstanceId: _id, DryRun: _dry, Attribute: attribute, Value: value, ...asked } = input;
  if (attribute === undefined) return asked;
  const named: Readonly<Record<string, Asked>> = {
    instanceType: { InstanceType: { Value: value } },
    userData: { UserData: { Value: Buffer.from(value ?? "", "base64") } },
    disableApiTermination: { DisableApiTermination: { Value: value === "true" } },
    disableApiStop: { DisableApiStop: { Value: value === "true" } },
    sourceDestCheck: { SourceDestCheck: { Value: value === "true" } },
    ebsOptimized: { EbsOptimized: { Value: value === "true" } },
    instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: value } },
  };
  // With block device mappings the attribute's name is a mere label.
  if (attribute === "blockDeviceMapping" && asked.BlockDeviceMappings !== undefined) return asked;
  return {
    ...asked,
    ...(named[attribute] ??
      refuse("InvalidParameterValue", `Value (${attribute}) for parameter attribute is invalid or not implemented by the embedded EC2`)),
  };
}

function readAttribute(world: World, row: InstanceRow, name: string): InstanceAttribute {
  switch (name) {
    case "instanceType":
      return { InstanceType: { Value: row.instanceType } };
    case "userData":
      return { UserData: row.userData === undefined ? {} : { Value: row.userData } };
    case "disableApiTermination":
      return { DisableApiTermination: { Value: row.disableApiTermination } };
    case "disableApiStop":
      return { DisableApiStop: { Value: row.disableApiStop } };
    case "instanceInitiatedShutdownBehavior":
      return { InstanceInitiatedShutdownBehavior: { Value: row.shutdownBehavior } };
    case "rootDeviceName":
      return { RootDeviceName: { Value: row.rootDevice } };
    case "sourceDestCheck":
      return { SourceDestCheck: { Value: primaryInterface(world, row).sourceDestCheck } };
    case "ebsOptimized":
      return { EbsOptimized: { Value: row.ebsOptimized } };
    case "enaSupport":
      return { EnaSupport: { Value: true } };
    case "groupSet":
      return {
        Groups: primaryInterface(world, row).groups.map((id) => ({ GroupId: id, GroupName: world.get("security-group", id)?.name ?? "" })),
      };
    case "blockDeviceMapping":
      return {
        BlockDeviceMappings: world.by("volume", "instance", row.id).map((volume) => ({
          DeviceName: volume.attachment?.device ?? "",
          Ebs: {
            AttachTime: new Date(volume.attachment?.attachedAt ?? 0),
            DeleteOnTermination: volume.attachment?.deleteOnTermination ?? false,
            Status: volume.attachment?.state as "attached",
            VolumeId: volume.id,
          },
        })),
      };
    default:
      return refuse("InvalidParameterValue", `Value (${name}) for parameter attribute is invalid or not implemented by the embedded EC2`);
  }
}
