// A function of the library is data: name, types, documentation, an example that a test runs, and the code.

import type { Value } from "../graph/value.ts";
import type { Type } from "../types/type.ts";

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  /** Other types accepted besides `type`: `length` takes a list, a map or a string. */
  readonly or?: readonly Type[];
  readonly optional?: true;
  /** Takes all remaining arguments; only the last parameter may. */
  readonly rest?: true;
}

export interface FunctionSchema {
  readonly name: string;
  readonly family: "collections" | "strings" | "numbers" | "encoding" | "files" | "network" | "place" | "text";
  readonly doc: string;
  /** Source and the value it gives, as `json` would write it: `["subnet(10.0.0.0/16, 8, 2)", "\"10.0.2.0/24\""]`. */
  readonly example: readonly [source: string, result: string];
  readonly parameters: readonly Parameter[];
  /** Result type from argument types: `keys` gives list<string>, `merge` the union of its maps' elements. */
  readonly result: Type | ((argumentTypes: readonly Type[]) => Type);
  /**
   * Computes over known values (never deferred, never secret: the evaluator lifts both). Returns a mistake instead of throwing.
   * `argument` points at the argument that is wrong.
   */
  readonly run: (argumentValues: readonly Value[], context: FunctionContext) => FunctionResult;
  /** Cannot be finished at apply (files, near): a deferred argument is an error. */
  readonly compileTimeOnly?: true;
  /**
   * Looks only at the shape of its lists and maps (`merge`, `keys`): elements that are deferred or secret may be handed in
   * and come out untouched. Without it, one deferred element makes the whole call deferred.
   */
  readonly passesElements?: true;
  /**
   * For a `compileTimeOnly` function with deferred or secret arguments: does now what cannot wait (reading the file of
   * `template`) and names the call that is left. Only what it needs now must be known; it gives a mistake when it is not.
   */
  readonly defer?: (argumentValues: readonly Value[], context: FunctionContext) => DeferredCall | FunctionMistake;
}

/** The rest of a call: a function of the library and its arguments. */
export interface DeferredCall {
  readonly name: string;
  readonly arguments: readonly Value[];
}

export interface FunctionMistake {
  readonly mistake: string;
  readonly hint?: string;
  readonly argument?: number;
}

export type FunctionResult = { readonly value: Value } | FunctionMistake;

export interface FunctionContext {
  /** Reads a file by path relative to the source file that calls; injected, so that the grammar touches no disk. */
  readFile(path: string): { readonly text: string } | { readonly mistake: string; readonly hint?: string };
  /** Charges the evaluation budget; false when it is spent. */
  spend(cost: { readonly items?: number; readonly bytes?: number }): boolean;
  /** The zones of a cloud's region by rank, as its provider names them; undefined when nothing is known of them. */
  readonly zones?: (cloud: string) => readonly string[] | undefined;
}
