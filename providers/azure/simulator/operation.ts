// Asynchronous operations: begun by a write, ended by the clock, and answered at the URLs of Azure-AsyncOperation and Location.
// https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations

import { type Passage, passageTime, retryAfter } from "./delays.ts";
import { ArmError, refuse } from "./errors.ts";
import type { ProviderKind } from "./resource-type.ts";
import type { JsonMap, OperationRow, ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

/** What happens to the target when the operation ends. */
export type Step = "settle" | "remove" | "power" | "remove-group";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonMap;
}

/** Where the answers' URLs begin, and the version that they ask for. */
export interface Wire {
  readonly origin: string;
  readonly apiVersion: string;
}

/** Begins an operation on a row, which is to carry its id. With a failing world it ends in `Failed`. */
export function beginOperation(
  world: World,
  target: ResourceRow,
  work: { readonly title: string; readonly passage: Passage; readonly step: Step; readonly location: string; readonly detail?: JsonMap },
): OperationRow {
  const operation = world.add("operation", {
    id: world.newGuid("operation"),
    location: work.location,
    target: target.id,
    title: work.title,
    startedAt: world.now,
    status: "InProgress",
  });
  const failed = world.failing === undefined ? {} : { failed: world.failing.reason };
  world.at(world.now + passageTime(work.passage, world.settings.delays), "finish", operation.id, {
    step: work.step,
    ...work.detail,
    ...failed,
  });
  return operation;
}

/** Ends an operation; a failure is the code that a fault plan chose, or a whole error. */
export function endOperation(world: World, id: string, failure?: string | { readonly code: string; readonly message: string }): void {
  const operation = world.get("operation", id);
  if (operation?.status !== "InProgress") return;
  const error = typeof failure === "string" ? { code: failure, message: describeFailure(failure) } : failure;
  world.change(operation, {
    status: error === undefined ? "Succeeded" : "Failed",
    endedAt: world.now,
    ...(error === undefined ? {} : { error }),
  });
}

const FAILURES: Readonly<Record<string, string>> = {
  AllocationFailed:
    "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance",
  ZonalAllocationFailed:
    "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance",
  OverconstrainedAllocationRequest:
    "Allocation failed. VM allocation failed due to constraints. Please remove some constraints and try again or deploy to a different region.",
  OSProvisioningTimedOut: "OS Provisioning for VM did not finish in the allotted time.",
};

function describeFailure(code: string): string {
  return FAILURES[code] ?? "An internal execution error occurred. Please retry later.";
}

/** The paths under which an operation's status and result are found. */
export function operationPaths(provider: ProviderKind, subscription: string, operation: OperationRow): { status: string; result: string } {
  if (provider === "resources") {
    const result = `/subscriptions/${subscription}/operationresults/${operation.id}`;
    return { status: result, result };
  }
  const [namespace, status, result] = {
    network: ["Microsoft.Network", "operations", "operationResults"],
    compute: ["Microsoft.Compute", "operations", "operationResults"],
    disk: ["Microsoft.Compute", "DiskOperations", "diskOperationResults"],
  }[provider];
  const base = `/subscriptions/${subscription}/providers/${namespace}/locations/${operation.location}`;
  return { status: `${base}/${status}/${operation.id}`, result: `${base}/${result}/${operation.id}` };
}

/** The headers that lead to an operation. */
export function pollingHeaders(
  world: World,
  provider: ProviderKind,
  operation: OperationRow,
  wire: Wire,
  which: { readonly async: boolean; readonly location: boolean },
): Readonly<Record<string, string>> {
  const { status, result } = operationPaths(provider, world.subscription, operation);
  const url = (path: string): string => `${wire.origin}${path}?api-version=${wire.apiVersion}`;
  return {
    ...(which.async ? { "azure-asyncoperation": url(status) } : {}),
    ...(which.location ? { location: url(result) } : {}),
    "retry-after": String(retryAfter(world.settings.delays)),
  };
}

/** The answer at Azure-AsyncOperation. */
export function answerStatus(world: World, provider: ProviderKind, id: string): Answer {
  const operation = world.get("operation", id) ?? refuse("NotFound", `The operation ${id} was not found.`, 404);
  const running = operation.status === "InProgress";
  const times =
    provider === "network"
      ? {}
      : {
          startTime: new Date(operation.startedAt).toISOString(),
          ...(operation.endedAt === undefined ? {} : { endTime: new Date(operation.endedAt).toISOString() }),
          name: operation.id,
        };
  return {
    status: 200,
    headers: running ? { "retry-after": String(retryAfter(world.settings.delays)) } : {},
    body: { ...times, status: operation.status, ...(operation.error === undefined ? {} : { error: operation.error }) },
  };
}

/** The answer at Location: 202 until it is over, then what the operation was for. */
export function answerResult(
  world: World,
  id: string,
  render: (row: ResourceRow) => JsonMap,
  wire: Wire & { readonly path: string },
): Answer {
  const operation = world.get("operation", id) ?? refuse("NotFound", `The operation ${id} was not found.`, 404);
  if (operation.status === "InProgress")
    return {
      status: 202,
      headers: {
        location: `${wire.origin}${wire.path}?api-version=${wire.apiVersion}`,
        "retry-after": String(retryAfter(world.settings.delays)),
      },
    };
  if (operation.error !== undefined) throw new ArmError(operation.error.code, operation.error.message, 409);
  if (operation.title === "DeleteResourceGroup") return { status: 200, headers: {} };
  const row = world.find(operation.target);
  return row === undefined || operation.title.startsWith("Delete")
    ? { status: 204, headers: {} }
    : { status: 200, headers: {}, body: render(row) };
}
