// The pages and schemas on disk are those that the data makes: `npm run docs` writes them anew.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeReferencePages } from "../../scripts/reference-pages.ts";
import { makeSchemas } from "../../scripts/schemas.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");

test.each([...makeReferencePages()])("docs/reference/%s is fresh", (name, text) => {
  expect(readFileSync(join(docs, "reference", name), "utf8")).toBe(text);
});

test.each([...makeSchemas()])("docs/schemas/%s is fresh", (name, text) => {
  expect(readFileSync(join(docs, "schemas", name), "utf8")).toBe(text);
});
