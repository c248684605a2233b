// Compute Engine's words for a refusal, sorted by what they mean to the engine. The same thing has a camel-case word in the answer to a request and
// an upper-case one in an operation that failed. Data only.
// https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation
// https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-bulk-vm-creation
// https://cloud.google.com/compute/docs/resource-error

import type { ErrorCode } from "../../engine/provider/errors.ts";

interface Judgement {
  readonly code: ErrorCode;
  /** The cloud's own refusal even where the status is 5xx. */
  readonly refusal?: true;
}

/** What a reason means; undefined for one that is not known. Case and separators do not matter. */
export function judgeReason(reason: string): Judgement | undefined {
  const word = normalise(reason);
  const exact = codes[word];
  if (exact !== undefined) return exact;
  // `ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS` and its like.
  if (/^(ZONE|REGION)RESOURCEPOOLEXHAUSTED/.test(word)) return { code: "quota", refusal: true };
  return undefined;
}

/** What the user can do. `quota` names the quota, where the cloud does. */
export function hintFor(reason: string, quota: string | undefined): string | undefined {
  const word = normalise(reason);
  if (/^(ZONE|REGION)RESOURCEPOOLEXHAUSTED/.test(word) || word === "INSUFFICIENTCAPACITY") {
    return "this zone has no capacity for the machine type now; try another zone or another machine type";
  }
  if (word === "QUOTAEXCEEDED" && quota !== undefined) return `raise the quota \`${quota}\` of the project, or delete what uses it`;
  return hints[word];
}

function normalise(reason: string): string {
  return reason.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

const codes: Readonly<Record<string, Judgement>> = {
  // The minute's quota of requests is spent: https://cloud.google.com/compute/docs/api-rate-limits
  RATELIMITEXCEEDED: { code: "throttled" },
  USERRATELIMITEXCEEDED: { code: "throttled" },
  RESOURCEEXHAUSTED: { code: "throttled" },
  // The project may have no more, or the cloud has no more.
  QUOTAEXCEEDED: { code: "quota" },
  LIMITEXCEEDED: { code: "quota" },
  INSUFFICIENTCAPACITY: { code: "quota", refusal: true },
  IPSPACEEXHAUSTED: { code: "quota" },
  RESOURCEOPERATIONRATEEXCEEDED: { code: "throttled" },
  // Something else still hangs on it.
  RESOURCEINUSEBYANOTHERRESOURCE: { code: "dependency" },
  RESOURCEINUSE: { code: "dependency" },
  // A state that passes.
  RESOURCENOTREADY: { code: "not_ready" },
  OPERATIONINPROGRESS: { code: "not_ready" },
  // Another stands there already, or what was read is out of date.
  ALREADYEXISTS: { code: "conflict" },
  RESOURCEALREADYEXISTS: { code: "conflict" },
  DUPLICATE: { code: "conflict" },
  CONFLICT: { code: "conflict" },
  CONDITIONNOTMET: { code: "conflict" },
  IPINUSEBYANOTHERRESOURCE: { code: "conflict" },
  NOTFOUND: { code: "not_found" },
  RESOURCENOTFOUND: { code: "not_found" },
  // Who asks, and whether they may.
  FORBIDDEN: { code: "denied" },
  REQUIRED: { code: "invalid" },
  AUTHERROR: { code: "denied" },
  UNAUTHENTICATED: { code: "denied" },
  PERMISSIONDENIED: { code: "denied" },
  PERMISSIONSERROR: { code: "denied" },
  INSUFFICIENTPERMISSIONS: { code: "denied" },
  ACCESSNOTCONFIGURED: { code: "denied" },
  SERVICEDISABLED: { code: "denied" },
  BILLINGNOTENABLED: { code: "denied" },
  // A mistake in what was asked.
  INVALID: { code: "invalid" },
  INVALIDPARAMETER: { code: "invalid" },
  INVALIDUSAGE: { code: "invalid" },
  INVALIDFIELD: { code: "invalid" },
  INVALIDARGUMENT: { code: "invalid" },
  BADREQUEST: { code: "invalid" },
  UNSUPPORTEDOPERATION: { code: "invalid" },
  CONDITIONNOTSATISFIED: { code: "invalid" },
  // The server does not say what became of it.
  BACKENDERROR: { code: "unavailable" },
  INTERNALERROR: { code: "unavailable" },
  INTERNAL: { code: "unavailable" },
  UNAVAILABLE: { code: "unavailable" },
  DEADLINEEXCEEDED: { code: "timeout" },
};

const hints: Readonly<Record<string, string>> = {
  QUOTAEXCEEDED: "the message names the quota; raise it for the project, or delete what uses it",
  RATELIMITEXCEEDED: "the project's quota of requests per minute is shared by all who use it",
  ACCESSNOTCONFIGURED: "enable the Compute Engine API for the project: `gcloud services enable compute.googleapis.com`",
  SERVICEDISABLED: "enable the Compute Engine API for the project: `gcloud services enable compute.googleapis.com`",
  FORBIDDEN: "the credentials lack a permission that the message names; Compute Admin (roles/compute.admin) has them all",
  PERMISSIONDENIED: "the credentials lack a permission that the message names; Compute Admin (roles/compute.admin) has them all",
  INSUFFICIENTPERMISSIONS: "the token lacks the scope https://www.googleapis.com/auth/compute",
  BILLINGNOTENABLED: "link the project to a billing account",
  IPSPACEEXHAUSTED: "the subnet has no free address left",
};
