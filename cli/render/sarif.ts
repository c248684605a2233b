// `check --format sarif`: diagnostics as SARIF 2.1.0, in the part of it that code scanning takes. Holds no line of a source, so nothing that a diagnostic
// conceals. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

import { createHash } from "node:crypto";
import type { Diagnostic, RelatedSpan } from "../../grammar/diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../grammar/diagnostics/render.ts";
import { positionAt, type SourceFile } from "../../grammar/source/source-file.ts";
import type { Span } from "../../grammar/source/span.ts";
import { describeFinding, type Findings, withHint } from "./github-annotations.ts";
import { listRules } from "./sarif-rules.ts";
import type { SourcePlaces } from "./source-place.ts";

export interface SarifContext extends Findings {
  readonly version: string;
  readonly environment?: string;
}

/** More are dropped by code scanning, the lightest first; so are more places of one result. */
export const resultLimit = 5000;
const placeLimit = 100;

const base = "%SRCROOT%";

/** The log as a value, ready for `JSON.stringify`. */
export function makeSarif(context: SarifContext): object {
  const { diagnostics, notes, places, version } = context;
  const rules = listRules();
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]));
  const sorted = sortDiagnostics(diagnostics);
  const ordered = [
    ...sorted.filter((diagnostic) => diagnostic.severity === "error"),
    ...sorted.filter((diagnostic) => diagnostic.severity !== "error"),
  ];
  const fingerprint = createFingerprints(context);
  const results = ordered.slice(0, resultLimit).map((diagnostic) => makeResult(diagnostic, context, ruleIndex, fingerprint));
  const dropped = ordered.length - results.length;
  const told = [
    ...notes.map((note) => ({ level: "note", message: { text: plain(withHint(note.message, note.hint)) } })),
    ...(dropped === 0
      ? []
      : [{ level: "warning", message: { text: `${dropped} more findings are left out; \`koine check\` shows them all` } }]),
  ];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Koine", version, semanticVersion: version, rules } },
        // Until the last slash it is the category, by which analyses of several stacks stay apart.
        automationDetails: {
          id: `${["koine", ...(places.folder === "" ? [] : [places.folder]), ...(context.environment === undefined ? [] : [context.environment])].join("/")}/`,
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [base]: { description: { text: "The root of the repository." } } },
        invocations: [{ executionSuccessful: true, ...(told.length === 0 ? {} : { toolExecutionNotifications: told }) }],
        results,
      },
    ],
  };
}

function makeResult(
  diagnostic: Diagnostic,
  { sources, places }: SarifContext,
  ruleIndex: ReadonlyMap<string, number>,
  fingerprint: (diagnostic: Diagnostic) => string,
): object {
  const { code, severity, span, related = [], fix } = diagnostic;
  const index = ruleIndex.get(code);
  const shown = related.slice(0, placeLimit);
  const said = plain(describeFinding(diagnostic));
  const links = shown.map((other, at) => `\n[${plain(other.message).replaceAll(/[[\]\\]/g, "\\$&")}](${at + 1})`);
  return {
    ruleId: code,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: severity,
    message: { text: `${said}${links.join("")}` },
    locations: [
      {
        physicalLocation: span
          ? locate(span, sources, places)
          : { artifactLocation: artifact(fileWithout(sources), places), region: line1 },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint(diagnostic) },
    ...(shown.length === 0 ? {} : { relatedLocations: shown.map((other, at) => relate(other, at + 1, sources, places)) }),
    ...(fix
      ? {
          fixes: [
            {
              description: { text: plain(fix.title) },
              artifactChanges: [
                {
                  artifactLocation: artifact(fix.span.file, places),
                  replacements: [{ deletedRegion: region(fix.span, sources), insertedContent: { text: fix.replacement } }],
                },
              ],
            },
          ],
        }
      : {}),
  };
}

const line1 = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/** A finding without a place is shown where the stack begins: one without any file would not be taken. */
function fileWithout(sources: ReadonlyMap<string, SourceFile>): string {
  return sources.keys().next().value ?? "koine.yaml";
}

function relate(other: RelatedSpan, id: number, sources: ReadonlyMap<string, SourceFile>, places: SourcePlaces): object {
  return { id, physicalLocation: locate(other.span, sources, places), message: { text: plain(other.message) } };
}

function locate(span: Span, sources: ReadonlyMap<string, SourceFile>, places: SourcePlaces): object {
  return { artifactLocation: artifact(span.file, places), region: region(span, sources) };
}

function artifact(file: string, places: SourcePlaces): object {
  return { uri: places.fromRoot(file).split("/").map(encodeURIComponent).join("/"), uriBaseId: base };
}

/** `endColumn` is that of the character after the last one. */
function region(span: Span, sources: ReadonlyMap<string, SourceFile>): object {
  const file = sources.get(span.file);
  if (!file) return line1;
  const start = positionAt(file, span.start);
  const end = positionAt(file, Math.max(span.start, span.end));
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/**
 * Of each diagnostic what stays the same while lines above it come and go: its code, its file and the words of its line, with a number to tell equal ones
 * apart. Of a line that nobody should see, the message stands in its place.
 */
function createFingerprints({ sources, places }: SarifContext): (diagnostic: Diagnostic) => string {
  const seen = new Map<string, number>();
  return ({ code, span, message, conceal }) => {
    const file = span && sources.get(span.file);
    const words = file && !conceal ? lineAt(file, span.start).trim().replace(/\s+/g, " ") : message;
    const parts = JSON.stringify([code, span ? places.fromRoot(span.file) : "", words]);
    const hash = createHash("sha256").update(parts).digest("hex").slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  };
}

/** Of a very long line, what stands around the place. */
function lineAt(file: SourceFile, offset: number): string {
  const from = Math.max(file.text.lastIndexOf("\n", offset - 1) + 1, offset - 500);
  const end = file.text.indexOf("\n", offset);
  return file.text.slice(from, Math.min(end < 0 ? file.text.length : end, offset + 500));
}

/** SARIF reads `[text](target)` as a link and `{0}` as a place for an argument (§3.11.5, §3.11.6): in text of others they are none. */
function plain(text: string): string {
  return text.replaceAll("](", "] (").replace(/\{(?=\d+\})/g, "{ ");
}
