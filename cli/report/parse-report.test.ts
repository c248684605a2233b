// What is read as a report is exactly a report: each breach of its shape is told with its place, and nothing makes it throw.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serialiseReport } from "./build-report.ts";
import { looksLikeReport, parseReport } from "./parse-report.ts";

const folder = join(import.meta.dirname, "../../test/reports");
const texts = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => readFileSync(join(folder, name), "utf8"));

type Path = readonly (string | number)[];

/** A report with another value at a path; undefined takes the field away. */
function broken(path: Path, value: unknown, name = "replace-data-loss.json"): string {
  const report: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const last = path.at(-1) ?? "";
  const holder = path.slice(0, -1).reduce((at, step) => (at as Record<string | number, unknown>)[step], report);
  (holder as Record<string | number, unknown>)[last] = value;
  return JSON.stringify(report);
}

function mistakeOf(text: string): string {
  const parsed = parseReport(text);
  return "mistake" in parsed ? parsed.mistake : "none";
}

test("what was written is read again, the same", () => {
  for (const text of texts) {
    const parsed = parseReport(text);
    if ("mistake" in parsed) throw new Error(parsed.mistake);
    expect(serialiseReport(parsed.report)).toBe(text);
    expect(looksLikeReport(text)).toBe(true);
  }
  expect(looksLikeReport('{"koinePlan":1}')).toBe(false);
});

describe("a breach is told with its place", () => {
  const cases: readonly (readonly [text: string, words: string])[] = [
    ["no JSON", "it is not JSON"],
    ["[]", "it is not a JSON object"],
    ["{}", "it does not say which format it has"],
    ['{"koineReport":2}', "it has format 2, and this Koine reads 1"],
    [broken(["extra"], 1), "the file has an unknown field `extra`"],
    [broken(["world"], "other"), "`world` is none of real, simulated"],
    [broken(["trust"], undefined), "the file has no `trust`"],
    [broken(["counts", "delete"], -1), "`counts.delete` is not a whole number from 0 on"],
    [broken(["groups", 0, "action"], "explode"), "`groups[0].action` is none of create"],
    [broken(["groups", 0, "changes", 0, "props", 0, "evil"], ""), "`groups[0].changes[0].props[0]` has an unknown field"],
    [broken(["groups", 0, "place", "file"], "../etc/passwd"), "`groups[0].place.file` does not match"],
    [broken(["groups", 0, "place", "file"], "/etc/passwd"), "`groups[0].place.file` does not match"],
    [broken(["groups", 0, "place", "file"], "a\n/../b"), "`groups[0].place.file` does not match"],
    [broken(["groups", 0, "place", "line"], 0), "`groups[0].place.line` is not a whole number from 1 on"],
    [broken(["digest", "changes"], "sha256:1"), "`digest.changes` does not match"],
    [broken(["revision"], "main"), "`revision` does not match"],
    [broken(["createdAt"], "today"), "`createdAt` does not match"],
    [broken(["graph", "edges"], [[0, 9]], "create.json"), "`graph.edges[0]` is not a pair"],
    [broken(["graph", "edges"], [[0]], "create.json"), "`graph.edges[0]` is not a pair"],
    [broken(["warnings"], [{}]), "`warnings[0]` is not a string"],
    [`{"koineReport":1,"x":${"[".repeat(200)}${"]".repeat(200)}}`, "its values nest deeper than 100"],
  ];
  test.each(cases)("%#", (text, words) => {
    expect(mistakeOf(text)).toContain(words);
  });
});

test("brackets in strings are no nesting", () => {
  expect(mistakeOf(broken(["warnings"], [`\\"${"[".repeat(500)}`]))).toBe("none");
});

test("nothing makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseReport(text)));
  const [first = ""] = texts;
  fc.assert(
    fc.property(fc.nat(first.length - 1), fc.string({ maxLength: 3 }), (at, piece) => {
      const parsed = parseReport(first.slice(0, at) + piece + first.slice(at + 1));
      expect("report" in parsed || parsed.mistake.length > 0).toBe(true);
    }),
  );
});
