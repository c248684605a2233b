// Annotations as GitLab shows them in a merge request: a code quality report, which the job hands over as `artifacts:reports:codequality`.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Annotation } from "./host.ts";

const severities = { failure: "major", warning: "minor", notice: "info" } as const;

/** `gl-code-quality-report.json` in the folder of artefacts; written without annotations too, so that old ones go. */
export function writeCodeQuality(out: string, annotations: readonly Annotation[]): void {
  const seen = new Map<string, number>();
  const entries = annotations.map(({ file, line, level, title, message }) => {
    // Without the line: what moved is not new. The same thing twice in a file is told apart by its turn.
    const key = `${title}\0${file}\0${message}`;
    const turn = seen.get(key) ?? 0;
    seen.set(key, turn + 1);
    return {
      description: message,
      check_name: `koine/${title}`,
      fingerprint: createHash("sha256").update(`${key}\0${turn}`).digest("hex"),
      severity: severities[level],
      location: { path: file, lines: { begin: line } },
    };
  });
  writeFileSync(join(out, "gl-code-quality-report.json"), `${JSON.stringify(entries, undefined, 2)}\n`, { mode: 0o600 });
}
