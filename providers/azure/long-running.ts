// Long-running operations: what an answer points to is kept as a handle and looked at by reads. The SDK's own pollers are not used, because a
// handle has to outlive the process.
// https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations

import { ProviderError } from "../../engine/provider/errors.ts";
import type { Progress, Step } from "../../engine/provider/provider.ts";
import { readRetryAfter, toFailure } from "./errors.ts";
import { mapAt, textAt } from "./json.ts";
import type { ArmAnswer } from "./operations.ts";
import type { ArmCall } from "./reads.ts";

/** What to poll: the state of the operation where the answer names one, else the place where its result will be; undefined: the object tells. */
export function handleOf(answer: ArmAnswer): string | undefined {
  const { status, headers } = answer;
  const address = headers["azure-asyncoperation"] ?? (status === 202 ? headers.location : undefined);
  if (address === undefined || address === "") return undefined;
  const url = new URL(address, "https://management.azure.com");
  return `${url.pathname}${url.search}`;
}

/** Milliseconds between two looks where the answer does not say. */
const unsaid = 1_000;

/**
 * Looks at an operation once. Undefined: it has ended well, or is no longer known, and the object tells the rest. `exists` is asked only of a
 * creation that has failed.
 */
export async function settleOperation(
  call: ArmCall,
  step: Step,
  handle: string,
  exists: () => Promise<boolean>,
): Promise<Progress | undefined> {
  let answer: ArmAnswer;
  try {
    answer = await call.client.follow("operations.get", handle, call.signal);
  } catch (error) {
    // Its record is kept for a time only.
    if (error instanceof ProviderError && error.details.code === "not_found") return undefined;
    throw error;
  }
  const state = textAt(answer.body, "status");
  const retryAfter = readRetryAfter(answer.headers) ?? unsaid;
  if (state === undefined) return answer.status === 202 ? { kind: "pending", retryAfter } : ended(step);
  switch (state.toLowerCase()) {
    case "succeeded":
      return ended(step);
    case "failed":
    case "canceled":
    case "cancelled": {
      const error = toFailure(step.operation, state, mapAt(answer.body, "error"));
      return { kind: "failed", error, leaves: step.creates !== true || (await exists()) ? "object" : "nothing" };
    }
    default:
      return { kind: "pending", retryAfter, note: state };
  }
}

function ended(step: Step): Progress | undefined {
  return step.deletes === true ? { kind: "done" } : undefined;
}
