// `check` loads no cloud SDK, and a stack on one cloud nothing of another: counted over the modules that the process really loads, from the sources
// and from the bundle.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { type CloudName, cloudNames, clouds } from "../support/clouds.ts";
import { cleanEnvironment, copyExample, makeScratch, makeStack, root } from "../support/run-koine.ts";

function loadedBy(entry: string, args: readonly string[]): readonly string[] {
  const log = join(makeScratch(), "modules");
  const preload = join(root, "test", "support", "sdk-watch.mjs");
  const { status, stderr } = spawnSync(process.execPath, ["--import", preload, join(root, entry), ...args], {
    env: cleanEnvironment({ SDK_WATCH: log }),
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return readFileSync(log, "utf8").trim().split("\n");
}

const sdks: Readonly<Record<CloudName, RegExp>> = {
  aws: /node_modules\/(@aws-sdk|@smithy)\//,
  gcp: /node_modules\/(@google-cloud|google-gax|google-auth-library)\//,
  azure: /node_modules\/(@azure|@azure-rest|@typespec)\//,
};

const isSdk = (url: string): boolean => Object.values(sdks).some((sdk) => sdk.test(url));

/** Only what shows or limits a price needs the lists. */
const isPrice = (url: string): boolean => /\/providers\/\w+\/prices\/|\/engine\/cost\//.test(url);

/** Only a state in PostgreSQL needs its driver, and what speaks to it. */
const isPostgres = (url: string): boolean => /node_modules\/pg[-/]|engine\/state\/postgres-(?!location)/.test(url);

/** Says in the bundle that a chunk holds a vendor's client. */
const clientMarks: Readonly<Record<CloudName, RegExp>> = { aws: /aws-sdk-js/, gcp: /google\.cloud\.compute\.v1/, azure: /azsdk-js-arm-/ };

function stackOn(cloud: CloudName): string {
  return makeStack({ "main.koine": `stack s\n${clouds[cloud].block}\nnetwork main { cidr = 10.0.0.0/16 }\n` });
}

describe("check loads no SDK", () => {
  test("from the sources", () => {
    const modules = loadedBy("cli/main.ts", ["-C", copyExample("web"), "check"]);
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.filter(isSdk)).toEqual([]);
    expect(modules.filter(isPostgres)).toEqual([]);
    expect(modules.filter(isPrice)).toEqual([]);
    // The watch can see an SDK, and prices: `plan` does load them.
    const planning = loadedBy("cli/main.ts", ["-C", copyExample("web"), "plan", "--simulate"]);
    expect(planning.some(isSdk)).toBe(true);
    expect(planning.some(isPrice)).toBe(true);
  });

  test("from the bundle: the chunks that hold clients stay on the disk", () => {
    expect(existsSync(join(root, "dist", "koine.js")), "npm test builds first").toBe(true);
    const chunks = readdirSync(join(root, "dist", "chunks")).filter((name) => name.endsWith(".js"));
    const texts = new Map(chunks.map((name) => [name, readFileSync(join(root, "dist", "chunks", name), "utf8")]));
    const withSdk = new Set<string>();
    for (const mark of Object.values(clientMarks)) {
      const marked = chunks.filter((name) => mark.test(texts.get(name) ?? ""));
      expect(marked, `no chunk says ${mark}`).not.toEqual([]);
      for (const name of marked) withSdk.add(name);
    }
    const loaded = loadedBy("dist/koine.js", ["-C", copyExample("anywhere"), "check"]).map((url) =>
      relative(join(root, "dist", "chunks"), url.replace("file://", "")),
    );
    expect(loaded.filter((name) => withSdk.has(name))).toEqual([]);
    const priceLists = chunks.filter((name) => name.startsWith("prices-"));
    expect(priceLists).toHaveLength(3);
    expect(loaded.filter((name) => priceLists.includes(name))).toEqual([]);
  });
});

describe("a stack on one cloud", () => {
  test.each(cloudNames)("%s: plans without a module of another vendor, ours or theirs", (cloud) => {
    const modules = loadedBy("cli/main.ts", ["-C", stackOn(cloud), "plan", "--simulate"]);
    expect(modules.some((url) => sdks[cloud].test(url))).toBe(true);
    expect(modules.filter(isPostgres)).toEqual([]);
    for (const other of cloudNames) {
      if (other === cloud) continue;
      expect(modules.filter((url) => sdks[other].test(url))).toEqual([]);
      expect(modules.filter((url) => url.includes(`/providers/${other}/`))).toEqual([]);
    }
  });
});
