// Limits a plan to a part of its changes without ever leaving one out that the part needs: targets take what they wait for with them, exclusions
// take along what waits for them. Pure; linear in operations.

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
  return addresses.some((address) => address === change.key || matchesAddress(change.address, address));
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

/** Addresses on the command line that name nothing, neither in the source nor in the state. */
export function findUnknownAddresses(
  named: readonly string[],
  known: Iterable<{ readonly address: string; readonly key: string }>,
): readonly PlanProblem[] {
  const missing = new Set(named);
  for (const { address, key } of known) {
    if (missing.size === 0) break;
    for (const wanted of missing) if (wanted === key || matchesAddress(address, wanted)) missing.delete(wanted);
  }
  return [...missing].map((address) => ({
    kind: "address",
    message: `\`${address}\` names nothing in the source or the state`,
    address,
    hint: 'write it as the plan does, for example `machine.web[0]` or `subnet.app["a"]`',
  }));
}
