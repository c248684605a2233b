// The one place that talks to GitLab: limits and short outages waited for within a bound, every refusal a `HostError` that says what to do. Loads gitbeaker
// only when it is called.

import type { Gitlab } from "@gitbeaker/rest";
import { HostError } from "../host.ts";
import { keepPrintable } from "./printable.ts";

export interface GitlabAccess {
  /** `https://gitlab.com`. */
  readonly serverUrl: string;
  readonly projectId: number;
  /** A project's, group's or person's access token with the scope `api`; a job's own may read a little and write no note. */
  readonly token: string;
  /** Milliseconds that a second of waiting takes: 1000, less in tests. */
  readonly second?: number;
}

export type GitlabApi = InstanceType<typeof Gitlab<false>>;

export interface GitlabClient {
  readonly api: GitlabApi;
  readonly project: number;
  /**
   * Does some work and tells what GitLab refused.
   * @param what for the message: `the note could not be written`.
   */
  ask<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
}

/** Seconds between attempts. Limits are by the minute: https://docs.gitlab.com/security/rate_limits/ */
const pauses = { limited: [5, 20, 65, 65], outage: [1, 4, 9] } as const;

const requestLimit = 60_000;

export async function connectGitlab({ serverUrl, projectId, token, second = 1000 }: GitlabAccess): Promise<GitlabClient> {
  const { Gitlab } = await import("@gitbeaker/rest");
  const api = new Gitlab({ host: serverUrl.replace(/\/+$/, ""), token, queryTimeout: requestLimit });
  return { api, project: projectId, ask: (what, work) => askGitlab(what, work, second) };
}

async function askGitlab<Result>(what: string, work: () => Promise<Result>, second: number): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HostError) throw error;
      const pause = choosePause(error, attempt);
      if (pause === undefined) throw describeRefusal(what, error);
      await new Promise((resolve) => setTimeout(resolve, pause * second));
    }
  }
}

function choosePause(error: unknown, attempt: number): number | undefined {
  const status = gitlabStatusOf(error);
  if (isLimited(error)) return pauses.limited[attempt];
  if (status === undefined || status >= 500) return pauses.outage[attempt];
  return undefined;
}

/** After ten quick attempts of its own, the client tells the last status in words alone. */
function isLimited(error: unknown): boolean {
  return gitlabStatusOf(error) === 429 || (error instanceof Error && error.message.includes("last status code: 429"));
}

/** The HTTP status that GitLab answered; undefined where there was no answer. */
export function gitlabStatusOf(error: unknown): number | undefined {
  const cause = (error as { readonly cause?: { readonly response?: { readonly status?: unknown } } } | undefined)?.cause;
  const status = cause?.response?.status;
  return typeof status === "number" ? status : undefined;
}

function describeRefusal(what: string, error: unknown): HostError {
  const status = gitlabStatusOf(error);
  const text = keepPrintable(error instanceof Error ? error.message : "no answer");
  const said = status === undefined ? `GitLab did not answer: ${text}` : `GitLab answered ${status}: ${text}`;
  return new HostError(`${what}: ${said}`, hintOf(status, error), error);
}

function hintOf(status: number | undefined, error: unknown): string {
  if (isLimited(error)) return "the token's rate limit is used up; run the job again in some minutes";
  if (status === 401) return "the token is not valid any more; set KOINE_GITLAB_TOKEN to a project access token with the scope `api`";
  if (status === 403 || status === 404) return "KOINE_GITLAB_TOKEN needs the scope `api` and at least the role Developer in this project";
  if (status !== undefined && status < 500) return "GitLab refuses what was sent; is the revision pushed?";
  return "GitLab does not answer as it should; run the job again later";
}
