// The requests that bring an instance from what it is to what it should be, in order. Pure: derived from what is observed, so that a list that
// was interrupted anywhere is finished by deriving it again.

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { isMap } from "../../handlers/body.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { byDevice, diskSteps } from "./instance-disks.ts";
import { instanceSchema as schema } from "./instance-schema.ts";

/** Props that only a stopped instance takes. */
const whenStopped = ["InstanceType", "EbsOptimized"] as const;

export function instanceSteps(change: NativeChange): readonly Step[] {
  if (change.action === "delete") return [terminate(change.observed)];
  if (change.id === undefined) return launchSteps(change);
  return [
    ...attributeSteps(change),
    ...profileSteps(change),
    ...diskSteps(schema, change),
    ...powerSteps(change),
    ...tagSteps(schema, change, childIds(change)),
  ];
}

function launchSteps(change: NativeChange): readonly Step[] {
  // Whether it stands still is not part of the launch.
  const { Power: _, RootDeviceName: __, ...body } = change.desired;
  const launch = createStep("RunInstances", body, "token");
  return wanted(schema, change, "Power") === "off" ? [launch, stopStep({ sets: ["Power"] })] : [launch];
}

/** The root volume is expected to go; that others go too has to be said. */
function terminate(observed: NativeMap): Step {
  const more = [...byDevice(observed.Disks).keys()].some((device) => device !== observed.RootDeviceName);
  return deleteStep("TerminateInstances", {}, { impact: more ? "data-loss" : "downtime" });
}

function attributeSteps(change: NativeChange): readonly Step[] {
  const due = (prop: string): boolean => isPending(schema, change, prop);
  const primary = pick(change.attributes, ["PrimaryNetworkInterfaceId"]);
  const wish = wanted(schema, change, "AssociatePublicIpAddress") === true;
  return [
    ...(due("Groups") && change.desired.Groups !== undefined
      ? [step("modify:Groups", "ModifyInstanceAttribute", pick(change.desired, ["Groups"]), "idempotent", { sets: ["Groups"] })]
      : []),
    ...(due("AssociatePublicIpAddress")
      ? [
          step(
            "modify:AssociatePublicIpAddress",
            "ModifyNetworkInterfaceAttribute",
            { ...primary, AssociatePublicIpAddress: wish },
            "idempotent",
            {
              sets: ["AssociatePublicIpAddress"],
              impact: wish ? "none" : "downtime",
            },
          ),
        ]
      : []),
    ...(due("MetadataOptions")
      ? [
          step(
            "modify:MetadataOptions",
            "ModifyInstanceMetadataOptions",
            { MetadataOptions: change.desired.MetadataOptions ?? {} },
            "idempotent",
            {
              sets: ["MetadataOptions"],
            },
          ),
        ]
      : []),
    ...(due("Monitoring")
      ? [
          step(
            "modify:Monitoring",
            wanted(schema, change, "Monitoring") === true ? "MonitorInstances" : "UnmonitorInstances",
            {},
            "idempotent",
            { sets: ["Monitoring"] },
          ),
        ]
      : []),
  ];
}

function profileSteps(change: NativeChange): readonly Step[] {
  if (!isPending(schema, change, "IamInstanceProfile")) return [];
  const association = pick(change.attributes, ["IamInstanceProfileAssociationId"]);
  const present = association.IamInstanceProfileAssociationId !== undefined;
  const profile = pick(change.desired, ["IamInstanceProfile"]);
  const sets = { sets: ["IamInstanceProfile"] };
  if (profile.IamInstanceProfile === undefined) {
    return present ? [step("profile:remove", "DisassociateIamInstanceProfile", association, "idempotent", sets)] : [];
  }
  return present
    ? [step("profile:replace", "ReplaceIamInstanceProfileAssociation", { ...association, ...profile }, "idempotent", sets)]
    : [step("profile:add", "AssociateIamInstanceProfile", profile, "natural", sets)];
}

/** Stop, modify, start, as far as each is still to be done. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html */
function powerSteps(change: NativeChange): readonly Step[] {
  const modified = whenStopped.filter((prop) => isPending(schema, change, prop));
  const powered = isPending(schema, change, "Power");
  const running = change.observed.Power !== "off";
  const wish = change.desired.Power ?? (powered ? "on" : running ? "on" : "off");
  const mustStop = running && (modified.length > 0 || (powered && wish === "off"));
  const mustStart = wish === "on" && (running ? mustStop : modified.length > 0 || powered);
  return [
    ...(mustStop ? [stopStep(wish === "off" ? { sets: ["Power"] } : {})] : []),
    ...modified.map((prop) =>
      step(`modify:${prop}`, "ModifyInstanceAttribute", { [prop]: wanted(schema, change, prop) ?? false }, "idempotent", { sets: [prop] }),
    ),
    ...(mustStart ? [step("start", "StartInstances", {}, "idempotent", { sets: ["Power"] })] : []),
  ];
}

function stopStep(more: { readonly sets?: readonly string[] }): Step {
  return step("stop", "StopInstances", {}, "idempotent", { impact: "downtime", ...more });
}

/** What carries the instance's tags besides itself: one request writes them on all. */
function childIds(change: NativeChange): readonly string[] {
  const disks = isMap(change.attributes.Disks) ? Object.values(change.attributes.Disks) : [];
  const prepared = change.desired.NetworkInterfaceId !== undefined;
  const primary = prepared ? [] : [change.attributes.PrimaryNetworkInterfaceId];
  return [...disks, ...primary].filter((id) => typeof id === "string");
}
