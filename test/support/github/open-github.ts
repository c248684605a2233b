// A GitHub of its own for a test: one repository with real git behind it, people and tokens, pulls that are pushed to, reviewed and merged. Everything ends
// with the test, which fails if anything was asked or answered that GitHub's description does not allow.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Author, cloneAt, type Files, type ForgeGit, type MergeMethod, openForgeGit } from "../forge-git.ts";
import {
  type App,
  actionsApp,
  actionsBot,
  type CheckRun,
  type Comment,
  type Issue,
  markMerged,
  mergeOnto,
  moveHead,
  type Permission,
  type Person,
  type Pull,
  type Repository,
  type Review,
  retryMerges,
  type Scopes,
  tryMerge,
} from "./model.ts";
import { type Logged, serveApi, type Trouble, type Violation } from "./server.ts";

export interface GithubOptions {
  /** `acme/shop` unless given. */
  readonly repository?: string;
  /** Of the first commit on `main`. */
  readonly files: Files;
  /** Logins and what they may do; `author` and `reviewer` (write) and `stranger` (read) are there unless given. */
  readonly people?: Readonly<Record<string, Permission>>;
}

export interface Queued {
  readonly number: number;
  /** Of the merge group. */
  readonly sha: string;
  readonly ref: string;
  readonly baseSha: string;
}

export interface Github {
  readonly apiUrl: string;
  readonly repository: Repository;
  /** Of the bare repository, to clone from. */
  readonly directory: string;
  /** A scratch folder that ends with the test. */
  readonly folder: string;
  readonly violations: readonly Violation[];
  /** Those so far, which then no longer fail the test: for tests of the server itself. */
  takeViolations(): readonly Violation[];
  readonly log: readonly Logged[];
  disturb(on: string | ((request: Logged) => boolean), trouble: Trouble, times?: number): void;
  limit(requests: number, resetsIn: number): void;
  /** The person of that login; made when new. */
  person(login: string, permission?: Permission): Person;
  /** A workflow's GITHUB_TOKEN; a fork's is read-only whatever is asked. https://docs.github.com/actions/security-guides/automatic-token-authentication */
  workflowToken(scopes?: Scopes, fork?: boolean): string;
  /** A token of another application that is installed here. */
  appToken(slug: string, scopes: Scopes): string;
  /** A person's own token. */
  personalToken(login: string, scopes?: Scopes): string;
  /** Commits to a branch and pushes; a new branch starts at `from` (main unless given). Pulls of the branch move along. */
  pushBranch(
    branch: string,
    files: Files,
    about?: { readonly message?: string; readonly by?: string; readonly from?: string; readonly force?: boolean; readonly fork?: string },
  ): string;
  openPull(pull: {
    readonly branch: string;
    readonly title?: string;
    readonly body?: string;
    readonly by?: string;
    readonly base?: string;
    readonly fork?: string;
  }): Pull;
  closePull(number: number): void;
  pull(number: number): Pull;
  review(
    number: number,
    by: string,
    state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED",
    about?: { readonly body?: string; readonly sha?: string },
  ): Review;
  dismiss(review: number): void;
  comment(number: number, by: string, body: string): Comment;
  /** Someone changes a comment, their own or, with write access, another's. */
  editComment(id: number, by: string, body: string): void;
  comments(number: number): readonly Comment[];
  checks(sha?: string): readonly CheckRun[];
  issues(): readonly Issue[];
  /** Merges a pull as its button does and gives the base branch's revisions before and after. */
  merge(number: number, method?: MergeMethod, by?: string): { readonly before: string; readonly after: string };
  /** Puts a pull into the merge queue: its group's branch is made. */
  enqueue(number: number, method?: MergeMethod): Queued;
  /** The group's checks were good: the base branch moves to the group. */
  landQueued(queued: Queued, method?: MergeMethod): { readonly before: string; readonly after: string };
  /** As actions/checkout does: a clone with the revision checked out, its whole history unless a depth is given. */
  checkOut(revision: string, options?: { readonly depth?: number }): string;
}

const roles: Readonly<Record<string, Permission>> = { author: "write", reviewer: "write", stranger: "read" };

export async function openGithub(options: GithubOptions): Promise<Github> {
  const folder = mkdtempSync(join(tmpdir(), "koine-github-"));
  const [ownerName = "", name = ""] = (options.repository ?? "acme/shop").split("/");
  const people = new Map<string, Person>([[actionsBot.login, actionsBot]]);
  const counters = { id: 1_000, number: 0, person: 100, time: 0, token: 0, run: 9_000 };
  const person = (login: string, permission?: Permission): Person => {
    const known = people.get(login);
    if (known && (permission === undefined || known.permission === permission)) return known;
    counters.person += 1;
    const id = known?.id ?? counters.person;
    const type = login.endsWith("[bot]") ? "Bot" : "User";
    const made: Person = {
      login,
      id,
      type,
      permission: permission ?? "read",
      name: login,
      email: `${id}+${login}@users.noreply.github.com`,
    };
    people.set(login, made);
    return made;
  };
  for (const [login, permission] of Object.entries(options.people ?? roles)) person(login, permission);
  const owner = person(ownerName, "admin");
  const git = openForgeGit(folder, name);
  const repository: Repository = {
    owner,
    name,
    fullName: `${ownerName}/${name}`,
    defaultBranch: "main",
    git,
    people,
    tokens: new Map(),
    pulls: new Map(),
    issues: new Map(),
    comments: new Map(),
    reviews: new Map(),
    checks: new Map(),
    statuses: new Map(),
    labels: new Map(),
    nextId: () => ++counters.id,
    nextRun: () => ++counters.run,
    nextNumber: () => ++counters.number,
    now: () => {
      counters.time = Math.max(Math.floor(Date.now() / 1000) * 1000, counters.time + 1000);
      return counters.time;
    },
  };
  git.commit("main", options.files, { message: "Begin", author: owner });
  const server = await serveApi(repository);
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
    if (server.violations.length > 0) throw new Error(`against GitHub's description:\n${JSON.stringify(server.violations, undefined, 2)}`);
  });

  const forks = new Map<string, ForgeGit>();
  const forkOf = (login: string): ForgeGit => {
    const known = forks.get(login) ?? openForgeGit(join(folder, login), name);
    if (!forks.has(login)) {
      forks.set(login, known);
      const main = git.find("refs/heads/main") ?? "";
      known.fetch(git, main);
      known.setRef("refs/heads/main", main);
    }
    return known;
  };
  const signed = (value: string, by: Person, scopes: Scopes, app?: App): string => {
    repository.tokens.set(value, { value, person: by, scopes, ...(app ? { app } : {}) });
    return value;
  };
  const newToken = (prefix: string): string => {
    counters.token += 1;
    return `${prefix}_${String(counters.token).padStart(36, "0")}`;
  };
  const pullOf = (number: number): Pull => {
    const pull = repository.pulls.get(number);
    if (!pull) throw new Error(`there is no pull ${number}`);
    return pull;
  };
  const queues = new Map<number, MergeMethod>();

  return {
    apiUrl: server.url,
    repository,
    directory: git.directory,
    folder,
    violations: server.violations,
    takeViolations: () => server.violations.splice(0),
    log: server.log,
    disturb: server.disturb,
    limit: server.limit,
    person,
    workflowToken: (scopes = { contents: "read", pull_requests: "write", checks: "write", issues: "write" }, fork = false) => {
      const narrowed = Object.fromEntries(Object.keys(scopes).map((scope) => [scope, "read"])) as Scopes;
      return signed(newToken("ghs"), actionsBot, fork ? narrowed : scopes, actionsApp);
    },
    appToken: (slug, scopes) => {
      const id = [...slug].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_000;
      return signed(newToken("ghs"), person(`${slug}[bot]`, "write"), scopes, { id, slug });
    },
    personalToken: (login, scopes = { contents: "write", pull_requests: "write", issues: "write", statuses: "write", checks: "read" }) =>
      signed(newToken("github_pat"), person(login), scopes),
    pushBranch: (branch, files, about = {}) => {
      const by = person(about.by ?? "author");
      const at = about.fork === undefined ? git : forkOf(about.fork);
      const from = at.find(about.from ?? "refs/heads/main");
      const sha = at.commit(branch, files, {
        message: about.message ?? `Change ${Object.keys(files).join(", ")}`,
        author: by as Author,
        ...(from === undefined ? {} : { from }),
        ...(about.force ? { over: true } : {}),
      });
      for (const pull of repository.pulls.values()) {
        if (pull.state === "open" && pull.branch === branch && pull.fork?.owner.login === about.fork) moveHead(repository, pull, sha);
      }
      if (about.fork === undefined) retryMerges(repository, branch);
      return sha;
    },
    openPull: ({ branch, title, body, by, base = "main", fork }) => {
      const source = fork === undefined ? git : forkOf(fork);
      const headSha = source.find(`refs/heads/${branch}`);
      if (headSha === undefined) throw new Error(`there is no branch ${branch}`);
      const at = repository.now();
      const pull: Pull = {
        number: repository.nextNumber(),
        id: repository.nextId(),
        title: title ?? `Change ${branch}`,
        body: body ?? "",
        by: person(by ?? fork ?? "author"),
        branch,
        ...(fork === undefined ? {} : { fork: { owner: person(fork), git: source } }),
        base,
        headSha,
        baseSha: "",
        createdAt: at,
        updatedAt: at,
        state: "open",
      };
      return moveHead(repository, pull, headSha);
    },
    closePull: (number) => {
      repository.pulls.set(number, { ...pullOf(number), state: "closed", updatedAt: repository.now() });
    },
    pull: pullOf,
    review: (number, by, state, about = {}) => {
      const pull = pullOf(number);
      if (state !== "COMMENTED" && pull.by.login === by) throw new Error("GitHub lets nobody approve their own pull");
      const review: Review = {
        id: repository.nextId(),
        pull: number,
        by: person(by),
        body: about.body ?? "",
        state,
        sha: about.sha ?? pull.headSha,
        at: repository.now(),
      };
      repository.reviews.set(review.id, review);
      return review;
    },
    dismiss: (id) => {
      const review = repository.reviews.get(id);
      if (!review) throw new Error(`there is no review ${id}`);
      repository.reviews.set(id, { ...review, state: "DISMISSED" });
    },
    comment: (number, by, body) => {
      const at = repository.now();
      const comment: Comment = { id: repository.nextId(), issue: number, by: person(by), body, createdAt: at, updatedAt: at };
      repository.comments.set(comment.id, comment);
      return comment;
    },
    editComment: (id, by, body) => {
      const comment = repository.comments.get(id);
      const editor = person(by);
      if (!comment) throw new Error(`there is no comment ${id}`);
      if (comment.by.login !== by && editor.permission !== "write" && editor.permission !== "admin")
        throw new Error(`${by} may not edit it`);
      repository.comments.set(id, { ...comment, body, editedBy: editor, updatedAt: repository.now() });
    },
    comments: (number) => [...repository.comments.values()].filter((one) => one.issue === number),
    checks: (sha) => [...repository.checks.values()].filter((one) => sha === undefined || one.sha === sha),
    issues: () => [...repository.issues.values()],
    merge: (number, method = "merge", by = "author") => {
      const pull = tryMerge(repository, pullOf(number));
      const before = git.find(`refs/heads/${pull.base}`) ?? "";
      const after = mergeOnto(repository, pull, before, method, person(by));
      if (after === undefined) throw new Error(`the pull ${number} has conflicts`);
      markMerged(repository, pull, after, method, person(by));
      return { before, after };
    },
    enqueue: (number, method = "merge") => {
      const pull = pullOf(number);
      const baseSha = git.find(`refs/heads/${pull.base}`) ?? "";
      const sha = mergeOnto(repository, pull, baseSha, method, pull.by);
      if (sha === undefined) throw new Error(`the pull ${number} has conflicts`);
      const ref = `refs/heads/gh-readonly-queue/${pull.base}/pr-${number}-${baseSha}`;
      git.setRef(ref, sha);
      queues.set(number, method);
      return { number, sha, ref, baseSha };
    },
    landQueued: (queued) => {
      const pull = pullOf(queued.number);
      markMerged(repository, pull, queued.sha, queues.get(queued.number) ?? "merge", person("github-merge-queue[bot]", "write"));
      git.setRef(queued.ref, undefined);
      return { before: queued.baseSha, after: queued.sha };
    },
    checkOut: (revision, { depth } = {}) => {
      const target = mkdtempSync(join(folder, "checkout-"));
      const sha = git.find(revision) ?? revision;
      cloneAt(git, target, sha, depth);
      return target;
    },
  };
}
