// `check` loads no cloud SDK: counted over the modules that the process really loads, from the sources and from the bundle.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { copyExample, makeScratch, root } from "../support/run-koine.ts";

function loadedBy(entry: string, args: readonly string[]): readonly string[] {
  const log = join(makeScratch(), "modules");
  const preload = join(root, "test", "support", "sdk-watch.mjs");
  const { status, stderr } = spawnSync(process.execPath, ["--import", preload, join(root, entry), ...args], {
    env: { ...process.env, SDK_WATCH: log },
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return readFileSync(log, "utf8").trim().split("\n");
}

const isSdk = (url: string): boolean => /node_modules\/(@aws-sdk|@smithy|@google-cloud|@azure)\//.test(url);

describe("check loads no SDK", () => {
  test("from the sources", () => {
    const modules = loadedBy("cli/main.ts", ["-C", copyExample("web"), "check"]);
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.filter(isSdk)).toEqual([]);
    // The watch can see an SDK: `plan` does load one.
    expect(loadedBy("cli/main.ts", ["-C", copyExample("web"), "plan", "--simulate"]).some(isSdk)).toBe(true);
  });

  test("from the bundle: the chunk that holds the client stays on the disk", () => {
    expect(existsSync(join(root, "dist", "koine.js")), "npm test builds first").toBe(true);
    const chunks = readdirSync(join(root, "dist", "chunks")).filter((name) => name.endsWith(".js"));
    const withSdk = new Set(chunks.filter((name) => readFileSync(join(root, "dist", "chunks", name), "utf8").includes("aws-sdk-js")));
    expect(withSdk.size).toBeGreaterThan(0);
    const loaded = loadedBy("dist/koine.js", ["-C", copyExample("web"), "check"]).map((url) =>
      relative(join(root, "dist", "chunks"), url.replace("file://", "")),
    );
    expect(loaded.filter((name) => withSdk.has(name))).toEqual([]);
  });
});
