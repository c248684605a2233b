// The scripts of the GitLab template, run by a shell as a runner does, with commands that only tell what they were called with.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { renderCiFiles } from "./render-templates.ts";

interface Job {
  readonly extends: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly script: readonly string[];
}

const deployments = [{ name: "prod", environment: "prod" }];
const [file] = renderCiFiles("gitlab", { branch: "main", deployments, source: "koine@1.0.0" });
const template = parse(file?.text ?? "") as Readonly<Record<string, Job>> & {
  readonly ".credentials": { readonly before_script: readonly string[] };
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "koine-gitlab-"));
  for (const name of ["koine", "npm"])
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '${name}'; printf ' <%s>' "$@"; echo\n`, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a job called, and what it left in the environment for the SDKs. */
function runJob(name: string, variables: Readonly<Record<string, string>>): string {
  const job = template[name];
  if (!job) throw new Error(`there is no job ${name}`);
  const before = job.extends === ".credentials" ? template[".credentials"].before_script : [];
  const after = 'echo "$AWS_ROLE_ARN $AZURE_CLIENT_ID"; cat $AWS_WEB_IDENTITY_TOKEN_FILE $GOOGLE_APPLICATION_CREDENTIALS /dev/null';
  const script = ["set -e", ...before, ...job.script, after].join("\n");
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    TMPDIR: folder,
    KOINE_PACKAGE: "koine@1.0.0",
    CI_JOB_ID: "7",
    ...job.variables,
    ...variables,
  };
  return execFileSync("/bin/sh", ["-c", script], { env, encoding: "utf8" });
}

const roles = {
  KOINE_AWS_PLAN_ROLE: "arn:reads",
  KOINE_AWS_APPLY_ROLE: "arn:writes",
  KOINE_AWS_TOKEN: "a-token",
  KOINE_GCP_PROVIDER: "projects/1/locations/global/workloadIdentityPools/p/providers/k",
  KOINE_GCP_PLAN_ACCOUNT: "reads@acme.iam.gserviceaccount.com",
  KOINE_GCP_TOKEN: "g-token",
  KOINE_AZURE_PLAN_CLIENT: "reads",
  KOINE_AZURE_APPLY_CLIENT: "writes",
  KOINE_AZURE_TENANT: "t",
  KOINE_AZURE_TOKEN: "z-token",
};

test("a plan has the roles that read, each cloud by a file that its SDK takes", () => {
  const told = runJob("koine-plan", roles);
  expect(told).toContain("npm <install> <--global> <koine@1.0.0>\nkoine <ci> <plan> <--out> <koine-ci>\narn:reads reads\na-token");
  const credentials = JSON.parse(told.slice(told.indexOf("{"))) as Readonly<Record<string, unknown>>;
  // https://google.aip.dev/auth/4117
  expect(credentials).toMatchObject({
    type: "external_account",
    audience: `//iam.googleapis.com/${roles.KOINE_GCP_PROVIDER}`,
    service_account_impersonation_url: expect.stringContaining(`serviceAccounts/${roles.KOINE_GCP_PLAN_ACCOUNT}:generateAccessToken`),
  });
  expect(runJob("koine-plan", { CI_MERGE_REQUEST_EVENT_TYPE: "merge_train" })).toContain("koine <ci> <apply>");
  expect(runJob("koine-drift", roles)).toContain("arn:reads reads");
});

test("an apply has those that write, its environment, and digests as they were typed", () => {
  const told = runJob("koine-apply", { ...roles, KOINE_ENVIRONMENT: "prod", KOINE_APPROVE: "sha256:a *; $(rm)" });
  expect(told).toContain(
    "koine <--env> <prod> <ci> <apply> <--out> <koine-ci> <--approve> <sha256:a> <--approve> <*;> <--approve> <$(rm)>\n",
  );
  expect(told).toContain("arn:writes writes");
  expect(runJob("koine-apply", {})).toContain("koine <ci> <apply> <--out> <koine-ci>\n \n");
});

test("a fork's job has none, whatever is set", () => {
  expect(runJob("koine-plan-fork", roles)).toBe(
    "npm <install> <--global> <koine@1.0.0>\nkoine <ci> <plan> <--no-comment> <--out> <koine-ci>\n \n",
  );
});
