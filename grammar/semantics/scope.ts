// Gathers the declarations of all files into the namespaces of a stack, and reports names that are taken. Order of files and
// declarations never matters: everything is sorted by file path first.

import { compareCodePoints } from "../graph/code-point-order.ts";
import type { Span } from "../source/span.ts";
import type {
  AssertDeclaration,
  CloudDeclaration,
  Declaration,
  InputDeclaration,
  LetDeclaration,
  OutputDeclaration,
  ResourceDeclaration,
  StackDeclaration,
  SyntaxTree,
} from "../syntax/ast.ts";
import { makeError, type Report } from "./report.ts";

export type ValueDeclaration = InputDeclaration | LetDeclaration | CloudDeclaration | ResourceDeclaration;

export interface Scope {
  readonly stack?: StackDeclaration;
  /** Inputs, lets, clouds and resources share one namespace. In code-point order of name. */
  readonly values: ReadonlyMap<string, ValueDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
  readonly asserts: readonly AssertDeclaration[];
  /** Names of the clouds, in code-point order. */
  readonly clouds: readonly string[];
}

const STACK_NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** `where` is a place for the mistake of having no stack at all: the start of the first file. */
export function buildScope(trees: readonly SyntaxTree[], report: Report): Scope {
  const files = [...trees].sort((a, b) => compareCodePoints(a.file, b.file));
  const values = new Map<string, ValueDeclaration>();
  const outputs = new Map<string, OutputDeclaration>();
  const asserts: AssertDeclaration[] = [];
  let stack: StackDeclaration | undefined;
  for (const declaration of files.flatMap((tree) => tree.declarations)) {
    switch (declaration.kind) {
      case "stack":
        if (stack) report.add(describeSecondStack(declaration, stack));
        else stack = declaration;
        break;
      case "output":
        addUnique(outputs, declaration, "output", report);
        break;
      case "assert":
        asserts.push(declaration);
        break;
      default:
        addUnique(values, declaration, "name", report);
    }
  }
  if (stack) checkStackName(stack, report);
  else reportMissingStack(files, report);
  return {
    ...(stack ? { stack } : {}),
    values: sortByName(values),
    outputs: sortByName(outputs),
    asserts,
    clouds: [...values.values()]
      .filter((declaration) => declaration.kind === "cloud")
      .map((declaration) => declaration.name.name)
      .sort(compareCodePoints),
  };
}

/** "input `env`", "network `main`": a declaration in words. */
export function describeDeclaration(declaration: Declaration): string {
  if (declaration.kind === "assert") return "assert";
  const word = declaration.kind === "resource" ? declaration.type.name : declaration.kind;
  return `${word} \`${declaration.name.name}\``;
}

function addUnique<T extends ValueDeclaration | OutputDeclaration>(names: Map<string, T>, added: T, what: string, report: Report): void {
  // Recovery leaves declarations without a name; what is wrong with them was reported.
  if (added.name.name === "") return;
  const taken = names.get(added.name.name);
  if (!taken) {
    names.set(added.name.name, added);
    return;
  }
  report.add(
    makeError("K1202", {
      message: `the ${what} \`${added.name.name}\` is declared twice`,
      span: added.name.span,
      related: [{ span: taken.name.span, message: `${describeDeclaration(taken)} is declared here` }],
      hint:
        what === "output"
          ? "rename one of them"
          : "rename one of them: inputs, lets, clouds and resources of every kind share one namespace, across all files of the stack",
    }),
  );
}

function describeSecondStack(second: StackDeclaration, first: StackDeclaration) {
  return makeError("K1207", {
    message: `stack \`${second.name.name}\` is a second stack in this folder`,
    span: second.name.span,
    related: [{ span: first.name.span, message: `stack \`${first.name.name}\` is declared here` }],
    hint: "remove one of them, or move it and its declarations to a folder of their own",
  });
}

function checkStackName(stack: StackDeclaration, report: Report): void {
  const { name, span } = stack.name;
  if (name === "" || STACK_NAME.test(name)) return;
  const proposed = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40);
  report.add(
    makeError("K1208", {
      message: `\`${name}\` cannot name a stack`,
      span,
      hint: "a stack's name becomes part of names on every cloud: use up to 40 lower-case letters, digits and underscores, a letter first",
      ...(STACK_NAME.test(proposed) ? { fix: { title: `rename to ${proposed}`, span, replacement: proposed } } : {}),
    }),
  );
}

function reportMissingStack(files: readonly SyntaxTree[], report: Report): void {
  const first = files[0];
  const span: Span | undefined = first && { file: first.file, start: 0, end: 0 };
  report.add(
    makeError("K1206", {
      message: "no stack is declared",
      ...(span ? { span } : {}),
      hint: "begin with `stack NAME`, for example `stack shop on aws`",
    }),
  );
}

function sortByName<T>(names: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...names].sort(([a], [b]) => compareCodePoints(a, b)));
}
