// A persistent disk with a life of its own. It grows in place; nothing makes one smaller. https://cloud.google.com/compute/docs/reference/rest/v1/disks

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeProp, NativeSchema } from "../../../engine/provider/native-schema.ts";
import { map, needText, present, text, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { isPending, pick } from "../../handlers/steps.ts";
import { blockersOfDisk } from "../blockers.ts";
import { disks } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { writeMarkLabels, writeUserLabels } from "../marks.ts";
import type { Disk } from "../operations.ts";
import { linkOf, nameOf, needLocation, pathOf } from "../paths.ts";
import { acknowledgeNew, requestIdOf } from "../request.ts";
import { createStep, deleteStep, labelSteps, step } from "../steps.ts";
import { describeLabelled, orAbsent, toNumber } from "./described.ts";
import { deleteDisk, diskTypeLink, labelDisk, performance, resizeDisk, updateDisk } from "./disk-requests.ts";
import { identityAttributes, labelsProp, nameProp, pathProp, requestIdValid, toName, zoneProp } from "./schema-parts.ts";

/** Reported only of types that let it be chosen. https://cloud.google.com/compute/docs/disks/hyperdisk-performance */
const chosen: NativeProp = { type: "int", whenAbsent: "keep" };

const schema: NativeSchema = {
  type: "gcp.compute.Disk",
  version: 1,
  marks: "tags",
  dataBearing: true,
  naturalKey: ["name", "zone"],
  nameBound: "name",
  props: {
    name: nameProp,
    zone: zoneProp,
    sizeGb: { type: "int", required: true, replaceWhen: shrinks, doc: "GiB." },
    type: { type: "string", immutable: true, whenAbsent: "keep", normalise: toName, doc: "`pd-balanced`, `hyperdisk-balanced`, …" },
    sourceSnapshot: pathProp("Path of the snapshot that it is made from.", { whenAbsent: "keep" }),
    provisionedIops: { ...chosen, doc: "Operations per second, of a type that lets them be chosen." },
    provisionedThroughput: { ...chosen, doc: "MiB per second, of a type that lets them be chosen." },
    labels: labelsProp,
  },
  attributes: identityAttributes,
  tokenValid: requestIdValid,
  timeouts: { create: minutes(15), update: minutes(15), delete: minutes(15) },
};

export const disk = defineHandler<Disk>({
  schema,
  collection: disks,
  marksIn: ["labels"],
  naturalPath: ({ name, zone }, { client }) =>
    typeof name === "string" && typeof zone === "string" ? `projects/${client.project}/zones/${zone}/disks/${name}` : undefined,

  steps(change) {
    if (change.action === "delete") return [deleteStep("disks.delete", {}, { impact: "data-loss" })];
    if (change.id === undefined) return [createStep("disks.insert", pick(change.desired, Object.keys(schema.props)), "token")];
    const grow = isPending(schema, change, "sizeGb")
      ? [step("resize", "disks.resize", pick(change.desired, ["sizeGb"]), "idempotent", { sets: ["sizeGb"] })]
      : [];
    const tune = performance
      .filter((name) => change.desired[name] !== undefined && isPending(schema, change, name))
      .map((name) => step(`update:${name}`, "disks.update", pick(change.desired, [name]), "idempotent", { sets: [name] }));
    return [...grow, ...tune, ...labelSteps(schema, change, "disks.setLabels")];
  },

  requests: {
    async "disks.insert"(call, body) {
      const zone = needText(body, "zone");
      const type = text(body, "type");
      const snapshot = text(body, "sourceSnapshot");
      const diskResource: Disk = {
        name: needText(body, "name"),
        sizeGb: String(whole(body, "sizeGb") ?? ""),
        ...present({
          type: type === undefined ? undefined : diskTypeLink(call.client.project, zone, type),
          sourceSnapshot: snapshot === undefined ? undefined : linkOf(snapshot),
          provisionedIops: whole(body, "provisionedIops")?.toString(),
          provisionedThroughput: whole(body, "provisionedThroughput")?.toString(),
        }),
        labels: { ...writeUserLabels(map(body, "labels")), ...writeMarkLabels(call.marks) },
      };
      const input = { zone, requestId: requestIdOf(call), diskResource };
      return acknowledgeNew("disks.insert", await call.client.send("disks.insert", input, call.signal));
    },

    "disks.resize": (call, body) => resizeDisk(call, needLocation(ownId(call)), body),
    "disks.update": (call, body) => updateDisk(call, needLocation(ownId(call)), body),
    "disks.setLabels": (call, body, asked) =>
      labelDisk(call, needLocation(ownId(call)), body, asked.marks === true ? writeMarkLabels(call.marks) : {}),
    "disks.delete": (call) => deleteDisk(call, needLocation(ownId(call))),
  },

  describe(row) {
    const props = {
      zone: row.zone ? nameOf(row.zone) : undefined,
      sizeGb: toNumber(row.sizeGb),
      type: row.type ? nameOf(row.type) : undefined,
      sourceSnapshot: row.sourceSnapshot ? pathOf(row.sourceSnapshot) : undefined,
      provisionedIops: toNumber(row.provisionedIops),
      provisionedThroughput: toNumber(row.provisionedThroughput),
    };
    return describeLabelled(
      row,
      props,
      {},
      {
        status: orAbsent(row.status),
        broken: row.status === "FAILED" ? "Compute Engine reports that the disk failed" : undefined,
        dead: row.status === "DELETING" ? "going" : undefined,
      },
    );
  },
  settled(_step, row) {
    if (row.broken !== undefined) return { failed: row.broken, code: "unavailable", leaves: "object" };
    return row.status === "CREATING" || row.status === "RESTORING" ? { pending: row.status.toLowerCase() } : "ready";
  },
  blockers: blockersOfDisk,
});

function shrinks(from: NativeValue, to: NativeValue): string | undefined {
  return typeof from === "number" && typeof to === "number" && to < from
    ? `a disk cannot shrink: from ${from} GiB to ${to} GiB`
    : undefined;
}
