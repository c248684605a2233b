// The command line of a child: the global flags that it shares with the process that runs it, and those of its subject.

import { relative, resolve, sep } from "node:path";
import { join } from "node:path/posix";
import type { CommandContext } from "../command-context.ts";
import { CannotUse } from "../render/failure.ts";
import type { Subject } from "./host.ts";
import type { ScopeLimits } from "./plan-scope.ts";

/** Flags of ours that hold for every subject. */
export function sharedFlags({ options, debug }: CommandContext): readonly string[] {
  return [
    ...(options.simulate ? ["--simulate"] : []),
    ...options.set.flatMap((text) => ["--set", text]),
    ...(options.inputsFile === undefined ? [] : ["--inputs", resolve(options.inputsFile)]),
    ...(debug ? ["--log-level", "debug"] : []),
  ];
}

/** What stands before the child's command. `root` is absolute; without `projectFile` it reads the koine.yaml of its folder. */
export function subjectFlags({ folder, environment }: Subject, root: string, projectFile: string | undefined): readonly string[] {
  return [
    ...["-C", join(root, folder), "--no-color", "--ci-child"],
    ...(projectFile === undefined ? [] : ["--project-file", projectFile]),
    ...(environment === undefined ? [] : ["--env", environment]),
  ];
}

/** `-C` and `--env` as limits: stacks at or below the folder, in these environments. Throws `CannotUse` for a folder outside of the repository. */
export function readLimits({ options, environments }: CommandContext, root: string): ScopeLimits {
  const below = relative(root, resolve(options.directory));
  if (below === ".." || below.startsWith(`..${sep}`))
    throw new CannotUse(`\`${options.directory}\` lies outside of the repository`, "name a folder of the checkout with `-C DIR`");
  return { environments: environments ?? [], folder: below.split(sep).join("/") };
}
