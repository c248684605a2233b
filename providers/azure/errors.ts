// What ARM's refusals mean to the engine. The codes are sorted by what they say of the effect: only an error document that ARM or a resource
// provider wrote proves that nothing happened. Loads no SDK: errors are recognised by their shape.
// https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { type Effect, type ErrorCode, ProviderError, type ProviderErrorDetails } from "../../engine/provider/errors.ts";
import { isMap } from "../handlers/body.ts";
import { mapsAt, textAt } from "./json.ts";

type Headers = Readonly<Record<string, string>>;

/** A refusal with its status, as it came over the wire. `body` is what could be read of it: an error document, text, or nothing. */
export function toRefusal(
  operation: string,
  answer: { readonly status: number; readonly body: unknown; readonly headers: Headers },
): ProviderError {
  const { status, headers } = answer;
  const document = readDocument(answer.body);
  const retryAfter = readRetryAfter(headers);
  const requestId = headers["x-ms-request-id"] ?? headers["x-ms-correlation-request-id"];
  const base = { ...(requestId === undefined ? {} : { requestId }), ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (status === 429) {
    const vendorCode = document?.code ?? "TooManyRequests";
    return new ProviderError(document?.message ?? `${operation} was throttled`, { code: "throttled", effect: "none", vendorCode, ...base });
  }
  if (document === undefined) {
    const message = `${operation} was answered with HTTP ${status} and no error document of ARM; a proxy may stand in between`;
    return new ProviderError(message, { code: "unavailable", effect: "unknown", ...base });
  }
  const { code, effect, hint } = judgeVendorCode(document.code, document.message, status);
  return new ProviderError(document.message, {
    code,
    effect,
    vendorCode: document.code,
    ...base,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The error inside the state of an operation that ended in `Failed` or `Canceled`: it was tried, and is over. */
export function toFailure(operation: string, state: string, error: NativeMap): ProviderError {
  const document = readDocument({ error });
  if (document === undefined) {
    return new ProviderError(`${operation} ended in ${state}, and Azure gives no reason`, {
      code: "unavailable",
      effect: "none",
      vendorCode: state,
    });
  }
  const { code, hint } = judgeVendorCode(document.code, document.message, 409);
  return new ProviderError(document.message, {
    code,
    effect: "none",
    vendorCode: document.code,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Brings anything that was thrown while calling ARM to a `ProviderError`. `sent: false` says that no byte of the request left. */
export function toProviderError(cause: unknown, operation: string, { sent }: { readonly sent: boolean }): ProviderError {
  if (cause instanceof ProviderError) return cause;
  const { name, message, code, status } = readThrown(cause);
  if (!sent && /^(CredentialUnavailableError|AuthenticationError|AggregateAuthenticationError|AuthenticationRequiredError)$/.test(name)) {
    return new ProviderError(
      `no usable Azure credentials: ${message}`,
      {
        code: "denied",
        effect: "none",
        hint: "log in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; `tenant` in the cloud block picks the directory",
      },
      cause,
    );
  }
  const effect: Effect = sent ? "unknown" : "none";
  if (name === "AbortError" || name === "TimeoutError" || code === "ABORT_ERR" || code === "ETIMEDOUT") {
    return new ProviderError(`${operation} was broken off before Azure answered`, { code: "timeout", effect }, cause);
  }
  if (status !== undefined) {
    return new ProviderError(
      `${operation} was answered with HTTP ${status} and a body that is not JSON`,
      { code: "unavailable", effect },
      cause,
    );
  }
  const details: ProviderErrorDetails = { code: "unavailable", effect, ...(code === undefined ? {} : { vendorCode: code }) };
  return new ProviderError(`the connection to Azure failed during ${operation}: ${message}`, details, cause);
}

/** Milliseconds, of seconds or of a date. https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
export function readRetryAfter(headers: Headers): number | undefined {
  const written = headers["retry-after"];
  if (written === undefined || written === "") return undefined;
  const seconds = Number(written);
  if (Number.isFinite(seconds)) return seconds > 0 ? seconds * 1_000 : undefined;
  const at = Date.parse(written);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now()) || undefined;
}

interface Judgement {
  readonly code: ErrorCode;
  readonly effect: Effect;
  readonly hint?: string;
}

/** The engine's code for one of Azure's: exact codes first, then what the message says where one code has several meanings, then families. */
export function judgeVendorCode(vendorCode: string, message: string, status: number): Judgement {
  const code = exactCodes[vendorCode] ?? judgeMessage(vendorCode, message) ?? families.find(([pattern]) => pattern.test(vendorCode))?.[1];
  const hint = hints[vendorCode] ?? (code === "quota" && /quota/i.test(message) ? hints.QuotaExceeded : undefined);
  const told = hint === undefined ? {} : { hint };
  if (code !== undefined) return { code, effect: code === "unavailable" || code === "timeout" ? "unknown" : "none", ...told };
  return { ...byStatus(status), ...told };
}

function byStatus(status: number): Judgement {
  if (status >= 500) return { code: "unavailable", effect: "unknown" };
  switch (status) {
    case 401:
    case 403:
      return { code: "denied", effect: "none" };
    case 404:
      return { code: "not_found", effect: "none" };
    case 408:
      return { code: "timeout", effect: "unknown" };
    case 409:
    case 412:
      return { code: "conflict", effect: "none" };
    default:
      return { code: "invalid", effect: "none" };
  }
}

/** `OperationNotAllowed` and `Conflict` say anything from a quota to a disk in use. */
function judgeMessage(vendorCode: string, message: string): ErrorCode | undefined {
  if (vendorCode !== "OperationNotAllowed" && vendorCode !== "Conflict" && vendorCode !== "BadRequest") return undefined;
  if (/quota|exceed(s|ing) (approved|the maximum)/i.test(message)) return "quota";
  if (/is (currently )?(attached|in use|being used)|attached to (VM|virtual machine)/i.test(message)) return "dependency";
  if (
    /(in progress|being (created|updated|deleted|deallocated|provisioned)|concurrent|try again|retry later|is not in a valid state)/i.test(
      message,
    )
  )
    return "not_ready";
  return undefined;
}

const exactCodes: Readonly<Record<string, ErrorCode>> = {
  // The bucket is empty: the request was not looked at.
  SubscriptionRequestsThrottled: "throttled",
  TooManyRequests: "throttled",
  ResourceCollectionRequestsThrottled: "throttled",
  ResourceRequestsThrottled: "throttled",
  // Something else goes on there and will pass. https://learn.microsoft.com/azure/networking/troubleshoot-failed-state
  AnotherOperationInProgress: "not_ready",
  RetryableError: "not_ready",
  RetryableErrorDueToAnotherOperation: "not_ready",
  ReferencedResourceNotProvisioned: "not_ready",
  ResourceGroupBeingDeleted: "not_ready",
  AttachDiskWhileBeingDetached: "not_ready",
  ConflictingUserInput: "not_ready",
  OperationPreempted: "not_ready",
  PutOnDeletingResource: "not_ready",
  // An interface that a failed machine held is kept for it for three minutes.
  NicReservedForAnotherVm: "not_ready",
  CanceledAndSupersededDueToAnotherOperation: "not_ready",
  // What is named is not there: a fresh one may not be known yet.
  InvalidResourceReference: "not_found",
  ResourceNotFound: "not_found",
  ResourceGroupNotFound: "not_found",
  ParentResourceNotFound: "not_found",
  NotFound: "not_found",
  // A subscription that cannot be seen says nothing of what is in it.
  SubscriptionNotFound: "denied",
  InvalidSubscriptionId: "denied",
  InvalidResourceType: "invalid",
  // Who asks, and whether they may.
  AuthorizationFailed: "denied",
  LinkedAuthorizationFailed: "denied",
  InvalidAuthenticationToken: "denied",
  InvalidAuthenticationTokenTenant: "denied",
  AuthenticationFailed: "denied",
  ExpiredAuthenticationToken: "denied",
  RequestDisallowedByPolicy: "denied",
  ScopeLocked: "denied",
  ReadOnlyDisabledSubscription: "denied",
  MissingSubscriptionRegistration: "denied",
  MarketplacePurchaseEligibilityFailed: "denied",
  ResourcePurchaseValidationFailed: "denied",
  // Something stands there already, or has changed since it was read.
  PreconditionFailed: "conflict",
  SecurityRuleConflict: "conflict",
  NetcfgSubnetRangesOverlap: "conflict",
  PrivateIPAddressInUse: "conflict",
  PropertyChangeNotAllowed: "invalid",
  // The cloud has no more, or the account may have no more.
  SkuNotAvailable: "quota",
  QuotaExceeded: "quota",
  AllocationFailed: "quota",
  ZonalAllocationFailed: "quota",
  OverconstrainedAllocationRequest: "quota",
  OverconstrainedZonalAllocationRequest: "quota",
  SubnetIsFull: "quota",
  // Written without knowing the outcome.
  InternalServerError: "unavailable",
  InternalOperationError: "unavailable",
  InternalExecutionError: "unavailable",
  ServiceUnavailable: "unavailable",
  GatewayTimeout: "timeout",
  ServerTimeout: "timeout",
  RequestTimeout: "timeout",
};

const families: readonly (readonly [RegExp, ErrorCode])[] = [
  // `InUseSubnetCannotBeDeleted`, `NicInUse`, `PublicIPAddressCannotBeDeleted`, `InUseNetworkSecurityGroupCannotBeDeleted`.
  [/InUse|CannotBeDeleted|StillReferenced|NotEmpty/, "dependency"],
  [/(Quota|Limit)(Exceeded|Reached)|CountLimitReached/, "quota"],
  [/AlreadyExists$|AlreadyInUse$/, "conflict"],
  [/InProgress$/, "not_ready"],
  [/Throttled$/, "throttled"],
];

const hints: Readonly<Record<string, string>> = {
  AuthorizationFailed: "the credentials lack a role for this call on the subscription or the group",
  LinkedAuthorizationFailed: "the credentials lack a role on something that the request names",
  RequestDisallowedByPolicy: "a policy of the organisation forbids it; its name stands in the message",
  ScopeLocked: "a lock on the subscription or the group forbids it; take it off, or leave the object",
  SubscriptionNotFound: "check `subscription` in the cloud block and that the credentials belong to its tenant",
  InvalidAuthenticationTokenTenant: "set `tenant` in the cloud block to the tenant of the subscription",
  ExpiredAuthenticationToken: "log in again with `az login`",
  MissingSubscriptionRegistration: "register the resource provider: `az provider register --namespace` with the name from the message",
  MarketplacePurchaseEligibilityFailed: "accept the terms of the image: `az vm image terms accept`",
  ResourcePurchaseValidationFailed: "accept the terms of the image: `az vm image terms accept`",
  // https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available
  SkuNotAvailable: "this size is not to be had in the region or zone for this subscription; choose another size or zone",
  // https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/allocation-failure
  AllocationFailed: "the region has no capacity for this size now; try another size, or later",
  ZonalAllocationFailed: "this zone has no capacity for the size now; try another zone or size",
  OverconstrainedAllocationRequest: "no place meets all that is asked of the machine; loosen the size, or drop spot",
  OverconstrainedZonalAllocationRequest: "the zone has no place that meets all that is asked; try another zone or size",
  // https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-resource-quota
  QuotaExceeded: "raise the quota of this size family in the region, or choose another size",
  SubnetIsFull: "the subnet has no free address; widen it, or place the machine elsewhere",
};

interface Document {
  readonly code: string;
  readonly message: string;
}

/** `{ error: { code, message, details } }`, or without the envelope. Details that say more than the message are added to it. */
function readDocument(body: unknown): Document | undefined {
  if (!isMap(body as NativeValue)) return undefined;
  const whole = body as NativeMap;
  const error = isMap(whole.error) ? whole.error : whole;
  const code = textAt(error, "code");
  if (code === undefined) return undefined;
  const [first, ...rest] = [textAt(error, "message") ?? code, ...mapsAt(error, "details").flatMap(describeDetail)];
  const more = rest.filter((text) => !first?.includes(text));
  return { code: innerCode(error) ?? code, message: [first, ...more].join("; ").replaceAll(/\s+/g, " ").trim() };
}

function describeDetail(detail: NativeMap): readonly string[] {
  const text = textAt(detail, "message");
  const code = textAt(detail, "code");
  return text === undefined ? [] : [code === undefined || text.includes(code) ? text : `${code}: ${text}`];
}

/** Some envelopes only say that something went wrong; the detail says what. */
function innerCode(error: NativeMap): string | undefined {
  if (!["DeploymentFailed", "ResourceOperationFailure", "ResourceDeploymentFailure"].includes(textAt(error, "code") ?? ""))
    return undefined;
  return textAt(mapsAt(error, "details")[0], "code");
}

function readThrown(cause: unknown): {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
} {
  const error = (typeof cause === "object" && cause !== null ? cause : {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    name: text(error.name) ?? "Error",
    // The SDK adds the request in full; the first line is the cause.
    message: (text(error.message) ?? String(cause)).split("\n")[0] ?? "",
    code: text(error.code),
    status: typeof error.statusCode === "number" ? error.statusCode : undefined,
  };
}
