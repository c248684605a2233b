// A workflow run of the tests' GitHub: the event's payload, by GitHub's description, and the environment exactly as Actions sets it for that event.
// https://docs.github.com/actions/reference/variables-reference, https://docs.github.com/actions/reference/events-that-trigger-workflows

import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sayComment, sayCommit, sayPerson, sayPull, sayPullAsIssue, sayRepository, sayReview, site } from "./answers.ts";
import { complete } from "./complete.ts";
import { eventSchema, type Json, type JsonRecord, listEventMistakes } from "./description.ts";
import { actionsBot, type Person, type Pull } from "./model.ts";
import type { Github, Queued } from "./open-github.ts";

export type Occasion =
  | {
      readonly kind: "pull_request";
      readonly number: number;
      readonly action: "opened" | "synchronize" | "closed";
      readonly before?: string;
    }
  | { readonly kind: "pull_request_review"; readonly review: number }
  | { readonly kind: "issue_comment"; readonly comment: number }
  | { readonly kind: "push"; readonly before: string; readonly after: string; readonly branch?: string; readonly by?: string }
  | { readonly kind: "merge_group"; readonly queued: Queued }
  | { readonly kind: "workflow_run"; readonly number: number; readonly runId: number }
  | { readonly kind: "workflow_dispatch"; readonly inputs: Readonly<Record<string, string>>; readonly by?: string }
  | { readonly kind: "schedule"; readonly schedule: string };

export interface Run {
  readonly id: number;
  /** To add to the process's environment; it holds GITHUB_TOKEN only where one was given, as a workflow must hand it over itself. */
  readonly environment: Readonly<Record<string, string>>;
  readonly payload: JsonRecord;
  /** The revision that actions/checkout takes unless told otherwise. */
  readonly sha: string;
  /** Step outputs that were set, by name. */
  outputs(): Readonly<Record<string, string>>;
  /** Markdown of the step's summary. */
  summary(): string;
}

export interface RunOptions {
  readonly token?: string;
  /** Where the sources are checked out. */
  readonly workspace: string;
  readonly workflow?: string;
  readonly job?: string;
  /** Of a run that is tried again. */
  readonly attempt?: number;
}

interface Facts {
  readonly event: string;
  /** Of the description; none for `schedule`, which has no payload of its own. */
  readonly described?: string;
  readonly payload: JsonRecord;
  readonly sha: string;
  readonly ref: string;
  readonly by: Person;
  readonly heads?: readonly [head: string, base: string];
}

/** Starts a run: writes the payload, and checks it against the description. */
export function startRun(github: Github, occasion: Occasion, options: RunOptions): Run {
  const facts = describe(github, occasion);
  const folder = mkdtempSync(join(github.folder, "run-"));
  const payload = (facts.described === undefined ? facts.payload : complete(eventSchema(facts.described), facts.payload)) as JsonRecord;
  const mistakes = facts.described === undefined ? [] : listEventMistakes(facts.described, payload);
  if (mistakes.length > 0) throw new Error(`the payload of ${occasion.kind} is not by GitHub's description: ${mistakes.join("; ")}`);
  const id = github.repository.nextRun();
  const files = {
    event: join(folder, "event.json"),
    output: join(folder, "output"),
    summary: join(folder, "summary"),
    env: join(folder, "env"),
    path: join(folder, "path"),
  };
  writeFileSync(files.event, JSON.stringify(payload, undefined, 2));
  for (const empty of [files.output, files.summary, files.env, files.path]) writeFileSync(empty, "");
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const { repository } = github;
  const workflow = options.workflow ?? "koine";
  const branch = facts.ref.replace(/^refs\/(heads|tags|pull)\//, "");
  const file = `${repository.fullName}/.github/workflows/${workflow}.yml@${facts.ref}`;
  return {
    id,
    payload,
    sha: facts.sha,
    environment: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION: "__run",
      GITHUB_ACTOR: facts.by.login,
      GITHUB_ACTOR_ID: String(facts.by.id),
      GITHUB_TRIGGERING_ACTOR: facts.by.login,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: `${github.apiUrl}/graphql`,
      GITHUB_SERVER_URL: site,
      GITHUB_BASE_REF: facts.heads?.[1] ?? "",
      GITHUB_HEAD_REF: facts.heads?.[0] ?? "",
      GITHUB_ENV: files.env,
      GITHUB_EVENT_NAME: facts.event,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_JOB: options.job ?? "koine",
      GITHUB_OUTPUT: files.output,
      GITHUB_PATH: files.path,
      GITHUB_REF: facts.ref,
      GITHUB_REF_NAME: branch,
      GITHUB_REF_PROTECTED: "false",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REPOSITORY: repository.fullName,
      GITHUB_REPOSITORY_ID: "1296269",
      GITHUB_REPOSITORY_OWNER: repository.owner.login,
      GITHUB_REPOSITORY_OWNER_ID: String(repository.owner.id),
      GITHUB_RETENTION_DAYS: "90",
      GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
      GITHUB_RUN_ID: String(id),
      GITHUB_RUN_NUMBER: String(id - 9_000),
      GITHUB_SHA: facts.sha,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_WORKFLOW: workflow,
      GITHUB_WORKFLOW_REF: file,
      GITHUB_WORKFLOW_SHA: facts.sha,
      GITHUB_WORKSPACE: options.workspace,
      RUNNER_ARCH: "X64",
      RUNNER_ENVIRONMENT: "github-hosted",
      RUNNER_NAME: "GitHub Actions 1",
      RUNNER_OS: "Linux",
      RUNNER_TEMP: temporary,
      ...(options.token === undefined ? {} : { GITHUB_TOKEN: options.token }),
    },
    outputs: () => readOutputs(files.output),
    summary: () => (existsSync(files.summary) ? readFileSync(files.summary, "utf8") : ""),
  };
}

/** `name=value`, and `name<<DELIMITER` for more lines. https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings */
function readOutputs(file: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = readFileSync(file, "utf8").split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const open = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/.exec(line);
    if (open) {
      const end = lines.indexOf(open[2] ?? "");
      if (end < 0) throw new Error(`an output is not ended: ${open[1]}`);
      outputs[open[1] ?? ""] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join("\n");
    } else if (plain) outputs[plain[1] ?? ""] = plain[2] ?? "";
    else if (line !== "") throw new Error(`not a step output: ${line}`);
  }
  return outputs;
}

function describe(github: Github, occasion: Occasion): Facts {
  const { repository } = github;
  const { git } = repository;
  const main = git.find(`refs/heads/${repository.defaultBranch}`) ?? "";
  const whole = sayRepository(repository);
  const of = (by: Person): JsonRecord => ({ repository: whole, sender: sayPerson(by) });
  const pullFacts = (pull: Pull): Pick<Facts, "sha" | "ref" | "heads"> => ({
    // Merged, it is the branch that it was merged into; before, the test merge.
    sha: pull.merged?.sha ?? pull.testMerge ?? pull.headSha,
    ref: pull.merged ? `refs/heads/${pull.base}` : `refs/pull/${pull.number}/merge`,
    heads: [pull.branch, pull.base],
  });
  switch (occasion.kind) {
    case "pull_request": {
      const pull = github.pull(occasion.number);
      const before = occasion.action === "synchronize" ? { before: occasion.before ?? pull.headSha, after: pull.headSha } : {};
      const payload = {
        action: occasion.action,
        number: pull.number,
        pull_request: sayPull(repository, pull, true),
        ...before,
        ...of(pull.by),
      };
      const by = pull.merged?.by ?? pull.by;
      return { event: "pull_request", described: `pull-request-${occasion.action}`, payload, by, ...pullFacts(pull) };
    }
    case "pull_request_review": {
      const review = repository.reviews.get(occasion.review);
      if (!review) throw new Error(`there is no review ${occasion.review}`);
      const pull = github.pull(review.pull);
      // Its state is in small letters in the payload.
      const said = { ...sayReview(repository, review), state: review.state.toLowerCase() };
      const payload = { action: "submitted", review: said, pull_request: sayPull(repository, pull, false), ...of(review.by) };
      return { event: "pull_request_review", described: "pull-request-review-submitted", payload, by: review.by, ...pullFacts(pull) };
    }
    case "issue_comment": {
      const comment = repository.comments.get(occasion.comment);
      if (!comment) throw new Error(`there is no comment ${occasion.comment}`);
      const issue = sayPullAsIssue(repository, github.pull(comment.issue));
      const payload = { action: "created", comment: sayComment(repository, comment), issue, ...of(comment.by) };
      const ref = `refs/heads/${repository.defaultBranch}`;
      return { event: "issue_comment", described: "issue-comment-created", payload, sha: main, ref, by: comment.by };
    }
    case "push": {
      const ref = `refs/heads/${occasion.branch ?? repository.defaultBranch}`;
      const by = github.person(occasion.by ?? "author");
      const commits = git.between(occasion.before, occasion.after).map((sha) => pushCommit(github, sha));
      const payload: JsonRecord = {
        ref,
        before: occasion.before,
        after: occasion.after,
        base_ref: null,
        compare: `${site}/${repository.fullName}/compare/${occasion.before.slice(0, 12)}...${occasion.after.slice(0, 12)}`,
        created: false,
        deleted: false,
        forced: false,
        commits,
        head_commit: commits.at(-1) ?? null,
        pusher: { name: by.login, email: by.email },
        ...of(by),
      };
      return { event: "push", described: "push", payload, sha: occasion.after, ref, by };
    }
    case "merge_group": {
      const { queued } = occasion;
      const by = github.person("github-merge-queue[bot]", "write");
      const base = `refs/heads/${github.pull(queued.number).base}`;
      const group = {
        head_sha: queued.sha,
        head_ref: queued.ref,
        base_sha: queued.baseSha,
        base_ref: base,
        head_commit: pushCommit(github, queued.sha),
      };
      const payload = { action: "checks_requested", merge_group: group, ...of(by) };
      return { event: "merge_group", described: "merge-group-checks-requested", payload, sha: queued.sha, ref: queued.ref, by };
    }
    case "workflow_run": {
      const pull = github.pull(occasion.number);
      const owner = pull.fork?.owner ?? repository.owner;
      const here = { id: 1296269, name: repository.name, url: `https://api.github.com/repos/${repository.fullName}` };
      // For a fork's run this list is empty: who it was for has to be found by the head. https://docs.github.com/rest/actions/workflow-runs
      const pulls = pull.fork
        ? []
        : [
            {
              id: pull.id,
              number: pull.number,
              url: "",
              head: { ref: pull.branch, sha: pull.headSha, repo: here },
              base: { ref: pull.base, sha: pull.baseSha, repo: here },
            },
          ];
      const run: JsonRecord = {
        id: occasion.runId,
        name: "plan",
        event: "pull_request",
        status: "completed",
        conclusion: "success",
        run_attempt: 1,
        head_branch: pull.branch,
        head_sha: pull.headSha,
        head_repository: sayRepository(repository, owner),
        repository: whole,
        pull_requests: pulls,
        actor: sayPerson(pull.by),
        triggering_actor: sayPerson(pull.by),
      };
      const payload: JsonRecord = {
        action: "completed",
        workflow_run: run,
        workflow: { name: "plan", path: ".github/workflows/plan.yml" },
        ...of(pull.by),
      };
      const ref = `refs/heads/${repository.defaultBranch}`;
      return { event: "workflow_run", described: "workflow-run-completed", payload, sha: main, ref, by: pull.by };
    }
    case "workflow_dispatch": {
      const by = github.person(occasion.by ?? "reviewer");
      const ref = `refs/heads/${repository.defaultBranch}`;
      const payload: JsonRecord = { inputs: occasion.inputs, ref, workflow: ".github/workflows/koine.yml", ...of(by) };
      return { event: "workflow_dispatch", described: "workflow-dispatch", payload, sha: main, ref, by };
    }
    case "schedule": {
      const payload: JsonRecord = { schedule: occasion.schedule, ...of(actionsBot) };
      return { event: "schedule", payload, sha: main, ref: `refs/heads/${repository.defaultBranch}`, by: repository.owner };
    }
  }
}

/** A commit as a push names it. */
function pushCommit(github: Github, sha: string): JsonRecord {
  const { git, fullName } = github.repository;
  const facts = git.read(sha);
  const parent = facts.parents[0];
  const files = parent === undefined ? [] : git.changes(parent, sha);
  const by = (status: string): Json => files.filter((one) => one.status === status).map((one) => one.file);
  return {
    ...(sayCommit(github.repository, sha) as { readonly url: string }),
    id: sha,
    tree_id: facts.tree,
    distinct: true,
    message: facts.message,
    timestamp: facts.committer.date,
    url: `${site}/${fullName}/commit/${sha}`,
    author: { name: facts.author.name, email: facts.author.email },
    committer: { name: facts.committer.name, email: facts.committer.email },
    added: by("added"),
    removed: by("removed"),
    modified: by("modified"),
  };
}
