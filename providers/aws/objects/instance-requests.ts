// Every request that is made about an instance: one function, one request.

import { ProviderError } from "../../../engine/provider/errors.ts";
import { flag, map, needText, present, text, texts, whole } from "../../handlers/body.ts";
import { ownId, type Request, tokenOf } from "../../handlers/request.ts";
import { incompleteAnswer } from "../errors.ts";
import { specifyChildTags } from "../marks.ts";
import type { Ec2 } from "../operations.ts";
import { detachVolume } from "./detach-volume.ts";
import { launchInput, metadataOptions } from "./instance-launch.ts";
import { nameOfProfile } from "./instance-schema.ts";
import { modifyVolume } from "./volume-modification.ts";

export const instanceRequests: Readonly<Record<string, Request<Ec2>>> = {
  async RunInstances(call, body) {
    const id = (await call.client.send("RunInstances", launchInput(call, body), call.signal)).Instances?.[0]?.InstanceId;
    if (id === undefined) throw incompleteAnswer("RunInstances", "InstanceId");
    return { id };
  },

  async StartInstances(call) {
    await call.client.send("StartInstances", { InstanceIds: [ownId(call)] }, call.signal);
    return {};
  },

  async StopInstances(call) {
    await call.client.send("StopInstances", { InstanceIds: [ownId(call)] }, call.signal);
    return {};
  },

  async TerminateInstances(call) {
    await call.client.send("TerminateInstances", { InstanceIds: [ownId(call)] }, call.signal);
    return {};
  },

  // One attribute per request: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
  async ModifyInstanceAttribute(call, body) {
    const groups = texts(body, "Groups");
    const type = text(body, "InstanceType");
    const optimized = flag(body, "EbsOptimized");
    const device = text(body, "DeviceName");
    await call.client.send(
      "ModifyInstanceAttribute",
      {
        InstanceId: ownId(call),
        ...(groups.length === 0 ? {} : { Groups: groups }),
        ...(type === undefined ? {} : { InstanceType: { Value: type } }),
        ...(optimized === undefined ? {} : { EbsOptimized: { Value: optimized } }),
        ...(device === undefined
          ? {}
          : { BlockDeviceMappings: [{ DeviceName: device, Ebs: { DeleteOnTermination: flag(body, "DeleteOnTermination") ?? true } }] }),
      },
      call.signal,
    );
    return {};
  },

  async ModifyInstanceMetadataOptions(call, body) {
    const options = metadataOptions(map(body, "MetadataOptions"));
    await call.client.send("ModifyInstanceMetadataOptions", { InstanceId: ownId(call), ...options }, call.signal);
    return {};
  },

  async ModifyNetworkInterfaceAttribute(call, body) {
    const input = {
      NetworkInterfaceId: needText(body, "PrimaryNetworkInterfaceId"),
      AssociatePublicIpAddress: flag(body, "AssociatePublicIpAddress") ?? false,
    };
    await call.client.send("ModifyNetworkInterfaceAttribute", input, call.signal);
    return {};
  },

  async MonitorInstances(call) {
    await call.client.send("MonitorInstances", { InstanceIds: [ownId(call)] }, call.signal);
    return {};
  },

  async UnmonitorInstances(call) {
    await call.client.send("UnmonitorInstances", { InstanceIds: [ownId(call)] }, call.signal);
    return {};
  },

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html
  async AssociateIamInstanceProfile(call, body) {
    const profile = { Name: String(nameOfProfile(needText(body, "IamInstanceProfile"))) };
    await call.client.send("AssociateIamInstanceProfile", { InstanceId: ownId(call), IamInstanceProfile: profile }, call.signal);
    return {};
  },

  async ReplaceIamInstanceProfileAssociation(call, body) {
    const profile = { Name: String(nameOfProfile(needText(body, "IamInstanceProfile"))) };
    const AssociationId = needText(body, "IamInstanceProfileAssociationId");
    await call.client.send("ReplaceIamInstanceProfileAssociation", { AssociationId, IamInstanceProfile: profile }, call.signal);
    return {};
  },

  async DisassociateIamInstanceProfile(call, body) {
    const AssociationId = needText(body, "IamInstanceProfileAssociationId");
    await call.client.send("DisassociateIamInstanceProfile", { AssociationId }, call.signal);
    return {};
  },

  /** A disk that is added later. Its id is the step's handle: polled here, attached by the next step. */
  async CreateVolume(call, body) {
    const device = needText(body, "DeviceName");
    const input = {
      AvailabilityZone: needText(body, "AvailabilityZone"),
      VolumeType: needText(body, "VolumeType") as "gp3",
      Encrypted: flag(body, "Encrypted") ?? true,
      ...present({ Size: whole(body, "VolumeSize"), Iops: whole(body, "Iops"), Throughput: whole(body, "Throughput") }),
      ClientToken: tokenOf(call),
      TagSpecifications: specifyChildTags("volume", call.marks, map(body, "Tags"), device),
    };
    const handle = (await call.client.send("CreateVolume", input, call.signal)).VolumeId;
    if (handle === undefined) throw incompleteAnswer("CreateVolume", "VolumeId");
    return { handle };
  },

  async AttachVolume(call, body) {
    const Device = needText(body, "DeviceName");
    const VolumeId = text(body, "VolumeId") ?? call.earlier?.[`disk:create:${Device}`];
    if (VolumeId === undefined) throw notKnownYet(Device);
    await call.client.send("AttachVolume", { InstanceId: ownId(call), VolumeId, Device }, call.signal);
    return { handle: VolumeId };
  },

  async ModifyVolume(call, body) {
    const { VolumeSize, ...rest } = body;
    const volume = needText(body, "VolumeId");
    await modifyVolume(call, volume, VolumeSize === undefined ? rest : { ...rest, Size: VolumeSize });
    return { handle: volume };
  },

  async DetachVolume(call, body) {
    const volume = needText(body, "VolumeId");
    await unlessGone(() => detachVolume(call, volume, ownId(call)));
    return { handle: volume };
  },

  async DeleteVolume(call, body) {
    const volume = needText(body, "VolumeId");
    await unlessGone(async () => {
      await call.client.send("DeleteVolume", { VolumeId: volume }, call.signal);
    });
    return { handle: volume };
  },
};

/** It ends a part of the object, not the object: gone already is what was wanted. */
async function unlessGone(request: () => Promise<void>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.code !== "not_found") throw error;
  }
}

/** The run that made the volume has ended before it was attached. */
function notKnownYet(device: string): ProviderError {
  return new ProviderError(`the volume for ${device} was made by an earlier run, and its id is only known after a new look`, {
    code: "invalid",
    effect: "none",
    hint: "plan and apply again: the volume is found and attached",
  });
}
