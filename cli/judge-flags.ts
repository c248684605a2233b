// Flags of plan and apply that contradict each other: told before anything is looked at. Pure.

import type { PlanFlags } from "./prepare-plan.ts";

/** One sentence with a line break; undefined when they go together. */
export function describeConflict(flags: PlanFlags): string | undefined {
  const replaces = (flags.replace ?? []).length > 0;
  const given = [
    ...(flags.refreshOnly ? ["--refresh-only"] : []),
    ...(flags.destroy ? ["--destroy"] : []),
    ...(replaces ? ["--replace"] : []),
  ];
  const [first, second] = given;
  if (first !== undefined && second !== undefined) return `\`${first}\` and \`${second}\` ask for different things; give one of them.\n`;
  if (flags.refreshOnly && flags.offline)
    return "`--refresh-only` records what the clouds say, and `--offline` asks none; give one of them.\n";
  return undefined;
}
