// What a cloud said when it said no: its own message, code and request id, and what the user can do.

import type { ProviderError } from "../../engine/provider/errors.ts";
import type { CommandContext } from "../command-context.ts";

export function tellProviderError({ terminal }: Pick<CommandContext, "terminal">, error: ProviderError): void {
  const { message, hint } = describeProviderError(error);
  terminal.tell(`${terminal.style("red", "error")}: ${message}\n  = ${hint}\n`);
}

export function describeProviderError(error: ProviderError): { readonly message: string; readonly hint: string } {
  const { vendorCode, requestId, hint, code } = error.details;
  const origin = [vendorCode, requestId ? `request ${requestId}` : undefined].filter((word) => word !== undefined).join(", ");
  return { message: `${error.message}${origin ? ` (${origin})` : ""}`, hint: hint ?? defaultHints[code] };
}

const defaultHints: Readonly<Record<ProviderError["details"]["code"], string>> = {
  throttled: "the account is busy; try again later",
  unavailable: "the cloud could not be reached or failed; try again",
  timeout: "the cloud did not answer in time; try again",
  dependency: "another object holds this one up",
  conflict: "something with this name or claim exists already",
  not_found: "it does not exist, or not in this account and region",
  denied: "check the credentials and what they are allowed to do",
  invalid: "the cloud refused the request as it is written",
  quota: "ask for a higher quota, or use less",
  not_ready: "try again in a moment",
  mismatch: "a request with this token was made before with other parameters",
  gone: "what this request made was removed since",
};
