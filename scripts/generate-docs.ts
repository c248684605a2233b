// Writes docs/reference and docs/schemas from the data of the program.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeReferencePages } from "./reference-pages.ts";
import { makeSchemas } from "./schemas.ts";

const docs = join(import.meta.dirname, "..", "docs");
for (const [folder, files] of [
  ["reference", makeReferencePages()],
  ["schemas", makeSchemas()],
] as const) {
  mkdirSync(join(docs, folder), { recursive: true });
  for (const [name, text] of files) writeFileSync(join(docs, folder, name), text);
}
