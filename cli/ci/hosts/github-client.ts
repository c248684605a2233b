// The one place that talks to GitHub: paced writes, limits waited for within a bound, short outages repeated, every refusal a `HostError` that says what to
// do. Loads octokit only when it is called.

import type { Octokit } from "@octokit/rest";
import { HostError } from "../host.ts";
import { keepPrintable } from "./printable.ts";

export interface GithubAccess {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly token: string;
  /** Milliseconds that a second of waiting takes: 1000, less in tests. */
  readonly second?: number;
}

export interface GithubClient {
  readonly rest: Octokit["rest"];
  readonly paginate: Octokit["paginate"];
  readonly graphql: Octokit["graphql"];
  /** What every request names. */
  readonly repo: { readonly owner: string; readonly repo: string };
}

/** Longest that a rate limit is waited for, and how often, in seconds. A limit of an hour is told instead. */
const patience = { longest: 300, times: 3 };
const requestLimit = 60_000;

export async function connectGithub({ apiUrl, repository, token, second = 1000 }: GithubAccess): Promise<GithubClient> {
  const [owner, name, ...more] = repository.split("/");
  if (!owner || !name || more.length > 0) {
    throw new HostError(`\`${repository}\` is not a repository of GitHub`, "GITHUB_REPOSITORY is OWNER/NAME");
  }
  const [{ Octokit: Rest }, { throttling }, { retry }] = await Promise.all([
    import("@octokit/rest"),
    import("@octokit/plugin-throttling"),
    import("@octokit/plugin-retry"),
  ]);
  const waitFor = (after: number, _request: unknown, _octokit: unknown, times: number): boolean =>
    after <= patience.longest && times < patience.times;
  const writes = paceWrites(second);
  const throttle = {
    onRateLimit: waitFor,
    onSecondaryRateLimit: waitFor,
    retryAfterBaseValue: second,
    id: `${apiUrl} ${repository}`,
    write: writes,
    notifications: { key: () => ({ schedule: (_job: unknown, work: () => unknown) => Promise.resolve(work()) }) },
  };
  const silent = (): void => {};
  const octokit = new (Rest.plugin(throttling, retry))({
    auth: token,
    baseUrl: apiUrl.replace(/\/+$/, ""),
    userAgent: "koine",
    log: { debug: silent, info: silent, warn: silent, error: silent },
    // Typed as the limiter's own classes, of which the plugin calls `key` and `schedule` alone.
    throttle: throttle as unknown as { onRateLimit: typeof waitFor; onSecondaryRateLimit: typeof waitFor },
    retry: { retryAfterBaseValue: second },
    request: { fetch: (url: string, options: RequestInit) => fetch(url, { ...options, signal: AbortSignal.timeout(requestLimit) }) },
  });
  return { rest: octokit.rest, paginate: octokit.paginate, graphql: octokit.graphql, repo: { owner, repo: name } };
}

/** Writes that may go out at once; GitHub allows 80 in a minute and asks for a second between many. */
const burst = 20;

/**
 * The plugin's own limiter puts three seconds between any two comments, which a change to three stacks need not wait for.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */
function paceWrites(second: number): { key(): { schedule(job: unknown, work: () => unknown): Promise<unknown> } } {
  let sent = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const schedule = (_job: unknown, work: () => unknown): Promise<unknown> => {
    sent += 1;
    const pause = sent > burst ? second : 0;
    turn = turn.then(() => (pause === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, pause))));
    return turn.then(() => work());
  };
  return { key: () => ({ schedule }) };
}

/** The HTTP status that GitHub answered; undefined where the error is of another kind. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { readonly status?: unknown } | undefined)?.status;
  return typeof status === "number" ? status : undefined;
}

/**
 * Does some work and tells what GitHub refused.
 * @param what for the message: `the comment could not be written`.
 * @param needs the permission as a workflow writes it: `pull-requests: write`.
 */
export async function askGithub<Result>(what: string, needs: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HostError) throw error;
    const said = describeAnswer(error);
    throw new HostError(`${what}: ${said.message}`, hintOf(statusOf(error), said, needs), error);
  }
}

interface Answer {
  readonly message: string;
  /** When a limit that is used up is given back, if that is why. */
  readonly limitedUntil?: Date;
}

function describeAnswer(error: unknown): Answer {
  const response = (error as { readonly response?: { readonly headers?: Record<string, unknown> } } | undefined)?.response;
  const reset = Number(response?.headers?.["x-ratelimit-reset"]);
  const used = response?.headers?.["x-ratelimit-remaining"] === "0" && Number.isFinite(reset);
  const text = error instanceof Error ? error.message : "no answer";
  const status = statusOf(error);
  const message = `GitHub ${status === undefined ? "did not answer" : `answered ${status}`}: ${keepPrintable(text)}`;
  return { message, ...(used ? { limitedUntil: new Date(reset * 1000) } : {}) };
}

function hintOf(status: number | undefined, answer: Answer, needs: string): string {
  if (answer.limitedUntil)
    return `the token's rate limit is used up until ${answer.limitedUntil.toISOString()}; run the job again after that`;
  if (status === 401) return "the token is not valid any more; give the job GITHUB_TOKEN anew";
  if (status === 403 || status === 404) return `give the job \`${needs}\` under \`permissions:\` of its workflow`;
  if (status === 422) return "GitHub refuses what was sent; is the revision pushed?";
  return "GitHub does not answer as it should; run the job again later";
}
