// What the diff of one object works on and gathers. Pure; decides nothing but how a change is noted.

import type { Span } from "../../grammar/source/span.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { Cause, PropChange } from "./change.ts";
import type { Finished, WaitsFor } from "./finish-values.ts";

export interface DiffSubject {
  /** Key under which the row's digests were made: that of the row, which a rename does not change. */
  readonly key: string;
  /** Key under which some of them may still be. */
  readonly formerKey?: string;
  /** As the source has it: references and deferred values may stand inside. */
  readonly desired: NativeMap;
  /** As last applied; undefined for an object that is being adopted. */
  readonly prior: NativeMap | undefined;
  readonly observed: NativeMap;
  /** How far `observed` goes; props that cost a call per object are taken as in `prior` unless it is `each`. */
  readonly depth: "list" | "each" | "prior";
  readonly ignored: ReadonlySet<string> | undefined;
  readonly places: Readonly<Record<string, Span>>;
}

export interface DiffContext {
  readonly schema: NativeSchema;
  readonly lineage: string;
  readonly secrets: SecretKeeper | undefined;
  readonly attribute: (object: string, attribute: string) => NativeValue | undefined;
  readonly finish: (value: NativeValue) => Finished;
  /** Whether an object is made anew by this plan. */
  readonly isRemade: (key: string) => boolean;
}

/** The part of a diff that grows while props are judged. */
export interface DiffDraft {
  readonly props: PropChange[];
  readonly changed: Set<string>;
  readonly desired: Record<string, NativeValue>;
  readonly record: Record<string, NativeValue>;
  readonly forcedBy: Set<string>;
  readonly warnings: string[];
  readonly refused: string[];
}

export function addChange(
  name: string,
  from: NativeValue | undefined,
  to: NativeValue | undefined,
  how: { readonly cause: Cause; readonly secret: boolean; readonly forces?: string | undefined; readonly label?: string },
  subject: DiffSubject,
  draft: DiffDraft,
): void {
  const span = subject.places[name] ?? subject.places["*"];
  draft.changed.add(name);
  draft.props.push({
    prop: how.label ?? name,
    ...(how.secret ? { secret: true as const } : { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
    cause: how.cause,
    ...(how.forces === undefined ? {} : { forces: how.forces }),
    ...(span ? { span } : {}),
  });
}

/** A value that is not known yet: the greatest change it can cause. */
export function noteDeferred(
  name: string,
  finished: { readonly value: NativeValue; readonly waitsFor: readonly WaitsFor[] },
  from: NativeValue | undefined,
  how: { readonly secret: boolean; readonly forces?: string | undefined; readonly label?: string },
  subject: DiffSubject,
  context: Pick<DiffContext, "isRemade">,
  draft: DiffDraft,
): void {
  const span = subject.places[name] ?? subject.places["*"];
  draft.changed.add(name);
  if (how.forces !== undefined) for (const wait of finished.waitsFor) draft.forcedBy.add(wait.object);
  draft.props.push({
    prop: how.label ?? name,
    ...(how.secret ? { secret: true as const } : { ...(from === undefined ? {} : { from }), to: finished.value }),
    cause: finished.waitsFor.some((wait) => context.isRemade(wait.object)) ? "replacement" : "deferred",
    ...(how.forces === undefined ? {} : { forces: how.forces }),
    waitsFor: [...new Set(finished.waitsFor.map((wait) => wait.text))],
    ...(span ? { span } : {}),
  });
}
