// What a run tells while it works: complete and in order, for progress and for `--events`. Data only; never a secret.

import type { ErrorCode } from "../provider/errors.ts";

export type ApplyEvent =
  | { readonly kind: "run-started"; readonly run: string; readonly operations: number; readonly at: number; readonly resumes?: string }
  | (OperationEvent & { readonly kind: "operation-started"; readonly phase: string; readonly type: string })
  /** One mutating request is about to go out. `attempt` counts from 1; a resend repeats the same bytes. */
  | (OperationEvent & {
      readonly kind: "step-sent";
      readonly step: string;
      readonly request: string;
      readonly attempt: number;
      readonly resend: boolean;
    })
  | (OperationEvent & { readonly kind: "waiting"; readonly step: string; readonly note: string })
  | (OperationEvent & { readonly kind: "step-done"; readonly step: string })
  /** A planned request that was not needed, and why that is certain. */
  | (OperationEvent & { readonly kind: "step-omitted"; readonly step: string; readonly proof: string })
  | (OperationEvent & { readonly kind: "operation-done"; readonly id?: string })
  | (OperationEvent & { readonly kind: "operation-failed"; readonly failure: FailureText; readonly unresolved: boolean })
  | (OperationEvent & { readonly kind: "operation-skipped"; readonly reason: string })
  | { readonly kind: "assert-failed"; readonly message: string; readonly at: number }
  | { readonly kind: "run-ended"; readonly run: string; readonly result: string; readonly at: number };

export interface OperationEvent {
  readonly operation: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface FailureText {
  readonly code: ErrorCode | "internal";
  readonly message: string;
  readonly vendorCode?: string;
  readonly requestId?: string;
  readonly hint?: string;
}
