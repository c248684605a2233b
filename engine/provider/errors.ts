// The closed set of ways a cloud can say no, and whether the request may have had an effect all the same.

export type ErrorCode =
  | "throttled"
  | "unavailable"
  | "timeout"
  | "dependency"
  | "conflict"
  | "not_found"
  | "denied"
  | "invalid"
  | "quota"
  /** The cloud's own "not yet": a fresh id that it does not know, a state that will pass. Waiting mends it. */
  | "not_ready"
  /** A request with this token or name exists with other parameters. It happened; find it. */
  | "mismatch"
  /** What the token made was terminated since. It happened and is gone. */
  | "gone";

/** `none` only when the cloud itself refused; a cut connection, a time-out and a 5xx are `unknown`. */
export type Effect = "none" | "unknown";

export interface ProviderErrorDetails {
  readonly code: ErrorCode;
  readonly effect: Effect;
  /** The vendor's own code: `DependencyViolation`. */
  readonly vendorCode?: string;
  readonly requestId?: string;
  /** What the user can do. */
  readonly hint?: string;
  /** Milliseconds that the cloud asked to wait. */
  readonly retryAfter?: number;
  /** What is in the way was looked at and is not ours: neither waiting nor another look helps. */
  readonly lasting?: true;
}

export class ProviderError extends Error {
  readonly details: ProviderErrorDetails;

  constructor(message: string, details: ProviderErrorDetails, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ProviderError";
    this.details = details;
  }
}
