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

/** `--against` compares sources alone: what asks for a state or a cloud does not go with it. */
export function describeAgainst(flags: PlanFlags & { readonly against?: string; readonly out?: string }): string | undefined {
  if (flags.against === undefined) return undefined;
  const other = (["out", "offline", "destroy", "refreshOnly", "acceptLoss", "target", "exclude", "replace"] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (other === undefined) return undefined;
  const name = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `\`--against\` compares the sources of two revisions, with no state and no cloud: leave out \`--${name}\`.\n`;
}
