// The reference pages on disk are those that the data makes: `npm run docs` writes them anew.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeReferencePages } from "../../scripts/reference-pages.ts";

test.each([...makeReferencePages()])("docs/reference/%s is fresh", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "..", "..", "docs", "reference", name), "utf8")).toBe(text);
});
