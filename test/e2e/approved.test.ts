// `koine apply --approved DIGEST`: carries out exactly the changes that somebody approved, goes on after a kill without being asked again, and sends
// nothing that was not shown. The CLI as a process, with the embedded EC2 over the wire.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { parseReport } from "../../cli/report/parse-report.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { callWorld, readWorld } from "../../providers/aws/simulator/inspect.ts";
import { copyFolder, expectKoine, makeStack, root, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects, mutatingRequests } from "../support/world.ts";

const secret = { environment: { WORD: "correct-horse-battery-staple" } };
const files = {
  "main.koine": `stack bound
cloud aws { region = "eu-west-1" }
input password: secret string
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
subnet b { network = main, cidr = 10.0.1.0/24 }
output word: secret string = password
`,
  "koine.yaml": "inputs_from: { password: env:WORD }\n",
};
const other = `sha256:${"0".repeat(64)}`;
const preload = `--import=${join(root, "test", "support", "kill-at-commit.mjs")}`;
const kill = (at: string) => ({ environment: { ...secret.environment, NODE_OPTIONS: preload, KILL_AT: at } });

function readReport(path: string): PlanReport {
  const read = parseReport(readFileSync(path, "utf8"));
  if ("mistake" in read) throw new Error(read.mistake);
  return read.report;
}

/** Plans and gives the digest that a reviewer is shown. */
async function planned(folder: string, args: readonly string[] = []): Promise<string> {
  const path = join(folder, "report.json");
  await expectKoine(folder, ["plan", "--simulate", "--report", path, ...args], 0, secret);
  return readReport(path).digest?.changes ?? "";
}

const apply = (...digests: readonly string[]): readonly string[] => [
  "apply",
  "--simulate",
  ...digests.flatMap((digest) => ["--approved", digest]),
];
const edit = (folder: string, from: string, to: string): void => {
  const path = join(folder, "main.koine");
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
};
const countRequests = (folder: string): number => mutatingRequests(worldOf(folder)).length;

/** Somebody else changes what Koine made. */
async function renameNetwork(folder: string): Promise<void> {
  const vpc = livingObjects(readWorld(worldOf(folder))).find((one) => one.type === "vpc")?.id ?? "";
  await callWorld(worldOf(folder), "CreateTags", { Resources: [vpc], Tags: [{ Key: "Name", Value: "another" }] });
}

/** A first apply of an approved plan that was killed after some of its requests, with that plan's digest. */
async function prepareKilled(): Promise<{ readonly folder: string; readonly digest: string }> {
  const folder = makeStack(files);
  const digest = await planned(folder);
  expect((await runKoine(folder, apply(digest), kill("after:6"))).signal).toBe("SIGKILL");
  return { folder, digest };
}
const prepared = prepareKilled();

describe("the digest decides", () => {
  test("equal, among others: applied without a question, the second time nothing is left; another: exit 3, told, nothing done", async () => {
    const folder = makeStack(files);
    const digest = await planned(folder);
    const stale = await expectKoine(folder, [...apply(other), "--report", join(folder, "stale.json")], 3, secret);
    expect(stale.stderr).toContain("stale: these changes are not the approved ones, and nothing was done:");
    expect(stale.stderr).toContain(`  - they are ${digest}\n  - approved: ${other}\n`);
    expect(stale.stderr).toContain("+ subnet.a");
    expect(readReport(join(folder, "stale.json")).digest?.changes).toBe(digest);
    expect(countRequests(folder)).toBe(0);

    await expectKoine(folder, [...apply(other, digest), "--report", join(folder, "applied.json")], 0, secret);
    expect(readReport(join(folder, "applied.json"))).toMatchObject({ counts: { create: 11 }, digest: { changes: digest } });
    const sent = countRequests(folder);
    const again = await expectKoine(folder, apply(digest), 0, secret);
    expect(again.stderr).toContain("No changes.");
    expect(countRequests(folder)).toBe(sent);
  });

  test("the world moved since: exit 3 with the digest that would be it, and that one applies", async () => {
    const folder = makeStack(files);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0, secret);
    edit(folder, "subnet b { network = main, cidr = 10.0.1.0/24 }", "");
    const digest = await planned(folder);
    await renameNetwork(folder);
    const sent = countRequests(folder);
    const { stderr } = await expectKoine(folder, apply(digest), 3, secret);
    expect(countRequests(folder)).toBe(sent);
    const [, now = ""] = /they are (sha256:[0-9a-f]{64})/.exec(stderr) ?? [];
    expect(now).not.toBe(digest);
    await expectKoine(folder, apply(now), 0, secret);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0, secret);
  });

  test("what is no digest, and a digest beside a plan file, are usage errors", async () => {
    const folder = makeStack(files);
    expect((await expectKoine(folder, apply("sha256:abc"), 64)).stderr).toContain("`sha256:` and 64 hexadecimal digits");
    expect((await expectKoine(folder, [...apply(other), "p"], 64)).stderr).toContain("either the file or `--approved`");
  });
});

describe("killed", () => {
  test("it goes on with the same approval, killed once more too, makes nothing twice, and then the approval is used", async () => {
    const { digest, folder: killed } = await prepared;
    const folder = copyFolder(killed);
    expect((await runKoine(folder, apply(digest), kill("after:5"))).signal).toBe("SIGKILL");
    const result = await expectKoine(folder, apply(digest), 0, secret);
    expect(result.stderr).toContain("Going on with the run of");
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0, secret);
    const made = livingObjects(readWorld(worldOf(folder))).map((one) => one.tags["koine:address"]);
    expect(made.filter((address) => address?.startsWith("subnet.b:subnet"))).toHaveLength(1);
    const sent = countRequests(folder);
    const subnet = livingObjects(readWorld(worldOf(folder))).find((one) => one.tags["koine:address"] === "subnet.b:subnet");
    await callWorld(worldOf(folder), "DeleteSubnet", { SubnetId: subnet?.id ?? "" });
    // What the approved run had to do is done: mending what was broken since is another plan.
    expect((await expectKoine(folder, apply(digest), 3, secret)).stderr).toContain("stale");
    expect(countRequests(folder)).toBe(sent);
  });

  test.each<[string, (folder: string) => void, readonly string[], string]>([
    [
      "an edited source",
      (folder) => appendFileSync(join(folder, "main.koine"), "# a word\n"),
      [],
      "sources, inputs, `koine.lock`, options",
    ],
    ["another option", () => undefined, ["--replace", "network.main"], "sources, inputs, `koine.lock`, options"],
  ])("with %s: exit 3, nothing is done", async (_, change, flags, words) => {
    const { digest, folder: killed } = await prepared;
    const folder = copyFolder(killed);
    change(folder);
    const sent = countRequests(folder);
    const { stderr } = await expectKoine(folder, [...apply(digest), ...flags], 3, secret);
    expect(stderr).toContain(words);
    expect(countRequests(folder)).toBe(sent);
  });

  test("with a world that needs what was not shown: exit 3, it is named", async () => {
    const { digest, folder: killed } = await prepared;
    const folder = copyFolder(killed);
    await renameNetwork(folder);
    const sent = countRequests(folder);
    const { stderr } = await expectKoine(folder, apply(digest), 3, secret);
    expect(stderr).toMatch(/ {2}- `network\.main:vpc` now needs ec2:CreateTags, which the plan of the run of \S+ does not show/);
    expect(countRequests(folder)).toBe(sent);
    // Approved by its own digest, the rest is a plan like any other.
    const [, now = ""] = /they are (sha256:[0-9a-f]{64})/.exec(stderr) ?? [];
    expect(await planned(folder)).toBe(now);
    await expectKoine(folder, apply(digest, now), 0, secret);
  });

  test("and another run came since: what is left is a plan of its own", async () => {
    const { digest, folder: killed } = await prepared;
    const folder = copyFolder(killed);
    await expectKoine(folder, ["apply", "--simulate", "--yes", "--target", "subnet.a"], 0, secret);
    expect((await expectKoine(folder, apply(digest), 3, secret)).stderr).not.toContain("Going on");
  });
});

test("what an approved run keeps of its plan is small, and gone when it has ended", async () => {
  const { digest, folder: killed } = await prepared;
  const folder = copyFolder(killed);
  const readRuns = (): readonly Record<string, unknown>[] => {
    const database = new DatabaseSync(join(worldOf(folder), "state.db"), { readOnly: true });
    try {
      return database
        .prepare("SELECT body FROM run")
        .all()
        .map((row) => JSON.parse(String(row.body)) as Record<string, unknown>);
    } finally {
      database.close();
    }
  };
  const [open] = readRuns();
  expect(open).toMatchObject({ approved: digest });
  expect(open).not.toHaveProperty("endedAt");
  expect(open?.requests).toHaveLength(12);
  for (const request of (open?.requests ?? []) as readonly string[]) expect(request).toMatch(/^[A-Za-z0-9_-]{16}$/);
  await expectKoine(folder, apply(digest), 0, secret);
  expect(readRuns().filter((run) => run.result === "done" && run.approved === digest)).toHaveLength(1);
  expect(readRuns().filter((run) => run.requests !== undefined && run.endedAt !== undefined)).toEqual([]);
});
