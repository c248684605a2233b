// GitLab as a `Host`. What is ours is known by marker and author. A record is a comment on the commit that our own user wrote: a commit status can be changed
// by any developer, a comment only by its author (and by maintainers, who can read the token from the project's variables anyway).
// https://docs.gitlab.com/api/discussions/#commits

import { nameSubject } from "../find-subjects.ts";
import { type Host, HostError, type PlanRecord } from "../host.ts";
import { connectGitlab, type GitlabAccess, type GitlabClient } from "./gitlab-client.ts";
import { type IsOwn, openGitlabIssues, openNotes } from "./gitlab-posts.ts";
import { findGitlabByHead, findGitlabMerged, listGitlabReviews, mayWriteOnGitlab, readGitlabRequest } from "./gitlab-requests.ts";
import { mark, markerRoom, readMarker } from "./marker.ts";
import { keepOneIssue, keepOnePost, type PostBox, readSubjects } from "./one-post.ts";
import { readRecord, writeRecord } from "./record-text.ts";

export interface GitlabSettings extends GitlabAccess {
  /** `GROUP/PROJECT`. */
  readonly projectPath: string;
}

/** Characters of a note's or an issue's body: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics */
const bodyLimit = 1_000_000;

/** Asks nothing yet; the token is tried with the first call. */
export async function openGitlabHost(settings: GitlabSettings): Promise<Host> {
  const client = await connectGitlab(settings);
  let asked: Promise<IsOwn> | undefined;
  const identify = (): Promise<IsOwn> => {
    asked ??= readOwn(client);
    return asked;
  };
  const home = `${settings.serverUrl.replace(/\/+$/, "")}/${settings.projectPath}`;
  const openBox = async (number: number): Promise<PostBox> =>
    openNotes(client, await identify(), number, (id) => `${home}/-/merge_requests/${number}#note_${id}`);
  return {
    name: "gitlab",
    commentLimit: bodyLimit - markerRoom,
    fileUrl: (sha, file, line) =>
      `${home}/-/blob/${sha}/${file.split("/").map(encodeURIComponent).join("/")}${line === undefined ? "" : `#L${line}`}`,
    readRequest: (number) => readGitlabRequest(client, number),
    findMerged: (sha) => findGitlabMerged(client, sha),
    findByHead: (head) => findGitlabByHead(client, head),
    listReviews: (number) => listGitlabReviews(client, number),
    mayWrite: (login) => mayWriteOnGitlab(client, login),
    putComment: async (number, subject, markdown) => keepOnePost(await openBox(number), "plan", subject, markdown),
    listComments: async (number) => readSubjects(await (await openBox(number)).listOwn(), "plan"),
    putPlanRecord: (record) => putGitlabRecord(client, record),
    listPlanRecords: async (sha) => listGitlabRecords(client, await identify(), sha),
    putIssue: async (subject, title, markdown) => keepOneIssue(openGitlabIssues(client, await identify(), title), subject, markdown),
  };
}

/** Tokens of projects and groups have a user of their own: https://docs.gitlab.com/api/users/#get-the-current-user */
async function readOwn({ api, ask }: GitlabClient): Promise<IsOwn> {
  const { id } = await ask("the token's identity could not be read", () => api.Users.showCurrentUser());
  if (typeof id !== "number")
    throw new HostError("GitLab does not say whose the token is", "set KOINE_GITLAB_TOKEN to a project access token");
  return (author) => author?.id === id;
}

async function putGitlabRecord({ api, project, ask }: GitlabClient, record: Parameters<Host["putPlanRecord"]>[0]): Promise<void> {
  const { digest } = record;
  if (digest === undefined) return;
  const text = `Koine showed the plan of \`${nameSubject(record.subject).replaceAll("`", "'")}\` at this revision: \`${digest}\`.`;
  await ask("the record could not be written", () =>
    api.CommitDiscussions.create(project, record.sha, mark("record", record.subject, text, writeRecord({ ...record, digest }))),
  );
}

/** Newest first. */
async function listGitlabRecords({ api, project, ask }: GitlabClient, isOwn: IsOwn, sha: string): Promise<readonly PlanRecord[]> {
  const discussions = await ask("the records could not be read", () => api.CommitDiscussions.all(project, sha, { perPage: 100 }));
  return discussions
    .flatMap(({ notes }) => notes ?? [])
    .flatMap((note) => {
      const said = isOwn(note.author) && !note.system ? readRecord(readMarker("record", note.body)?.more) : undefined;
      const at = Date.parse(note.created_at);
      return said && Number.isFinite(at) ? [{ record: { ...said, sha, at }, id: note.id }] : [];
    })
    .sort((one, other) => other.record.at - one.record.at || other.id - one.id)
    .map(({ record }) => record);
}
