// Whether a plan file still holds, and if not, what moved, in words. Apply goes on only when nothing did. Pure.

import { isSameValue } from "../../grammar/graph/canonical.ts";
import type { BasisParts } from "./basis.ts";
import type { Plan } from "./change.ts";
import {
  type ChangeData,
  changeData,
  type DigestContext,
  digestBasis,
  digestChangeData,
  digestChanges,
  digestedText,
  sortChange,
} from "./digest.ts";
import type { PlanFile } from "./plan-file.ts";

/**
 * Empty when the fresh plan is the one in the file; else what moved, in sentences without a final period. What the file shows is digested anew and
 * held against its own digests, so a file that was altered can only be refused.
 */
export function comparePlanFile(file: PlanFile, fresh: Plan, basis: BasisParts, context: DigestContext): readonly string[] {
  if (file.world !== fresh.world) return [`the file is for the ${file.world} world, and this is the ${fresh.world} one`];
  if (file.stack !== fresh.stack) return [`the file is for the stack \`${file.stack}\`, and this is \`${fresh.stack}\``];
  if (file.offline) return ["the file was made with `--offline`, compared with no cloud, and cannot be applied"];
  if (digestBasis(file.basis) !== file.digest.basis || digestChangeData(file) !== file.digest.changes) {
    return ["the file was altered: its digests are not those of what it says"];
  }
  const moved = compareBasis(file.basis, basis);
  if (digestChanges(fresh, context) !== file.digest.changes) moved.push(...compareChanges(file.changes, fresh, context));
  return moved;
}

/** The parts of the basis that differ. */
export function compareBasis(then: BasisParts, now: BasisParts): string[] {
  const moved: string[] = [];
  // Before the first run there is no lineage yet: a plan makes no state.
  if (then.lineage !== now.lineage && then.lineage !== "") moved.push("the state is another one");
  else if (then.serial !== now.serial) moved.push(`the state went from serial ${then.serial} to ${now.serial}: another run wrote to it`);
  moved.push(...compareParts(then.sources, now.sources, "the source"));
  moved.push(...compareParts(then.inputs, now.inputs, "the input"));
  moved.push(...compareParts(then.otherOutputs ?? {}, now.otherOutputs ?? {}, "the output of another stack"));
  if (then.lock !== now.lock) moved.push("`koine.lock` was edited");
  if (then.koine !== now.koine) moved.push(`the file was made by Koine ${then.koine}, and this is ${now.koine}`);
  if (then.world !== now.world) moved.push(`the file is for the ${then.world} world, and this is the ${now.world} one`);
  if (!isSameValue(then.options ?? {}, now.options ?? {})) moved.push("it was asked for with other options");
  return moved;
}

function compareParts(then: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>, what: string): readonly string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (then[name] === now[name]) return [];
    if (then[name] === undefined) return [`${what} \`${name}\` is new`];
    return [now[name] === undefined ? `${what} \`${name}\` is gone` : `${what} \`${name}\` was edited`];
  });
}

const shown = 10;

function compareChanges(then: readonly ChangeData[], fresh: Plan, context: DigestContext): readonly string[] {
  const before = new Map(then.map((change) => [nameOf(change), change]));
  const words: string[] = [];
  for (const change of fresh.changes) {
    const now = changeData(change, context);
    const known = before.get(nameOf(now));
    before.delete(nameOf(now));
    if (!known) words.push(`\`${now.key}\` is now to ${now.action} and was not`);
    else if (known.action !== now.action) words.push(`\`${now.key}\` was to ${known.action} and is now to ${now.action}`);
    else if (digestedText(sortChange(known)) !== digestedText(now)) words.push(`\`${now.key}\` is to ${now.action} in another way`);
  }
  for (const change of before.values()) words.push(`\`${change.key}\` was to ${change.action} and is no longer`);
  if (words.length === 0) return ["the world moved: what is to be done differs"];
  return words.length <= shown ? words : [...words.slice(0, shown), `and ${words.length - shown} more changes`];
}

/** One change per key is the rule; the end of a predecessor or a stray may stand beside it. */
function nameOf(change: Pick<ChangeData, "key" | "action" | "operations">): string {
  return change.action === "delete" || change.action === "forget" ? (change.operations[0]?.id ?? change.key) : change.key;
}
