// A mistake of the user as data. Rendering (terminal, JSON, SARIF, LSP) is separate and never changes it.

import type { Span } from "../source/span.ts";
import type { Code } from "./codes.ts";

export type Severity = "error" | "warning";

export interface RelatedSpan {
  readonly span: Span;
  /** Short: "network main is declared here". */
  readonly message: string;
}

/** An edit that mends the mistake; applied by editors and shown as the hint's proof. */
export interface Fix {
  readonly title: string;
  readonly span: Span;
  readonly replacement: string;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** One sentence without a final period; names in backticks. */
  readonly message: string;
  /** Absent only where no source place exists (for example a mistake on the command line). */
  readonly span?: Span;
  /** Shown under the carets of the primary span. */
  readonly label?: string;
  readonly related?: readonly RelatedSpan[];
  /** What to do about it. */
  readonly hint?: string;
  readonly fix?: Fix;
  /** The source there may hold what nobody should see: renderings show the place, never the line. */
  readonly conceal?: true;
}
