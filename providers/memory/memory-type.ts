// One native type of the in-process cloud as data: what the engine is told of it, and what the cloud itself enforces.

import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { Replay } from "../../engine/provider/provider.ts";

export interface MemoryType {
  readonly schema: NativeSchema;
  /** Word in operations: `memory:CreateNetwork`. */
  readonly noun: string;
  readonly creation: {
    readonly replay: Replay;
    /** Milliseconds until it is complete, at least and at most; absent: at once. */
    readonly takes?: readonly [number, number];
    /** The answer is the handle of an operation, and the id comes with its completion. */
    readonly handle?: true;
  };
  /** Milliseconds for which it is still listed as ending; absent: gone at once. */
  readonly deletion?: { readonly takes: readonly [number, number] };
  /** Props that name other objects by id, and of which type these are. They must exist, and cannot be deleted while this does. */
  readonly parents: Readonly<Record<string, string>>;
  /** Props that the creating request does not take: each is a step of its own. */
  readonly later?: readonly string[];
  /** Props of which each member is a step of its own. */
  readonly memberwise?: readonly string[];
  /** Props that change only while it is stopped. */
  readonly whileStopped?: readonly string[];
  /** Changed only as a whole: the request carries the entire body under the version it was merged into. */
  readonly whole?: true;
  /** Its id is a name that another object may bear later; the cloud tells them apart. */
  readonly incarnations?: true;
  /** What the cloud gives it beyond its id. */
  readonly gives?: (random: () => number) => Readonly<Record<string, string>>;
  /** Ids are made of these props; absent: the cloud chooses one. */
  readonly idOf?: readonly string[];
}

export function operationOf(verb: string, type: Pick<MemoryType, "noun">): string {
  return `memory:${verb}${type.noun}`;
}
