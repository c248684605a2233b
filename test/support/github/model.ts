// What GitHub keeps of one repository, as far as `koine ci` can see it: people, pulls, comments, reviews, checks, issues. Plain data and its clock; who may
// change what is decided in *-routes.ts.

import type { Author, ForgeGit, MergeMethod } from "../forge-git.ts";

export type Permission = "admin" | "write" | "read" | "none";

export interface Person extends Author {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot";
  readonly permission: Permission;
}

export interface App {
  readonly id: number;
  readonly slug: string;
}

/** Scopes as a workflow's `permissions:` names them. https://docs.github.com/actions/security-guides/automatic-token-authentication */
export type Scope = "checks" | "contents" | "issues" | "metadata" | "pull_requests" | "statuses";
export type Scopes = Partial<Readonly<Record<Scope, "read" | "write">>>;

export interface Token {
  readonly value: string;
  readonly person: Person;
  /** An installation's token; none for a personal one. */
  readonly app?: App;
  readonly scopes: Scopes;
}

export interface Pull {
  readonly number: number;
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly by: Person;
  readonly branch: string;
  /** Of the head's repository when that is a fork. */
  readonly fork?: { readonly owner: Person; readonly git: ForgeGit };
  readonly base: string;
  readonly headSha: string;
  /** Where the base branch was when the head was last pushed: what the payload calls `base.sha`. */
  readonly baseSha: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly state: "open" | "closed";
  readonly merged?: {
    readonly at: number;
    readonly by: Person;
    readonly sha: string;
    readonly method: MergeMethod;
    /** Revisions that came onto the base branch with it. */
    readonly introduced: ReadonlySet<string>;
  };
  /** Of the test merge; absent on a conflict. */
  readonly testMerge?: string;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly by: Person;
  readonly app?: App;
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who wrote the body last, where that is another than the author. GitHub shows it only on its pages. */
  readonly editedBy?: Person;
}

export interface Review {
  readonly id: number;
  readonly pull: number;
  readonly by: Person;
  readonly body: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly sha: string;
  readonly at: number;
}

export interface CheckRun {
  readonly id: number;
  readonly app: App;
  readonly name: string;
  readonly sha: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly externalId: string;
  readonly detailsUrl: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly unknown[];
}

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly by: Person;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly at: number;
}

export interface Issue {
  readonly number: number;
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly by: Person;
  readonly app?: App;
  readonly labels: readonly string[];
  readonly state: "open" | "closed";
  readonly reason: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt?: number;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Repository {
  readonly owner: Person;
  readonly name: string;
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly git: ForgeGit;
  readonly people: Map<string, Person>;
  readonly tokens: Map<string, Token>;
  readonly pulls: Map<number, Pull>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly reviews: Map<number, Review>;
  readonly checks: Map<number, CheckRun>;
  readonly statuses: Map<number, Status>;
  /** By name in small letters. */
  readonly labels: Map<string, Label>;
  /** A new id, of any thing. */
  nextId(): number;
  /** A new id, of a workflow's run. */
  nextRun(): number;
  /** A new number, of a pull or issue. */
  nextNumber(): number;
  /** Milliseconds; whole seconds, as GitHub's times are, and every one later than the one before. */
  now(): number;
}

/** What signs as the workflow's own token. https://github.com/actions/checkout names the bot's id; the application is GitHub's own. */
export const actionsApp: App = { id: 15368, slug: "github-actions" };
export const actionsBot: Person = {
  login: "github-actions[bot]",
  id: 41898282,
  type: "Bot",
  permission: "write",
  name: "github-actions[bot]",
  email: "41898282+github-actions[bot]@users.noreply.github.com",
};

export function sayTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Moves the pull's head to a revision and makes the test merge anew, where GitHub keeps them: refs/pull/N/head and /merge. */
export function moveHead(repository: Repository, pull: Pull, headSha: string): Pull {
  const { git } = repository;
  const source = pull.fork?.git;
  if (source) git.fetch(source, headSha);
  const baseSha = git.find(`refs/heads/${pull.base}`) ?? "";
  git.setRef(`refs/pull/${pull.number}/head`, headSha);
  const moved = tryMerge(repository, { ...pull, headSha, baseSha, updatedAt: repository.now() });
  repository.pulls.set(pull.number, moved);
  return moved;
}

/** Makes the test merge of a pull with its base as it is now. */
export function tryMerge(repository: Repository, pull: Pull): Pull {
  const { git } = repository;
  const onto = git.find(`refs/heads/${pull.base}`) ?? "";
  const message = `Merge ${pull.headSha} into ${onto}`;
  const made = git.merge(onto, pull.headSha, "merge", { message, author: pull.by });
  if (made !== undefined) git.setRef(`refs/pull/${pull.number}/merge`, made);
  const { testMerge: _former, ...rest } = pull;
  return made === undefined ? rest : { ...rest, testMerge: made };
}

/** Where a merge would bring the base branch; undefined on a conflict. */
export function mergeOnto(
  repository: Repository,
  pull: Pull,
  onto: string,
  method: MergeMethod,
  by: Person,
  words?: string,
): string | undefined {
  const from = pull.fork ? pull.fork.owner.login : repository.owner.login;
  const standard =
    method === "squash"
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${from}/${pull.branch}\n\n${pull.title}`;
  return repository.git.merge(onto, pull.headSha, method, { message: words ?? standard, author: method === "squash" ? pull.by : by });
}

/** Ends a pull as merged, its base branch at `sha`; other pulls are tried anew. */
export function markMerged(repository: Repository, pull: Pull, sha: string, method: MergeMethod, by: Person): Pull {
  const { git } = repository;
  const ref = `refs/heads/${pull.base}`;
  const before = git.find(ref);
  git.setRef(ref, sha);
  const at = repository.now();
  const merged = { at, by, sha, method, introduced: new Set(git.between(before, sha)) };
  const ended: Pull = { ...pull, state: "closed", updatedAt: at, merged };
  repository.pulls.set(pull.number, ended);
  retryMerges(repository, pull.base);
  return ended;
}

/** The base branch has moved. */
export function retryMerges(repository: Repository, base: string): void {
  for (const other of repository.pulls.values()) {
    if (other.state === "open" && other.base === base) repository.pulls.set(other.number, tryMerge(repository, other));
  }
}
