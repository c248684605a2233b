// The embedded ARM's refusals: a code, a message and an HTTP status, as the vendor words them.
// https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors

import type { JsonMap } from "./rows.ts";

export interface ArmErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export interface ArmErrorOptions {
  readonly target?: string;
  readonly details?: readonly ArmErrorDetail[];
  /** Seconds of the Retry-After header. */
  readonly retryAfter?: number;
}

export class ArmError extends Error {
  readonly code: string;
  readonly status: number;
  readonly options: ArmErrorOptions;

  constructor(code: string, message: string, status: number, options: ArmErrorOptions = {}) {
    super(message);
    this.name = "ArmError";
    this.code = code;
    this.status = status;
    this.options = options;
  }
}

/** Refuses the request. Client errors are 400 unless told; the message names the offender. */
export function refuse(code: string, message: string, status = 400, options?: ArmErrorOptions): never {
  throw new ArmError(code, message, status, options);
}

/** What the embedded ARM does not do is refused by name, never ignored. */
export function refuseUnserved(what: string): never {
  refuse("NotImplementedByTheEmbeddedArm", `${what} is not served by the embedded Azure Resource Manager`, 501);
}

/** https://learn.microsoft.com/rest/api/resources/resources/get: the `CloudError` envelope. */
export function writeError(error: ArmError): JsonMap {
  const { target, details } = error.options;
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(target === undefined ? {} : { target }),
      ...(details === undefined ? {} : { details: details as unknown as JsonMap[] }),
    },
  };
}
