// Each page about characters and syntax is true: its bad source triggers the code and nothing else in the whole compiler, its
// good source compiles.

import { expect, test } from "vitest";
import type { CodeInfo } from "../../grammar/diagnostics/code-info.ts";
import { lexicalCodes } from "../../grammar/diagnostics/codes/lexical.ts";
import { syntaxCodes } from "../../grammar/diagnostics/codes/syntax.ts";
import { explainCode } from "../../grammar/diagnostics/explain.ts";
import { compileText } from "./compile-support.ts";

const pages: readonly (readonly [string, CodeInfo])[] = Object.entries({ ...lexicalCodes, ...syntaxCodes });

test.each(pages)("%s", (code, { title, explanation, bad, good }) => {
  expect(title).not.toMatch(/\.$/);
  expect(explanation.length).toBeGreaterThan(60);
  expect(explainCode(code)).toContain(title);
  if (bad === undefined || good === undefined) {
    // A file beyond 16 MiB fits on no page; the parser's own tests make one.
    expect(code).toBe("K1013");
    return;
  }
  const refused = compileText(bad).diagnostics;
  const own = code === "K1120" ? refused.slice(-1) : refused;
  expect(own.map((one) => `${one.code} ${one.severity}`)).toEqual([`${code} error`]);
  expect(own[0]?.hint).toBeTruthy();
  expect(own[0]?.message).not.toMatch(/\.$|undefined/);
  const accepted = compileText(good);
  expect(accepted.diagnostics).toEqual([]);
  expect(accepted.graph).toBeDefined();
});
