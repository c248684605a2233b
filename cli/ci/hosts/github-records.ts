// Records on GitHub are check runs: only a GitHub App may write them, and each names the app that did. GITHUB_TOKEN is such an app's token. Believed is what
// our own app wrote in the exact words of a record; a commit status, which anyone with push access can set, never is.
// https://docs.github.com/en/rest/checks/runs

import { nameSubject } from "../find-subjects.ts";
import { type Host, HostError, type PlanRecord, type Verdict } from "../host.ts";
import { askGithub, type GithubClient } from "./github-client.ts";
import type { GithubIdentity } from "./github-identity.ts";

import { readRecord, writeRecord } from "./record-text.ts";

/** Of one request: https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const annotationsAtOnce = 50;
const longestSummary = 65_535;
const longestTitle = 255;
const longestMessage = 64 * 1024;

const needs = "checks: write";

const conclusions = { success: "success", failure: "failure", "action-required": "action_required", neutral: "neutral" } as const;

export async function putGithubRecord(
  client: GithubClient,
  identity: GithubIdentity,
  record: Parameters<Host["putPlanRecord"]>[0],
  verdict: Verdict,
): Promise<void> {
  if (identity.app === undefined) {
    throw new HostError(
      "the token belongs to a person, and a person's token cannot write checks: that the plan was shown cannot be recorded",
      "give the job the workflow's own GITHUB_TOKEN with `checks: write`, or the token of a GitHub App",
    );
  }
  const { rest, repo } = client;
  const { digest } = record;
  const batches = splitIntoBatches(verdict.annotations.map(toAnnotation));
  const output = { title: cut(verdict.title, longestTitle), summary: cut(verdict.summary, longestSummary) };
  const { data } = await askGithub("the check could not be written", needs, () =>
    rest.checks.create({
      ...repo,
      name: `koine: ${nameSubject(record.subject)}`,
      head_sha: record.sha,
      status: "completed",
      conclusion: conclusions[verdict.conclusion],
      ...(digest === undefined ? {} : { external_id: writeRecord({ ...record, digest }) }),
      output: { ...output, annotations: batches[0] ?? [] },
    }),
  );
  for (const annotations of batches.slice(1)) {
    await askGithub("annotations could not be written", needs, () =>
      rest.checks.update({ ...repo, check_run_id: Number(data.id), output: { ...output, annotations } }),
    );
  }
}

/** Newest first. */
export async function listGithubRecords(
  { rest, paginate, repo }: GithubClient,
  identity: GithubIdentity,
  sha: string,
): Promise<readonly PlanRecord[]> {
  const { app } = identity;
  if (app === undefined) return [];
  const runs = await askGithub("the checks could not be read", "checks: read", () =>
    // `all`, not only the latest of each name: a plan that was shown before the newest one was shown too.
    paginate(rest.checks.listForRef, { ...repo, ref: sha, filter: "all", per_page: 100 }),
  );
  return runs
    .flatMap((run) => {
      const said = run.app?.slug?.toLowerCase() === app && run.head_sha === sha ? readRecord(run.external_id) : undefined;
      const at = Date.parse(run.completed_at ?? run.started_at ?? "");
      return said && Number.isFinite(at) ? [{ record: { ...said, sha, at }, id: Number(run.id) }] : [];
    })
    .sort((one, other) => other.record.at - one.record.at || other.id - one.id)
    .map(({ record }) => record);
}

type Sent = ReturnType<typeof toAnnotation>;

function toAnnotation({ file, line, level, title, message }: Verdict["annotations"][number]) {
  return {
    path: file,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: cut(title, longestTitle),
    message: cut(message, longestMessage),
  };
}

function splitIntoBatches(annotations: readonly Sent[]): readonly Sent[][] {
  const batches: Sent[][] = [];
  for (let at = 0; at < annotations.length; at += annotationsAtOnce) batches.push(annotations.slice(at, at + annotationsAtOnce));
  return batches;
}

/** So many bytes of UTF-8 at most, and no half of a character. */
function cut(text: string, longest: number): string {
  if (Buffer.byteLength(text) <= longest) return text;
  const kept = Buffer.from(text)
    .subarray(0, longest - 3)
    .toString("utf8");
  return `${kept.replace(/\uFFFD+$/, "")}…`;
}
