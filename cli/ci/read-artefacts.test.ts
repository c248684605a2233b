import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../../test/support/koine-process.ts";
import { readArtefacts } from "./read-artefacts.ts";

const limits = { reports: 3, bytes: 1024 * 1024 };
const sample = JSON.parse(readFileSync(join(root, "test/reports/against.json"), "utf8")) as { readonly stack: object };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function report(stack: object = {}, more: object = {}): string {
  return JSON.stringify({ ...sample, stack: { ...sample.stack, ...stack }, ...more });
}

function unpack(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-artefacts-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test("reports are taken by their own words, wherever they lie; other files are not looked at", () => {
  const folder = unpack({
    "plans/a/report.json": report({ folder: "infra/shop", environment: "prod" }),
    "plans/b/report.json": report({ folder: "" }),
    "plans/a/comment.md": "@everyone",
    "request.json": '{"number": 1}',
  });
  const { reports, refused } = readArtefacts(folder, limits);
  expect(reports.map(({ subject }) => subject)).toEqual([
    { folder: "infra/shop", environment: "prod" },
    { folder: "", ...("environment" in sample.stack ? { environment: sample.stack.environment } : {}) },
  ]);
  expect(refused).toEqual([]);
});

test("links are not followed, neither files nor folders", () => {
  const folder = unpack({ "a/report.json": report() });
  const outside = unpack({ "report.json": report({ folder: "secret" }) });
  mkdirSync(join(folder, "b"));
  symlinkSync(join(outside, "report.json"), join(folder, "b/report.json"));
  symlinkSync(outside, join(folder, "c"));
  const { reports, refused } = readArtefacts(folder, limits);
  expect(reports).toHaveLength(1);
  expect(refused.toSorted()).toEqual(["`b/report.json` is a link", "`c` is a link"]);
});

test.each([
  ["an unknown member", report({}, { extra: 1 }), /is no report/],
  ["a digest that is none", report({}, { digest: { changes: "sha256:x" } }), /is no report/],
  ["no JSON", "{", /not JSON/],
  ["another format", report({}, { koineReport: 2 }), /format 2/],
  ["a folder that leaves", report({ folder: "../../etc" }), /is no report/],
  ["an absolute folder", report({ folder: "/etc" }), /is no report/],
  ["a folder with nothing between slashes", report({ folder: "a//b" }), /names no folder/],
  ["an environment that no koine.yaml could have", report({ environment: "x y" }), /names no folder/],
])("%s is refused, and the others are taken", (_, text, reason) => {
  const { reports, refused } = readArtefacts(unpack({ "a/report.json": text, "b/report.json": report({ folder: "sound" }) }), limits);
  expect(reports.map(({ subject }) => subject.folder)).toEqual(["sound"]);
  expect(refused).toEqual([expect.stringMatching(reason)]);
});

test("a second report of a stack, and more than so many, are refused", () => {
  const files = Object.fromEntries(
    [1, 2, 3, 4, 5].map((number) => [`${number}/report.json`, report({ folder: number === 2 ? "s1" : `s${number}` })]),
  );
  const { reports, refused } = readArtefacts(unpack(files), limits);
  expect(reports.map(({ subject }) => subject.folder)).toEqual(["s1", "s3", "s4"]);
  expect(refused).toEqual([expect.stringContaining("second report of s1"), expect.stringContaining("more than 3 reports")]);
});

test("more bytes than allowed are not read", () => {
  const { reports, refused } = readArtefacts(unpack({ "a/report.json": " ".repeat(2000) + report() }), { reports: 3, bytes: 1000 });
  expect(reports).toEqual([]);
  expect(refused).toEqual([expect.stringContaining("a/report.json")]);
});

test("a folder that is none is said", () => {
  expect(() => readArtefacts("/nonexistent/artefacts", limits)).toThrow("there is no folder");
});
