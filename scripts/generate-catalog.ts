// Turns the catalogs of all providers (YAML, with sources and dates) into compact modules, so that nothing parses YAML at run time.
// Run with `node scripts/generate-catalog.ts`; a test of each catalog fails when a module is older than its source.

import { writeFileSync } from "node:fs";
import { generateAwsCatalog } from "./catalogs/aws.ts";
import { generateAzureCatalog } from "./catalogs/azure.ts";
import { generateCities } from "./catalogs/cities.ts";
import { generateGcpCatalog } from "./catalogs/gcp.ts";

const catalogs = [generateCities, generateAwsCatalog, generateGcpCatalog, generateAzureCatalog];

const repository = new URL("../", import.meta.url);
for (const generate of catalogs) for (const [path, text] of generate()) writeFileSync(new URL(path, repository), text);
