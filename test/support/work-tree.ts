// A git repository with files checked out, for tests that run the CLI where somebody's change is. Links are made as links.

import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Files, runGit } from "./forge-git.ts";
import { makeScratch } from "./run-koine.ts";

/** Writes, deletes (`null`) and links. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (existing && (existing.isSymbolicLink() || typeof content !== "string")) rmSync(path, { recursive: true });
    if (content === null) continue;
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === "string") writeFileSync(path, content);
    else symlinkSync(content.link, path);
  }
}

/** Commits all that is there and gives the revision. */
export function commitAll(folder: string, message = "change"): string {
  runGit(folder, "add", "--all", "--force");
  runGit(folder, "-c", "user.name=author", "-c", "user.email=author@example.com", "commit", "--quiet", "--allow-empty", "-m", message);
  return runGit(folder, "rev-parse", "HEAD");
}

/** A repository in a scratch folder, with these files in its first commit on `main`. */
export function makeRepository(files: Files): string {
  const folder = makeScratch();
  runGit(folder, "init", "--quiet", "--initial-branch=main");
  writeFiles(folder, files);
  commitAll(folder, "begin");
  return folder;
}
