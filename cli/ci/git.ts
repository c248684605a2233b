// Git, asked as a child process. Only plumbing that reads, with nothing of the user's environment, hooks or aliases in it; revisions and paths are
// never taken for flags. Counts what it asks, because a check of a large repository is as quick as it asks little.

import { spawn } from "node:child_process";
import { CannotUse } from "../render/failure.ts";

export interface TreeEntry {
  readonly kind: "file" | "link" | "submodule";
  readonly object: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly change: "added" | "deleted" | "changed";
}

export interface Git {
  /** Absolute. */
  readonly root: string;
  /** The full name of a commit. Throws `CannotUse` when it is not here. */
  resolveCommit(revision: string): Promise<string>;
  /** Whether this commit is here. */
  hasCommit(sha: string): Promise<boolean>;
  /** Whether history was cut when this clone was made. */
  isShallow(): Promise<boolean>;
  /** First parent first; none of a root, or where a shallow clone was cut. */
  readParents(sha: string): Promise<readonly string[]>;
  /** What a branch gained, newest first: the commits on its own line, at most so many; without `from`, those before `to` too. */
  listLine(from: string | undefined, to: string, most: number): Promise<readonly string[]>;
  /** Where two revisions parted. Throws `CannotUse` when history is missing. */
  findMergeBase(base: string, head: string): Promise<string>;
  /** Between two revisions as they are; a renamed file is one deleted and one added. */
  listChanges(from: string, to: string): Promise<readonly ChangedFile[]>;
  /** Everything of a revision, by path. */
  listTree(sha: string): Promise<ReadonlyMap<string, TreeEntry>>;
  /** Contents by object name, in one question. */
  readObjects(objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Bytes by object name, in one question: what is too large need not be read. */
  readSizes(objects: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A file at a revision; undefined where there is none. */
  readFileAt(sha: string, path: string): Promise<Buffer | undefined>;
  /** Questions asked so far: each is one process. */
  readonly asked: { readonly processes: number; readonly objects: number };
}

export const shaPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

interface Answer {
  readonly code: number;
  readonly out: Buffer;
  readonly problem: string;
}

/** Git over the repository whose root this is. */
export function openGit(root: string): Git {
  const asked = { processes: 0, objects: 0 };
  // A revision never changes.
  const trees = new Map<string, Promise<ReadonlyMap<string, TreeEntry>>>();
  const ask = (args: readonly string[], input?: string): Promise<Answer> => {
    asked.processes++;
    return runGit(root, args, input);
  };
  const expect = async (args: readonly string[], input?: string): Promise<Buffer> => {
    const answer = await ask(args, input);
    if (answer.code === 0) return answer.out;
    throw new CannotUse(
      `git could not be asked: ${answer.problem || `\`git ${args[0]}\` ended with ${answer.code}`}`,
      hintOf(answer.problem),
    );
  };
  const readObjects = async (objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> => {
    const names = [...new Set(objects)];
    if (names.length === 0) return new Map();
    asked.objects += names.length;
    return readBatch(await expect(["cat-file", "--batch"], `${names.join("\n")}\n`));
  };
  const readSizes = async (objects: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const names = [...new Set(objects)];
    if (names.length === 0) return new Map();
    const lines = (await expect(["cat-file", "--batch-check"], `${names.join("\n")}\n`)).toString("utf8").split("\n");
    const sizes = lines.map((line) => line.split(" ")).filter(([, type, size]) => type !== "missing" && size !== undefined);
    return new Map(sizes.map(([object = "", , size]) => [object, Number(size)]));
  };
  const hasCommit = async (sha: string): Promise<boolean> => (await ask(["cat-file", "-e", `${sha}^{commit}`])).code === 0;
  return {
    root,
    asked,
    hasCommit,
    isShallow: () => isShallow(ask),
    readObjects,
    readSizes,
    resolveCommit: async (revision) => {
      const answer = await ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
      const sha = answer.out.toString("utf8").trim();
      if (answer.code === 0 && shaPattern.test(sha)) return sha;
      throw await missing(ask, `the revision \`${revision}\` is not in this clone`);
    },
    readParents: async (sha) => {
      const line = (await expect(["rev-list", "--parents", "-n", "1", "--end-of-options", sha])).toString("utf8").trim();
      return line.split(" ").slice(1);
    },
    listLine: async (from, to, most) => {
      const without = from === undefined ? [] : [`^${from}`];
      const lines = await expect(["rev-list", "--first-parent", `--max-count=${most}`, "--end-of-options", to, ...without]);
      return lines
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "");
    },
    findMergeBase: async (base, head) => {
      const answer = await ask(["merge-base", "--end-of-options", base, head]);
      const sha = answer.out.toString("utf8").trim();
      if (answer.code === 0 && shaPattern.test(sha)) return sha;
      for (const one of [base, head])
        if (!(await hasCommit(one))) throw await missing(ask, `the revision ${one.slice(0, 12)} is not in this clone`);
      throw await missing(ask, `${base.slice(0, 12)} and ${head.slice(0, 12)} have no common history in this clone`);
    },
    listChanges: async (from, to) =>
      readNameStatus(await expect(["diff-tree", "-r", "-z", "--no-renames", "--name-status", "--end-of-options", from, to])),
    listTree: (sha) => {
      const known = trees.get(sha) ?? expect(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", sha]).then(readTree);
      trees.set(sha, known);
      return known;
    },
    readFileAt: async (sha, path) => {
      const tree = readTree(await expect(["ls-tree", "-z", "--full-tree", "--end-of-options", sha, path]));
      const entry = tree.get(path);
      return entry?.kind === "file" ? (await readObjects([entry.object])).get(entry.object) : undefined;
    },
  };
}

/** The root of the repository around a folder. Throws `CannotUse` outside of one. */
export async function findGitRoot(folder: string): Promise<string> {
  const answer = await runGit(folder, ["rev-parse", "--show-toplevel"]);
  if (answer.code === 0) return answer.out.toString("utf8").replace(/\n$/, "");
  throw new CannotUse(`\`koine ci\` works in a git repository: ${answer.problem || "this is none"}`, hintOf(answer.problem));
}

/** What of the environment git may see: where it is and who runs it, no `GIT_…` that would turn it to another repository or run something. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(kept), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", GIT_LITERAL_PATHSPECS: "1" };
}

const settings = ["core.quotepath=off", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "diff.external="];

function runGit(folder: string, args: readonly string[], input?: string): Promise<Answer> {
  const given = ["--no-pager", "--no-replace-objects", "-C", folder, ...settings.flatMap((setting) => ["-c", setting]), ...args];
  return new Promise((resolve, reject) => {
    const child = spawn("git", given, { env: gitEnvironment(), stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const problem: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => problem.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CannotUse(
          `git cannot be run: ${error.code === "ENOENT" ? "it is not installed" : error.message}`,
          "install git, and have it in PATH",
        ),
      ),
    );
    child.on("close", (code) => {
      const [line = ""] = Buffer.concat(problem).toString("utf8").split("\n");
      resolve({ code: code ?? 1, out: Buffer.concat(out), problem: line.replace(/^(fatal|error): /, "") });
    });
    // Git may have ended before it read everything; its exit code tells.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

function hintOf(problem: string): string {
  if (problem.includes("dubious ownership"))
    return "the checkout belongs to another user: run `git config --global --add safe.directory` with its path in an earlier step";
  return "check the sources out with git before `koine ci`";
}

const wholeHistory =
  "fetch the whole history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` on GitLab, else `git fetch --unshallow`";

async function isShallow(ask: (args: readonly string[]) => Promise<Answer>): Promise<boolean> {
  return (await ask(["rev-parse", "--is-shallow-repository"])).out.toString("utf8").trim() === "true";
}

async function missing(ask: (args: readonly string[]) => Promise<Answer>, message: string): Promise<CannotUse> {
  return (await isShallow(ask))
    ? new CannotUse(`${message}, which is shallow`, wholeHistory)
    : new CannotUse(message, "fetch it first, for example `git fetch origin` with the branch's name");
}

/** Records of `-z`, each ended by NUL. */
function splitRecords(bytes: Buffer): readonly string[] {
  const records = bytes.toString("utf8").split("\0");
  if (records.at(-1) === "") records.pop();
  return records;
}

function readNameStatus(bytes: Buffer): readonly ChangedFile[] {
  const records = splitRecords(bytes);
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < records.length; at += 2) {
    const status = records[at] ?? "";
    files.push({ path: records[at + 1] ?? "", change: status === "A" ? "added" : status === "D" ? "deleted" : "changed" });
  }
  return files;
}

/** `MODE TYPE OBJECT\tPATH`; https://git-scm.com/docs/git-ls-tree#_output_format */
function readTree(bytes: Buffer): ReadonlyMap<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const record of splitRecords(bytes)) {
    const tab = record.indexOf("\t");
    const [mode, type, object = ""] = record.slice(0, tab).split(" ");
    if (type === "tree") continue;
    entries.set(record.slice(tab + 1), { kind: mode === "120000" ? "link" : type === "commit" ? "submodule" : "file", object });
  }
  return entries;
}

/** `OBJECT TYPE SIZE\n` and so many bytes, ended by a line break; `OBJECT missing\n` for what is not there. */
function readBatch(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const objects = new Map<string, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at);
    const [object = "", type, size] = bytes.toString("utf8", at, end).split(" ");
    at = end + 1;
    if (type === "missing" || size === undefined) continue;
    objects.set(object, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return objects;
}
