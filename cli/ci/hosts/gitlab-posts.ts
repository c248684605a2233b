// Notes on a merge request and issues of GitLab, as boxes of posts of which each subject has one.

import { driftLabel } from "./drift-label.ts";
import { type GitlabClient, gitlabStatusOf } from "./gitlab-client.ts";
import { byAge, type Post, type PostBox, unlessGone } from "./one-post.ts";

/** Whether an author of an answer is us. */
export type IsOwn = (author: { readonly id: number } | null | undefined) => boolean;

/** https://docs.gitlab.com/api/notes/#merge-requests */
export function openNotes({ api, project, ask }: GitlabClient, isOwn: IsOwn, number: number, urlOfNote: (id: number) => string): PostBox {
  const toPost = ({ id, body }: { readonly id: number; readonly body: string }): Post => ({ id, body, url: urlOfNote(id) });
  return {
    listOwn: () =>
      ask("the notes could not be read", async () => {
        const notes = await api.MergeRequestNotes.all(project, number, { perPage: 100, sort: "asc", orderBy: "created_at" });
        return notes
          .filter(({ system, author }) => !system && isOwn(author))
          .map(toPost)
          .sort(byAge);
      }),
    create: (body) =>
      ask("the note could not be written", async () =>
        toPost(await api.MergeRequestNotes.create(project, number, defuseQuickActions(body))),
      ),
    update: (id, body) =>
      ask("the note could not be written", () =>
        unlessGone(isGone, async () => toPost(await api.MergeRequestNotes.edit(project, number, id, { body: defuseQuickActions(body) }))),
      ),
    remove: async (id) => {
      await ask("a note that is there twice could not be removed", () =>
        unlessGone(isGone, () => api.MergeRequestNotes.remove(project, number, id)),
      );
    },
  };
}

/** Open issues of ours. One that is there twice is closed. A label that is not there is made by GitLab: https://docs.gitlab.com/api/issues/#new-issue */
export function openGitlabIssues({ api, project, ask }: GitlabClient, isOwn: IsOwn, title: string): PostBox {
  return {
    listOwn: () =>
      ask("the issues could not be read", async () => {
        const issues = await api.Issues.all({ projectId: project, state: "opened", labels: driftLabel.name, scope: "all", perPage: 100 });
        return issues
          .filter(({ author }) => isOwn(author))
          .map(toIssue)
          .sort(byAge);
      }),
    create: (body) =>
      ask("the issue could not be opened", async () =>
        toIssue(await api.Issues.create(project, title, { description: defuseQuickActions(body), labels: driftLabel.name })),
      ),
    update: (id, body) =>
      ask("the issue could not be written", () =>
        unlessGone(isGone, async () => toIssue(await api.Issues.edit(project, id, { title, description: defuseQuickActions(body) }))),
      ),
    remove: async (id) => {
      await ask("the issue could not be closed", () => unlessGone(isGone, () => api.Issues.edit(project, id, { stateEvent: "close" })));
    },
  };
}

function toIssue({
  iid,
  description,
  web_url,
}: {
  readonly iid: number;
  readonly description: string | null;
  readonly web_url: string;
}): Post {
  return { id: iid, body: description ?? "", url: web_url };
}

function isGone(error: unknown): boolean {
  return gitlabStatusOf(error) === 404;
}

/**
 * A line that begins with `/close` or `/merge` is done, not shown. The backslash is Markdown for the sign itself.
 * https://docs.gitlab.com/user/project/quick_actions/
 */
export function defuseQuickActions(body: string): string {
  return body.replace(/^([\t ]*)\/(?=\p{L})/gmu, "$1\\/");
}
