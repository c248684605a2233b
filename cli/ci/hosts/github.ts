// GitHub as a `Host`. What is ours is known by marker and author, what was shown by checks of our own app, who approved by GitHub's own answers.

import type { Host } from "../host.ts";
import { connectGithub, type GithubAccess } from "./github-client.ts";
import { type GithubIdentity, readIdentity } from "./github-identity.ts";
import { openComments, openIssues } from "./github-posts.ts";
import { listGithubRecords, putGithubRecord } from "./github-records.ts";
import { findGithubByHead, findGithubMerged, listGithubReviews, mayWriteOnGithub, readGithubRequest } from "./github-requests.ts";
import { markerRoom } from "./marker.ts";
import { keepOneIssue, keepOnePost, readSubjects } from "./one-post.ts";

export interface GithubSettings extends GithubAccess {
  /** `https://github.com`. */
  readonly serverUrl: string;
}

/** Characters of a comment's or an issue's body. */
const bodyLimit = 65_536;

/** Asks nothing yet; the token is tried with the first call. */
export async function openGithubHost(settings: GithubSettings): Promise<Host> {
  const client = await connectGithub(settings);
  let asked: Promise<GithubIdentity> | undefined;
  const identify = (): Promise<GithubIdentity> => {
    asked ??= readIdentity(client);
    return asked;
  };
  const home = `${settings.serverUrl.replace(/\/+$/, "")}/${settings.repository}`;
  return {
    name: "github",
    commentLimit: bodyLimit - markerRoom,
    fileUrl: (sha, file, line) =>
      `${home}/blob/${sha}/${file.split("/").map(encodeURIComponent).join("/")}${line === undefined ? "" : `#L${line}`}`,
    readRequest: (number) => readGithubRequest(client, number),
    findMerged: (sha) => findGithubMerged(client, sha),
    findByHead: (head) => findGithubByHead(client, head),
    listReviews: (number) => listGithubReviews(client, number),
    mayWrite: (login) => mayWriteOnGithub(client, login),
    putComment: async (number, subject, markdown) => keepOnePost(openComments(client, await identify(), number), "plan", subject, markdown),
    listComments: async (number) => readSubjects(await openComments(client, await identify(), number).listOwn(), "plan"),
    putPlanRecord: async (record, verdict) => putGithubRecord(client, await identify(), record, verdict),
    listPlanRecords: async (sha) => listGithubRecords(client, await identify(), sha),
    putIssue: async (subject, title, markdown) => keepOneIssue(openIssues(client, await identify(), title), subject, markdown),
  };
}
