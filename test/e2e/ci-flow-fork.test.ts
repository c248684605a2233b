// A fork's pull request: planned without credentials, compared with the base alone, and posted by another job that never saw the sources. What a fork's run
// leaves is a stranger's word: shown as such, or refused, and never a plan that could be approved.

import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRunner } from "../support/github/jobs.ts";
import { openGithub } from "../support/github/open-github.ts";
import { makeStable } from "../support/github/stable-text.ts";

const shop = (more: string): string => `stack shop {}

cloud aws { region = "us-east-1" }

network main { cidr = 10.20.0.0/16 }
${more}`;

const secrets = {
  AWS_ACCESS_KEY_ID: "secret-access-key-id",
  AWS_SECRET_ACCESS_KEY: "secret-access-key",
  KOINE_KEY: "secret-koine-key",
  SHOP_DB_PASSWORD: "secret-database-password",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret-id-token",
};

/** A `git` that notes whose it is and what it could read, and then is git. What Koine starts asks git, so it shows what Koine's processes were given. */
function watchGit(folder: string): { readonly path: string; readonly log: string } {
  const bin = join(folder, "bin");
  const log = join(folder, "git.log");
  mkdirSync(bin);
  const script = `#!/bin/sh
{ echo "--- $(ps -o args= -p $PPID)"; env; } >> "$(dirname "$0")/../git.log"
PATH="\${PATH#*:}" exec git "$@"
`;
  writeFileSync(join(bin, "git"), script);
  chmodSync(join(bin, "git"), 0o755);
  return { path: `${bin}:${process.env.PATH}`, log };
}

test("a fork's change is planned without secrets and posted by a job without its sources", { timeout: 240_000 }, async () => {
  const github = await openGithub({ files: { "shop/shop.koine": shop(""), "shop/koine.yaml": "require: review\n" } });
  const runner = openRunner(github);
  const hostile = '# ::error::@everyone\nsubnet app { network = main, cidr = 10.20.1.0/24, zone = "a" }\n';
  github.pushBranch(
    "subnets",
    { "shop/shop.koine": shop(hostile), "shop/koine.yaml": "require: none\n" },
    { fork: "stranger", by: "stranger" },
  );
  const { number, headSha } = github.openPull({ branch: "subnets", fork: "stranger" });

  const watched = watchGit(github.folder);
  const planned = await runner.run({ kind: "pull_request", number, action: "opened" }, ["plan", "--no-comment"], {
    job: "plan-fork",
    environment: { ...secrets, PATH: watched.path },
  });
  expect(planned.status, planned.stderr).toBe(0);
  expect(github.log).toEqual([]);
  const seen = readFileSync(watched.log, "utf8").split(/^--- /m);
  const byChild = seen.filter((one) => (one.split("\n")[0] ?? "").includes("--against"));
  expect(byChild.length).toBeGreaterThan(0);
  for (const one of byChild) for (const [name, value] of Object.entries(secrets)) expect(one, name).not.toContain(value);
  const report = planned.artefacts["shop/report.json"] ?? "";
  expect(JSON.parse(report)).toMatchObject({ mode: { against: github.repository.git.find("refs/heads/main") } });
  expect(JSON.parse(report).digest).toBeUndefined();

  // The workflow that posts it starts from the default branch.
  const posted = await runner.run({ kind: "workflow_run", number, runId: planned.run.id }, ["comment", "--from", planned.out], {
    job: "comment",
  });
  expect(posted.status, posted.stderr).toBe(0);
  const [comment] = github.comments(number);
  expect(comment).toMatchObject({ by: { login: "github-actions[bot]" } });
  expect(comment?.body).toContain("**Not compared with any cloud.**");
  expect(github.checks(headSha)).toEqual([]);
  await expect(makeStable(comment?.body ?? "")).toMatchFileSnapshot("ci-flow/8-fork.md");

  // What passes for a real plan is still a stranger's word; what is not of the shape is refused.
  const forge = (change: (report: Record<string, unknown>) => unknown): string => {
    const folder = mkdtempSync(join(github.folder, "forged-"));
    cpSync(planned.out, folder, { recursive: true });
    writeFileSync(join(folder, "shop", "report.json"), JSON.stringify(change(JSON.parse(report) as Record<string, unknown>)));
    return folder;
  };
  const digest = { changes: `sha256:${"0".repeat(64)}`, basis: `sha256:${"1".repeat(64)}` };
  const pretending = forge((real) => ({ ...real, mode: {}, digest, trust: [] }));
  const believed = await runner.run({ kind: "workflow_run", number, runId: planned.run.id }, ["comment", "--from", pretending], {
    job: "comment",
  });
  expect(believed.status, believed.stderr).toBe(0);
  const shown = github.comments(number)[0]?.body ?? "";
  expect(shown).toContain("**Not compared with any cloud.**");
  expect(shown).not.toContain("0".repeat(64));
  expect(github.checks()).toEqual([]);
  const refused = await runner.run(
    { kind: "workflow_run", number, runId: planned.run.id },
    ["comment", "--from", forge((real) => ({ ...real, counts: "<img src=x>", more: "::error::" }))],
    { job: "comment" },
  );
  expect(refused.status, refused.stderr).toBe(5);
  expect(github.comments(number)).toHaveLength(1);
  expect(github.comments(number)[0]?.body).toBe(shown);
});
