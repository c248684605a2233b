// A virtual machine: made in one request with its disks, observed through as few calls as ARM allows, changed in place where Azure can.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update

import type { Step } from "../../../engine/provider/provider.ts";
import type { Settled } from "../../handlers/handler.ts";
import { defineHandler, settleByState } from "../handler.ts";
import type { ArmCall } from "../reads.ts";
import { naturalIdIn } from "./schema-parts.ts";
import { completeMachines, describeMachine, type MachineRow, readOnePower } from "./virtual-machine-reading.ts";
import { machineRequests } from "./virtual-machine-requests.ts";
import { machineSchema } from "./virtual-machine-schema.ts";
import { machineSteps } from "./virtual-machine-steps.ts";

export const virtualMachine = defineHandler<MachineRow>({
  schema: machineSchema,
  collection: "virtualMachines",
  repairs: "virtualMachines",
  steps: machineSteps,
  requests: machineRequests,
  query: { $expand: "instanceView" },
  pollEvery: 1_500,
  describe: describeMachine,
  complete: completeMachines,
  settled: settleMachine,
  naturalId: naturalIdIn("virtualMachines"),
});

/** With a handle the operation itself has said that it is done; without one the machine has to tell. */
async function settleMachine(asked: Step, row: MachineRow, call: ArmCall, handle: string | undefined): Promise<Settled> {
  const settled = settleByState(asked, row);
  // Its disks are resources of their own: the machine's state says nothing of them.
  if (asked.operation.startsWith("azure:disks.")) return "ready";
  if (settled !== "ready" || handle !== undefined) return settled;
  switch (asked.operation) {
    case "azure:virtualMachines.start":
      return awaitPower(row, call, "running");
    case "azure:virtualMachines.deallocate":
      return awaitPower(row, call, "deallocated");
    case "azure:virtualMachines.attachDetachDataDisks": {
      const isThere = row.dataDisks.some((disk) => disk.lun === asked.body.lun);
      return isThere === (asked.body.attach === true) ? "ready" : { pending: isThere ? "detaching" : "attaching" };
    }
    default:
      return "ready";
  }
}

async function awaitPower(row: MachineRow, call: ArmCall, wanted: string): Promise<Settled> {
  const state = row.powerState ?? (await readOnePower(call, row.id));
  return state === wanted ? "ready" : { pending: state ?? "not visible yet" };
}
