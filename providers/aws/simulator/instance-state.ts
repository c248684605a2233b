// Power: start, stop, reboot, terminate. What follows each, seconds later, is in transitions.ts.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html

import type {
  InstanceMonitoring,
  InstanceStateChange,
  MonitorInstancesRequest,
  MonitorInstancesResult,
  MonitoringState,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
  UnmonitorInstancesRequest,
  UnmonitorInstancesResult,
} from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import { renderState } from "./instance.ts";
import { readType } from "./instance-types.ts";
import { relendAddresses } from "./launch-interfaces.ts";
import { defineMutation } from "./operation.ts";
import { requireRow } from "./require.ts";
import type { InstanceRow, InstanceState } from "./rows.ts";
import { checkOffered } from "./run-instances.ts";
import type { World } from "./world.ts";

function requireInstances(world: World, ids: readonly string[] | undefined): readonly InstanceRow[] {
  if (ids === undefined || ids.length === 0) refuse("MissingParameter", "The request must contain the parameter InstanceId");
  return [...new Set(ids)].map((id) => requireRow(world, "instance", id));
}

function refuseState(row: InstanceRow, verb: string): never {
  return refuse("IncorrectInstanceState", `The instance '${row.id}' is not in a state from which it can be ${verb}.`);
}

function describeChange(row: InstanceRow, current: InstanceState): InstanceStateChange {
  return { InstanceId: row.id, CurrentState: renderState(current), PreviousState: renderState(row.state) };
}

/** For the timer that ends it. */
export function lingering({ lingers }: World): Readonly<Record<string, unknown>> {
  return lingers === undefined ? {} : { lingers };
}

/** `User initiated (2026-01-31 12:00:00 GMT)` */
function sayWho(world: World): string {
  return `User initiated (${new Date(world.now).toISOString().slice(0, 19).replace("T", " ")} GMT)`;
}

function setMonitoring(world: World, ids: readonly string[] | undefined, monitoring: boolean): InstanceMonitoring[] {
  return requireInstances(world, ids).map((row) => {
    if (row.state === "terminated" || row.state === "shutting-down") refuseState(row, "monitored");
    const State: MonitoringState =
      monitoring === row.monitoring ? (monitoring ? "enabled" : "disabled") : monitoring ? "pending" : "disabling";
    world.change(row, { monitoring });
    return { InstanceId: row.id, Monitoring: { State } };
  });
}

export const instanceStateOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html
  StartInstances: defineMutation<StartInstancesRequest, StartInstancesResult>(["InstanceIds"], (world, input) => {
    const rows = requireInstances(world, input.InstanceIds);
    for (const row of rows) {
      if (row.state !== "stopped" && row.state !== "running" && row.state !== "pending") refuseState(row, "started");
      if (row.spot?.type === "one-time")
        refuse(
          "UnsupportedOperation",
          `You can't start the Spot Instance '${row.id}' because it is associated with a one-time Spot Instance request.`,
        );
      checkOffered(world, readType(row.instanceType), row.zoneId);
    }
    const changes = rows.map((row) => {
      if (row.state !== "stopped") return describeChange(row, row.state);
      const { stateReason: _reason, ...rest } = row;
      world.change(rest as InstanceRow, { state: "pending", launchedAt: world.now, transitionReason: "" });
      relendAddresses(world, row.id);
      world.after("instanceStart", "instance-running", row.id);
      return describeChange(row, "pending");
    });
    return { StartingInstances: changes };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
  StopInstances: defineMutation<StopInstancesRequest, StopInstancesResult>(["InstanceIds", "Force"], (world, input) => {
    const rows = requireInstances(world, input.InstanceIds);
    for (const row of rows) {
      if (!["running", "stopping", "stopped"].includes(row.state)) refuseState(row, "stopped");
      if (row.disableApiStop)
        refuse(
          "OperationNotPermitted",
          `The instance '${row.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
        );
      if (row.spot?.type === "one-time")
        refuse(
          "UnsupportedOperation",
          `You can't stop the Spot Instance '${row.id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
        );
    }
    const changes = rows.map((row) => {
      if (row.state !== "running") return describeChange(row, row.state);
      world.change(row, {
        state: "stopping",
        stateReason: { code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown" },
        transitionReason: sayWho(world),
      });
      world.after("instanceStop", "instance-stopped", row.id);
      return describeChange(row, "stopping");
    });
    return { StoppingInstances: changes };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_MonitorInstances.html
  MonitorInstances: defineMutation<MonitorInstancesRequest, MonitorInstancesResult>(["InstanceIds"], (world, input) => ({
    InstanceMonitorings: setMonitoring(world, input.InstanceIds, true),
  })),
  UnmonitorInstances: defineMutation<UnmonitorInstancesRequest, UnmonitorInstancesResult>(["InstanceIds"], (world, input) => ({
    InstanceMonitorings: setMonitoring(world, input.InstanceIds, false),
  })),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
  RebootInstances: defineMutation<RebootInstancesRequest, object>(["InstanceIds"], (world, input) => {
    for (const row of requireInstances(world, input.InstanceIds)) if (row.state !== "running") refuseState(row, "rebooted");
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html: "This operation is idempotent"
  TerminateInstances: defineMutation<TerminateInstancesRequest, TerminateInstancesResult>(["InstanceIds", "Force"], (world, input) => {
    const rows = requireInstances(world, input.InstanceIds);
    for (const row of rows) {
      if (row.disableApiTermination && row.state !== "terminated") {
        refuse(
          "OperationNotPermitted",
          `The instance '${row.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
        );
      }
    }
    const changes = rows.map((row) => {
      if (row.state === "terminated" || row.state === "shutting-down") return describeChange(row, row.state);
      world.change(row, {
        state: "shutting-down",
        stateReason: { code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown" },
        transitionReason: sayWho(world),
      });
      world.after("instanceTerminate", "instance-terminated", row.id, lingering(world));
      return describeChange(row, "shutting-down");
    });
    return { TerminatingInstances: changes };
  }),
};
