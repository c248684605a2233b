import { expect, test } from "vitest";
import { readGithubEvent } from "./github-event.ts";

const head = "a".repeat(40);
const base = "b".repeat(40);
const read = (name: string, event: unknown, actor = "octo"): unknown => readGithubEvent({ name, event, repository: "acme/infra", actor });

function pull(changes: { readonly headRepo?: unknown; readonly [member: string]: unknown } = {}): unknown {
  const { headRepo = { id: 1, full_name: "acme/infra" }, ...rest } = changes;
  return {
    pull_request: {
      number: 7,
      merged: false,
      head: { sha: head, repo: headRepo },
      base: { sha: base, repo: { id: 1, full_name: "acme/infra" } },
      ...rest,
    },
  };
}

test("a pull request's revisions and number come from the event", () => {
  const reviewing = { kind: "reviewing", number: 7, headSha: head, baseSha: base, fork: false };
  expect(read("pull_request", pull())).toEqual(reviewing);
  expect(read("pull_request_review", pull())).toEqual(reviewing);
});

test("a head elsewhere, a fork that is gone and Dependabot have a fork's rights", () => {
  expect(read("pull_request", pull({ headRepo: { id: 2, full_name: "stranger/infra" } }))).toMatchObject({ fork: true });
  // Another repository may take the name; its id tells.
  expect(read("pull_request", pull({ headRepo: { id: 3, full_name: "acme/infra" } }))).toMatchObject({ fork: true });
  expect(read("pull_request", pull({ headRepo: null }))).toMatchObject({ fork: true });
  expect(read("pull_request", pull({ headRepo: {} }))).toMatchObject({ fork: true });
  // Two ids that are missing are not the same repository.
  const unnamed = { sha: base, repo: { full_name: "acme/infra" } };
  expect(read("pull_request", pull({ headRepo: {}, base: unnamed }))).toMatchObject({ fork: true });
  expect(read("pull_request", pull(), "dependabot[bot]")).toMatchObject({ fork: true });
});

test("a merged pull request and a push are merges; a new branch has no revision before", () => {
  expect(read("pull_request", pull({ merged: true }))).toEqual({ kind: "merged", before: base });
  expect(read("push", { before: base })).toEqual({ kind: "merged", before: base });
  expect(read("push", { before: "0".repeat(40) })).toEqual({ kind: "merged" });
});

test("a merge group, a workflow that ended, a comment on a pull request", () => {
  expect(read("merge_group", { merge_group: { head_sha: head, base_sha: base } })).toEqual({
    kind: "queued",
    headSha: head,
    baseSha: base,
  });
  expect(
    read("workflow_run", { workflow_run: { head_sha: head, head_branch: "fix/1", head_repository: { owner: { login: "stranger" } } } }),
  ).toEqual({ kind: "completed", headSha: head, headBranch: "fix/1", headOwner: "stranger" });
  expect(read("issue_comment", { issue: { number: 9, pull_request: {} } })).toEqual({ kind: "mentioned", number: 9 });
  expect(read("schedule", {})).toEqual({ kind: "plain" });
  expect(read("workflow_dispatch", { inputs: {} })).toEqual({ kind: "plain" });
});

test.each([
  ["pull_request_target", pull(), /secrets of this repository/],
  ["issue_comment", { issue: { number: 9 } }, /an issue, not on a pull request/],
  ["pull_request", pull({ number: "7; rm -rf" }), /pull_request\.number is no number of the host: `7; rm -rf`/],
  ["pull_request", pull({ number: -1 }), /pull_request\.number/],
  ["pull_request", pull({ head: { sha: "HEAD", repo: { id: 1 } } }), /head\.sha is no git revision: `HEAD`/],
  ["pull_request", pull({ base: { sha: `${base}\n`, repo: { id: 1, full_name: "acme/infra" } } }), /base\.sha/],
  [
    "pull_request",
    pull({ base: { sha: base, repo: { id: 1, full_name: "other/repo" } } }),
    /one of other\/repo, and this run one of acme\/infra/,
  ],
  ["pull_request", undefined, /it is missing/],
  ["merge_group", { merge_group: { head_sha: head, base_sha: "--upload-pack=x" } }, /base_sha/],
  ["push", { before: base, deleted: true }, /removed the branch/],
  ["push", {}, /before is no git revision: it is missing/],
  [
    "workflow_run",
    { workflow_run: { head_sha: head, head_branch: "a:b", head_repository: { owner: { login: "x" } } } },
    /head_branch is no name/,
  ],
  ["workflow_run", { workflow_run: { head_sha: head, head_branch: "a", head_repository: { owner: { login: "x&state=all y" } } } }, /owner/],
])("%s of another shape is refused by name", (name, event, message) => {
  expect(() => read(name, event)).toThrow(message);
});
