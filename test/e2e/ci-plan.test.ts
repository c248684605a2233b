// `koine ci plan` as a process, in real git repositories and without a host: what is planned, with whose koine.yaml, what is kept, what is refused.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseReport } from "../../cli/report/parse-report.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { parsePlanFile } from "../../engine/plan/plan-file.ts";
import { followKoine } from "../support/follow-koine.ts";
import { runGit } from "../support/forge-git.ts";
import { makeScratch, type Result, runKoine } from "../support/run-koine.ts";

/** No host, whatever runs these tests. */
const plain = { GITHUB_ACTIONS: "", GITLAB_CI: "" };

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function commit(folder: string, message = "change"): string {
  runGit(folder, "add", "--all");
  runGit(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", message);
  return runGit(folder, "rev-parse", "HEAD");
}

/** A repository with these files on `main`, and a branch for the change checked out. */
function makeRepository(files: Readonly<Record<string, string>>): string {
  const folder = makeScratch();
  runGit(folder, "init", "--quiet", "--initial-branch=main");
  write(folder, { ".gitignore": ".koine/\nkoine-ci/\n", ...files });
  commit(folder, "begin");
  runGit(folder, "checkout", "--quiet", "-b", "change");
  return folder;
}

function stack(name: string, more = ""): string {
  return `stack ${name} on aws\n\ncloud aws { region = "eu-west-1" }\n\nnetwork main { cidr = 10.0.0.0/16 }\n${more}`;
}

function plan(folder: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<Result> {
  return runKoine(folder, ["--simulate", "ci", "plan", "--base", "main", "--out", join(folder, "koine-ci"), ...args], {
    environment: { ...plain, ...environment },
  });
}

function listArtefacts(folder: string): readonly string[] {
  return readdirSync(join(folder, "koine-ci"), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    .sort();
}

function readReport(folder: string, subject: string): PlanReport {
  const read = parseReport(readFileSync(join(folder, "koine-ci", subject, "report.json"), "utf8"));
  if ("mistake" in read) throw new Error(read.mistake);
  return read.report;
}

test("of 200 stacks, the three that a change touches are planned, and no other", async () => {
  const folder = makeRepository({
    ...Object.fromEntries(Array.from({ length: 200 }, (_, number) => [`infra/s${number}/main.koine`, stack(`s${number}`)])),
    "infra/s20/main.koine": stack("s20", 'output motd = file("../../shared/motd.txt")\n'),
    "shared/motd.txt": "hello",
  });
  write(folder, {
    "infra/s10/main.koine": stack("s10", "network other { cidr = 10.1.0.0/16 }\n"),
    "shared/motd.txt": "bye",
    "infra/s30/koine.lock": "images: {}\n",
    "infra/s40/readme.md": "nothing of the stack",
  });
  commit(folder);
  const result = await plan(folder);
  expect(result.stderr).toContain("Planning infra/s10, infra/s20, infra/s30 (200 stacks, compared with ");
  expect(listArtefacts(folder)).toEqual(["infra__s10", "infra__s20", "infra__s30"]);
  expect(result.status).toBe(0);
  for (const subject of ["infra__s10", "infra__s20"]) {
    const report = readReport(folder, subject);
    expect(report).toMatchObject({ world: "simulated", problems: [], revision: runGit(folder, "rev-parse", "HEAD"), trust: [] });
    const kept = parsePlanFile(readFileSync(join(folder, "koine-ci", subject, "plan.json"), "utf8"));
    expect("file" in kept && kept.file.digest.changes).toBe(report.digest?.changes);
    expect(readFileSync(join(folder, "koine-ci", subject, "plan.html"), "utf8")).toContain("network.main");
    expect(readFileSync(join(folder, "koine-ci", subject, "comment.md"), "utf8")).toContain(`Digest of the changes`);
  }
  expect(readReport(folder, "infra__s10").groups.map(({ address }) => address)).toEqual(["network.main", "network.other"]);
  expect(readReport(folder, "infra__s30").trust).toEqual([expect.stringContaining("koine.lock is edited")]);
});

const project = `inputs: { width: 16 }
budget: { max_destroy: 2 }
environments:
  prod: {}
`;
const source = 'stack shop on aws\ncloud aws { region = "eu-west-1" }\ninput width: int\nnetwork main { cidr = "10.0.0.0/${width}" }\n';
const cidrOf = (folder: string, subject: string): unknown => readReport(folder, subject).groups[0]?.about;

test("inputs come from the change; the rest of an edited koine.yaml is the base's, and said first", async () => {
  const folder = makeRepository({ "shop/main.koine": source, "shop/koine.yaml": project, ".github/workflows/plan.yml": "on: push\n" });
  write(folder, {
    "shop/koine.yaml": project
      .replace("width: 16", "width: 18")
      .replace("max_destroy: 2", "max_destroy: 2000")
      .replace("prod: {}", "prod: { inputs_from: { width: env:SHOP_TOKEN }, allow_env: [SHOP_TOKEN] }")
      .concat("  dev: { state: 'sqlite:/etc/passwd', inputs: { width: 24 } }\n"),
    ".github/workflows/plan.yml": "on: pull_request_target\n",
  });
  commit(folder);
  const result = await plan(folder, [], { SHOP_TOKEN: "28" });
  expect(result.status).toBe(0);
  expect(listArtefacts(folder)).toEqual(["shop@dev", "shop@prod"]);
  expect([cidrOf(folder, "shop@dev"), cidrOf(folder, "shop@prod")]).toEqual(["cidr 10.0.0.0/24", "cidr 10.0.0.0/18"]);
  expect(readReport(folder, "shop@prod").trust).toEqual([
    "This change edits what runs here: `.github/workflows/plan.yml`. Read that first: a run of it may say anything",
    "koine.yaml: `budget.max_destroy` goes from 2 to 2000 (weaker)",
    "koine.yaml: `inputs_from.width` of `prod` becomes `env:SHOP_TOKEN`",
    "koine.yaml: `allow_env` of `prod` becomes `SHOP_TOKEN`",
    "koine.yaml: environment `dev` is new",
    "koine.yaml: `state` of `dev` becomes `sqlite:/etc/passwd`",
    "Until the merge, what the koine.yaml of the base says of these holds",
  ]);
  const comment = readFileSync(join(folder, "koine-ci/shop@prod/comment.md"), "utf8");
  expect(comment.split("\n")[1]).toContain("This change edits what decides about trust.");
});

test("what cannot be planned is a report that says why, and the others are planned all the same", async () => {
  const folder = makeRepository({
    "good/main.koine": stack("good"),
    "broken/main.koine": stack("broken"),
    "gone/main.koine": stack("gone"),
    "ended/main.koine": stack("ended"),
    "yaml/main.koine": stack("yaml"),
  });
  for (const name of ["gone", "ended"]) rmSync(join(folder, name), { recursive: true });
  // Not of git: what an earlier apply left on this machine.
  write(folder, { "gone/.koine/simulator/state.db": "" });
  write(folder, { "good/more.koine": "\n", "broken/main.koine": "stack broken on\n", "yaml/koine.yaml": "stat: x\n" });
  commit(folder);
  const result = await plan(folder);
  expect(result.status).toBe(1);
  expect(readReport(folder, "good").problems).toEqual([]);
  expect(readReport(folder, "broken").diagnostics[0]?.place?.file).toBe("broken/main.koine");
  expect(readReport(folder, "yaml").problems).toEqual([expect.objectContaining({ message: expect.stringContaining("no entry `stat`") })]);
  expect(readReport(folder, "gone").problems).toEqual([
    expect.objectContaining({
      message: expect.stringContaining("what its state holds would stay"),
      hint: expect.stringContaining("stack gone"),
    }),
  ]);
  expect(readReport(folder, "ended")).toMatchObject({ problems: [], warnings: [expect.stringContaining("it manages nothing here")] });
  expect(result.stdout).toContain("error: The change removes all sources of gone");
});

test("a state that is a file on this machine is refused before anything is asked, unless it is meant", async () => {
  const folder = makeRepository({ "shop/main.koine": stack("shop") });
  write(folder, { "shop/main.koine": stack("shop", "\n") });
  commit(folder);
  const result = await runKoine(folder, ["ci", "plan", "--base", "main", "--out", join(folder, "koine-ci")], { environment: plain });
  expect(result.status).toBe(1);
  expect(readReport(folder, "shop").problems).toEqual([
    expect.objectContaining({
      message: expect.stringContaining("is a file on this machine"),
      hint: expect.stringContaining("--ephemeral-state"),
    }),
  ]);
  expect(existsSync(join(folder, "shop/.koine"))).toBe(false);
});

test("nothing touched: nothing planned, and that is fine", async () => {
  const folder = makeRepository({ "shop/main.koine": stack("shop") });
  write(folder, { "readme.md": "x" });
  commit(folder);
  const result = await plan(folder);
  expect(result).toMatchObject({ status: 0, stdout: "" });
  expect(result.stderr).toContain("no stack is touched");
  expect(readdirSync(join(folder, "koine-ci"))).toEqual(["request.json"]);
});

test("names of folders, files and values issue no command of the host's log", async () => {
  const evil = "::error::x\n::set-output name=a::b";
  const folder = makeRepository({ "a/main.koine": stack("a") });
  write(folder, { [`${evil}/main.koine`]: stack("evil", 'output o = """\n  ::set-output name=digest::sha256:0\n  ##[command]x\n"""\n') });
  commit(folder);
  const output = join(folder, "koine-ci.output");
  const event = join(folder, "koine-ci.event.json");
  writeFileSync(output, "");
  writeFileSync(event, JSON.stringify({ before: runGit(folder, "rev-parse", "main") }));
  const result = await runKoine(folder, ["--simulate", "ci", "plan", "--out", join(folder, "koine-ci")], {
    environment: {
      ...plain,
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: "acme/infra",
      GITHUB_SHA: runGit(folder, "rev-parse", "HEAD"),
      GITHUB_TOKEN: "",
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: "",
    },
  });
  expect(result.status).toBe(0);
  const commands = [...result.stdout.split("\n"), ...result.stderr.split("\n")].filter((line) => /^\s*::|##\[/.test(line));
  const [group, stop, again, end, ...more] = commands;
  expect([group, end, more]).toEqual([expect.stringMatching(/^::group::/), "::endgroup::", []]);
  expect(group).not.toMatch(/[\r\n]/);
  expect(again).toBe(`::${stop?.replace("::stop-commands::", "")}::`);
  expect(
    readFileSync(output, "utf8")
      .split("\n")
      .filter((line) => /^(changes|digest|exitcode)</.test(line)),
  ).toHaveLength(3);
});

test("a shallow clone and another revision than the event's are refused with what to do", async () => {
  const source = makeRepository({ "shop/main.koine": stack("shop") });
  write(source, { "shop/main.koine": stack("shop", "\n") });
  const head = commit(source);
  const base = runGit(source, "rev-parse", "main");
  const clone = makeScratch();
  runGit(clone, "clone", "--quiet", "--depth=1", "--branch=change", `file://${source}`, ".");
  const event = join(clone, ".git/event.json");
  const repo = { id: 1, full_name: "acme/infra" };
  const request = (sha: string): string => JSON.stringify({ pull_request: { number: 1, head: { sha, repo }, base: { sha: base, repo } } });
  const github = {
    GITHUB_ACTIONS: "true",
    GITLAB_CI: "",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: "acme/infra",
    GITHUB_SHA: head,
    GITHUB_TOKEN: "",
    GITHUB_OUTPUT: "",
    GITHUB_STEP_SUMMARY: "",
  };
  const run = (): Promise<Result> =>
    runKoine(clone, ["--simulate", "ci", "plan", "--out", join(clone, "koine-ci")], { environment: github });
  writeFileSync(event, request(head));
  const shallow = await run();
  expect(shallow.status).toBe(1);
  expect(shallow.stderr).toMatch(/which is shallow\n.*fetch-depth: 0/);
  runGit(clone, "fetch", "--quiet", "--unshallow", "origin", "main", "change");
  writeFileSync(event, request("e".repeat(40)));
  const other = await run();
  expect(other.status).toBe(1);
  expect(other.stderr).toContain("is neither the head of the change request");
});

/** A `git` that writes down who asked it, and which secrets that process has; only the environment of a process tells what it was given. */
function watchGit(): { readonly path: string; readonly seen: () => readonly { readonly by: string; readonly secrets: string }[] } {
  const folder = makeScratch();
  const log = join(folder, "log");
  const real = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  writeFileSync(
    join(folder, "git"),
    `#!/bin/sh\necho "$PPID \${GITHUB_TOKEN:-none} \${SHOP_TOKEN:-none} \${AWS_SECRET_ACCESS_KEY:-none}" >> "${log}"\nexec "${real}" "$@"\n`,
    { mode: 0o755 },
  );
  return {
    path: `${folder}:${process.env.PATH ?? ""}`,
    seen: () =>
      readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => ({ by: line.slice(0, line.indexOf(" ")), secrets: line.slice(line.indexOf(" ") + 1) })),
  };
}

test("a fork's change is compared with the base, by a process without secrets, and nothing is posted", async () => {
  const project = "inputs_from: { token: env:SHOP_TOKEN }\nallow_env: [SHOP_TOKEN]\n";
  const source = stack("shop", "input token: secret string\noutput seen: secret string = token\n");
  const folder = makeRepository({ "shop/main.koine": source, "shop/koine.yaml": project });
  write(folder, { "shop/more.koine": "network other { cidr = 10.1.0.0/16 }\n" });
  const head = commit(folder);
  const event = join(folder, "koine-ci.event.json");
  const base = { sha: runGit(folder, "rev-parse", "main"), repo: { id: 1, full_name: "acme/infra" } };
  writeFileSync(event, JSON.stringify({ pull_request: { number: 1, head: { sha: head, repo: { id: 2 } }, base } }));
  const secrets = { GITHUB_TOKEN: "ghs", SHOP_TOKEN: "s3cret", AWS_SECRET_ACCESS_KEY: "aws" };
  const git = watchGit();
  const result = await runKoine(folder, ["ci", "plan", "--out", join(folder, "koine-ci")], {
    environment: {
      ...secrets,
      PATH: git.path,
      GITLAB_CI: "",
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: "acme/infra",
      GITHUB_SHA: head,
      // Nobody listens there: a call would fail the run.
      GITHUB_API_URL: "http://127.0.0.1:1",
      GITHUB_SERVER_URL: "https://github.example.com",
      GITHUB_OUTPUT: "",
      GITHUB_STEP_SUMMARY: "",
    },
  });
  expect(result.status).toBe(0);
  expect(result.stderr).toContain("Nothing is posted from here: the sources are a fork's");
  expect(readReport(folder, "shop")).toMatchObject({ mode: { against: base.sha }, groups: [{ address: "network.other" }] });
  expect(readReport(folder, "shop")).not.toHaveProperty("digest");
  expect(readdirSync(join(folder, "koine-ci/shop")).sort()).toEqual(["comment.md", "plan.html", "report.json"]);
  const [ours, ...others] = new Map(git.seen().map(({ by, secrets: found }) => [by, found])).values();
  expect([ours, others]).toEqual(["ghs s3cret aws", ["none none none"]]);
  for (const name of ["report.json", "comment.md", "plan.html"])
    expect(readFileSync(join(folder, "koine-ci/shop", name), "utf8")).not.toContain("s3cret");

  const own = watchGit();
  expect((await plan(folder, [], { ...secrets, PATH: own.path })).status).toBe(0);
  expect([...new Map(own.seen().map(({ by, secrets: found }) => [by, found])).values()]).toEqual(["ghs s3cret aws", "none s3cret aws"]);
});

test("a signal ends it and what it started", async () => {
  const folder = makeRepository({ "shop/main.koine": stack("shop") });
  write(folder, { "shop/main.koine": stack("shop", "\n") });
  commit(folder);
  const run = followKoine(folder, ["--simulate", "ci", "plan", "--base", "main", "--out", join(folder, "koine-ci")], plain);
  await run.until("Planning shop");
  run.child.kill("SIGTERM");
  expect(await run.end).toMatchObject({ status: 143, stderr: expect.stringContaining("Stopped; nothing was posted") });
  expect(existsSync(join(folder, "koine-ci/shop/comment.md"))).toBe(false);
});
