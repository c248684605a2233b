// The annotations there are, and the check of their use. Their values are read in annotations.ts once evaluated.

import { suggest } from "../diagnostics/suggest.ts";
import type { KindSchema } from "../kinds/kind.ts";
import type { Annotation, ResourceDeclaration } from "../syntax/ast.ts";
import { list, map, optional, resource, string, type Type, union } from "../types/type.ts";
import { assign } from "./assign.ts";
import type { Checker, Env } from "./checker.ts";
import { makeError } from "./report.ts";

interface AnnotationShape {
  readonly least: number;
  readonly most: number;
  readonly usage: string;
  readonly accepts?: (kinds: Iterable<string>) => readonly Type[];
  /** May stand several times on one resource. */
  readonly repeats?: true;
  readonly excludes?: readonly string[];
}

const text = (): readonly Type[] => [string];
const MANY = Number.POSITIVE_INFINITY;

export const annotationShapes: ReadonlyMap<string, AnnotationShape> = new Map<string, AnnotationShape>([
  ["protect", { least: 0, most: 0, usage: "@protect" }],
  ["forget", { least: 0, most: 0, usage: "@forget" }],
  ["was", { least: 1, most: MANY, usage: '@was("machine.old")', accepts: text, repeats: true }],
  ["adopt", { least: 1, most: 1, usage: '@adopt("i-0abc")', accepts: text, excludes: ["existing"] }],
  ["existing", { least: 1, most: 1, usage: '@existing("vpc-0abc")', accepts: text, excludes: ["adopt"] }],
  ["ignore", { least: 1, most: MANY, usage: '@ignore("tags")', accepts: text }],
  ["replace", { least: 1, most: 1, usage: '@replace("before")', accepts: () => [union("before", "after")] }],
  ["after", { least: 1, most: MANY, usage: "@after(db)", accepts: anyResource, repeats: true }],
  ["description", { least: 1, most: 1, usage: '@description("…")', accepts: text }],
]);

export function checkAnnotations(checker: Checker, declaration: ResourceDeclaration, env: Env): void {
  const { report } = checker.model;
  const seen = new Map<string, Annotation>();
  for (const annotation of declaration.annotations) {
    const { name, span } = annotation.name;
    const shape = annotationShapes.get(name);
    if (!shape) {
      const near = suggest(name, [...annotationShapes.keys()]);
      report.add(
        makeError("K1215", {
          message: `there is no annotation \`@${name}\``,
          span,
          hint: near
            ? `did you mean \`@${near}\`?`
            : `there are ${[...annotationShapes.keys()].map((known) => `\`@${known}\``).join(", ")}`,
          ...(near ? { fix: { title: `change to ${near}`, span, replacement: near } } : {}),
        }),
      );
      continue;
    }
    const clash = [name, ...(shape.excludes ?? [])].map((other) => seen.get(other)).find((other) => other !== undefined);
    if (clash && !(shape.repeats && clash.name.name === name)) {
      report.add(
        makeError("K1216", {
          message: clash.name.name === name ? `\`@${name}\` stands twice` : `\`@${name}\` and \`@${clash.name.name}\` exclude each other`,
          span,
          related: [{ span: clash.span, message: "the other one" }],
          hint: "remove one of them",
        }),
      );
    }
    seen.set(name, annotation);
    checker.touchedEach = false;
    checkArguments(checker, annotation, shape, env);
    if (checker.touchedEach) for (const argument of annotation.arguments) checker.model.varying.add(argument);
    checker.touchedEach = false;
  }
}

/** `@ignore("…")` names props of the kind. */
export function isIgnorable(kind: KindSchema, name: string): boolean {
  return (
    Object.hasOwn(kind.props, name) ||
    (kind.blocks !== undefined && Object.hasOwn(kind.blocks, name)) ||
    (kind.rules === true && name === "allow")
  );
}

function checkArguments(checker: Checker, annotation: Annotation, shape: AnnotationShape, env: Env): void {
  const given = annotation.arguments.length;
  if (given < shape.least || given > shape.most) {
    checker.model.report.add(
      makeError("K1315", {
        message:
          shape.most === 0
            ? `\`@${annotation.name.name}\` takes no argument`
            : `\`@${annotation.name.name}\` takes ${shape.most === 1 ? "one argument" : "at least one argument"}`,
        span: annotation.span,
        hint: `write \`${shape.usage}\``,
      }),
    );
    return;
  }
  const accepted = shape.accepts?.(checker.model.kinds.keys()) ?? [];
  for (const argument of annotation.arguments) {
    assign(checker, argument, env, accepted, { what: `\`@${annotation.name.name}\``, hint: `write \`${shape.usage}\`` });
  }
}

function anyResource(kinds: Iterable<string>): readonly Type[] {
  return [...kinds].flatMap((kind) => [optional(resource(kind)), list(resource(kind)), map(resource(kind))]);
}
