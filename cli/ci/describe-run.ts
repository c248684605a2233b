// What every command of `koine ci` makes of its own command line, the same way: where it runs, and how its children do.

import type { CommandContext } from "../command-context.ts";
import { sharedFlags } from "./child-arguments.ts";
import type { PlanRun } from "./plan-subjects.ts";
import { readSituation } from "./read-situation.ts";
import type { Situation } from "./situation.ts";

export interface RunFlags {
  readonly out: string;
  readonly parallel: number;
  readonly ephemeralState?: boolean;
}

/** Throws `CannotUse`. */
export function situate(
  { terminal, options }: CommandContext,
  { out, base }: { readonly out: string; readonly base?: string },
): Promise<Situation> {
  const { variables, directory } = options;
  return readSituation({ terminal, variables, directory, out, ...(base === undefined ? {} : { base }) });
}

export function describeRun(
  context: CommandContext,
  { root, out, sha }: Pick<Situation, "root" | "out" | "sha">,
  { parallel, ephemeralState }: RunFlags,
): Omit<PlanRun, "children" | "onPlanned"> {
  const { variables, simulate } = context.options;
  return { root, out, sha, variables, simulate, parallel, flags: sharedFlags(context), ephemeralState: ephemeralState === true };
}
