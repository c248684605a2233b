// What EC2's refusals mean to the engine. Vendor codes are sorted by what they say of the effect: only an error that EC2 itself wrote
// proves that nothing happened; whatever else came back, or did not, leaves that open. Loads no SDK: errors are recognised by their shape.

import { type Effect, type ErrorCode, ProviderError, type ProviderErrorDetails } from "../../engine/provider/errors.ts";
import { asRecord, textOf } from "../handlers/read-unknown.ts";

/**
 * Brings anything that was thrown while calling EC2 to a `ProviderError`. `sent: false` says that no byte of the request left.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export function toProviderError(cause: unknown, operation: string, { sent }: { readonly sent: boolean }): ProviderError {
  if (cause instanceof ProviderError) return cause;
  const answer = readAnswer(cause);
  if (isCredentialProblem(answer)) {
    return new ProviderError(
      `no usable AWS credentials: ${answer.message}`,
      { code: "denied", effect: "none", hint: "set AWS_PROFILE or `profile` in the cloud block, or log in with `aws sso login`" },
      cause,
    );
  }
  if (answer.vendorCode === undefined) return toTransportError(answer, operation, sent, cause);
  const { code, effect, hint } = judgeVendorCode(answer.vendorCode, answer.status);
  const details: ProviderErrorDetails = {
    code,
    effect,
    vendorCode: answer.vendorCode,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(hint === undefined ? {} : { hint }),
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
  };
  return new ProviderError(answer.message, details, cause);
}

/** An answer of EC2 that is well-formed and yet lacks what the operation always tells: it may well have happened. */
export function incompleteAnswer(operation: string, missing: string): ProviderError {
  return new ProviderError(`the answer to ${operation} has no ${missing}`, { code: "unavailable", effect: "unknown" });
}

interface Answer {
  readonly name: string;
  readonly message: string;
  /** The code inside `<Error><Code>`; absent when what came back was not EC2's error document. */
  readonly vendorCode?: string;
  /** Of Node's network layer: `ECONNRESET`. */
  readonly networkCode?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfter?: number;
}

function readAnswer(cause: unknown): Answer {
  const error = asRecord(cause);
  const metadata = asRecord(error.$metadata);
  const headers = asRecord(asRecord(error.$response).headers);
  const vendorCode = textOf(error.Code) ?? textOf(asRecord(error.Error).Code);
  const networkCode = textOf(error.code);
  const status = typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
  const requestId = textOf(metadata.requestId) ?? textOf(headers["x-amzn-requestid"]);
  const seconds = Number(textOf(headers["retry-after"]));
  return {
    name: textOf(error.name) ?? "Error",
    // The SDK adds a paragraph on how to debug it; the first line is the cause.
    message: (textOf(error.message) ?? String(cause)).split("\n")[0] ?? "",
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(networkCode === undefined ? {} : { networkCode }),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds * 1_000 } : {}),
  };
}

function toTransportError(answer: Answer, operation: string, sent: boolean, cause: unknown): ProviderError {
  const effect: Effect = sent ? "unknown" : "none";
  const base = { effect, ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }) };
  if (answer.name === "AbortError" || answer.networkCode === "ABORT_ERR" || !sent) {
    return new ProviderError(`${operation} was broken off before EC2 answered`, { ...base, code: "timeout" }, cause);
  }
  if (answer.status !== undefined) {
    return new ProviderError(
      `${operation} was answered with HTTP ${answer.status} and no EC2 document; a proxy may stand in between`,
      { ...base, code: "unavailable" },
      cause,
    );
  }
  const timedOut = answer.networkCode === "ETIMEDOUT" || (answer.name === "TimeoutError" && answer.networkCode === undefined);
  return new ProviderError(
    timedOut ? `${operation} was not answered in time` : `the connection to EC2 failed during ${operation}: ${answer.message}`,
    {
      ...base,
      code: timedOut ? "timeout" : "unavailable",
      ...(answer.networkCode === undefined ? {} : { vendorCode: answer.networkCode }),
    },
    cause,
  );
}

function isCredentialProblem(answer: Answer): boolean {
  return answer.vendorCode === undefined && /^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(answer.name);
}

interface Judgement {
  readonly code: ErrorCode;
  readonly effect: Effect;
  readonly hint?: string;
}

/**
 * The engine's code for one of EC2's. Exact codes first, then the families that EC2 names by suffix.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#api-error-codes-table-client
 */
export function judgeVendorCode(vendorCode: string, status?: number): Judgement {
  const exact = exactCodes[vendorCode];
  const hint = hints[vendorCode];
  if (exact !== undefined) {
    return { code: exact, effect: undecided.has(vendorCode) ? "unknown" : "none", ...(hint === undefined ? {} : { hint }) };
  }
  const family = families.find(([pattern]) => pattern.test(vendorCode));
  if (family !== undefined) return { code: family[1], effect: "none" };
  // A server error that we do not know by name says nothing of the effect.
  return status !== undefined && status >= 500 ? { code: "unavailable", effect: "unknown" } : { code: "invalid", effect: "none" };
}

const exactCodes: Readonly<Record<string, ErrorCode>> = {
  // The bucket is empty: the request was not looked at.
  RequestLimitExceeded: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  EC2ThrottledException: "throttled",
  "Client.RequestLimitExceeded": "throttled",
  // The server does not say what became of it.
  InternalError: "unavailable",
  InternalFailure: "unavailable",
  InternalServerError: "unavailable",
  ServiceUnavailable: "unavailable",
  Unavailable: "unavailable",
  RequestTimeout: "timeout",
  RequestExpired: "denied",
  // Something else still hangs on it.
  DependencyViolation: "dependency",
  VolumeInUse: "dependency",
  "InvalidIPAddress.InUse": "dependency",
  "InvalidNetworkInterface.InUse": "dependency",
  "InvalidGroup.InUse": "dependency",
  "InvalidGroup.Reserved": "invalid",
  "InvalidInternetGatewayId.InUse": "dependency",
  // Another stands there already.
  RouteAlreadyExists: "conflict",
  "Resource.AlreadyAssociated": "conflict",
  "Resource.AlreadyAttached": "conflict",
  "InvalidSubnet.Conflict": "conflict",
  "InvalidSubnet.Range": "invalid",
  "InvalidVpc.Range": "invalid",
  AddressAlreadyAssociated: "conflict",
  "InvalidIPAddress.AlreadyAssociated": "conflict",
  AlreadyExists: "conflict",
  AttachmentAlreadyExists: "conflict",
  // The client token was seen before.
  IdempotentParameterMismatch: "mismatch",
  IdempotentInstanceTerminated: "gone",
  // Who asks, and whether they may.
  UnauthorizedOperation: "denied",
  AuthFailure: "denied",
  Blocked: "denied",
  OptInRequired: "denied",
  PendingVerification: "denied",
  InvalidClientTokenId: "denied",
  SignatureDoesNotMatch: "denied",
  MissingAuthenticationToken: "denied",
  OperationNotPermitted: "denied",
  AccessDenied: "denied",
  // A state that passes.
  IncorrectState: "not_ready",
  IncorrectInstanceState: "not_ready",
  "IncorrectState.Attachment": "not_ready",
  "InvalidAttachment.NotFound": "not_found",
  // "Deregistered, or no longer available, or not in a state": one that is made is waited for, so it is gone.
  "InvalidAMIID.Unavailable": "not_found",
  "Gateway.NotAttached": "not_found",
  ConcurrentCreate: "not_ready",
  ConcurrentTagAccess: "not_ready",
  IncorrectModificationState: "not_ready",
  // "Wait at least 15 seconds between concurrent volume snapshots": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  SnapshotCreationPerVolumeRateExceeded: "not_ready",
  VolumeModificationRateExceeded: "quota",
  ZonesMismatched: "invalid",
  // The cloud has no more, or the account may have no more. Capacity errors come with status 5xx and are refusals all the same.
  InsufficientInstanceCapacity: "quota",
  InsufficientCapacity: "quota",
  InsufficientHostCapacity: "quota",
  InsufficientReservedInstanceCapacity: "quota",
  InsufficientAddressCapacity: "quota",
  InsufficientVolumeCapacity: "quota",
  InsufficientFreeAddressesInSubnet: "quota",
  MaxSpotInstanceCountExceeded: "quota",
  SpotMaxPriceTooLow: "quota",
  MaxIOPSLimitExceeded: "quota",
  MaxScheduledInstanceCapacityExceeded: "quota",
};

/** Codes that EC2 writes without knowing the outcome itself. */
const undecided: ReadonlySet<string> = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "ServiceUnavailable",
  "Unavailable",
  "RequestTimeout",
]);

const families: readonly (readonly [RegExp, ErrorCode])[] = [
  // `InvalidVpcID.NotFound`, `NatGatewayNotFound`, `InvalidGroup.NotFound`; `Invalid…ID.Malformed` stays invalid.
  [/NotFound$/, "not_found"],
  [/Duplicate(KeyPair)?$/, "conflict"],
  [/(Limit|Quota)s?Exceeded$/, "quota"],
  [/(Malformed|ValueInUse)$/, "invalid"],
  [/AlreadyExists(Fault)?$/, "conflict"],
  [/\.InUse$|InUse$/, "dependency"],
];

const hints: Readonly<Record<string, string>> = {
  UnauthorizedOperation: "the credentials lack a permission for this call; `aws sts decode-authorization-message` explains the message",
  AuthFailure: "check that the credentials belong to this account and that the region is enabled for it",
  OptInRequired: "enable the region or service for this account",
  InsufficientInstanceCapacity: "this zone has no capacity for the instance type now; try another zone or size",
  VolumeModificationRateExceeded: "a volume can be modified again six hours after the last change",
  RequestExpired: "the clock of this machine is wrong by more than five minutes",
  VpcLimitExceeded: "raise the quota for VPCs per region, or delete one",
  AddressLimitExceeded: "raise the quota for Elastic IPs, or release one",
  VcpuLimitExceeded: "raise the vCPU quota of this instance family",
};
