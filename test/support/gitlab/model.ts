// What GitLab keeps of one project, as far as `koine ci` can see it. Plain data and its clock; what a request may do is decided in routes.ts.

import type { ForgeGit } from "../forge-git.ts";

export interface Member {
  readonly id: number;
  readonly username: string;
  /** https://docs.gitlab.com/api/members/#roles: 20 Reporter, 30 Developer, 40 Maintainer; 0 is no member. */
  readonly level: number;
  readonly email: string;
}

export interface Note {
  readonly id: number;
  readonly by: Member;
  readonly body: string;
  readonly system: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface MergeRequest {
  readonly iid: number;
  readonly id: number;
  readonly title: string;
  readonly by: Member;
  readonly branch: string;
  readonly sha: string;
  readonly startSha: string;
  readonly baseSha: string;
  readonly sourceProject: number;
  readonly state: "opened" | "merged" | "closed";
  readonly versions: readonly { readonly id: number; readonly sha: string; readonly at: number }[];
  readonly approvals: readonly { readonly by: Member; readonly at: number }[];
  readonly merged?: { readonly at: number; readonly sha: string; readonly squash: boolean; readonly introduced: ReadonlySet<string> };
}

export interface Issue {
  readonly iid: number;
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly by: Member;
  readonly labels: readonly string[];
  readonly state: "opened" | "closed";
  readonly at: number;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  readonly status: string;
  readonly description: string | null;
  readonly by: Member;
  readonly at: number;
}

export interface Project {
  readonly id: number;
  readonly path: string;
  readonly git: ForgeGit;
  readonly members: Map<string, Member>;
  readonly tokens: Map<string, { readonly member: Member; readonly scope: "api" | "read_api" }>;
  readonly requests: Map<number, MergeRequest>;
  /** By merge request. */
  readonly notes: Map<number, readonly Note[]>;
  /** Comments on commits. */
  readonly discussions: Map<string, readonly Note[]>;
  readonly issues: Map<number, Issue>;
  readonly statuses: CommitStatus[];
  nextId(): number;
  now(): number;
}

export const home = "https://gitlab.com";

export function sayTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function sayMember(member: Member): object {
  const { id, username } = member;
  return { id, username, name: username, state: "active", locked: false, avatar_url: null, web_url: `${home}/${username}` };
}

export function sayNote(
  note: Note,
  about: { readonly type: "MergeRequest" | "Commit"; readonly id: number | null; readonly iid?: number },
): object {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: sayMember(note.by),
    created_at: sayTime(note.createdAt),
    updated_at: sayTime(note.updatedAt),
    system: note.system,
    noteable_id: about.id,
    noteable_type: about.type,
    noteable_iid: about.iid ?? null,
    resolvable: false,
    internal: false,
  };
}

export function sayRequest(project: Project, request: MergeRequest): object {
  const { merged } = request;
  return {
    id: request.id,
    iid: request.iid,
    project_id: project.id,
    title: request.title,
    description: "",
    state: request.state,
    created_at: sayTime(request.versions[0]?.at ?? 0),
    updated_at: sayTime(request.versions.at(-1)?.at ?? 0),
    merged_at: merged ? sayTime(merged.at) : null,
    target_branch: "main",
    source_branch: request.branch,
    author: sayMember(request.by),
    source_project_id: request.sourceProject,
    target_project_id: project.id,
    labels: [],
    draft: false,
    sha: request.sha,
    merge_commit_sha: merged ? merged.sha : null,
    squash_commit_sha: merged?.squash ? merged.sha : null,
    squash: merged?.squash ?? false,
    web_url: `${home}/${project.path}/-/merge_requests/${request.iid}`,
    diff_refs: { base_sha: request.baseSha, head_sha: request.sha, start_sha: request.startSha },
    has_conflicts: false,
    references: { short: `!${request.iid}`, relative: `!${request.iid}`, full: `${project.path}!${request.iid}` },
  };
}

export function sayIssue(project: Project, issue: Issue): object {
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: project.id,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    labels: issue.labels,
    author: sayMember(issue.by),
    created_at: sayTime(issue.at),
    updated_at: sayTime(issue.at),
    closed_at: issue.state === "closed" ? sayTime(issue.at) : null,
    web_url: `${home}/${project.path}/-/issues/${issue.iid}`,
  };
}

export function sayStatus(status: CommitStatus): object {
  const { id, sha, name, description } = status;
  return {
    id,
    sha,
    ref: "main",
    status: status.status,
    name,
    description,
    target_url: null,
    author: sayMember(status.by),
    created_at: sayTime(status.at),
  };
}
