// A real bare git repository for the tests' GitHub and GitLab: commits from files, the three ways of merging, and what lies between two revisions. The
// dates of commits are counted, not taken, so that the same history has the same revisions in every run.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** Path to text; null deletes, `{ link }` is a symbolic link. */
export type Files = Readonly<Record<string, string | null | { readonly link: string }>>;

export type MergeMethod = "merge" | "squash" | "rebase";

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Author & { readonly date: string };
  readonly committer: Author & { readonly date: string };
  readonly message: string;
}

export interface ChangedFile {
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly file: string;
  readonly former?: string;
  /** Of the content after the change, or of what was removed. */
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
}

export interface ForgeGit {
  /** The bare repository, to clone from. */
  readonly directory: string;
  /** Runs git in it and gives what it prints, without the last line's end. */
  git(...args: readonly string[]): string;
  /** The revision of a branch or other name; undefined when there is none. */
  find(name: string): string | undefined;
  /** Puts a commit on a branch; a new branch starts at `from`. With `over`, the branch is thrown back to `from` first. */
  commit(
    branch: string,
    files: Files,
    about: { readonly message: string; readonly author: Author; readonly from?: string; readonly over?: boolean },
  ): string;
  /** Merges a head into a base and gives the revision that the base would be at; undefined on a conflict. Moves no branch. */
  merge(base: string, head: string, method: MergeMethod, about: { readonly message: string; readonly author: Author }): string | undefined;
  setRef(name: string, sha: string | undefined): void;
  /** Revisions reachable from `to` and not from `from`, oldest first. */
  between(from: string | undefined, to: string): readonly string[];
  mergeBase(a: string, b: string): string | undefined;
  read(sha: string): CommitFacts;
  /** Files that differ between two revisions, by path. */
  changes(from: string, to: string): readonly ChangedFile[];
  /** The bytes of a file at a revision; undefined when it is none. */
  show(sha: string, path: string): Buffer | undefined;
  /** Takes over objects of another repository. */
  fetch(from: ForgeGit, sha: string): void;
}

const quiet = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" };

/** Runs git in a working folder, whatever the machine has configured. */
export function runGit(folder: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { env: { ...quiet, HOME: folder }, stdio: ["ignore", "pipe", "pipe"] })
    .toString("utf8")
    .trimEnd();
}

/**
 * A clone with a revision checked out, as a runner makes it: all branches and the whole history, or with a depth that revision alone.
 * https://github.com/actions/checkout
 */
export function cloneAt(source: ForgeGit, target: string, sha: string, depth?: number): void {
  runGit(target, "init", "--quiet", "--initial-branch=main");
  runGit(target, "remote", "add", "origin", `file://${source.directory}`);
  const what = depth === undefined ? ["+refs/heads/*:refs/remotes/origin/*", sha] : [`--depth=${depth}`, sha];
  runGit(target, "fetch", "--quiet", "--no-tags", "origin", ...what);
  runGit(target, "checkout", "--quiet", "--detach", sha);
}

/** Commands that only look. */
const lasting = new Set(["diff", "merge-base", "rev-list", "show"]);

export function openForgeGit(folder: string, name: string): ForgeGit {
  const directory = join(folder, `${name}.git`);
  mkdirSync(directory, { recursive: true });
  const run = (
    args: readonly string[],
    options: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> } = {},
  ): Buffer =>
    execFileSync("git", ["--git-dir", directory, ...args], {
      env: { ...quiet, HOME: folder, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 1 << 28,
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  const said = new Map<string, string>();
  const git = (...args: readonly string[]): string => {
    // What is asked of revisions alone never changes.
    const key = args.join("\0");
    const known = said.get(key);
    if (known !== undefined) return known;
    const text = run(args).toString("utf8").replace(/\n$/, "");
    if (lasting.has(args[0] ?? "") && args.slice(1).every((one) => /^(?:-.*|\^?[0-9a-f]{40})$/.test(one))) said.set(key, text);
    return text;
  };
  const attempt = (...args: readonly string[]): string | undefined => {
    try {
      return git(...args);
    } catch {
      return undefined;
    }
  };
  run(["init", "--quiet", "--bare", "--initial-branch=main"]);
  // A shallow or a single-revision fetch asks for revisions by their id, as actions/checkout does.
  run(["config", "uploadpack.allowAnySHA1InWant", "true"]);

  // 2026-01-05T09:00:00Z; a minute later with every commit.
  let moment = 1_767_603_600;
  const tick = (): string => {
    moment += 60;
    return `${moment} +0000`;
  };
  const commitTree = (tree: string, parents: readonly string[], message: string, author: Author & { readonly date?: string }): string => {
    const date = tick();
    const environment = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date ?? date,
      GIT_COMMITTER_NAME: "GitHub",
      GIT_COMMITTER_EMAIL: "noreply@github.com",
      GIT_COMMITTER_DATE: date,
    };
    const args = ["commit-tree", tree, ...parents.flatMap((one) => ["-p", one]), "-F", "-"];
    return run(args, { input: message, environment }).toString("utf8").trim();
  };
  const mergeTrees = (...args: readonly string[]): string | undefined =>
    attempt("merge-tree", "--write-tree", "--no-messages", ...args)?.split("\n")[0];
  const find = (of: string): string | undefined => attempt("rev-parse", "--verify", "--quiet", "--end-of-options", `${of}^{commit}`);
  const read = (sha: string): CommitFacts => {
    const [tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", ...message] = git(
      "show",
      "--no-patch",
      "--format=%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B",
      sha,
    ).split("\n");
    return {
      sha,
      tree,
      parents: parents.split(" ").filter(Boolean),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.join("\n").trimEnd(),
    };
  };
  const between = (from: string | undefined, to: string): readonly string[] =>
    git("rev-list", "--reverse", "--topo-order", to, ...(from === undefined ? [] : [`^${from}`]))
      .split("\n")
      .filter(Boolean);

  const rebase = (onto: string, head: string): string | undefined => {
    const from = attempt("merge-base", onto, head);
    let at: string | undefined = onto;
    for (const sha of between(from, head)) {
      const facts = read(sha);
      // As GitHub's rebase: merges are left out, the rest is put on top one by one. https://docs.github.com/pull-requests
      if (facts.parents.length !== 1) continue;
      // `--merge-base` is not in every git yet: a commit beside this one, with the tree that it goes onto, has the same parent.
      const beside: string = commitTree(read(at).tree, facts.parents, "onto", facts.author);
      const tree: string | undefined = mergeTrees(beside, sha);
      if (tree === undefined) return undefined;
      at = commitTree(tree, [at], facts.message, facts.author);
    }
    return at;
  };

  return {
    directory,
    git,
    find,
    commit: (branch, files, { message, author, from, over }) => {
      const ref = `refs/heads/${branch}`;
      const start = over ? from : (find(ref) ?? from);
      const size = (text: string): number => Buffer.byteLength(text);
      const lines = Object.entries(files).map(([path, content]) => {
        if (content === null) return `D ${JSON.stringify(path)}\n`;
        const text = typeof content === "string" ? content : content.link;
        const mode = typeof content === "string" ? "100644" : "120000";
        return `M ${mode} inline ${JSON.stringify(path)}\ndata ${size(text)}\n${text}\n`;
      });
      const date = tick();
      const who = `${author.name} <${author.email}> ${date}`;
      const head = `commit ${ref}\nauthor ${who}\ncommitter ${who}\ndata ${size(message)}\n${message}\n`;
      run(["fast-import", "--quiet", "--force"], { input: `${head}${start === undefined ? "" : `from ${start}\n`}${lines.join("")}\n` });
      return git("rev-parse", ref);
    },
    merge: (onto, head, method, { message, author }) => {
      if (method === "rebase") return rebase(onto, head);
      const tree = mergeTrees(onto, head);
      return tree === undefined ? undefined : commitTree(tree, method === "merge" ? [onto, head] : [onto], message, author);
    },
    setRef: (name, sha) => {
      if (sha === undefined) git("update-ref", "-d", name);
      else git("update-ref", name, sha);
    },
    between,
    mergeBase: (a, b) => attempt("merge-base", a, b),
    read,
    changes: (from, to) => {
      const names = git("diff", "--raw", "--no-abbrev", "-M", "-z", from, to).split("\0");
      const counts = new Map(
        git("diff", "--numstat", "--no-renames", "-z", from, to)
          .split("\0")
          .filter(Boolean)
          .map((line) => {
            const [added = "0", deleted = "0", file = ""] = line.split("\t");
            return [file, { additions: Number(added) || 0, deletions: Number(deleted) || 0 }] as const;
          }),
      );
      const found: ChangedFile[] = [];
      for (let index = 0; index + 1 < names.length; index += 2) {
        const [, , before = "", after = "", letter = ""] = (names[index] ?? "").split(" ");
        const renamed = letter.startsWith("R");
        const former = names[index + 1] ?? "";
        const file = renamed ? (names[index + 2] ?? "") : former;
        if (renamed) index += 1;
        const status = renamed ? "renamed" : letter === "A" ? "added" : letter === "D" ? "removed" : "modified";
        const count = counts.get(file) ?? { additions: 0, deletions: 0 };
        found.push({ status, file, ...(renamed ? { former } : {}), blob: status === "removed" ? before : after, ...count });
      }
      return found;
    },
    show: (sha, path) => {
      try {
        return run(["cat-file", "blob", `${sha}:${path}`]);
      } catch {
        return undefined;
      }
    },
    fetch: (from, sha) => {
      git("fetch", "--quiet", "--no-tags", from.directory, sha);
    },
  };
}
