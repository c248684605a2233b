// What the variables of a GitLab pipeline say: which revisions, which merge request, whether the head is another project's. Asks nobody.
// https://docs.gitlab.com/ci/variables/predefined_variables/

import { expectNumber, expectSha } from "./checked-text.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export type GitlabPipeline =
  | { readonly kind: "reviewing"; readonly number: number; readonly headSha: string; readonly baseSha: string; readonly fork: boolean }
  | { readonly kind: "queued"; readonly headSha: string; readonly baseSha: string }
  | { readonly kind: "merged"; readonly before?: string }
  | { readonly kind: "plain" };

/** Throws `CannotUse` for what is not as GitLab sets it. */
export function readGitlabPipeline(variables: Variables): GitlabPipeline {
  const sha = expectSha(variables.CI_COMMIT_SHA, "CI_COMMIT_SHA");
  if (variables.CI_PIPELINE_SOURCE === "merge_request_event" || variables.CI_MERGE_REQUEST_IID) return readMergeRequest(variables, sha);
  if (variables.CI_PIPELINE_SOURCE !== "push") return { kind: "plain" };
  const before = expectSha(variables.CI_COMMIT_BEFORE_SHA, "CI_COMMIT_BEFORE_SHA");
  return { kind: "merged", ...(/^0+$/.test(before) ? {} : { before }) };
}

function readMergeRequest(variables: Variables, sha: string): GitlabPipeline {
  const number = expectNumber(variables.CI_MERGE_REQUEST_IID, "CI_MERGE_REQUEST_IID");
  const own = expectNumber(variables.CI_MERGE_REQUEST_PROJECT_ID, "CI_MERGE_REQUEST_PROJECT_ID");
  // Empty when the fork is gone.
  const source = variables.CI_MERGE_REQUEST_SOURCE_PROJECT_ID;
  // Only pipelines of a merged result have these two; else the head is what is checked out, and the base where it parted.
  const target = variables.CI_MERGE_REQUEST_TARGET_BRANCH_SHA;
  const baseSha = target
    ? expectSha(target, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA")
    : expectSha(variables.CI_MERGE_REQUEST_DIFF_BASE_SHA, "CI_MERGE_REQUEST_DIFF_BASE_SHA");
  const head = variables.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA;
  const headSha = head ? expectSha(head, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") : sha;
  if (variables.CI_MERGE_REQUEST_EVENT_TYPE === "merge_train") return { kind: "queued", headSha: sha, baseSha };
  return {
    kind: "reviewing",
    number,
    headSha,
    baseSha,
    fork: !source || expectNumber(source, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID") !== own,
  };
}
