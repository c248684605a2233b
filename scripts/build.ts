// Bundles the CLI: one entry file, one for the GitHub Action, and one chunk for each part that is loaded only when a cloud is called.

import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const outdir = join(root, "dist");

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { koine: join(root, "cli/main.ts"), action: join(root, "cli/action.ts") },
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.18",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  // The SDKs ship ES modules beside CommonJS; only those can be shaken.
  mainFields: ["module", "main"],
  legalComments: "linked",
  chunkNames: "chunks/[name]-[hash]",
  // CommonJS packages inside an ESM bundle ask for `require`.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  // google-gax looks for its own files beside itself; the bundle hands it what it reads.
  define: { __dirname: "import.meta.dirname" },
  logLevel: "warning",
});
chmodSync(join(outdir, "koine.js"), 0o755);
