// What GitHub says of the things it keeps: the members that mean something, by the names of its description. Everything else that is required is filled in
// by complete.ts.

import type { ChangedFile } from "../forge-git.ts";
import type { JsonRecord } from "./description.ts";
import {
  type App,
  type CheckRun,
  type Comment,
  type Issue,
  type Label,
  type Permission,
  type Person,
  type Pull,
  type Repository,
  type Review,
  type Status,
  sayTime,
} from "./model.ts";

export const site = "https://github.com";
export const api = "https://api.github.com";

export function sayPerson(person: Person): JsonRecord {
  const url = `${api}/users/${encodeURIComponent(person.login)}`;
  return {
    login: person.login,
    id: person.id,
    node_id: `U_${person.id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${person.id}`,
    gravatar_id: "",
    url,
    html_url: person.type === "Bot" ? `${site}/apps/${person.login.replace("[bot]", "")}` : `${site}/${person.login}`,
    type: person.type,
    site_admin: false,
  };
}

export function sayApp(app: App): JsonRecord {
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    name: app.slug,
    description: "",
    external_url: site,
    html_url: `${site}/apps/${app.slug}`,
    permissions: {},
    events: [],
    owner: sayPerson({ login: "github", id: 9919, type: "User", permission: "none", name: "GitHub", email: "" }),
  };
}

export function sayRepository(repository: Repository, owner: Person = repository.owner): JsonRecord {
  const fullName = `${owner.login}/${repository.name}`;
  return {
    id: owner === repository.owner ? 1296269 : 1296269 + owner.id,
    node_id: `R_${owner.id}`,
    name: repository.name,
    full_name: fullName,
    private: true,
    fork: owner !== repository.owner,
    owner: sayPerson(owner),
    default_branch: repository.defaultBranch,
    url: `${api}/repos/${fullName}`,
    html_url: `${site}/${fullName}`,
    clone_url: `${site}/${fullName}.git`,
  };
}

const pageOf = (repository: Repository, kind: "pull" | "issues", number: number): string =>
  `${site}/${repository.fullName}/${kind}/${number}`;
const at = (repository: Repository, path: string): string => `${api}/repos/${repository.fullName}/${path}`;

/** By https://docs.github.com/graphql/reference/enums#commentauthorassociation. */
function sayAssociation(repository: Repository, by: Person): string {
  if (by.login === repository.owner.login) return "OWNER";
  const of: Readonly<Record<Permission, string>> = { admin: "COLLABORATOR", write: "COLLABORATOR", read: "CONTRIBUTOR", none: "NONE" };
  return by.type === "Bot" ? "NONE" : of[by.permission];
}

export function sayPull(repository: Repository, pull: Pull, whole: boolean): JsonRecord {
  const { git } = repository;
  const owner = pull.fork?.owner ?? repository.owner;
  const ref = (of: Person, branch: string, sha: string): JsonRecord => ({
    label: `${of.login}:${branch}`,
    ref: branch,
    sha,
    user: sayPerson(of),
    repo: sayRepository(repository, of),
  });
  const base = git.mergeBase(pull.baseSha, pull.headSha) ?? pull.baseSha;
  const facts = whole ? git.changes(base, pull.headSha) : [];
  const { merged } = pull;
  return {
    id: pull.id,
    node_id: `PR_${pull.id}`,
    number: pull.number,
    state: pull.state,
    locked: false,
    draft: false,
    title: pull.title,
    body: pull.body,
    user: sayPerson(pull.by),
    url: at(repository, `pulls/${pull.number}`),
    html_url: pageOf(repository, "pull", pull.number),
    issue_url: at(repository, `issues/${pull.number}`),
    created_at: sayTime(pull.createdAt),
    updated_at: sayTime(pull.updatedAt),
    closed_at: merged ? sayTime(merged.at) : null,
    merged_at: merged ? sayTime(merged.at) : null,
    // The test merge while it is open; afterwards what was made of it. https://docs.github.com/rest/pulls/pulls#get-a-pull-request
    merge_commit_sha: merged?.sha ?? pull.testMerge ?? null,
    labels: [],
    head: ref(owner, pull.branch, pull.headSha),
    base: ref(repository.owner, pull.base, pull.baseSha),
    author_association: sayAssociation(repository, pull.by),
    ...(whole
      ? {
          merged: merged !== undefined,
          mergeable: merged ? null : pull.testMerge !== undefined,
          mergeable_state: merged ? "unknown" : pull.testMerge === undefined ? "dirty" : "clean",
          merged_by: merged ? sayPerson(merged.by) : null,
          comments: [...repository.comments.values()].filter((one) => one.issue === pull.number).length,
          commits: git.between(base, pull.headSha).length,
          additions: facts.reduce((sum, one) => sum + one.additions, 0),
          deletions: facts.reduce((sum, one) => sum + one.deletions, 0),
          changed_files: facts.length,
        }
      : {}),
  };
}

export function sayComment(repository: Repository, comment: Comment): JsonRecord {
  const kind = repository.pulls.has(comment.issue) ? "pull" : "issues";
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: at(repository, `issues/comments/${comment.id}`),
    html_url: `${pageOf(repository, kind, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: at(repository, `issues/${comment.issue}`),
    user: sayPerson(comment.by),
    created_at: sayTime(comment.createdAt),
    updated_at: sayTime(comment.updatedAt),
    author_association: sayAssociation(repository, comment.by),
    body: comment.body,
    performed_via_github_app: comment.app ? sayApp(comment.app) : null,
  };
}

export function sayReview(repository: Repository, review: Review): JsonRecord {
  const page = `${pageOf(repository, "pull", review.pull)}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: sayPerson(review.by),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: at(repository, `pulls/${review.pull}`),
    _links: { html: { href: page }, pull_request: { href: at(repository, `pulls/${review.pull}`) } },
    submitted_at: sayTime(review.at),
    commit_id: review.sha,
    author_association: sayAssociation(repository, review.by),
  };
}

export function sayCheck(repository: Repository, check: CheckRun): JsonRecord {
  const url = at(repository, `check-runs/${check.id}`);
  return {
    id: check.id,
    node_id: `CR_${check.id}`,
    head_sha: check.sha,
    name: check.name,
    external_id: check.externalId,
    url,
    html_url: `${site}/${repository.fullName}/runs/${check.id}`,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.app.id * 10 },
    app: sayApp(check.app),
    pull_requests: [],
  };
}

export function sayStatus(repository: Repository, status: Status): JsonRecord {
  return {
    id: status.id,
    node_id: `SC_${status.id}`,
    url: at(repository, `statuses/${status.sha}`),
    avatar_url: null,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: sayTime(status.at),
    updated_at: sayTime(status.at),
    creator: sayPerson(status.by),
  };
}

export function sayIssue(repository: Repository, issue: Issue): JsonRecord {
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.reason,
    locked: false,
    user: sayPerson(issue.by),
    labels: issue.labels.map((name) => ({ name })),
    comments: [...repository.comments.values()].filter((one) => one.issue === issue.number).length,
    created_at: sayTime(issue.createdAt),
    updated_at: sayTime(issue.updatedAt),
    closed_at: issue.closedAt === undefined ? null : sayTime(issue.closedAt),
    url: at(repository, `issues/${issue.number}`),
    html_url: pageOf(repository, "issues", issue.number),
    repository_url: `${api}/repos/${repository.fullName}`,
    author_association: sayAssociation(repository, issue.by),
    performed_via_github_app: issue.app ? sayApp(issue.app) : null,
  };
}

export function sayLabel(repository: Repository, label: Label): JsonRecord {
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    name: label.name,
    color: label.color,
    description: label.description,
    default: false,
    url: at(repository, `labels/${encodeURIComponent(label.name)}`),
  };
}

/** A pull as the issue that it also is: with `pull_request`. https://docs.github.com/rest/issues/issues#list-repository-issues */
export function sayPullAsIssue(repository: Repository, pull: Pull): JsonRecord {
  const issue = { ...pull, labels: [], reason: null, ...(pull.merged ? { closedAt: pull.merged.at } : {}) };
  const url = at(repository, `pulls/${pull.number}`);
  const page = pageOf(repository, "pull", pull.number);
  const links = {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: pull.merged ? sayTime(pull.merged.at) : null,
  };
  return { ...sayIssue(repository, issue), html_url: page, pull_request: links };
}

export function sayCommit(repository: Repository, sha: string): JsonRecord {
  const facts = repository.git.read(sha);
  const person = (email: string): JsonRecord | null => {
    const known = [...repository.people.values()].find((one) => one.email === email);
    return known ? sayPerson(known) : null;
  };
  return {
    sha,
    node_id: `C_${sha}`,
    url: at(repository, `commits/${sha}`),
    html_url: `${site}/${repository.fullName}/commit/${sha}`,
    commit: { author: { ...facts.author }, committer: { ...facts.committer }, message: facts.message, tree: { sha: facts.tree } },
    author: person(facts.author.email),
    committer: person(facts.committer.email),
    parents: facts.parents.map((parent) => ({ sha: parent, url: at(repository, `commits/${parent}`) })),
  };
}

export function sayFile(repository: Repository, sha: string, file: ChangedFile): JsonRecord {
  const path = file.file.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.blob,
    filename: file.file,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${site}/${repository.fullName}/blob/${sha}/${path}`,
    raw_url: `${site}/${repository.fullName}/raw/${sha}/${path}`,
    contents_url: at(repository, `contents/${path}?ref=${sha}`),
    ...(file.former === undefined ? {} : { previous_filename: file.former }),
  };
}
