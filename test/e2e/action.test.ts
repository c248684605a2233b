// The GitHub Action as the runner starts it: the file that action.yml names, on Node, with the declared inputs and an event's payload; GitHub answers at the
// other end of the wire.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runGit } from "../support/forge-git.ts";
import { readJobScopes } from "../support/github/jobs.ts";
import { type Github, openGithub } from "../support/github/open-github.ts";
import { type Occasion, type Run, startRun } from "../support/github/runs.ts";
import { cleanEnvironment, type Result, root } from "../support/run-koine.ts";

const metadata = parse(readFileSync(join(root, "action.yml"), "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly main: string };
};

/** What is built, as the runner would run it; the sources where nothing is built. */
const entry = existsSync(join(root, "dist", "koine.js")) ? join(root, metadata.runs.main) : join(root, "cli", "action.ts");

function runAction(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<Result> {
  const all = { ...Object.fromEntries(Object.entries(metadata.inputs).map(([name, input]) => [name, input.default])), ...inputs };
  const given = Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry], {
      cwd: folder,
      env: cleanEnvironment({ ...environment, ...given }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

const stack = (more = "") => `stack shop\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.20.0.0/16 }\n${more}`;
const subnet = "subnet app { network = main, cidr = 10.20.1.0/24 }\n";
const yaml = "state: postgres://state.example/koine?state=shop\n";

async function openShop(): Promise<Github> {
  return openGithub({ files: { "infra/shop.koine": stack(), "infra/koine.yaml": yaml } });
}

function start(github: Github, occasion: Occasion, job: string): { readonly run: Run; readonly workspace: string } {
  const sha = startRun(github, occasion, { workspace: github.folder }).sha;
  const workspace = github.checkOut(sha);
  return { workspace, run: startRun(github, occasion, { workspace, job }) };
}

test("a pull request: the plan is posted with the input's token, outputs are set, and after the merge it is applied", async () => {
  const github = await openShop();
  github.pushBranch("app", { "infra/shop.koine": stack(subnet) });
  const { number } = github.openPull({ branch: "app", title: "An app" });
  const { run, workspace } = start(github, { kind: "pull_request", number, action: "opened" }, "plan");
  const token = github.workflowToken(readJobScopes("plan"));
  // `comment: false` takes away even a token that the step's environment has.
  const silent = { ...run.environment, GITHUB_TOKEN: token, GITHUB_OUTPUT: "" };
  expect((await runAction({ command: "plan", simulate: "true", comment: "false", out: "silent" }, silent, workspace)).status).toBe(0);
  expect(github.log).toEqual([]);
  const result = await runAction({ command: "plan", simulate: "true", token, out: "koine-ci" }, run.environment, workspace);
  expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  const [comment] = github.comments(number);
  expect(comment?.body).toContain("subnet.app");
  const outputs = run.outputs();
  expect(outputs.changes).toBe("true");
  expect(outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  for (const name of Object.keys(outputs)) expect(Object.keys(metadata.outputs)).toContain(name);
  const artefacts = readdirSync(join(workspace, "koine-ci"), { recursive: true, encoding: "utf8" });
  expect(artefacts.some((name) => name.endsWith("report.json"))).toBe(true);
  expect(result.stdout + result.stderr).not.toContain(token);
  // Merged, in the same runner's folder, where the simulated cloud is: what was shown is applied, and the comment tells so.
  const { before, after } = github.merge(number, "squash", "author");
  runGit(workspace, "fetch", "--quiet", "origin", after);
  runGit(workspace, "checkout", "--quiet", "--detach", after);
  const push = startRun(github, { kind: "push", before, after }, { workspace, job: "apply" });
  const applied = await runAction(
    { command: "apply", simulate: "true", token: github.workflowToken(readJobScopes("apply")), out: "koine-ci-applied" },
    push.environment,
    workspace,
  );
  expect([applied.status, applied.stderr]).toEqual([0, expect.anything()]);
  expect(github.comments(number)[0]?.body).toMatch(/applied/i);
  for (const name of Object.keys(push.outputs())) expect(Object.keys(metadata.outputs)).toContain(name);
}, 120_000);

test("a fork: compared without a token, posted by the other workflow from the artefact alone", async () => {
  const github = await openShop();
  github.pushBranch("app", { "infra/shop.koine": stack(subnet) }, { fork: "stranger", by: "stranger" });
  const { number } = github.openPull({ branch: "app", title: "An app", fork: "stranger", by: "stranger" });
  const { run, workspace } = start(github, { kind: "pull_request", number, action: "opened" }, "plan-fork");
  const result = await runAction({ command: "plan", comment: "false", token: "unused", out: "koine-ci" }, run.environment, workspace);
  expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  expect(github.comments(number)).toEqual([]);
  expect(github.log).toEqual([]);
  const posted = startRun(github, { kind: "workflow_run", number, runId: run.id }, { workspace: github.folder, job: "comment" });
  const token = github.workflowToken(readJobScopes("comment"));
  const comment = await runAction({ command: "comment", from: join(workspace, "koine-ci"), token }, posted.environment, github.folder);
  expect([comment.status, comment.stderr]).toEqual([0, expect.anything()]);
  expect(github.comments(number)[0]?.body).toContain("Not compared with any cloud");
});

test("an input that cannot be is an annotation and exit 64, and starts nothing", async () => {
  const github = await openShop();
  const result = await runAction({ command: "dance::\n::set-output name=x::y" }, {}, github.folder);
  expect(result.status).toBe(64);
  expect(result.stdout).toBe(
    "::error title=koine::the input `command` is none of plan, apply, comment, drift: `dance::%0A::set-output name=x::y`\n",
  );
});
