// `koine plan --against REV` as a process in a real repository: what an edit means, with no state, no cloud, no credentials and no secret.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseReport } from "../../cli/report/parse-report.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { runGit } from "../support/forge-git.ts";
import { expectKoine } from "../support/run-koine.ts";
import { commitAll, makeRepository, writeFiles } from "../support/work-tree.ts";

const source = `stack shop
cloud aws { region = "eu-west-1" }
input word: secret string
network main { cidr = 10.0.0.0/16, tags = { motto = file("text/motto") } }
subnet a { network = main, cidr = 10.0.0.0/24 }
subnet old { network = main, cidr = 10.0.7.0/24 }
machine m { subnet = a, image = "debian-12", cpu = 2, memory = 4GiB, user_data = word }
disk d { attach = m, size = 20GiB }
output kind = "one"
output ip = m.private_ip
`;

const makeShop = (): string =>
  makeRepository({
    "stacks/shop/main.koine": source,
    "stacks/shop/text/motto": "steady",
    "stacks/shop/koine.yaml": "inputs_from: { word: env:WORD }\n",
  });

async function compare(folder: string, revision: string, status = 0, environment = {}): Promise<PlanReport> {
  const args = ["plan", "--against", revision, "--format", "json", "--detailed-exitcode"];
  const { stdout } = await expectKoine(join(folder, "stacks/shop"), args, status, { environment });
  const read = parseReport(stdout);
  if ("mistake" in read) throw new Error(read.mistake);
  return read.report;
}

const actionsOf = ({ groups }: PlanReport): Readonly<Record<string, string>> =>
  Object.fromEntries(groups.flatMap(({ changes }) => changes.map(({ key, action }) => [key, action] as const)));

describe("what an edit means", () => {
  test("nothing, where nothing was edited: not compared with any cloud, no state, no `.koine`, no secret", async () => {
    const folder = makeShop();
    const report = await compare(folder, "HEAD", 0, { WORD: "swordfish" });
    expect(report).toMatchObject({
      mode: { against: runGit(folder, "rev-parse", "HEAD") },
      groups: [],
      outputs: [],
      counts: { unchanged: 16 },
    });
    expect(report.digest).toBeUndefined();
    expect(JSON.stringify(report)).not.toContain("swordfish");
    const { stdout, stderr } = await expectKoine(join(folder, "stacks/shop"), ["plan", "--against", "main"], 0);
    expect(stdout).toContain("not compared with any cloud");
    expect(stdout).toContain("No object changes between the two revisions.");
    expect(stderr).toContain("no value was given for `word`");
    expect(existsSync(join(folder, "stacks/shop/.koine"))).toBe(false);
    expect(readdirSync(folder)).toEqual([".git", "stacks"]);
  });

  test("updates, what is immutable and what stands on it, renames, what goes and what comes, files, outputs", async () => {
    const folder = makeShop();
    const edited = source
      .replace("subnet old", '@was("subnet.old")\nsubnet renamed')
      .replace("10.0.0.0/24", "10.0.3.0/24")
      .replace('"one"', '"two"')
      .replace("disk d { attach = m, size = 20GiB }", "address ip {}");
    writeFiles(folder, { "stacks/shop/main.koine": edited, "stacks/shop/text/motto": "swift" });
    const report = await compare(folder, "HEAD", 2);
    expect(actionsOf(report)).toMatchObject({
      "network.main:vpc": "update",
      "subnet.a:subnet": "replace",
      "subnet.a:association": "replace",
      "machine.m:instance": "replace",
      "subnet.renamed:subnet": "update",
      "subnet.renamed:route": "rename",
      "disk.d:volume": "delete",
      "address.ip:eip": "create",
    });
    expect(actionsOf(report)).not.toHaveProperty(["subnet.a:table"]);
    const changes = report.groups.flatMap((group) => group.changes);
    expect(changes.find(({ key }) => key === "disk.d:volume")?.impact).toBe("data-loss");
    expect(changes.find(({ key }) => key === "subnet.a:subnet")?.props).toMatchObject([{ prop: "CidrBlock", forces: "immutable" }]);
    expect(report.outputs).toEqual([{ name: "kind", from: "one", to: "two", deferred: false, secret: false }]);
    expect(report.groups.find(({ address }) => address === "subnet.a")?.place).toEqual({
      file: "stacks/shop/main.koine",
      line: 5,
      column: 8,
    });
    const { stdout } = await expectKoine(join(folder, "stacks/shop"), ["plan", "--against", "HEAD", "--format", "markdown"], 0);
    expect(stdout).toContain("Not compared with any cloud.");
  });
});

describe("the revision it is compared with", () => {
  test("without this stack, or with one that does not compile: told, and everything is new", async () => {
    const folder = makeShop();
    const first = runGit(folder, "rev-parse", "HEAD");
    writeFiles(folder, { "stacks/shop/main.koine": `${source}oops {\n` });
    const broken = commitAll(folder);
    writeFiles(folder, { "stacks/shop/main.koine": null });
    const gone = commitAll(folder);
    writeFiles(folder, { "stacks/shop/main.koine": source });
    const report = await compare(folder, broken, 2);
    expect(report.warnings[0]).toMatch(/^the sources at [0-9a-f]{12} do not compile \(1 error, .*K1102.*\): everything is shown as new$/);
    expect(report.counts).toMatchObject({ create: 16, unchanged: 0 });
    expect((await compare(folder, gone, 2)).warnings[0]).toMatch(/^there is no stack in this folder at /);
    expect((await compare(folder, first)).groups).toEqual([]);
  });

  test("links of it are not followed", async () => {
    const folder = makeShop();
    writeFiles(folder, { "stacks/shop/text/motto": { link: "../main.koine" } });
    const linked = commitAll(folder);
    writeFiles(folder, { "stacks/shop/text/motto": "steady" });
    expect((await compare(folder, linked, 2)).warnings[0]).toContain("it is a link, which is not followed here");
  });

  test("what is no revision, what needs a state, and a folder outside git are told", async () => {
    const folder = makeShop();
    const stack = join(folder, "stacks/shop");
    for (const name of ["nope", "--upload-pack=x", "HEAD:stacks"])
      expect((await expectKoine(stack, ["plan", `--against=${name}`], 1)).stderr).toContain("is not in this clone");
    expect((await expectKoine(stack, ["plan", "--against", "HEAD", "--destroy"], 64)).stderr).toContain("leave out `--destroy`");
  });

  test("sources that do not compile: exit 1, and the report says why", async () => {
    const folder = makeShop();
    writeFiles(folder, { "stacks/shop/main.koine": `${source}oops {\n` });
    const path = join(folder, "r.json");
    await expectKoine(join(folder, "stacks/shop"), ["plan", "--against", "HEAD", "--report", path], 1);
    expect(existsSync(path)).toBe(true);
  });
});
