// What settling and applying tell while they work: complete and in order, for progress and for `--events`. Data only; never a secret.

import type { ErrorCode } from "../provider/errors.ts";

export type ApplyEvent =
  /** What became of a request that was in flight when a run ended. What is sent again for that is a `step-sent` of the same `operation`. */
  | (OperationEvent & {
      readonly kind: "entry-settled";
      readonly request: string;
      readonly outcome: "happened" | "never" | "unresolved";
      readonly reason?: string;
    })
  /** The plan is about to be carried out: this many operations follow, and each ends once, as done, failed or skipped. */
  | {
      readonly kind: "apply-started";
      readonly run: string;
      readonly operations: number;
      /** Digest of what will be done. */
      readonly changes: string;
      readonly at: number;
      readonly resumes?: string;
    }
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
  | {
      readonly kind: "apply-ended";
      readonly run: string;
      readonly result: "done" | "failed" | "partial" | "interrupted" | "lost";
      readonly at: number;
    };

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
