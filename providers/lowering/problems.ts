// Shortens the reporting of mistakes in lowerings. A lowering returns them; it never throws for what the author wrote.

import type { Code } from "../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { Span } from "../../grammar/source/span.ts";

export function problem(code: Code, span: Span, message: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { code, severity: "error", message, span, ...rest };
}

export function warning(code: Code, span: Span, message: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  return { ...problem(code, span, message, rest), severity: "warning" };
}

/** A name that the catalog does not have: with the nearest that it has as the fix, else with `otherwise` as the hint. */
export function unknownName(
  code: Code,
  span: Span,
  message: string,
  { name, known, otherwise }: { readonly name: string; readonly known: readonly string[]; readonly otherwise: string },
): Diagnostic {
  const near = suggest(name, known);
  if (near === undefined) return problem(code, span, message, { hint: otherwise });
  return problem(code, span, message, {
    hint: `did you mean "${near}"?`,
    fix: { title: `write "${near}"`, span, replacement: `"${near}"` },
  });
}
