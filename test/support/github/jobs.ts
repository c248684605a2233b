// Jobs of the workflows that `koine init --ci github` writes, run as processes: the sources checked out as actions/checkout does, the token with exactly the
// permissions that the template's job asks for, the environment of the event. The simulated cloud lives in the runner's folder, as a cloud outlives jobs.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { renderCiFiles } from "../../../cli/init-ci/render-templates.ts";
import { cloneAt, runGit } from "../forge-git.ts";
import { type Result, root, runKoine } from "../koine-process.ts";
import type { Scopes } from "./model.ts";
import type { Github } from "./open-github.ts";
import { type Occasion, type Run, startRun } from "./runs.ts";

export interface JobResult extends Result {
  readonly run: Run;
  /** Artefacts by path below the output folder. */
  readonly artefacts: Readonly<Record<string, string>>;
  /** The folder that holds them. */
  readonly out: string;
}

export interface JobOptions {
  /** What is checked out; the event's own revision unless given. */
  readonly checkOut?: string;
  /** Of the template: `plan`, `plan-fork`, `apply`, `drift`; or `comment`. */
  readonly job?: "plan" | "plan-fork" | "apply" | "drift" | "comment";
  readonly environment?: Readonly<Record<string, string>>;
  readonly attempt?: number;
  /** The job dies, with all that it started, after so many durable writes of the state. */
  readonly dieAfter?: number;
}

export interface Runner {
  /** Where the sources are checked out; the simulated clouds and their state are below it. */
  readonly workspace: string;
  /** Runs `koine --simulate ci …args` for an event. */
  run(occasion: Occasion, args: readonly string[], options?: JobOptions): Promise<JobResult>;
}

/** The permissions of a job of the workflows that `koine init` writes, as scopes of its token. */
export function readJobScopes(job: string): Scopes {
  const files = renderCiFiles("github", { branch: "main", deployments: [{ name: "koine", environment: "" }], source: "acme/koine@v1" });
  const workflow = files.find(({ path }) => path.endsWith(job === "comment" ? "koine-comment.yml" : "koine.yml"));
  const { jobs } = parse(workflow?.text ?? "") as {
    readonly jobs: Readonly<Record<string, { readonly permissions?: Readonly<Record<string, "read" | "write">> }>>;
  };
  const permissions = Object.entries(jobs[job]?.permissions ?? {});
  return Object.fromEntries(permissions.map(([name, level]) => [name.replaceAll("-", "_"), level])) as Scopes;
}

/** A runner whose folder is kept from job to job. */
export function openRunner(github: Github): Runner {
  const workspace = mkdtempSync(join(github.folder, "runner-"));
  cloneAt(github.repository.git, workspace, github.repository.git.find("refs/heads/main") ?? "");
  const checkOut = (sha: string): void => {
    runGit(workspace, "fetch", "--quiet", "--no-tags", "--force", "origin", "+refs/heads/*:refs/remotes/origin/*", sha);
    runGit(workspace, "checkout", "--quiet", "--detach", "--force", sha);
  };
  return {
    workspace,
    run: async (occasion, args, options = {}) => {
      const job = options.job ?? "plan";
      const token = job === "plan-fork" ? undefined : github.workflowToken(readJobScopes(job));
      const attempt = options.attempt === undefined ? {} : { attempt: options.attempt };
      const run = startRun(github, occasion, { workspace, job, ...(token === undefined ? {} : { token }), ...attempt });
      checkOut(options.checkOut ?? run.sha);
      const out = join(github.folder, `out-${run.id}`);
      rmSync(out, { recursive: true, force: true });
      const line = ["--simulate", "ci", ...args, ...(args[0] === "comment" ? [] : ["--out", out])];
      const result = await runKoine(workspace, line, {
        environment: { ...run.environment, ...death(options.dieAfter), ...options.environment },
      });
      return { ...result, run, out, artefacts: readFolder(out) };
    },
  };
}

function death(writes: number | undefined): Readonly<Record<string, string>> {
  if (writes === undefined) return {};
  return {
    NODE_OPTIONS: `--import=${join(root, "test", "support", "kill-at-commit.mjs")}`,
    KILL_AT: `after:${writes}`,
    KILL_PARENT: "yes",
  };
}

function readFolder(folder: string): Readonly<Record<string, string>> {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  } catch {
    return {};
  }
}
