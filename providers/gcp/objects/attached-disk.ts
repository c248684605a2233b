// A disk on an instance that outlives it: attached beside those that live and die with the instance.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances/attachDisk

import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { needText } from "../../handlers/body.ts";
import type { Described } from "../../handlers/handler.ts";
import { joinId, splitId } from "../../handlers/joined-id.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { instances } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import type { Instance } from "../operations.ts";
import { needLocation, pathOf } from "../paths.ts";
import { createStep, deleteStep } from "../steps.ts";
import { attachDisk, detachDisk } from "./instance-disk-requests.ts";
import { pathProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "gcp.compute.AttachedDisk",
  version: 1,
  marks: "none",
  naturalKey: ["instance", "disk"],
  props: {
    instance: pathProp("Path of the instance.", { required: true }),
    disk: pathProp("Path of the disk.", { required: true }),
    deviceName: { type: "string", required: true, immutable: true, doc: "The guest sees it as `/dev/disk/by-id/google-<deviceName>`." },
  },
  attributes: { deviceName: { type: "string", repeats: "deviceName" } },
  // Attached for writing, a disk is on one instance at a time.
  exclusive: [["disk"]],
  lockedBy: ["instance"],
  // An instance that ends lets go of its disks after its guest has shut down: cleaner than to pull a disk from under a running one.
  deletedWith: ["instance"],
  replacement: "delete-first",
  timeouts: { create: minutes(10), update: minutes(10), delete: minutes(15) },
};

export const attachedDisk = defineHandler<Instance>({
  schema,
  collection: instances,
  marksIn: [],
  parentOf: (id) => splitId(id)[0],
  naturalPath: ({ instance }) => (typeof instance === "string" ? pathOf(instance) : undefined),

  steps(change) {
    if (change.action === "delete") {
      const body = pick({ ...change.attributes, ...change.observed }, ["deviceName"]);
      return [deleteStep("instances.detachDisk", body, { impact: "downtime" })];
    }
    if (change.id !== undefined) return [];
    return [createStep("instances.attachDisk", pick(change.desired, ["instance", "disk", "deviceName"]), "natural")];
  },

  requests: {
    async "instances.attachDisk"(call, body) {
      const instance = pathOf(needText(body, "instance"));
      const disk = pathOf(needText(body, "disk"));
      const ack = await attachDisk(call, needLocation(instance), { disk, deviceName: needText(body, "deviceName"), autoDelete: false });
      return { ...ack, id: joinId(instance, disk) };
    },

    "instances.detachDisk": (call, body) => detachDisk(call, needLocation(splitId(ownId(call))[0]), needText(body, "deviceName")),
  },

  describe(row): readonly Described[] {
    if (!row.selfLink) return [];
    const instance = pathOf(row.selfLink);
    return (row.disks ?? []).flatMap(({ source, deviceName, boot }) => {
      if (!source || boot) return [];
      const disk = pathOf(source);
      return [
        {
          id: joinId(instance, disk),
          props: { instance, disk, deviceName: deviceName ?? "" },
          attributes: { deviceName: deviceName ?? "" },
        },
      ];
    });
  },
});
