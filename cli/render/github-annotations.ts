// `check --format github`: each diagnostic as a workflow command, which the runner shows beside the line. Changes nothing in a diagnostic.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message

import type { Note } from "../../grammar/compile.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../grammar/diagnostics/render.ts";
import { positionAt, type SourceFile } from "../../grammar/source/source-file.ts";
import type { SourcePlaces } from "./source-place.ts";
import { formatWorkflowCommand } from "./workflow-command.ts";

export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly Note[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly places: SourcePlaces;
}

/** Lines for stdout. Errors stand first: of each level a step shows ten annotations, all of them stay in its log. */
export function renderGithubCommands({ diagnostics, notes, sources, places }: Findings): string {
  const sorted = sortDiagnostics(diagnostics);
  const lines = [
    ...(["error", "warning"] as const).flatMap((level) =>
      sorted.filter((diagnostic) => diagnostic.severity === level).map((diagnostic) => annotate(diagnostic, sources, places)),
    ),
    ...notes.map((note) => formatWorkflowCommand("notice", { title: "not checked" }, withHint(note.message, note.hint))),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function annotate(diagnostic: Diagnostic, sources: ReadonlyMap<string, SourceFile>, places: SourcePlaces): string {
  const { severity, code, span } = diagnostic;
  const file = span && sources.get(span.file);
  const start = file && positionAt(file, span.start);
  const end = file && positionAt(file, Math.max(span.start, span.end));
  return formatWorkflowCommand(
    severity,
    {
      file: span && places.fromRoot(span.file),
      line: start?.line,
      endLine: end?.line,
      // Columns of a place with several lines are refused:
      // https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
      col: start && start.line === end?.line ? start.column : undefined,
      title: code,
    },
    describeFinding(diagnostic),
  );
}

/** What a host shows of a diagnostic: the message, and what to do about it. */
export function describeFinding({ message, label, hint, fix }: Diagnostic): string {
  return withHint(label === undefined || label === "" ? message : `${message}: ${label}`, hint ?? fix?.title);
}

export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}
