import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeCodeQuality } from "./code-quality.ts";

const out = mkdtempSync(join(tmpdir(), "koine-quality-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("each annotation is an entry of its own, known again when its line moves", () => {
  const one = { file: "a/main.koine", line: 3, level: "failure", title: "K2101", message: "no" } as const;
  const read = (): readonly { readonly fingerprint: string }[] =>
    JSON.parse(readFileSync(join(out, "gl-code-quality-report.json"), "utf8"));
  writeCodeQuality(out, [one, { ...one, line: 9 }, { ...one, level: "warning", message: "hm" }]);
  const first = read();
  expect(first[0]).toMatchObject({
    description: "no",
    check_name: "koine/K2101",
    severity: "major",
    location: { path: "a/main.koine", lines: { begin: 3 } },
  });
  expect(new Set(first.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  writeCodeQuality(out, [{ ...one, line: 4 }]);
  expect(read().map(({ fingerprint }) => fingerprint)).toEqual([first[0]?.fingerprint]);
});
