// The compiler: sources to the portable graph, phase by phase. Pure: reads nothing but what it is given, never throws on
// account of a source, and gives the same result for the same input whatever the order of files and declarations.

import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { functions } from "./functions/library.ts";
import type { ResourceGraph } from "./graph/resource-graph.ts";
import { kinds } from "./kinds/catalog.ts";
import type { ProviderDescription } from "./kinds/provider-description.ts";
import { createBudget, type Limits } from "./semantics/budget.ts";
import { createCells } from "./semantics/cells.ts";
import { checkStack } from "./semantics/check-stack.ts";
import { evaluateExpression } from "./semantics/evaluate.ts";
import { type Evaluated, evaluateStack } from "./semantics/evaluate-stack.ts";
import type { Evaluation, InputText, ReadFile } from "./semantics/evaluation.ts";
import { type CycleStep, isHalt } from "./semantics/halt.ts";
import type { Model } from "./semantics/model.ts";
import { createReport, makeError, type Report, sortDiagnostics } from "./semantics/report.ts";
import { buildScope } from "./semantics/scope.ts";
import type { SourceFile } from "./source/source-file.ts";
import { parse } from "./syntax/parse.ts";

export type { InputText } from "./semantics/evaluation.ts";

export interface CompileInput {
  /** All `*.koine` files of the folder, in any order. */
  readonly files: readonly SourceFile[];
  /** Those that the sources may name; the others of the caller need no description. */
  readonly providers: ReadonlyMap<string, ProviderDescription>;
  /** All that there are, for messages; the keys of `providers` unless said otherwise. */
  readonly providerNames?: readonly string[];
  /** Given on the command line (text) or in koine.yaml (data), by name. */
  readonly inputs: ReadonlyMap<string, InputText>;
  /** Reads a file by path relative to the source file `from`. */
  readonly readFile: ReadFile;
  /** Compile although required inputs lack values; what needs one is left out of the graph and told in `notes`. */
  readonly partial?: boolean;
  /** Lower limits than the default, for tests and editors. */
  readonly limits?: Limits;
}

/** Something worth saying that is neither error nor warning. */
export interface Note {
  readonly message: string;
  readonly hint?: string;
}

export interface CompileResult {
  /** Present only without errors. With `partial`, it may lack what could not be decided. */
  readonly graph?: ResourceGraph;
  /** In source order, at most one per cause. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was not checked for want of inputs; only with `partial`. */
  readonly notes: readonly Note[];
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** Mistakes that a declaration lost to a syntax error would cause elsewhere. */
const FOLLOWS_FROM_SYNTAX = new Set<string>(["K1201", "K1206"]);

export function compile(input: CompileInput): CompileResult {
  const sources = new Map(input.files.map((file) => [file.path, file]));
  const parsed = input.files.map(parse);
  const syntax = parsed.flatMap(({ diagnostics }) => diagnostics);
  const report = createReport();
  const model = check(
    parsed.map(({ tree }) => tree),
    input,
    report,
  );
  const told = (): readonly Diagnostic[] =>
    explainSecrets(model, report.sorted()).filter((one) => !syntax.some((other) => overlaps(one, other)));
  if (parsed.some(({ tree }) => tree.incomplete)) {
    // What could not be read is missing from the tree: values computed without it would mislead.
    const rest = told().filter(({ code }) => !FOLLOWS_FROM_SYNTAX.has(code));
    return { diagnostics: sortDiagnostics([...syntax, ...rest]), notes: [], sources };
  }
  const evaluated = evaluate(model, input);
  const diagnostics = sortDiagnostics([...syntax, ...told()]);
  const notes = evaluated?.notes ?? [];
  return {
    ...(evaluated && !diagnostics.some(({ severity }) => severity === "error") ? { graph: evaluated.graph } : {}),
    diagnostics,
    notes,
    sources,
  };
}

/** An input that is a secret though its declaration does not say so surprises: whoever is refused for it is told why. */
function explainSecrets({ scope, secretInputs }: Model, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const names = [...secretInputs].filter((name) => {
    const declaration = scope.values.get(name);
    return declaration?.kind === "input" && declaration.type.kind !== "type-secret";
  });
  if (names.length === 0) return diagnostics;
  const why = `what comes by \`inputs_from\` is a secret: ${names.map((name) => `\`${name}\``).join(", ")}`;
  return diagnostics.map((one) => (one.code === "K1313" ? { ...one, hint: one.hint === undefined ? why : `${one.hint}; ${why}` } : one));
}

/** Whether two diagnostics tell of the same piece of source: what the parser refused is not judged again. */
function overlaps({ span: a }: Diagnostic, { span: b }: Diagnostic): boolean {
  return a !== undefined && b !== undefined && a.file === b.file && a.start < b.end && b.start < a.end;
}

/** One compilation of `compileAll`, with the clouds chosen for it. */
export interface CompileChoice extends CompileResult {
  readonly clouds: ReadonlyMap<string, string>;
}

/** More choices than this are not tried: the first ones stand for all. */
const MOST_CHOICES = 64;

/**
 * Compiles once for every value of each `cloud` input that was given none, as `check` does. Diagnostics are those of all
 * choices, each once; one that only some choices have names the first of them.
 */
export function compileAll(input: CompileInput): {
  readonly choices: readonly CompileChoice[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const trees = input.files.map((file) => parse(file).tree);
  const scope = buildScope(trees, createReport());
  const open = [...scope.values.values()].filter(
    (declaration) =>
      declaration.kind === "input" &&
      declaration.type.kind === "type-name" &&
      declaration.type.name === "cloud" &&
      !input.inputs.has(declaration.name.name),
  );
  let picks: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const declaration of scope.clouds.length > 0 ? open : []) {
    picks = picks.flatMap((pick) => scope.clouds.map((cloud) => new Map([...pick, [declaration.name.name, cloud]]))).slice(0, MOST_CHOICES);
  }
  const choices = picks.map((clouds): CompileChoice => {
    const given = [...clouds].map(([name, cloud]): [string, InputText] => [name, { data: cloud }]);
    return { clouds, ...compile({ ...input, inputs: new Map([...input.inputs, ...given]) }) };
  });
  return { choices, diagnostics: mergeDiagnostics(choices) };
}

function mergeDiagnostics(choices: readonly CompileChoice[]): readonly Diagnostic[] {
  const merged = createReport();
  const count = new Map<string, number>();
  const keyOf = ({ code, span, message }: Diagnostic): string => `${code} ${span?.file} ${span?.start} ${span?.end} ${span ? "" : message}`;
  for (const { diagnostics } of choices) for (const one of diagnostics) count.set(keyOf(one), (count.get(keyOf(one)) ?? 0) + 1);
  for (const { clouds, diagnostics } of choices) {
    const when = [...clouds].map(([name, cloud]) => `\`${name}\` is \`${cloud}\``).join(" and ");
    for (const one of diagnostics) {
      const everywhere = count.get(keyOf(one)) === choices.length || when === "";
      merged.add(everywhere ? one : { ...one, message: `${one.message} (when ${when})` });
    }
  }
  return merged.sorted();
}

function check(trees: Parameters<typeof buildScope>[0], { providers, providerNames, inputs }: CompileInput, report: Report): Model {
  const model: Model = {
    kinds,
    functions,
    providers,
    providerNames: providerNames ?? [...providers.keys()],
    report,
    scope: buildScope(trees, report),
    cells: createCells((path) => reportCycle(report, path)),
    valueTypes: new Map(),
    secretInputs: new Set([...inputs].flatMap(([name, given]) => ("text" in given && given.secret ? [name] : []))),
    types: new Map(),
    broken: new Set(),
    typedStrings: new Map(),
    varying: new Set(),
    resources: new Map(),
    checkedClouds: new Map(),
    outputTypes: new Map(),
    brokenNames: new Set(),
  };
  checkStack(model);
  return model;
}

function evaluate(model: Model, input: CompileInput): (Evaluated & { readonly notes: readonly Note[] }) | undefined {
  const evaluation: Evaluation = {
    model,
    cells: createCells((path) => reportCycle(model.report, path)),
    budget: createBudget(input.limits),
    inputs: input.inputs,
    readFile: input.readFile,
    partial: input.partial === true,
    evaluate: (expression, locals) => evaluateExpression(evaluation, expression, locals),
    values: new Map(),
    templates: new Map(),
    instances: new Map(),
    attributeReads: [],
    missingInputs: new Set(),
    concealing: 0,
  };
  try {
    const evaluated = evaluateStack(evaluation);
    return { ...evaluated, notes: evaluation.partial ? describeMissing(evaluation, evaluated) : [] };
  } catch (thrown) {
    // The budget is spent: reported where it happened, and nothing more can be computed.
    if (isHalt(thrown) && thrown.halt === "spent") return undefined;
    throw thrown;
  }
}

function describeMissing({ missingInputs }: Evaluation, { undecided }: Evaluated): readonly Note[] {
  if (missingInputs.size === 0) return [];
  const names = [...missingInputs].map((name) => `\`${name}\``).join(", ");
  const skipped = undecided === 0 ? "" : `; ${undecided} resource${undecided === 1 ? " was" : "s were"} checked by type only`;
  return [
    {
      message: `no value was given for ${names}${skipped}`,
      hint: `give values for a full check: ${[...missingInputs].map((name) => `--set ${name}=…`).join(" ")}`,
    },
  ];
}

function reportCycle(report: Report, path: readonly CycleStep[]): void {
  // The same cycle reads the same wherever it was entered: it begins at its first step in source order.
  const first = [...path].sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start))[0];
  if (!first) return;
  const at = path.indexOf(first);
  const round = [...path.slice(at), ...path.slice(0, at)];
  const shown = round.length > 8 ? [...round.slice(0, 6).map(({ label }) => label), "…"] : round.map(({ label }) => label);
  report.add(
    makeError("K1401", {
      message:
        round.length === 1
          ? `${first.label} needs its own value`
          : `${first.label} needs its own value: ${[...shown, first.label].join(" → ")}`,
      span: first.span,
      related: round.slice(1, 8).map((step) => ({ span: step.span, message: `through ${step.label}` })),
      hint: "give one of them a value that does not depend on the others",
    }),
  );
}
