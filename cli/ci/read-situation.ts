// Reads where `koine ci` runs and for what, from the environment, the event and the checkout. What is checked out must be what the event is about:
// a plan of other sources than those that are reviewed would be worse than none.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CannotUse, describeSystemError } from "../render/failure.ts";
import type { Terminal } from "../terminal.ts";
import { expectNumber, expectRepository, expectSha, expectUrl } from "./checked-text.ts";
import { findGitRoot, openGit } from "./git.ts";
import { type GithubEvent, readGithubEvent } from "./github-event.ts";
import { readGitlabPipeline } from "./gitlab-variables.ts";
import type { Host } from "./host.ts";
import { openHostLog } from "./host-log.ts";
import type { Situation } from "./situation.ts";

export interface SituationRequest {
  readonly terminal: Terminal;
  /** The environment of the process. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A folder of the checkout. */
  readonly directory: string;
  /** Where artefacts go, relative to where the process runs. */
  readonly out: string;
  /** The base revision by hand, where no event gives one. */
  readonly base?: string;
  /** Nothing is checked out here and nothing of it is asked for: `koine ci comment`. */
  readonly withoutCheckout?: true;
}

/** Throws `CannotUse` for what cannot be: a shallow clone, an event that is refused, another revision checked out. Asks the host only about a comment's change request. */
export async function readSituation(request: SituationRequest): Promise<Situation> {
  const { terminal, variables } = request;
  const log = openHostLog(terminal, variables);
  const out = resolve(request.out);
  if (variables.GITHUB_ACTIONS === "true") return place(request, { out, log, ...(await readGithub(variables)) });
  if (variables.GITLAB_CI === "true") return place(request, { out, log, ...(await readGitlab(variables)) });
  return place(request, { out, log, event: { kind: "plain" }, sha: undefined });
}

/** What is known before git was asked. */
interface Known extends Pick<Situation, "out" | "log"> {
  readonly event: GithubEvent;
  readonly eventName?: string;
  /** What the host says is checked out. */
  readonly sha: string | undefined;
  readonly host?: Host;
}

async function place(request: SituationRequest, known: Known): Promise<Situation> {
  const { eventName, host } = known;
  const event = known.event.kind === "mentioned" ? await askFor(known.event.number, host) : known.event;
  const root = request.withoutCheckout ? resolve(request.directory) : await findGitRoot(resolve(request.directory));
  const git = openGit(root);
  const sha = request.withoutCheckout ? (known.sha ?? "") : await git.resolveCommit("HEAD");
  const common = {
    root,
    sha,
    out: known.out,
    log: known.log,
    ...(host && { host }),
    ...(eventName === undefined ? {} : { event: eventName }),
  };
  if (request.base !== undefined && event.kind !== "plain")
    throw new CannotUse(`\`--base\` is for runs whose event names no revision; \`${eventName}\` does`, "leave `--base` out");
  if (event.kind === "plain") return { ...common, ...event, ...(request.base === undefined ? {} : { base: request.base }) };
  if (request.withoutCheckout || (event.kind !== "reviewing" && event.kind !== "queued") || sha === event.headSha)
    return { ...common, ...event };
  if (event.kind === "queued") {
    throw new CannotUse(
      `what is checked out, ${sha.slice(0, 12)}, is not what the queue made, ${event.headSha.slice(0, 12)}`,
      "check out what the event is about (the default of actions/checkout)",
    );
  }
  // The host's trial merge: its first parent is where the base's branch is now, its second the head.
  const [base, head] = await git.readParents(sha);
  if (head === event.headSha && base !== undefined) return { ...common, ...event, baseSha: base };
  if (base === undefined) await git.findMergeBase(event.baseSha, event.headSha);
  throw new CannotUse(
    `what is checked out, ${sha.slice(0, 12)}, is neither the head of the change request, ${event.headSha.slice(0, 12)}, nor its merge into the base`,
    "check out what the event is about (the default of actions/checkout); if the change request has new commits, their own run plans them",
  );
}

async function askFor(number: number, host: Host | undefined): Promise<Exclude<GithubEvent, { readonly kind: "mentioned" }>> {
  if (!host)
    throw new CannotUse("a comment's event has no revisions, and the host cannot be asked without a token", "give the step GITHUB_TOKEN");
  const { headSha, baseSha, fork } = await host.readRequest(number);
  return { kind: "reviewing", number, headSha, baseSha, fork };
}

async function readGithub(variables: SituationRequest["variables"]): Promise<Omit<Known, "out" | "log">> {
  const repository = expectRepository(variables.GITHUB_REPOSITORY, "GITHUB_REPOSITORY");
  const name = variables.GITHUB_EVENT_NAME ?? "";
  const actor = variables.GITHUB_ACTOR;
  const event = readGithubEvent({
    name,
    event: readEventFile(variables.GITHUB_EVENT_PATH),
    repository,
    ...(actor !== undefined && { actor }),
  });
  const sha = expectSha(variables.GITHUB_SHA, "GITHUB_SHA");
  const token = variables.GITHUB_TOKEN;
  if (!token) return { event, eventName: name, sha };
  const { openGithubHost } = await import("./hosts/github.ts");
  const apiUrl = expectUrl(variables.GITHUB_API_URL, "GITHUB_API_URL");
  const serverUrl = expectUrl(variables.GITHUB_SERVER_URL, "GITHUB_SERVER_URL");
  return { event, eventName: name, sha, host: await openGithubHost({ apiUrl, serverUrl, repository, token }) };
}

function readEventFile(path: string | undefined): unknown {
  if (!path) throw new CannotUse("GITHUB_EVENT_PATH is not set", "run it in a step of GitHub Actions");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CannotUse(
      `the event's file cannot be read: ${describeSystemError(error)}`,
      "GITHUB_EVENT_PATH names it; the runner writes it",
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CannotUse("the event's file is no JSON", "GITHUB_EVENT_PATH names it; the runner writes it");
  }
}

async function readGitlab(variables: SituationRequest["variables"]): Promise<Omit<Known, "out" | "log">> {
  const event = readGitlabPipeline(variables);
  const eventName = variables.CI_PIPELINE_SOURCE ?? "";
  const sha = expectSha(variables.CI_COMMIT_SHA, "CI_COMMIT_SHA");
  // The job's own token may not write notes: https://docs.gitlab.com/ci/jobs/ci_job_token/
  const token = variables.KOINE_GITLAB_TOKEN || variables.GITLAB_TOKEN;
  if (!token) return { event, eventName, sha };
  const { openGitlabHost } = await import("./hosts/gitlab.ts");
  const own = event.kind === "reviewing" ? "CI_MERGE_REQUEST_PROJECT" : "CI_PROJECT";
  const projectId = expectNumber(variables[`${own}_ID`], `${own}_ID`);
  const projectPath = expectRepository(variables[`${own}_PATH`], `${own}_PATH`);
  const serverUrl = expectUrl(variables.CI_SERVER_URL, "CI_SERVER_URL");
  return { event, eventName, sha, host: await openGitlabHost({ serverUrl, projectId, projectPath, token }) };
}
