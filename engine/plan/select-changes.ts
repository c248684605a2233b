// Limits a plan to a part of its changes without ever leaving one out that the part needs: targets take what they wait for with them, exclusions
// take along what waits for them. Pure; linear in operations.

import { suggest } from "../../grammar/diagnostics/suggest.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type { Blocked, Plan } from "./change.ts";
import type { ChangeDraft } from "./operation-draft.ts";
import type { PlanProblem } from "./problem.ts";
import { matchesAddress } from "./select-address.ts";

export interface Selection {
  readonly changes: readonly ChangeDraft[];
  readonly blocked: readonly Blocked[];
  /** Changes that `--target` or `--exclude` left out. */
  readonly leftOut: number;
}

export interface SelectInput {
  readonly changes: readonly ChangeDraft[];
  readonly target: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
  readonly settled: Plan["settled"];
}

export function selectChanges(input: SelectInput): Selection {
  const unresolved = new Map(
    input.settled.filter((one) => one.outcome === "unresolved").map((one) => [one.key, one.reason ?? "its outcome is not known"]),
  );
  const blocked: Blocked[] = [];
  let changes = input.changes;
  if (unresolved.size > 0) {
    const out = spread(changes, (change) => unresolved.has(change.key), "dependents");
    for (const change of out) {
      blocked.push({
        key: change.key,
        address: change.address,
        reason: unresolved.get(change.key) ?? "it waits for an operation that is unresolved",
      });
    }
    changes = changes.filter((change) => !out.has(change));
  }
  const before = changes.length;
  const { target, exclude } = input;
  if (target && target.length > 0) {
    const wanted = spread(changes, (change) => isNamed(change, target), "dependencies");
    changes = changes.filter((change) => wanted.has(change));
  }
  if (exclude && exclude.length > 0) {
    const out = spread(changes, (change) => isNamed(change, exclude), "dependents");
    changes = changes.filter((change) => !out.has(change));
  }
  return { changes, blocked, leftOut: before - changes.length };
}

function isNamed(change: ChangeDraft, addresses: readonly string[]): boolean {
  const { key, address, previousAddress = address } = change;
  return addresses.some((wanted) => wanted === key || matchesAddress(address, wanted) || matchesAddress(previousAddress, wanted));
}

/** The changes that fit and all that they wait for, or all that waits for them, over any number of steps. */
function spread(
  changes: readonly ChangeDraft[],
  fits: (change: ChangeDraft) => boolean,
  along: "dependencies" | "dependents",
): ReadonlySet<ChangeDraft> {
  const ownerOf = new Map<string, ChangeDraft>();
  for (const change of changes) for (const operation of change.operations) ownerOf.set(operation.id, change);
  const next = new Map<ChangeDraft, ChangeDraft[]>();
  const link = (from: ChangeDraft, to: ChangeDraft): void => {
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  };
  for (const change of changes) {
    for (const operation of change.operations) {
      for (const id of operation.after) {
        const owner = ownerOf.get(id);
        if (!owner || owner === change) continue;
        if (along === "dependencies") link(change, owner);
        else link(owner, change);
      }
    }
  }
  const reached = new Set<ChangeDraft>();
  const open = changes.filter(fits);
  for (let change = open.pop(); change; change = open.pop()) {
    if (reached.has(change)) continue;
    reached.add(change);
    open.push(...(next.get(change) ?? []));
  }
  return reached;
}

/** Addresses on the command line that name nothing of what they could; `where` says what that is. */
export function findUnknownAddresses(
  named: readonly string[],
  known: readonly { readonly address: string; readonly key: string }[],
  where = "the source or the state",
): readonly PlanProblem[] {
  if (named.length === 0) return [];
  const missing = new Set(named);
  for (const { address, key } of known) {
    if (missing.size === 0) break;
    for (const wanted of missing) if (wanted === key || matchesAddress(address, wanted)) missing.delete(wanted);
  }
  if (missing.size === 0) return [];
  const candidates = listNames(known);
  return [...missing].map((address) => ({
    kind: "address",
    message: `\`${address}\` names nothing in ${where}`,
    address,
    hint: describeNear(address, candidates),
  }));
}

/** Every address, and what may be written for a group of them: `machine.web` and `cluster.db` of `cluster.db/machine.node[0]`. */
function listNames(known: Iterable<{ readonly address: string }>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { address } of known) {
    names.add(address);
    for (let at = address.length; at > 0; at = Math.max(address.lastIndexOf("[", at - 1), address.lastIndexOf("/", at - 1)))
      names.add(address.slice(0, at));
  }
  return names;
}

function describeNear(wanted: string, candidates: ReadonlySet<string>): string {
  // A shell takes the quotes of `subnet.app["a"]` away unless all of it stands in quotes of its own.
  const bare = [...candidates].find((name) => name !== wanted && name.replaceAll('"', "") === wanted);
  if (bare !== undefined) return `did you mean \`${bare}\`? Put it in single quotes, or the shell takes its own away`;
  const near = suggest(wanted, candidates) ?? [...candidates].sort(compareCodePoints).find((name) => name.startsWith(`${wanted}.`));
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return 'write it as the plan does, for example `machine.web[0]` or `subnet.app["a"]`';
}
