import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runGit } from "../../test/support/forge-git.ts";
import { nameSubject } from "./find-subjects.ts";
import { openGit } from "./git.ts";
import { choosePlanScope, type ScopeLimits } from "./plan-scope.ts";
import type { Situation } from "./situation.ts";

const root = mkdtempSync(join(tmpdir(), "koine-scope-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const log = {
  annotate: () => {},
  group: <Result>(_: string, work: () => Promise<Result>) => work(),
  print: () => {},
  setOutput: () => {},
  addSummary: () => {},
};
const common = { root, out: join(root, "out"), log };
let base = "";
let sha = "";

function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  runGit(root, "add", "--all");
  runGit(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "change");
  return runGit(root, "rev-parse", "HEAD");
}

beforeAll(() => {
  runGit(root, "init", "--quiet", "--initial-branch=main");
  const environments = "environments: { prod: {}, staging: {} }\n";
  base = commit({
    "a/main.koine": "stack a on aws\n",
    "a/koine.yaml": environments,
    "b/c/main.koine": "stack c on aws\n",
    "b/c/koine.yaml": `${environments}ci: { environments: [prod] }\n`,
    "d/main.koine": "stack d on aws\n",
    "d/koine.yaml": "environments: { lab: {} }\n",
  });
  sha = commit({
    "a/main.koine": "stack a on aws\n\n",
    "b/c/main.koine": "stack c on aws\n\n",
    ".gitlab-ci.yml": "x",
    "new/main.koine": "stack n on aws\n",
  });
});

async function choose(situation: Situation, limits: Partial<ScopeLimits> = {}): Promise<readonly string[]> {
  const scope = await choosePlanScope(openGit(root), situation, { environments: [], folder: "", ...limits });
  return scope.subjects.map(({ subject }) => nameSubject(subject));
}

test("a change: what it touches, in the environments of each stack", async () => {
  const reviewing: Situation = { ...common, kind: "reviewing", sha, number: 1, headSha: sha, baseSha: base, fork: false };
  const all = ["a @ prod", "a @ staging", "b/c @ prod", "new"];
  expect(await choose(reviewing)).toEqual(all);
  expect(await choose({ ...common, kind: "queued", sha, headSha: sha, baseSha: base })).toEqual(all);
  expect(await choose({ ...common, kind: "merged", sha, before: base })).toEqual(all);
  expect(await choose({ ...common, kind: "plain", sha, base })).toEqual(all);
});

test("without a base, everything", async () => {
  const all = ["a @ prod", "a @ staging", "b/c @ prod", "d @ lab", "new"];
  expect(await choose({ ...common, kind: "plain", sha })).toEqual(all);
  expect(await choose({ ...common, kind: "merged", sha })).toEqual(all);
  // After a forced push.
  expect(await choose({ ...common, kind: "merged", sha, before: "e".repeat(40) })).toEqual(all);
});

test("limits of folder and environment hold for what is touched; an environment that nobody declares is a mistake", async () => {
  const plain: Situation = { ...common, kind: "plain", sha, base };
  expect(await choose(plain, { environments: ["staging"] })).toEqual(["a @ staging"]);
  expect(await choose(plain, { environments: ["staging", "prod"], folder: "b" })).toEqual(["b/c @ prod"]);
  expect(await choose(plain, { folder: "b/c" })).toEqual(["b/c @ prod"]);
  expect(await choose(plain, { folder: "b/" })).toEqual([]);
  // Declared by a stack that is not touched.
  expect(await choose(plain, { environments: ["lab"] })).toEqual([]);
  await expect(choose(plain, { environments: ["prodd"] })).rejects.toThrow("no stack declares the environment `prodd`");
});

test("a stack without a state in the base, and edits of what runs, are said", async () => {
  const scope = await choosePlanScope(openGit(root), { ...common, kind: "plain", sha, base }, { environments: [], folder: "" });
  expect(scope.subjects.at(-1)?.notices).toEqual([expect.stringContaining("edits what runs here: `.gitlab-ci.yml`")]);
  expect(scope.subjects.map(({ state }) => state)).toEqual(["file", "file", "file", "file"]);
});

test("another workflow's end has nothing to plan", async () => {
  const completed: Situation = { ...common, kind: "completed", sha, headSha: sha, headBranch: "x", headOwner: "y" };
  await expect(choose(completed)).rejects.toThrow("nothing to plan here");
});

test("a stack that moves with its koine.yaml keeps its state; one that goes is known by the koine.yaml that it had", async () => {
  const yaml = "state: postgres://ci@db.example.com/koine?state=moving\nenvironments: { prod: {} }\n";
  const former = commit({
    "old/main.koine": "stack m on aws\n",
    "old/koine.yaml": yaml,
    "e/main.koine": "stack e on aws\n",
    "e/koine.yaml": yaml.replace("moving", "e"),
  });
  runGit(root, "mv", "old", "moved");
  runGit(root, "rm", "-r", "--quiet", "e");
  // Another copy would be a second stack with the same state.
  const later = commit({ "stolen/main.koine": "stack s on aws\n", "stolen/koine.yaml": yaml });
  for (const situation of [
    { ...common, kind: "plain", sha: later, base: former } as const,
    { ...common, kind: "merged", sha: later, before: former } as const,
  ]) {
    const { subjects } = await choosePlanScope(openGit(root), situation, { environments: [], folder: "" });
    expect(subjects.map(({ subject, removed }) => [nameSubject(subject), removed])).toEqual([
      ["e @ prod", true],
      ["moved @ prod", false],
      ["stolen @ prod", false],
    ]);
    expect(subjects[0]?.project.text).toBe(yaml.replace("moving", "e"));
    expect(subjects[1]).toMatchObject({
      state: "server",
      project: { text: yaml },
      notices: [expect.stringContaining("moves here from `old`")],
    });
    if (situation.kind === "merged") continue;
    expect(subjects[2]).toMatchObject({ state: "new", project: { text: expect.not.stringContaining("postgres") } });
    expect(subjects[2]?.notices.at(-1)).toContain("as if nothing had been made yet");
  }
});
