// Each page of a kind's diagnostic is true: its bad source triggers the code and nothing else, its good source nothing at all.

import { describe, expect, test } from "vitest";
import { compile } from "../../grammar/compile.ts";
import type { CodeInfo } from "../../grammar/diagnostics/code-info.ts";
import { kindCodes } from "../../grammar/diagnostics/codes/kinds.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../grammar/diagnostics/render.ts";
import { awsDescription } from "../../providers/aws/description.ts";

const pages: readonly (readonly [string, CodeInfo])[] = Object.entries(kindCodes);

describe("pages of the kinds' diagnostics", () => {
  test.each(pages)("%s is shown by its sources", (code, { bad, good }) => {
    const found = diagnose(bad ?? "");
    expect(found.map((problem) => `${problem.code} ${problem.message}`)).toEqual([expect.stringContaining(code)]);
    for (const problem of found) {
      expect(problem.hint).toBeDefined();
      expect(problem.message).not.toMatch(/\.$/);
      const spans = [problem.span, ...(problem.related ?? []).map((related) => related.span)];
      for (const span of spans) expect(span && (bad ?? "").slice(span.start, span.end).trim()).not.toBe("");
    }
    expect(diagnose(good ?? "").map((problem) => `${problem.code} ${problem.message}`)).toEqual([]);
  });
});

test("a private key in the source is not drawn, only its place is named", () => {
  const text =
    'stack demo\n\ncloud aws { region = "eu-west-1" }\n\nkey admin { public_key = "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXk" }\n';
  const rendered = renderDiagnostics(diagnose(text), new Map([["main.koine", { path: "main.koine", text }]]), { color: false });
  expect(rendered).toContain("K2301");
  expect(rendered).toContain("main.koine:5:26");
  expect(rendered).not.toContain("b3BlbnNzaC1rZXk");
});

function diagnose(text: string): readonly Diagnostic[] {
  return compile({
    files: [{ path: "main.koine", text }],
    providers: new Map([["aws", awsDescription]]),
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  }).diagnostics;
}
