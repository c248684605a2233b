// Values of inputs: what was given, read by the declared type, else the default. Secrets are sealed here, at the source.

import { suggest } from "../diagnostics/suggest.ts";
import { makeDeferred, makeSecret } from "../graph/make-value.ts";
import { INPUT_ORIGIN, isDeferred, isSecret, type Value } from "../graph/value.ts";
import type { InputDeclaration } from "../syntax/ast.ts";
import { errorType, type Type } from "../types/type.ts";
import { containsSecret, fieldOf, splitType, withoutSecrets } from "../types/type-parts.ts";
import { charge, type Evaluation, stop } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { requireKnown } from "./lift.ts";
import { readData, readTextInput } from "./parse-text.ts";
import { requirePorts } from "./port-range.ts";
import { makeError } from "./report.ts";

/** The value of an input. Its `where` is judged apart, since it reads the value by name. */
export function readInput(evaluation: Evaluation, declaration: InputDeclaration): Value {
  const { model } = evaluation;
  const { name, span } = declaration.name;
  const type = model.valueTypes.get(name)?.value ?? errorType;
  if (type.kind === "error") throw poisoned;
  const given = evaluation.inputs.get(name);
  if (given) {
    if ("text" in given) charge(evaluation, { bytes: given.text.length }, span);
    const read = "text" in given ? readTextInput(given.text, type, model.scope.clouds) : readData(given.data, type, model.scope.clouds);
    if ("value" in read) return sealByType(read.value, type);
    return stop(evaluation, "K1411", { message: `the value given for \`${name}\` ${read.mistake}`, span, hint: read.hint });
  }
  if (declaration.default) {
    const value = evaluation.evaluate(declaration.default, undefined);
    const known = requireKnown(evaluation, value, `the input \`${name}\``, declaration.default.span);
    return sealByType(requirePorts(evaluation, known, type, `\`${name}\``, declaration.default.span), type);
  }
  if (splitType(type).optional) return null;
  evaluation.missingInputs.add(name);
  if (evaluation.partial) {
    const origin = { address: `${INPUT_ORIGIN}${name}`, path: [] };
    const standIn = makeDeferred(withoutSecrets(type), [origin], { op: "attribute", origin });
    return containsSecret(type) ? makeSecret(standIn) : standIn;
  }
  return stop(evaluation, "K1410", {
    message: `the input \`${name}\` has no value`,
    span,
    hint: `give it one: \`--set ${name}=…\`, or under \`inputs\` in koine.yaml, or a default here`,
  });
}

/** Wraps whatever the type declares secret. */
export function sealByType(value: Value, type: Type): Value {
  if (!containsSecret(type) || isDeferred(value)) return containsSecret(type) ? makeSecret(value) : value;
  const { core, secret } = splitType(type);
  if (secret) return makeSecret(value);
  if (Array.isArray(value) && core.kind === "list") return value.map((item) => sealByType(item, core.element));
  if (value instanceof Map) {
    const typeOf = (key: string) => (core.kind === "map" ? core.element : core.kind === "object" ? fieldOf(core.fields, key) : undefined);
    return new Map([...value].map(([key, item]) => [key, sealByType(item, typeOf(key) ?? errorType)]));
  }
  return value;
}

/** Judges `where` of an input whose value is known. False when it does not hold; the mistake is reported. */
export function checkWhere(evaluation: Evaluation, declaration: InputDeclaration): boolean {
  const { where, message } = declaration;
  if (!where) return true;
  const holds = requireKnown(evaluation, evaluation.evaluate(where, undefined), "`where`", where.span);
  if (holds === true) return true;
  const told = message && evaluation.evaluate(message, undefined);
  const { name, span } = declaration.name;
  evaluation.model.report.add(
    makeError("K1412", {
      message: typeof told === "string" ? `the value of \`${name}\` is refused: ${told}` : `the value of \`${name}\` is refused`,
      span,
      related: [{ span: where.span, message: "this does not hold" }],
      hint: `give another value: \`--set ${name}=…\``,
    }),
  );
  return false;
}

/** Values given for inputs that the stack does not declare. */
export function reportUnknownInputs(evaluation: Evaluation): void {
  const { scope, report } = evaluation.model;
  const declared = [...scope.values.values()].filter((declaration) => declaration.kind === "input").map(({ name }) => name.name);
  for (const name of evaluation.inputs.keys()) {
    if (declared.includes(name)) continue;
    const near = suggest(name, declared);
    report.add(
      makeError("K1217", {
        message: `a value is given for \`${name}\`, which is no input of this stack`,
        hint:
          near !== undefined
            ? `did you mean \`${near}\`?`
            : declared.length > 0
              ? `inputs are ${declared.map((one) => `\`${one}\``).join(", ")}`
              : "this stack has no inputs",
      }),
    );
  }
}

/** Whether a value is, or wraps, the stand-in of an input without a value. */
export function isUndecided(value: Value): boolean {
  const plain = isSecret(value) ? (value.value as Value) : value;
  return isDeferred(plain) && plain.origins.some(({ address }) => address.startsWith(INPUT_ORIGIN));
}
