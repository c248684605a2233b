// What `koine ci` works on: every folder of a revision that holds sources, in each environment that its trusted koine.yaml gives it.

import { basename, dirname } from "node:path/posix";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import { parseProjectFile } from "../project/project-file.ts";
import type { TreeEntry } from "./git.ts";
import type { Subject } from "./host.ts";

/** Folder below the root (empty for the root) to the paths of its sources, sorted. */
export function findStacks(tree: ReadonlyMap<string, TreeEntry>): ReadonlyMap<string, readonly string[]> {
  const stacks = new Map<string, string[]>();
  for (const [path, { kind }] of tree) {
    if (kind === "submodule" || !isSource(path)) continue;
    const folder = folderOf(path);
    const sources = stacks.get(folder);
    if (sources) sources.push(path);
    else stacks.set(folder, [path]);
  }
  return new Map([...stacks].sort(([one], [other]) => compareCodePoints(one, other)));
}

/** A source of the stack that its folder is; `.koine` is the name of a folder. */
export function isSource(path: string): boolean {
  return path.endsWith(".koine") && basename(path) !== ".koine" && !path.split("/").includes(".koine");
}

export function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === "." ? "" : folder;
}

export function pathIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Those that the file names under `ci.environments`, else all that it declares, else the one without a name. So for a file with mistakes: its plan tells them. */
export function listSubjects(folder: string, projectFile: string | undefined): readonly Subject[] {
  const file = projectFile === undefined ? undefined : parseProjectFile({ path: "koine.yaml", text: projectFile }).file;
  const environments = file?.ciEnvironments ?? Object.keys(file?.environments ?? {});
  return environments.length === 0 ? [{ folder }] : environments.map((environment) => ({ folder, environment }));
}

/** `infra/shop @ prod`; the root is `.`. */
export function nameSubject({ folder, environment }: Subject): string {
  const name = folder === "" ? "." : folder;
  return environment === undefined ? name : `${name} @ ${environment}`;
}
