// The sources of a stack at a revision, read from git's objects alone: nothing is checked out, no link is followed, nothing of the environment goes in.
// What the disk reader refuses (links, `.git`, what is too large or no text) is refused here too.

import { posix } from "node:path";
import { emptyLock } from "../../engine/lock/lock.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import type { Git, TreeEntry } from "../ci/git.ts";
import {
  type CompileOptions,
  compileSources,
  lockName,
  parseLockText,
  type SourcesCompilation,
  type StackSources,
} from "../compile-stack.ts";
import { collectInputs, type GlobalOptions, projectFileName, type Report } from "../project/load-project.ts";
import { emptyProjectFile, type ProjectFile, parseProjectFile } from "../project/project-file.ts";
import { decodeText, fileLimit, type ReadResult } from "../project/repository.ts";

export interface RevisionInput {
  readonly git: Git;
  /** Full name of a commit. */
  readonly sha: string;
  /** Of the stack, below the repository's root, with `/`; empty for the root. */
  readonly folder: string;
  readonly options: GlobalOptions;
  readonly how: CompileOptions;
}

/** Compiles the stack as it was; undefined where the revision has none in that folder. */
export async function compileRevision({ git, sha, folder, options, how }: RevisionInput): Promise<SourcesCompilation | undefined> {
  const texts = createTexts(git, await git.listTree(sha));
  const names = texts.listNames(folder).filter((name) => name.endsWith(".koine") && name !== ".koine");
  if (names.length === 0) return undefined;
  const pathOf = (name: string): string => posix.join(folder, name);
  await texts.fetch([...names, projectFileName, lockName].map(pathOf));
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceFile>();
  const report: Report = (diagnostic) => void diagnostics.push({ severity: "error", ...diagnostic });
  const files = names.flatMap((name): readonly SourceFile[] => {
    const read = texts.read(pathOf(name));
    if (read && "text" in read) return [{ path: name, text: read.text }];
    report({ code: "K4002", message: `\`${name}\` cannot be used: ${read?.mistake ?? "it does not exist"}` });
    return [];
  });
  const projectFile = parseProject(texts.read(pathOf(projectFileName)), sources, diagnostics, report);
  const entry = options.environment === undefined ? undefined : projectFile.environments[options.environment];
  const inputs = collectInputs(projectFile, entry, options, how, report);
  const declared = new Set(files.flatMap(({ text }) => [...text.matchAll(/\binput\s+([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name)));
  const stack: StackSources = {
    files,
    // What the command line gives is for the sources of today: it may name an input that this revision did not have yet.
    inputs: new Map([...inputs].filter(([name]) => declared.has(name))),
    readFile: (from, path) => texts.readFor(folder, from, path),
    readLock: () => {
      const read = texts.read(pathOf(lockName));
      if (!read) return { lock: emptyLock, diagnostics: [] };
      if ("text" in read) return parseLockText(read.text);
      return { diagnostics: [{ code: "K4009", severity: "error", message: `\`koine.lock\` cannot be used: ${read.mistake}` }] };
    },
    loaded: { diagnostics, sources },
  };
  return compileFetching(texts, stack, how);
}

/** Which files a source reads is known when it is compiled: what was missing is fetched, and it is compiled again. */
async function compileFetching(texts: RevisionTexts, stack: StackSources, how: CompileOptions): Promise<SourcesCompilation> {
  for (;;) {
    const compilation = await compileSources(stack, how);
    if (!(await texts.fetchWanted())) return compilation;
  }
}

function parseProject(
  read: ReadResult | undefined,
  sources: Map<string, SourceFile>,
  diagnostics: Diagnostic[],
  report: Report,
): ProjectFile {
  if (!read) return emptyProjectFile;
  if (!("text" in read)) {
    report({ code: "K4003", message: `\`${projectFileName}\` cannot be used: ${read.mistake}` });
    return emptyProjectFile;
  }
  const source: SourceFile = { path: projectFileName, text: read.text };
  sources.set(source.path, source);
  const parsed = parseProjectFile(source);
  diagnostics.push(...parsed.diagnostics);
  return parsed.file ?? emptyProjectFile;
}

interface RevisionTexts {
  /** Of what lies right in a folder. */
  listNames(folder: string): readonly string[];
  fetch(paths: readonly string[]): Promise<void>;
  /** Fetches what was asked for and not there. Whether there was any. */
  fetchWanted(): Promise<boolean>;
  /** Of a path below the root that was fetched; undefined where the revision has none. */
  read(path: string): ReadResult | undefined;
  /** For `file()` of a source. What is not fetched yet is noted, and reads as empty meanwhile. */
  readFor(folder: string, from: string, path: string): ReadResult;
}

/** The name of a file may stand in a file, whose name stands in a file: each turn is one compilation. */
const mostRounds = 20;

function createTexts(git: Git, tree: ReadonlyMap<string, TreeEntry>): RevisionTexts {
  const texts = new Map<string, ReadResult>();
  const wanted = new Set<string>();
  let rounds = 0;
  const fetch = async (paths: readonly string[]): Promise<void> => {
    const objects = new Map<string, string>();
    for (const path of paths) {
      const entry = tree.get(path);
      if (!entry || texts.has(path)) continue;
      if (entry.kind === "file") objects.set(path, entry.object);
      else texts.set(path, { mistake: entry.kind === "link" ? "it is a link, which is not followed here" : "it is not a regular file" });
    }
    const sizes = await git.readSizes([...objects.values()]);
    for (const [path, object] of objects) {
      const size = sizes.get(object);
      if (size !== undefined && size <= fileLimit) continue;
      texts.set(path, { mistake: size === undefined ? "its contents are not in this clone" : `it is larger than 16 MiB (${size} bytes)` });
      objects.delete(path);
    }
    const contents = await git.readObjects([...objects.values()]);
    for (const [path, object] of objects) texts.set(path, decodeText(contents.get(object) ?? new Uint8Array()));
  };
  return {
    fetch,
    listNames: (folder) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      return [...tree.keys()]
        .filter((path) => path.startsWith(prefix) && !path.includes("/", prefix.length))
        .map((path) => path.slice(prefix.length))
        .sort();
    },
    fetchWanted: async () => {
      const missing = [...wanted].filter((path) => !texts.has(path));
      rounds++;
      await fetch(missing);
      return missing.length > 0;
    },
    read: (path) => texts.get(path),
    readFor: (folder, from, path) => {
      if (path.includes("\0")) return { mistake: "its name holds a NUL character" };
      if (posix.isAbsolute(path)) return { mistake: "an absolute path is not allowed" };
      const full = posix.join(folder, posix.dirname(from), path);
      if (full === ".." || full.startsWith("../")) return { mistake: "it lies outside the repository" };
      if (full.split("/").some((part) => part === ".git" || part === ".koine"))
        return { mistake: "nothing below `.git` or `.koine` may be read" };
      if (!tree.has(full)) return { mistake: "the revision has no such file" };
      const known = texts.get(full);
      if (known) return known;
      if (rounds >= mostRounds) return { mistake: `its name was read from more than ${mostRounds} files in turn` };
      wanted.add(full);
      return { text: "" };
    },
  };
}
