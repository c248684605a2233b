// Collects the diagnostics of all phases: one per place and code, handed out in source order. Knows no phase.

import type { Code } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { compareCodePoints } from "../graph/code-point-order.ts";

export interface Report {
  /** Keeps the first of each code and place: a declaration with many instances makes a mistake once. */
  add(diagnostic: Diagnostic): void;
  /** Whether anything of severity `error` was added. */
  failed(): boolean;
  /** All, by file, place, then code. */
  sorted(): readonly Diagnostic[];
}

export function createReport(): Report {
  const kept = new Map<string, Diagnostic>();
  let failed = false;
  return {
    add(diagnostic) {
      const { span } = diagnostic;
      const key = span ? `${diagnostic.code} ${span.start} ${span.end} ${span.file}` : `${diagnostic.code} ${diagnostic.message}`;
      if (diagnostic.severity === "error") failed = true;
      if (!kept.has(key)) kept.set(key, diagnostic);
    },
    failed: () => failed,
    sorted: () => sortDiagnostics([...kept.values()]),
  };
}

/** Diagnostics without a place come first, then by file, place and code. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (a.span && b.span) {
      const byPlace = compareCodePoints(a.span.file, b.span.file) || a.span.start - b.span.start || a.span.end - b.span.end;
      if (byPlace !== 0) return byPlace;
    } else if (a.span || b.span) {
      return a.span ? 1 : -1;
    }
    return compareCodePoints(a.code, b.code) || compareCodePoints(a.message, b.message);
  });
}

/** An error, which is what nearly every diagnostic of the compiler is. */
export function makeError(code: Code, diagnostic: Omit<Diagnostic, "code" | "severity">): Diagnostic {
  return { code, severity: "error", ...diagnostic };
}
