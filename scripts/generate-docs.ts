// Writes docs/reference from the data of the compiler.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeReferencePages } from "./reference-pages.ts";

const folder = join(import.meta.dirname, "..", "docs", "reference");
mkdirSync(folder, { recursive: true });
for (const [name, text] of makeReferencePages()) writeFileSync(join(folder, name), text);
