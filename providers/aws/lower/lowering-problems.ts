// Shortens the reporting of mistakes in lowerings. A lowering returns them; it never throws for what the author wrote.

import type { Code } from "../../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { Span } from "../../../grammar/source/span.ts";

export function problem(code: Code, span: Span, message: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { code, severity: "error", message, span, ...rest };
}

export function warning(code: Code, span: Span, message: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { ...problem(code, span, message, rest), severity: "warning" };
}
