// The service that holds the repository (GitHub, GitLab, or none), as `koine ci` uses it. Every text that goes in is rendered already; nothing a host
// answers is trusted beyond what is said here.

import type { ProjectSettings } from "../project/project-settings.ts";

/** Of koine.yaml: whose approval an apply wants. */
export type Requirement = ProjectSettings["require"];

/** One stack in one environment; how comments, checks, issues and artefacts of it are found again. */
export interface Subject {
  readonly folder: string;
  readonly environment?: string;
}

export interface ChangeRequest {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  /** Where the reviewed revision ends, and where it would be merged. */
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseBranch: string;
  /** The head is in another repository than the base: no secrets, no state, no credentials. */
  readonly fork: boolean;
  readonly merged: boolean;
  readonly mergeSha?: string;
  readonly url: string;
}

export interface Review {
  readonly by: string;
  readonly state: "approved" | "changes-requested";
  /** The revision that was looked at. */
  readonly sha: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** That a plan with this digest was shown at this revision, written where only our own identity can write. */
export interface PlanRecord {
  readonly subject: Subject;
  readonly sha: string;
  /** `sha256:…` of the changes. */
  readonly digest: string;
  /** Something would be deleted, replaced, or lose data: what `require: review-destroys` asks about. */
  readonly destructive: boolean;
  /** Who had to approve it when it was shown after a merge: koine.yaml may be weaker since. */
  readonly require?: Requirement;
  /** It was not only shown: it was applied, and that was told. */
  readonly applied?: true;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Verdict {
  readonly conclusion: "success" | "failure" | "action-required" | "neutral";
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  readonly file: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** Throws `HostError` for what the service refuses; rate limits and short outages are waited for within its client. */
export interface Host {
  readonly name: "github" | "gitlab";
  /** Longest body of a comment, in the unit that the service counts. */
  readonly commentLimit: number;
  /** The page of a file at a revision. */
  fileUrl(sha: string, file: string, line?: number): string;
  readRequest(number: number): Promise<ChangeRequest>;
  /** Change requests whose merge brought this revision about, newest first. */
  findMerged(sha: string): Promise<readonly ChangeRequest[]>;
  /** Open change requests whose head is this revision, on this branch of a repository of this owner. For runs of forks, whose event names none. */
  findByHead(head: { readonly sha: string; readonly owner: string; readonly branch: string }): Promise<readonly ChangeRequest[]>;
  /** Reviews that still count: the latest of each person, none of the author's own. */
  listReviews(number: number): Promise<readonly Review[]>;
  /** Whether this person may write to the repository. */
  mayWrite(login: string): Promise<boolean>;
  /** Writes the one comment of this subject: finds it by marker *and* author, updates it, or makes it. `markdown` without the marker. */
  putComment(number: number, subject: Subject, markdown: string): Promise<{ readonly url: string }>;
  /** Takes away comments of subjects that the request no longer touches: their text is replaced. */
  listComments(number: number): Promise<readonly { readonly subject: Subject; readonly url: string }[]>;
  /** A check on the revision, with the digest shown as its record. Without a digest no plan could be made, and nothing is recorded as shown. */
  putPlanRecord(record: Omit<PlanRecord, "at" | "digest"> & { readonly digest?: string }, verdict: Verdict): Promise<void>;
  /** Records on a revision that our own identity wrote; newest first. */
  listPlanRecords(sha: string): Promise<readonly PlanRecord[]>;
  /** One open issue for a subject, opened or updated; closed when `markdown` is undefined. */
  putIssue(subject: Subject, title: string, markdown: string | undefined): Promise<{ readonly url: string } | undefined>;
}

export class HostError extends Error {
  /** What to do about it. */
  readonly hint: string;
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.hint = hint;
  }
}
