// The version of Koine, read from the package this file was shipped in.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

let root: string | undefined;

/** The folder that holds package.json and examples/, from the sources as from the bundle. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let at = import.meta.dirname;
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { readonly name?: string };
      if (manifest.name === "koine") {
        root = at;
        return at;
      }
    } catch {
      // No manifest here: look one folder up.
    }
    const parent = dirname(at);
    if (parent === at) return at;
    at = parent;
  }
}

let version: string | undefined;

export function koineVersion(): string {
  version ??= (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { readonly version: string }).version;
  return version;
}
