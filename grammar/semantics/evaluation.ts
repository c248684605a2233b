// What the files of the evaluator share: the model, the budget, memoised values, and how a mistake ends an evaluation.
// Holds no rule of the language.

import { type Code, codes } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { FunctionContext } from "../functions/function.ts";
import { INPUT_ORIGIN, type Origin, type Value } from "../graph/value.ts";
import type { Span } from "../source/span.ts";
import type { Expression } from "../syntax/ast.ts";
import type { Budget, Cost } from "./budget.ts";
import type { Cell, Cells } from "./cells.ts";
import { budgetSpent, poisoned } from "./halt.ts";
import type { CheckedResource, Model } from "./model.ts";
import { makeError } from "./report.ts";

/** An input as it was given: text from the command line, or data from a file. `secret`: it is one, whatever the declaration says. */
export type InputText = { readonly text: string; readonly secret?: true } | { readonly data: unknown };

export type ReadFile = (from: string, path: string) => ReturnType<FunctionContext["readFile"]>;

/** One declaration of resources, with the instances it makes. */
export interface Template {
  readonly checked: CheckedResource;
  readonly name: string;
  /** Values of props that are the same for all instances, by path: `cidr`, `disk.data.size`. */
  readonly shared: Map<string, Cell<Value>>;
  readonly cloud: Cell<string>;
  /** Set by `expand`: in order. */
  instances: readonly Instance[];
  /** What the declaration's name reads as. */
  value: Value;
}

export interface Instance {
  readonly template: Template;
  readonly address: string;
  readonly key?: string | number;
  /** The iteration names. */
  readonly locals?: Locals;
  /** Values of props that read iteration names; made at first use. */
  own?: Map<string, Cell<Value>>;
  cloud?: Cell<string>;
}

export interface Locals {
  readonly name: string;
  readonly value: Value;
  readonly next?: Locals;
}

/** An attribute that was read and that its resource may turn out not to have; judged once all resources are built. */
export interface AttributeRead {
  readonly origin: Origin;
  readonly span: Span;
}

export interface Evaluation {
  readonly model: Model;
  readonly cells: Cells;
  readonly budget: Budget;
  readonly inputs: ReadonlyMap<string, InputText>;
  readonly readFile: ReadFile;
  /** Compile although inputs lack values: what needs one is left undecided. */
  readonly partial: boolean;
  /** The value of an expression. Raises a `Halt` when it has none. */
  readonly evaluate: (expression: Expression, locals: Locals | undefined) => Value;
  /** Inputs, lets and settings of clouds (`cloud.setting`) by name. */
  readonly values: Map<string, Cell<Value>>;
  readonly templates: Map<string, Cell<Template>>;
  readonly instances: Map<string, Instance>;
  readonly attributeReads: AttributeRead[];
  /** Required inputs without a value, when partial. */
  readonly missingInputs: Set<string>;
  /** Above zero while opened secrets are computed with: mistakes then show no value. */
  concealing: number;
  /** The instance whose own value is being computed, for messages. */
  current?: Instance | undefined;
}

/** Reports a mistake and ends the evaluation of what needs this value. */
export function stop(evaluation: Evaluation, code: Code, details: Omit<Diagnostic, "code" | "severity"> & { readonly span: Span }): never {
  const { current } = evaluation;
  const label = current?.key === undefined ? {} : { label: `for ${current.address}` };
  const told =
    evaluation.concealing > 0
      ? { ...details, message: `${codes[code].title}, computed from a secret`, hint: "the values are secret, so they are not shown" }
      : details;
  evaluation.model.report.add(makeError(code, { ...label, ...told }));
  throw poisoned;
}

/** Runs `body` for one instance, which a mistake then names. */
export function forInstance<T>(evaluation: Evaluation, instance: Instance | undefined, body: () => T): T {
  const before = evaluation.current;
  evaluation.current = instance;
  try {
    return body();
  } finally {
    evaluation.current = before;
  }
}

/** Charges the budget; ends everything once it is spent. */
export function charge(evaluation: Evaluation, cost: Cost, span: Span): void {
  if (!evaluation.budget.spend(cost)) stopSpent(evaluation, span);
}

/** Reports the spent budget (once: nothing is evaluated after it). */
export function stopSpent(evaluation: Evaluation, span: Span): never {
  evaluation.model.report.add(
    makeError("K1406", {
      message: `evaluation needs more than ${evaluation.budget.spentOn() ?? "its budget"}`,
      span,
      hint: "make fewer or smaller values here, or divide the stack",
    }),
  );
  throw budgetSpent;
}

/** Names of the inputs among origins. */
export function undecidedInputs(origins: readonly Origin[]): readonly string[] {
  return origins.filter(({ address }) => address.startsWith(INPUT_ORIGIN)).map(({ address }) => address.slice(INPUT_ORIGIN.length));
}

/** `machine.web[0].public_ip`: an origin in words. */
export function formatOrigin(origin: Origin): string {
  return [origin.address, ...origin.path].join(".");
}
