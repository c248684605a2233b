// What the suite has to know of one native type to put its handler to the test. Data and a few calls that play somebody else.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import type { Executor, Made } from "./executor.ts";

export interface ConformanceCase<Client> {
  readonly type: string;
  /** Makes what it stands on, and gives the props of one object. Called once for each test that makes one; `n` tells them apart. */
  props(stage: Executor<Client>, n: number): Promise<NativeMap>;
  /** For each prop that changes in place: its other value, and the props as a whole afterwards, in the order in which they are tried. */
  readonly edits: readonly Edit<Client>[];
  /** Props that the schema calls mutable and that no edit here changes, with the reason. */
  readonly unedited?: Readonly<Record<string, string>>;
  /** For each prop that somebody else can change: how, by requests that bypass the handler. */
  readonly elsewhere: readonly Elsewhere<Client>[];
  /** Observable props that nobody can change on an object that exists, with the reason. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Somebody else ends it. */
  remove(stage: Executor<Client>, made: Made): Promise<void>;
  /** Why nobody can take its marks off: they stand in a field that is set once. */
  readonly fixedMarks?: string;
  /** The props that find it by natural key; what is found has its id. */
  readonly natural?: readonly string[];
  /** An id of the right form that does not exist. */
  missing(id: string): string;
}

export interface Edit<Client> {
  /** Of the test. */
  readonly name: string;
  readonly changed: readonly string[];
  to(stage: Executor<Client>, made: Made): Promise<NativeMap> | NativeMap;
  /** Keys of the steps in their order. */
  readonly steps: readonly string[] | ((made: Made) => readonly string[]);
}

export interface Elsewhere<Client> {
  readonly prop: string;
  change(stage: Executor<Client>, made: Made): Promise<void>;
  /** False where Koine cannot mend it in place: it calls for another object. */
  readonly mendable?: false;
}

/** Where a third-party server does not do as EC2 documents: the test is left out, and the reason printed. */
export interface Deviation {
  readonly type: string;
  /** Name of a test, or its beginning. */
  readonly test: string;
  readonly reason: string;
}

/** Replaces one prop; undefined takes it out. */
export function withProp(props: NativeMap, name: string, value: NativeValue | undefined): NativeMap {
  const { [name]: _, ...rest } = props;
  return value === undefined ? rest : { ...rest, [name]: value };
}
