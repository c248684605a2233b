import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { breakages } from "./breakages.ts";

const root = join(import.meta.dirname, "..", "..");

test.each(breakages)("$name: its line stands in the source once, and its law has the test", ({ file, find, replace, law }) => {
  expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
  expect(existsSync(join(root, law.file))).toBe(true);
  expect(readFileSync(join(root, law.written ?? law.file), "utf8")).toContain(law.test);
});

test("at least 16 ways to break the engine are known", () => {
  expect(new Set(breakages.map((each) => each.name)).size).toBe(breakages.length);
  expect(breakages.length).toBeGreaterThanOrEqual(16);
});
