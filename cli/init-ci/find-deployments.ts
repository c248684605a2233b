// For which environments a repository's workflow applies: those of koine.yaml beside the stacks that git knows. Reads; writes nothing.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseProjectFile } from "../project/project-file.ts";
import type { Repository } from "../project/repository.ts";
import { readInside } from "../project/repository.ts";

export interface Deployment {
  /** The host's environment: its own roles, variables and rules. */
  readonly name: string;
  /** The environment of koine.yaml; empty for all there are. */
  readonly environment: string;
}

/** One for each environment where every stack has some; else a single one for everything, since a stack without environments would be left out. */
export function findDeployments(repository: Repository, folder: string): readonly Deployment[] {
  const environments = listStackFolders(repository, folder).map((stack) => readEnvironments(repository, stack));
  const every = environments.length > 0 && environments.every((names) => names.length > 0);
  const names = every ? [...new Set(environments.flat())] : [];
  return names.length === 0 ? [{ name: "production", environment: "" }] : names.map((name) => ({ name, environment: name }));
}

function listStackFolders({ root, isGit }: Repository, folder: string): readonly string[] {
  const found = isGit ? askGit(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.koine"]) : undefined;
  const files = found === undefined ? listSources(folder) : found.split("\0").map((name) => join(root, name));
  const sources = files.filter((path) => path.endsWith(".koine") && !path.endsWith("/.koine"));
  return [...new Set(sources.map((path) => join(path, "..")))].sort();
}

function listSources(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function readEnvironments({ root }: Repository, stack: string): readonly string[] {
  const read = readInside(root, join(stack, "koine.yaml"));
  if (!("text" in read)) return [];
  const { file } = parseProjectFile({ path: "koine.yaml", text: read.text });
  return file?.ciEnvironments ?? Object.keys(file?.environments ?? {});
}

/** The branch that is applied: what the clone calls the remote's head; else `main`, or `master` where that is checked out. */
export function findDefaultBranch({ root, isGit }: Repository): string {
  if (!isGit) return "main";
  const remote = askGit(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"])
    ?.trim()
    .replace(/^origin\//, "");
  const current = askGit(root, ["symbolic-ref", "--quiet", "--short", "HEAD"])?.trim();
  const branch = remote || (current === "master" ? current : "main");
  // Others would have to be escaped in two languages.
  return /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(branch) ? branch : "main";
}

/** Undefined where git has no answer. */
function askGit(root: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", ["-C", root, ...args], { maxBuffer: 256 * 1024 * 1024, stdio: ["ignore", "pipe", "ignore"] }).toString(
      "utf8",
    );
  } catch {
    return undefined;
  }
}
