// Comments on a pull request and issues, as boxes of posts of which each subject has one.

import { driftLabel } from "./drift-label.ts";
import { askGithub, type GithubClient, statusOf } from "./github-client.ts";
import type { GithubIdentity } from "./github-identity.ts";
import { byAge, type Post, type PostBox, unlessGone } from "./one-post.ts";

/** Comments of pull requests are those of issues: https://docs.github.com/en/rest/issues/comments */
export function openComments({ rest, paginate, repo }: GithubClient, identity: GithubIdentity, number: number): PostBox {
  const needs = "pull-requests: write";
  return {
    listOwn: async () => {
      const comments = await askGithub("the comments could not be read", "pull-requests: read", () =>
        paginate(rest.issues.listComments, { ...repo, issue_number: number, per_page: 100 }),
      );
      return comments
        .filter(({ user }) => identity.isOwn(user))
        .map(toPost)
        .sort(byAge);
    },
    create: (body) =>
      askGithub("the comment could not be written", needs, async () =>
        toPost((await rest.issues.createComment({ ...repo, issue_number: number, body })).data),
      ),
    update: (id, body) =>
      askGithub("the comment could not be written", needs, () =>
        unlessGone(isGone, async () => toPost((await rest.issues.updateComment({ ...repo, comment_id: id, body })).data)),
      ),
    remove: async (id) => {
      await askGithub("a comment that is there twice could not be removed", needs, () =>
        unlessGone(isGone, () => rest.issues.deleteComment({ ...repo, comment_id: id })),
      );
    },
  };
}

/** Open issues of ours. One that is there twice is closed. */
export function openIssues({ rest, paginate, repo }: GithubClient, identity: GithubIdentity, title: string): PostBox {
  const needs = "issues: write";
  let labelled: Promise<boolean> | undefined;
  const hasLabel = (): Promise<boolean> => {
    labelled ??= makeLabel({ rest, repo });
    return labelled;
  };
  return {
    listOwn: async () => {
      const labels = (await hasLabel()) ? { labels: driftLabel.name } : {};
      const issues = await askGithub("the issues could not be read", "issues: read", () =>
        paginate(rest.issues.listForRepo, { ...repo, state: "open", ...labels, per_page: 100 }),
      );
      return issues
        .filter(({ user, pull_request }) => pull_request === undefined && identity.isOwn(user))
        .map((issue) => toPost({ id: issue.number, body: issue.body ?? "", html_url: issue.html_url }))
        .sort(byAge);
    },
    create: async (body) => {
      const labels = (await hasLabel()) ? { labels: [driftLabel.name] } : {};
      return askGithub("the issue could not be opened", needs, async () => {
        const { data } = await rest.issues.create({ ...repo, title, body, ...labels });
        return toPost({ id: data.number, body: data.body ?? "", html_url: data.html_url });
      });
    },
    update: (id, body) =>
      askGithub("the issue could not be written", needs, () =>
        unlessGone(isGone, async () => {
          const { data } = await rest.issues.update({ ...repo, issue_number: id, title, body });
          return toPost({ id: data.number, body: data.body ?? "", html_url: data.html_url });
        }),
      ),
    remove: async (id) => {
      await askGithub("the issue could not be closed", needs, () =>
        unlessGone(isGone, () => rest.issues.update({ ...repo, issue_number: id, state: "closed", state_reason: "completed" })),
      );
    },
  };
}

/** A label is a convenience: without it, all open issues are read. */
async function makeLabel({ rest, repo }: Pick<GithubClient, "rest" | "repo">): Promise<boolean> {
  try {
    await rest.issues.getLabel({ ...repo, name: driftLabel.name });
    return true;
  } catch (error) {
    if (statusOf(error) !== 404) return false;
  }
  try {
    await rest.issues.createLabel({ ...repo, ...driftLabel });
    return true;
  } catch (error) {
    // Another job made it in between.
    return statusOf(error) === 422;
  }
}

function toPost({ id, body, html_url }: { readonly id: number | bigint; readonly body?: string | null; readonly html_url: string }): Post {
  return { id: Number(id), body: body ?? "", url: html_url };
}

/** Issues that were deleted answer 410: https://docs.github.com/en/rest/issues/issues#get-an-issue */
function isGone(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 410;
}
