// A managed disk on a virtual machine. Azure lets a disk be attached once (sharing is not used), so a repeated attach changes nothing.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/attach-detach-data-disks

import { ProviderError } from "../../../engine/provider/errors.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, needText, text, whole } from "../../handlers/body.ts";
import { joinId, splitId } from "../../handlers/joined-id.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { canonicalId, nameIn, namesIn } from "../arm-id.ts";
import { defineHandler } from "../handler.ts";
import { textAt } from "../json.ts";
import { acknowledge } from "../requests.ts";
import { createStep, deleteStep } from "../steps.ts";
import { idProp } from "./schema-parts.ts";
import { readDataDisks } from "./virtual-machine-reading.ts";

const schema: NativeSchema = {
  type: "azure.compute.DiskAttachment",
  version: 1,
  marks: "none",
  naturalKey: ["virtualMachine", "disk"],
  props: {
    virtualMachine: { ...idProp, required: true, immutable: true },
    disk: { ...idProp, required: true, immutable: true },
    lun: { type: "int", required: true, immutable: true, doc: "Place among the machine's data disks." },
  },
  attributes: { id: { type: "string" } },
  exclusive: [["disk"], ["virtualMachine", "lun"]],
  lockedBy: ["virtualMachine"],
  // A machine that ends lets go of its disks after its guest has shut down: cleaner than to pull a disk from under a running one.
  deletedWith: ["virtualMachine"],
  replacement: "delete-first",
  timeouts: { create: minutes(15), update: minutes(15), delete: minutes(15) },
};

const operation = "virtualMachines.attachDetachDataDisks";

export const diskAttachment = defineHandler({
  schema,
  collection: "virtualMachines",
  parentOf: (id) => splitId(id)[0],

  steps(change) {
    if (change.action === "delete") return [deleteStep(operation, {}, { impact: "downtime" })];
    return change.id === undefined ? [createStep(operation, pick(change.desired, ["virtualMachine", "disk", "lun"]), "natural")] : [];
  },

  requests: {
    async [operation](call, body, asked) {
      if (asked.creates !== true) {
        const [machine, diskId] = splitId(ownId(call));
        const { body: holder } = await call.client.send("virtualMachines.get", { at: namesIn(machine) }, call.signal);
        if (!readDataDisks(holder).some((each) => each.id === diskId)) {
          throw new ProviderError(`\`${nameIn(diskId)}\` is not attached to \`${nameIn(machine)}\``, { code: "not_found", effect: "none" });
        }
        return acknowledge(
          await call.client.send(operation, { at: namesIn(machine), body: { dataDisksToDetach: [{ diskId }] } }, call.signal),
        );
      }
      const machine = canonicalId(needText(body, "virtualMachine"));
      const diskId = canonicalId(needText(body, "disk"));
      const lun = whole(body, "lun") ?? 0;
      const { body: there } = await call.client.send("virtualMachines.get", { at: namesIn(machine) }, call.signal);
      const taken = readDataDisks(there).find((each) => each.lun === lun || each.id === diskId);
      if (taken !== undefined) {
        throw new ProviderError(
          taken.id === diskId
            ? `\`${nameIn(diskId)}\` is attached to \`${nameIn(machine)}\` already, as LUN ${taken.lun}`
            : `LUN ${lun} of \`${nameIn(machine)}\` holds \`${nameIn(taken.id)}\``,
          { code: "conflict", effect: "none" },
        );
      }
      const request = { dataDisksToAttach: [{ diskId, lun, deleteOption: "Detach" }] };
      return {
        id: joinId(machine, diskId),
        ...acknowledge(await call.client.send(operation, { at: namesIn(machine), body: request }, call.signal)),
      };
    },
  },

  pollEvery: 1_000,
  describe(machine) {
    const virtualMachine = canonicalId(textAt(machine, "id") ?? "");
    return readDataDisks(machine).map(({ id: disk, lun }) => {
      const id = joinId(virtualMachine, disk);
      return { id, props: known({ virtualMachine, disk, lun }), attributes: { id } };
    });
  },

  naturalId: (_call, props) => {
    const machine = text(props, "virtualMachine");
    return machine === undefined ? undefined : canonicalId(machine);
  },
});
