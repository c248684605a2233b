// The api-version of a request, which must be one that the installed SDKs send for what it asks.
// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types

import { refuse } from "./errors.ts";
import { listRegions } from "./regions.ts";

export const RESOURCES_VERSIONS = ["2025-04-01"];
/** No SDK of ours asks for subscriptions; this is the reference's version. https://learn.microsoft.com/rest/api/resources/subscriptions */
export const SUBSCRIPTION_VERSIONS = ["2022-12-01"];
export const NETWORK_VERSIONS = ["2026-01-01"];
export const COMPUTE_VERSIONS = ["2026-04-01"];
export const DISK_VERSIONS = ["2026-03-02"];
export const SKU_VERSIONS = ["2021-07-01"];

/** Throws as Resource Manager and the providers word it. `type` is undefined for what Resource Manager answers itself. */
export function checkApiVersion(given: string | undefined, known: readonly string[], type: string | undefined, location = ""): string {
  if (given === undefined || given === "")
    return refuse("MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
  if (known.includes(given)) return given;
  if (type === undefined)
    return refuse("InvalidApiVersionParameter", `The api-version '${given}' is invalid. The supported versions are '${known.join(",")}'.`);
  return refuse(
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${location}' and API version '${given}' for type '${type}'. The supported api-versions are '${known.join(", ")}'. The supported locations are '${listRegions()
      .map(({ name }) => name)
      .join(", ")}'.`,
  );
}
