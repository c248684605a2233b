// A managed disk with a life of its own. It grows and changes its sort in place; nothing makes one smaller.
// https://learn.microsoft.com/rest/api/compute/disks/create-or-update

import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { needText, text, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { namesIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { numberAt, textAt } from "../json.ts";
import { readOne } from "../reads.ts";
import { createResource, deleteResource, tagRequest } from "../requests.ts";
import { createStep, deleteStep, step, tagSteps } from "../steps.ts";
import { changeDisk, describeDisk, includedPerformance, performance, shrinks, sourceOf, writePerformance } from "./disk-shape.ts";
import { showResource, uniqueIdOf } from "./plain-resource.ts";
import { envelopeOf, idProp, naturalIdIn, placeOf, resourceSchema, zonesProp } from "./schema-parts.ts";
import { describeUse } from "./usage.ts";

const type = "azure.compute.Disk";

const schema = resourceSchema(type, {
  version: 1,
  dataBearing: true,
  props: {
    zones: zonesProp,
    diskSizeGB: { type: "int", required: true, replaceWhen: shrinks, whenAbsent: "keep", doc: "GiB." },
    sku: {
      type: "string",
      required: true,
      doc: "`Premium_LRS`, `StandardSSD_LRS`, `Standard_LRS`; changed while no machine runs with it.",
    },
    diskIOPSReadWrite: { type: "int", doc: "PremiumV2 only. Taken out of the source, it goes back to 3,000." },
    diskMBpsReadWrite: { type: "int", doc: "PremiumV2 only. Taken out of the source, it goes back to 125." },
    sourceResourceId: { ...idProp, immutable: true, whenAbsent: "keep", doc: "Snapshot that its content comes from." },
  },
  timeouts: { create: minutes(30), update: minutes(30), delete: minutes(15) },
});

export const disk = defineHandler({
  schema,
  collection: "disks",
  repairs: "disks",

  steps(change) {
    if (change.action === "delete") return [deleteStep("disks.delete", {}, { impact: "data-loss" })];
    if (change.id === undefined) return [createStep("disks.createOrUpdate", change.desired, "natural")];
    const due = (["sku", "diskSizeGB"] as const).filter((name) => isPending(schema, change, name));
    return [
      ...due.map((name) => step(`modify:${name}`, "disks.update", pick(change.desired, [name]), "idempotent", { sets: [name] })),
      ...performanceSteps(change),
      ...tagSteps(schema, change, "disks.update"),
    ];
  },

  requests: {
    "disks.createOrUpdate": (call, body) => {
      const source = text(body, "sourceResourceId");
      const size = whole(body, "diskSizeGB");
      return createResource(call, {
        collection: "disks",
        ...placeOf(call, "disks", body),
        body: {
          ...envelopeOf(call, type, body),
          sku: { name: needText(body, "sku") },
          properties: {
            creationData: source === undefined ? { createOption: "Empty" } : { createOption: "Copy", sourceResourceId: source },
            ...(size === undefined ? {} : { diskSizeGB: size }),
            ...writePerformance(body),
          },
        },
        incarnation: uniqueIdOf,
      });
    },
    "disks.update": (call, body, asked) => (asked.key.startsWith("modify:") ? changeDisk(call, ownId(call), body) : tag(call, body, asked)),
    "disks.delete": (call) => deleteResource(call, "disks.delete", ownId(call)),
  },

  pollEvery: 1_000,
  describe(resource) {
    const { size, sku } = describeDisk(resource);
    return showResource(type, resource, {
      incarnation: uniqueIdOf(resource),
      props: {
        diskSizeGB: size,
        sku,
        diskIOPSReadWrite: numberAt(resource, "properties", "diskIOPSReadWrite"),
        diskMBpsReadWrite: numberAt(resource, "properties", "diskMBpsReadWrite"),
        sourceResourceId: sourceOf(resource),
      },
    });
  },

  naturalId: naturalIdIn("disks"),

  async blockers(call, id) {
    const holder = textAt(await readOne(call, "disks.get", namesIn(id)), "managedBy");
    return holder === undefined ? [] : describeUse([{ id: holder }]);
  },
});

/** What the source leaves out goes back to what every such disk has; other sorts have none that could be set. */
function performanceSteps(change: NativeChange): readonly Step[] {
  const due = performance.filter((name) => isPending(schema, change, name));
  const included = (change.desired.sku ?? change.observed.sku) === "PremiumV2_LRS" ? includedPerformance : {};
  const body = pick({ ...included, ...change.desired }, due);
  return Object.keys(body).length === 0 ? [] : [step("modify:performance", "disks.update", body, "idempotent", { sets: due })];
}

const tag = tagRequest(type, "disks", "disks.update");
