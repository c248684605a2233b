// In which order a replaced object and its successor live: the successor first wherever both can exist at once. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import { claimsOf, findCollision } from "./claims.ts";
import type { Decision } from "./decision.ts";
import { withGeneration } from "./generation.ts";

export interface OrderInput {
  readonly key: string;
  readonly schema: NativeSchema;
  readonly row: ObjectRow;
  /** Props of the object that is there. */
  readonly present: NativeMap;
  /** Props of the successor, as far as known. */
  readonly desired: NativeMap;
  /** Keys of what the successor is made after. */
  readonly after: readonly string[];
  /** `@replace`: the successor before, or after, the old one goes. */
  readonly written: "before" | "after" | undefined;
  readonly decisionOf: (key: string) => Decision | undefined;
  /** Keys that must go delete-first because a cycle showed that the other order cannot be. */
  readonly deleteFirst: ReadonlySet<string>;
}

export interface ReplacementOrder {
  readonly order: "create-first" | "delete-first";
  /** Why the successor has to wait; shown in the plan. */
  readonly because?: string;
  /** `@replace("before")` asks for what cannot be. */
  readonly impossible?: string;
}

export function orderReplacement(input: OrderInput): ReplacementOrder {
  const { schema, row, written } = input;
  const successor = withGeneration(input.desired, schema, row.generation + 1);
  const claim = findCollision(claimsOf(schema, input.present, ""), claimsOf(schema, successor, ""));
  const under = destroyedFirst(input);
  const because = claim
    ? `both would claim the same ${claim.props.map((prop) => `\`${prop}\``).join(" with ")}`
    : under
      ? `\`${under}\` must be destroyed before its successor is made`
      : input.deleteFirst.has(input.key)
        ? "what the successor needs is free only when the old one is gone"
        : undefined;
  if (because !== undefined) return { order: "delete-first", because, ...(written === "before" ? { impossible: because } : {}) };
  if (written === "before") return { order: "create-first" };
  return { order: written === "after" || schema.replacement === "delete-first" ? "delete-first" : "create-first" };
}

/** A dependency that this object stands on, old and new, and that goes delete-first: it cannot go while this one is there. */
function destroyedFirst({ after, row, decisionOf }: OrderInput): string | undefined {
  return after.find((key) => {
    const decision = decisionOf(key);
    return (
      decision?.action === "replace" &&
      decision.order === "delete-first" &&
      decision.row !== undefined &&
      row.after.includes(decision.row.object)
    );
  });
}

/** Of a possible replacement: whether a dependency that goes delete-first decides about it, and whether that one is certain. */
export function findLeader(
  forcedBy: readonly string[],
  decisionOf: OrderInput["decisionOf"],
): { readonly certain: boolean; readonly key: string } | undefined {
  for (const key of forcedBy) {
    const decision = decisionOf(key);
    if (decision?.action !== "replace" || decision.order !== "delete-first") continue;
    return { certain: !decision.possible, key: decision.follows ?? key };
  }
  return undefined;
}
