// What may be read: regular files inside the repository, links resolved, and for `file()` only what git tracks.

import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { describeSystemError } from "../render/failure.ts";

/** 16 MiB a file. */
export const fileLimit = 16 * 1024 * 1024;

export interface Repository {
  /** The folder that contains `.git`, or the stack's folder outside git. */
  readonly root: string;
  readonly isGit: boolean;
  /** Paths that git tracks, relative to the root; asked of git once, when first needed. */
  tracked(): ReadonlySet<string>;
}

/** Finds the repository around a folder, by looking for `.git` upwards. */
export function findRepository(folder: string): Repository {
  let at = realpathSync(folder);
  const start = at;
  for (;;) {
    if (existsSync(join(at, ".git"))) {
      const root = at;
      let known: ReadonlySet<string> | undefined;
      return {
        root,
        isGit: true,
        tracked: () => {
          known ??= listTracked(root);
          return known;
        },
      };
    }
    const parent = dirname(at);
    if (parent === at) return { root: start, isGit: false, tracked: () => new Set() };
    at = parent;
  }
}

function listTracked(root: string): ReadonlySet<string> {
  const listing = execFileSync("git", ["-C", root, "ls-files", "-z"], {
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new Set(listing.toString("utf8").split("\0"));
}

export type ReadResult = { readonly text: string } | { readonly mistake: string; readonly hint?: string };

/** Reads a UTF-8 text of at most 16 MiB that lies inside `root` after links are resolved. */
export function readInside(root: string, path: string): ReadResult & { readonly real?: string } {
  let real: string;
  try {
    // Whether a file outside is there is nobody's business either.
    if (!lstatSync(path, { throwIfNoEntry: false }))
      return isOutside(root, findExisting(path)) ? outside : { mistake: "it does not exist" };
  } catch (error) {
    return { mistake: `it cannot be read: ${describeSystemError(error)}` };
  }
  try {
    real = realpathSync(path);
  } catch {
    return { mistake: "it is a link that leads nowhere" };
  }
  if (isOutside(root, real)) return outside;
  const parts = relative(root, real).split(sep);
  if (parts.includes(".git") || parts.includes(".koine")) return { mistake: "nothing below `.git` or `.koine` may be read" };
  const read = readText(real);
  return "text" in read ? { ...read, real } : read;
}

const outside = { mistake: "it lies outside the repository", hint: "copy it into the repository" } as const;

function isOutside(root: string, real: string): boolean {
  const inside = relative(root, real);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

/** The innermost folder of a path that is there, links resolved. */
function findExisting(path: string): string {
  const folder = dirname(path);
  try {
    return realpathSync(folder);
  } catch {
    return folder === path ? path : findExisting(folder);
  }
}

/** A UTF-8 text of at most 16 MiB, wherever it lies. */
export function readText(path: string): ReadResult {
  let bytes: Buffer;
  try {
    const target = statSync(path, { throwIfNoEntry: false });
    if (!target) return { mistake: "it does not exist" };
    if (!target.isFile()) return { mistake: "it is not a regular file" };
    if (target.size > fileLimit) return { mistake: `it is larger than 16 MiB (${target.size} bytes)` };
    bytes = readFileSync(path);
  } catch (error) {
    return { mistake: `it cannot be read: ${describeSystemError(error)}` };
  }
  return decodeText(bytes);
}

export function decodeText(bytes: Uint8Array): ReadResult {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { mistake: "it is not UTF-8 text" };
  }
}

/**
 * `file("…")` of a source: relative to the file that calls; tracked by git, or outside git below the stack's folder.
 */
export function readTracked(repository: Repository, folder: string, fromFile: string, path: string): ReadResult {
  if (path.includes("\0")) return { mistake: "its name holds a NUL character" };
  if (isAbsolute(path)) return { mistake: "an absolute path is not allowed", hint: "write the path relative to this source file" };
  const full = resolve(folder, dirname(fromFile), path);
  const read = readInside(repository.root, full);
  if ("mistake" in read) return read;
  if (repository.isGit) {
    const name = relative(repository.root, read.real ?? full)
      .split(sep)
      .join("/");
    let isTracked: boolean;
    try {
      isTracked = repository.tracked().has(name);
    } catch {
      return { mistake: "git could not be asked which files it tracks", hint: "install git, or keep the stack outside a repository" };
    }
    if (!isTracked) return { mistake: "git does not track it", hint: `run \`git add ${name}\`` };
  }
  return { text: read.text };
}
