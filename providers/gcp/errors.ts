// What Compute Engine's refusals mean to the engine. An answer with a reason of the API's own proves that nothing happened; whatever else came
// back, or did not, leaves that open. Loads no SDK: errors are recognised by their shape.

import { type Effect, type ErrorCode, ProviderError, type ProviderErrorDetails } from "../../engine/provider/errors.ts";
import { asRecord, textOf } from "../handlers/read-unknown.ts";
import { hintFor, judgeReason } from "./error-reasons.ts";

/** An answer that is no success, as it came over the wire. */
export class WireRefusal extends Error {
  readonly status: number;
  readonly body: string;
  /** Seconds, or undefined. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: string, retryAfter?: number) {
    super(`HTTP ${status}`);
    this.name = "WireRefusal";
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** No token could be had; nothing was sent to Compute Engine. */
export class CredentialProblem extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "CredentialProblem";
  }
}

/** Brings anything that was thrown while calling Compute Engine to a `ProviderError`. `sent: false` says that no byte of the request left. */
export function toProviderError(cause: unknown, operation: string, { sent }: { readonly sent: boolean }): ProviderError {
  const chain = listCauses(cause);
  const known = chain.find((each) => each instanceof ProviderError);
  if (known !== undefined) return known;
  const refusal = chain.find((each) => each instanceof WireRefusal);
  if (refusal !== undefined) return describeRefusal(refusal, operation, cause);
  const credentials = chain.find((each) => each instanceof CredentialProblem);
  if (credentials !== undefined) {
    return new ProviderError(
      `no usable Google Cloud credentials: ${firstLine(credentials.message)}`,
      {
        code: "denied",
        effect: "none",
        hint: "log in with `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS; with `impersonate`, you need the role Service Account Token Creator on that account",
      },
      cause,
    );
  }
  return describeTransport(chain, operation, sent, cause);
}

/** What the operation of a request came to. https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations */
export interface OperationFault {
  readonly code?: string | null;
  readonly message?: string | null;
  /** A quota that was exceeded, and by how much. */
  readonly quota?: { readonly limitName?: string | null; readonly limit?: number | null; readonly metricName?: string | null } | undefined;
}

/** The error of an operation that ended badly: the cloud acknowledged the request and then did not carry it out. */
export function describeFault(fault: OperationFault, operation: string, more: readonly OperationFault[] = []): ProviderError {
  const vendorCode = fault.code ?? "UNKNOWN";
  const code = judgeReason(vendorCode)?.code ?? "unavailable";
  const hint = hintFor(vendorCode, fault.quota?.limitName ?? fault.quota?.metricName ?? undefined);
  const messages = [fault, ...more].map((each) => firstLine(each.message ?? "")).filter((text) => text !== "");
  return new ProviderError(messages.length === 0 ? `${operation} ended with ${vendorCode}` : [...new Set(messages)].join("; "), {
    code,
    effect: "none",
    vendorCode,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** An answer of Compute Engine that is well-formed and yet lacks what the operation always tells: it may well have happened. */
export function incompleteAnswer(operation: string, missing: string): ProviderError {
  return new ProviderError(`the answer to ${operation} has no ${missing}`, { code: "unavailable", effect: "unknown" });
}

/** `{ error: { code, message, errors: [{ reason, message }], details: [{ reason, metadatas }] } }`: https://cloud.google.com/apis/design/errors */
function describeRefusal(refusal: WireRefusal, operation: string, cause: unknown): ProviderError {
  const error = asRecord(asRecord(parse(refusal.body)).error);
  const [first] = Array.isArray(error.errors) ? error.errors.map(asRecord) : [];
  const reason = textOf(first?.reason) ?? textOf(error.status);
  const message = textOf(error.message) ?? textOf(first?.message);
  const retryAfter = refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter * 1_000 };
  if (reason === undefined && message === undefined) {
    return new ProviderError(
      `${operation} was answered with HTTP ${refusal.status} and no error document of Google's; a proxy may stand in between`,
      { code: "unavailable", effect: refusal.status >= 500 || refusal.status === 408 ? "unknown" : "none", ...retryAfter },
      cause,
    );
  }
  const { code, effect } = judgeRefusal(refusal.status, reason);
  const hint = reason === undefined ? undefined : hintFor(reason, undefined);
  const details: ProviderErrorDetails = {
    code,
    effect,
    vendorCode: reason ?? String(refusal.status),
    ...(hint === undefined ? {} : { hint }),
    ...retryAfter,
  };
  return new ProviderError(firstLine(message ?? `${operation} was refused: ${reason}`), details, cause);
}

/** The engine's code for a status and a reason. The reason decides where it is known; a server error proves nothing. */
export function judgeRefusal(status: number, reason: string | undefined): { readonly code: ErrorCode; readonly effect: Effect } {
  const judged = reason === undefined ? undefined : judgeReason(reason);
  if (status >= 500)
    return { code: judged?.code === "quota" ? "quota" : "unavailable", effect: judged?.refusal === true ? "none" : "unknown" };
  if (judged !== undefined) return { code: judged.code, effect: "none" };
  return { code: byStatus[status] ?? "invalid", effect: status === 408 || status === 499 ? "unknown" : "none" };
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: "denied",
  403: "denied",
  404: "not_found",
  408: "timeout",
  409: "conflict",
  410: "not_found",
  412: "conflict",
  429: "throttled",
  499: "timeout",
};

/** Node's codes for a connection that was never made: the request cannot have had an effect. */
const neverConnected: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function describeTransport(chain: readonly unknown[], operation: string, sent: boolean, cause: unknown): ProviderError {
  const codes = chain.flatMap((each) => textOf(asRecord(each).code) ?? []);
  const effect: Effect = !sent || codes.some((code) => neverConnected.has(code)) ? "none" : "unknown";
  const names = chain.map((each) => textOf(asRecord(each).name));
  if (names.includes("TimeoutError")) return new ProviderError(`${operation} was not answered in time`, { code: "timeout", effect }, cause);
  if (!sent || names.includes("AbortError")) {
    return new ProviderError(`${operation} was broken off before Compute Engine answered`, { code: "timeout", effect }, cause);
  }
  const last = chain.at(-1);
  const why = firstLine(textOf(asRecord(last).message) ?? String(last));
  const [vendorCode] = codes;
  return new ProviderError(
    `the connection to Compute Engine failed during ${operation}: ${why}`,
    { code: "unavailable", effect, ...(vendorCode === undefined ? {} : { vendorCode }) },
    cause,
  );
}

/** An error and what it was caused by, outermost first. */
function listCauses(cause: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let each = cause; each !== undefined && each !== null && chain.length < 10; each = asRecord(each).cause) chain.push(each);
  return chain;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").trim().replace(/\.$/, "");
}
