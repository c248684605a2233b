// Merge requests and their approvals, as GitLab answers them, made into the words of `Host`. GitLab does not say which revision was approved, but it keeps
// when each version of a request came: an approval is of the version that was the newest at that time.

import type { ChangeRequest, Review } from "../host.ts";
import { type GitlabClient, gitlabStatusOf } from "./gitlab-client.ts";

/** Developer: https://docs.gitlab.com/api/members/#roles */
const mayPush = 30;

/** Users that stand for a token: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects */
const botName = /^(?:project|group)_\d+_bot/;

export async function readGitlabRequest({ api, project, ask }: GitlabClient, number: number): Promise<ChangeRequest> {
  const request = await ask(`merge request ${number} could not be read`, () => api.MergeRequests.show(project, number));
  const merged = request.state === "merged";
  // A squash leaves its own commit; with fast-forward it is the branch's.
  const mergeSha = request.merge_commit_sha ?? request.squash_commit_sha ?? request.sha;
  return {
    number: request.iid,
    title: request.title,
    author: request.author.username,
    headSha: request.sha,
    baseSha: request.diff_refs.start_sha,
    baseBranch: request.target_branch,
    fork: request.source_project_id !== request.target_project_id,
    merged,
    ...(merged ? { mergeSha } : {}),
    url: request.web_url,
  };
}

/** https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit */
export async function findGitlabMerged(client: GitlabClient, sha: string): Promise<readonly ChangeRequest[]> {
  const { api, project, ask } = client;
  const found = await ask(`the merge requests of ${sha} could not be read`, () =>
    api.Commits.allMergeRequests(project, sha, { perPage: 100 }),
  );
  const merged = found
    .filter(({ state }) => state === "merged")
    .sort((one, other) => Date.parse(other.merged_at ?? "") - Date.parse(one.merged_at ?? "") || other.iid - one.iid);
  return Promise.all(merged.map(({ iid }) => readGitlabRequest(client, iid)));
}

export async function findGitlabByHead(
  client: GitlabClient,
  { sha, branch }: { readonly sha: string; readonly branch: string },
): Promise<readonly ChangeRequest[]> {
  const { api, project, ask } = client;
  const found = await ask(`the merge requests of ${branch} could not be read`, () =>
    api.MergeRequests.all({ projectId: project, state: "opened", sourceBranch: branch, scope: "all", perPage: 100 }),
  );
  return Promise.all(found.filter((request) => request.sha === sha).map(({ iid }) => readGitlabRequest(client, iid)));
}

/** https://docs.gitlab.com/api/merge_request_approvals/ */
export async function listGitlabReviews(client: GitlabClient, number: number): Promise<readonly Review[]> {
  const { api, project, ask } = client;
  const { author } = await readGitlabRequest(client, number);
  const { approved_by } = await ask("the approvals could not be read", () =>
    api.MergeRequestApprovals.showConfiguration(project, { mergerequestIId: number }),
  );
  const approvers = (approved_by ?? []).filter(({ user }) => user.username !== author && !botName.test(user.username));
  if (approvers.length === 0) return [];
  const versions = await ask("the versions of the merge request could not be read", () =>
    api.MergeRequests.allDiffVersions(project, number),
  );
  const times = await readApprovalTimes(client, number, approvers);
  const reviews = approvers.flatMap(({ user }): readonly Review[] => {
    const at = times.get(user.id);
    const shown = versions
      .filter(({ created_at }) => at !== undefined && Date.parse(created_at) <= at)
      .sort((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at) || other.id - one.id)[0];
    return at === undefined || shown === undefined ? [] : [{ by: user.username, state: "approved", sha: shown.head_commit_sha, at }];
  });
  const allowed = await Promise.all(reviews.map(({ by }) => mayWriteOnGitlab(client, by)));
  return reviews.filter((_, index) => allowed[index]);
}

/** Newer GitLabs say when; of older ones it is in the request's own history of notes. */
async function readApprovalTimes(
  { api, project, ask }: GitlabClient,
  number: number,
  approvers: readonly { readonly user: { readonly id: number }; readonly approved_at?: unknown }[],
): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  for (const { user, approved_at } of approvers) {
    const at = typeof approved_at === "string" ? Date.parse(approved_at) : Number.NaN;
    if (Number.isFinite(at)) times.set(user.id, at);
  }
  if (times.size === approvers.length) return times;
  const notes = await ask("the notes could not be read", () =>
    api.MergeRequestNotes.all(project, number, { perPage: 100, sort: "asc", orderBy: "created_at" }),
  );
  for (const { system, body, author, created_at } of notes) {
    if (system && body === "approved this merge request" && approvers.some(({ user }) => user.id === author.id)) {
      times.set(author.id, Date.parse(created_at));
    }
  }
  return times;
}

/** Of the project or of what it is in: https://docs.gitlab.com/api/members/ */
export async function mayWriteOnGitlab({ api, project, ask }: GitlabClient, username: string): Promise<boolean> {
  return ask(`the role of ${username} could not be read`, async () => {
    const user = (await api.Users.all({ username })).find((one) => one.username === username);
    if (user === undefined) return false;
    try {
      const member = await api.ProjectMembers.show(project, user.id, { includeInherited: true });
      return member.state === "active" && member.access_level >= mayPush;
    } catch (error) {
      if (gitlabStatusOf(error) === 404) return false;
      throw error;
    }
  });
}
