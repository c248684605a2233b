// Pull requests and their reviews, as GitHub answers them, made into the words of `Host`. A review counts only of a person who may write to the
// repository, and never of the author.

import type { ChangeRequest, Review } from "../host.ts";
import { askGithub, type GithubClient, statusOf } from "./github-client.ts";

const needs = "pull-requests: read";

/** What both the long and the short form of a pull request have. */
interface Pull {
  readonly number: number;
  readonly title: string;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly sha: string; readonly ref: string; readonly repo: { readonly full_name: string } };
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
}

export async function readGithubRequest({ rest, repo }: GithubClient, number: number): Promise<ChangeRequest> {
  const { data } = await askGithub(`pull request ${number} could not be read`, needs, () =>
    rest.pulls.get({ ...repo, pull_number: number }),
  );
  return toRequest(data);
}

/**
 * Of a revision of the default branch, GitHub names the request that brought it, however it was merged.
 * https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
 */
export async function findGithubMerged({ rest, paginate, repo }: GithubClient, sha: string): Promise<readonly ChangeRequest[]> {
  const pulls = await askGithub(`the pull requests of ${sha} could not be read`, needs, () =>
    paginate(rest.repos.listPullRequestsAssociatedWithCommit, { ...repo, commit_sha: sha, per_page: 100 }),
  );
  return pulls
    .filter(({ merged_at }) => merged_at !== null)
    .sort((one, other) => Date.parse(other.merged_at ?? "") - Date.parse(one.merged_at ?? "") || other.number - one.number)
    .map(toRequest);
}

export async function findGithubByHead(
  { rest, paginate, repo }: GithubClient,
  { sha, owner, branch }: { readonly sha: string; readonly owner: string; readonly branch: string },
): Promise<readonly ChangeRequest[]> {
  const pulls = await askGithub(`the pull requests of ${branch} could not be read`, needs, () =>
    paginate(rest.pulls.list, { ...repo, state: "open", head: `${owner}:${branch}`, per_page: 100 }),
  );
  return pulls.filter(({ head }) => head.sha === sha).map(toRequest);
}

/**
 * The latest of each person that says something: a comment does not take an approval back, a dismissal does. Bots do not review: a workflow may be allowed
 * to approve what it was pushed with.
 */
export async function listGithubReviews(client: GithubClient, number: number): Promise<readonly Review[]> {
  const { rest, paginate, repo } = client;
  const { author } = await readGithubRequest(client, number);
  // In chronological order: https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
  const reviews = await askGithub("the reviews could not be read", needs, () =>
    paginate(rest.pulls.listReviews, { ...repo, pull_number: number, per_page: 100 }),
  );
  const latest = new Map<number, Review | undefined>();
  for (const { user, state, commit_id, submitted_at } of reviews) {
    if (user?.type !== "User" || user.login.toLowerCase() === author.toLowerCase()) continue;
    const said = state === "APPROVED" ? "approved" : state === "CHANGES_REQUESTED" ? "changes-requested" : undefined;
    if (said === undefined && state !== "DISMISSED") continue;
    const at = Date.parse(submitted_at ?? "");
    const counts = said !== undefined && commit_id !== null && Number.isFinite(at);
    latest.set(Number(user.id), counts ? { by: user.login, state: said, sha: commit_id, at } : undefined);
  }
  const standing = [...latest.values()].filter((review) => review !== undefined);
  const mayWrite = await Promise.all(standing.map(({ by }) => mayWriteOnGithub(client, by)));
  return standing.filter((_, index) => mayWrite[index]);
}

/**
 * `maintain` is told as `write`, `triage` as `read`. Who a review says its author is to the repository (`MEMBER`) tells nothing of what they may do.
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function mayWriteOnGithub({ rest, repo }: GithubClient, login: string): Promise<boolean> {
  return askGithub(`the permission of ${login} could not be read`, "contents: read", async () => {
    try {
      const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...repo, username: login });
      return data.permission === "admin" || data.permission === "write";
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  });
}

function toRequest(pull: Pull): ChangeRequest {
  const merged = pull.merged_at !== null;
  return {
    number: pull.number,
    title: pull.title,
    author: pull.user?.login ?? "ghost",
    headSha: pull.head.sha,
    baseSha: pull.base.sha,
    baseBranch: pull.base.ref,
    // The repository of a head that was deleted is nobody's: as little trusted as a fork.
    fork: pull.head.repo?.full_name.toLowerCase() !== pull.base.repo.full_name.toLowerCase(),
    merged,
    // Before a merge it names a test merge: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    ...(merged && pull.merge_commit_sha !== null ? { mergeSha: pull.merge_commit_sha } : {}),
    url: pull.html_url,
  };
}
