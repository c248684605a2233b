import { expect, test } from "vitest";
import { readGitlabPipeline } from "./gitlab-variables.ts";

const sha = "a".repeat(40);
const parted = "b".repeat(40);
const request = {
  CI_PIPELINE_SOURCE: "merge_request_event",
  CI_COMMIT_SHA: sha,
  CI_MERGE_REQUEST_IID: "3",
  CI_MERGE_REQUEST_PROJECT_ID: "10",
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "10",
  CI_MERGE_REQUEST_DIFF_BASE_SHA: parted,
};

test("a merge request's pipeline: of the head alone, of the merged result, of a train", () => {
  expect(readGitlabPipeline(request)).toEqual({ kind: "reviewing", number: 3, headSha: sha, baseSha: parted, fork: false });
  const target = "c".repeat(40);
  const head = "d".repeat(40);
  const merged = { ...request, CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head };
  expect(readGitlabPipeline(merged)).toEqual({ kind: "reviewing", number: 3, headSha: head, baseSha: target, fork: false });
  expect(readGitlabPipeline({ ...merged, CI_MERGE_REQUEST_EVENT_TYPE: "merge_train" })).toEqual({
    kind: "queued",
    headSha: sha,
    baseSha: target,
  });
});

test("a source of another project, or of one that is gone, is a fork's", () => {
  expect(readGitlabPipeline({ ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "11" })).toMatchObject({ fork: true });
  expect(readGitlabPipeline({ ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "" })).toMatchObject({ fork: true });
});

test("a push is a merge, anything else has no revisions", () => {
  expect(readGitlabPipeline({ CI_PIPELINE_SOURCE: "push", CI_COMMIT_SHA: sha, CI_COMMIT_BEFORE_SHA: parted })).toEqual({
    kind: "merged",
    before: parted,
  });
  expect(readGitlabPipeline({ CI_PIPELINE_SOURCE: "push", CI_COMMIT_SHA: sha, CI_COMMIT_BEFORE_SHA: "0".repeat(40) })).toEqual({
    kind: "merged",
  });
  expect(readGitlabPipeline({ CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_SHA: sha })).toEqual({ kind: "plain" });
});

test.each([
  [{ CI_COMMIT_SHA: "main" }, /CI_COMMIT_SHA is no git revision: `main`/],
  [{ CI_MERGE_REQUEST_IID: "0" }, /CI_MERGE_REQUEST_IID/],
  [{ CI_MERGE_REQUEST_IID: "3/../4" }, /CI_MERGE_REQUEST_IID/],
  [{ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "x" }, /CI_MERGE_REQUEST_SOURCE_PROJECT_ID/],
  [{ CI_MERGE_REQUEST_DIFF_BASE_SHA: "" }, /CI_MERGE_REQUEST_DIFF_BASE_SHA is no git revision: it is missing/],
])("%j is refused by name", (changed, message) => {
  expect(() => readGitlabPipeline({ ...request, ...changed })).toThrow(message);
});
