// Which stacks a change touches: those whose own files it edits, and those that read what it edits. Two listings and one batch of contents, whatever the
// number of stacks.

import { dirname, join } from "node:path/posix";
import { fileLimit } from "../project/repository.ts";
import { findStacks, folderOf, isSource, pathIn } from "./find-subjects.ts";
import type { ChangedFile, Git, TreeEntry } from "./git.ts";
import { findReads, type SourceReads } from "./source-reads.ts";

export interface TouchedStack {
  readonly folder: string;
  /** What of the change concerns it, sorted. */
  readonly because: readonly string[];
  /** The change takes all its sources away. */
  readonly removed: boolean;
}

export interface Touched {
  readonly changes: readonly ChangedFile[];
  /** By folder, sorted. */
  readonly stacks: readonly TouchedStack[];
  /** All stacks of the later revision. */
  readonly all: readonly string[];
}

/** The name of the tree that holds nothing, for a branch that begins: everything is new. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Between two revisions. Throws `CannotUse` when they are not here. */
export async function findTouched(git: Git, range: { readonly from: string | undefined; readonly to: string }): Promise<Touched> {
  const [changes, tree] = await Promise.all([git.listChanges(range.from ?? emptyTree, range.to), git.listTree(range.to)]);
  const stacks = findStacks(tree);
  const touched = new Map<string, Set<string>>();
  const touch = (folder: string, path: string): void => {
    const because = touched.get(folder);
    if (because) because.add(path);
    else touched.set(folder, new Set([path]));
  };
  const removed = new Set<string>();
  for (const { path, change } of changes) {
    const folder = folderOf(path);
    if (isSource(path) && change === "deleted" && !stacks.has(folder)) removed.add(folder);
    if (isOwn(path) && (stacks.has(folder) || removed.has(folder))) touch(folder, path);
  }
  if (changes.length > 0) {
    const changed = changes.map(({ path }) => path).sort();
    for (const [folder, reads] of await readReads(git, tree, stacks)) for (const path of matchReads(reads, changed)) touch(folder, path);
  }
  return {
    changes,
    stacks: [...touched]
      .map(([folder, because]) => ({ folder, because: [...because].sort(), removed: removed.has(folder) }))
      .sort((one, other) => (one.folder < other.folder ? -1 : 1)),
    all: [...stacks.keys()],
  };
}

function isOwn(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isSource(path) || name === "koine.yaml" || name === "koine.lock";
}

/** What each stack reads beyond its own folder's sources, links resolved. */
async function readReads(
  git: Git,
  tree: ReadonlyMap<string, TreeEntry>,
  stacks: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, SourceReads>> {
  const links = [...tree].filter(([, { kind }]) => kind === "link");
  const sources = [...stacks.values()].flat();
  const objectOf = (path: string): string => tree.get(path)?.object ?? "";
  const contents = await readTexts(git, [...links.map(([, { object }]) => object), ...sources.map(objectOf)]);
  const textOf = (object: string): string => contents.get(object)?.toString("utf8") ?? "";
  const follow = makeFollower(new Map(links.map(([path, { object }]) => [path, textOf(object)])));
  const linked = new Map<string, string>();
  for (const path of sources) {
    const target = follow(path).at(-1);
    if (target !== undefined && target !== path) linked.set(path, target);
  }
  // The texts of linked sources came with the first batch if they are sources themselves; else this is the second and last.
  const missing = [...linked.values()].map(objectOf).filter((object) => object !== "" && !contents.has(object));
  const more = await readTexts(git, missing);
  const readsOf = (path: string): SourceReads => {
    const object = objectOf(linked.get(path) ?? path);
    // `file()` is relative to the name of the source, not to where a link leads.
    return findReads(path, (contents.get(object) ?? more.get(object))?.toString("utf8") ?? "");
  };
  return new Map(
    [...stacks].map(([folder, paths]) => {
      const all = paths.map(readsOf);
      const named = [
        ...all.flatMap(({ files }) => files),
        ...paths.filter((path) => linked.has(path)),
        pathIn(folder, "koine.yaml"),
        pathIn(folder, "koine.lock"),
      ];
      return [
        folder,
        {
          // A link may change, and what it leads to.
          files: [...new Set(named.flatMap(follow))],
          folders: [...new Set(all.flatMap(({ folders }) => folders).flatMap(follow))],
        },
      ];
    }),
  );
}

/** Without what is too large to be a source: whoever opens a change request could fill the memory with it. */
async function readTexts(git: Git, objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const sizes = await git.readSizes(objects.filter((object) => object !== ""));
  return git.readObjects([...sizes].flatMap(([object, size]) => (size <= fileLimit ? [object] : [])));
}

function matchReads({ files, folders }: SourceReads, changed: readonly string[]): readonly string[] {
  if (files.length === 0 && folders.length === 0) return [];
  const named = new Set(files);
  // A link on the way to a file is a file of the change itself.
  const ways = new Set(files.flatMap(listParents));
  return changed.filter(
    (path) =>
      named.has(path) || ways.has(path) || folders.some((folder) => folder === "" || path === folder || path.startsWith(`${folder}/`)),
  );
}

function listParents(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = dirname(path); at !== "." && at !== "/" && at !== ".."; at = dirname(at)) parents.push(at);
  return parents;
}

/**
 * Resolves the links of a revision as a file system would: the path, each step on the way, and last where it leads. A path that leaves the repository, or
 * goes round, leads nowhere but to itself.
 */
function makeFollower(links: ReadonlyMap<string, string>): (path: string) => readonly string[] {
  const step = (path: string): string | undefined => {
    const parts = path.split("/");
    for (let end = 1; end <= parts.length; end++) {
      const target = links.get(parts.slice(0, end).join("/"));
      if (target !== undefined) return join(dirname(parts.slice(0, end).join("/")), target, ...parts.slice(end));
    }
    return undefined;
  };
  return (path) => {
    const ways = [path];
    for (let at: string | undefined = step(path); at !== undefined; at = step(at)) {
      if (at === ".." || at.startsWith("../") || at.startsWith("/") || ways.length > 40) return [path];
      ways.push(at);
    }
    return ways;
  };
}
