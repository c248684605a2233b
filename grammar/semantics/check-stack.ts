// Checks every declaration of a stack once: types, bodies, annotations. After it, the evaluator may trust whatever is not
// marked broken.

import { suggest } from "../diagnostics/suggest.ts";
import type { PropSchema } from "../kinds/kind.ts";
import type { CloudDeclaration, Expression, Identifier, InputDeclaration, OutputDeclaration, ResourceDeclaration } from "../syntax/ast.ts";
import { formatType } from "../types/format-type.ts";
import { cloud, errorType, map, string, type Type } from "../types/type.ts";
import { containsSecret, splitType, withoutSecrets } from "../types/type-parts.ts";
import { assign, requireBool } from "./assign.ts";
import { checkAnnotations } from "./check-annotations.ts";
import { checkBody, markVarying } from "./check-body.ts";
import { type Checker, type Env, failAt, topLevel } from "./checker.ts";
import { findResourceUse } from "./find-names.ts";
import { createChecker } from "./infer.ts";
import { bindNames } from "./infer-iteration.ts";
import { checkLet, inferEach, typeOfDeclaration } from "./infer-names.ts";
import type { Model } from "./model.ts";
import { makeError } from "./report.ts";
import { resolveType } from "./resolve-type.ts";

/** Props of `stack NAME { … }`. */
const stackProps: Readonly<Record<string, PropSchema>> = {
  tags: { type: map(string), doc: "Tags of every object of the stack that can carry them." },
};

/** Fills the model; every mistake goes to its report. */
export function checkStack(model: Model): void {
  const checker = createChecker(model);
  const check = (body: () => void): void => {
    checker.nesting = 0;
    checker.touchedEach = false;
    model.cells.settle(body);
  };
  for (const declaration of model.scope.values.values()) {
    switch (declaration.kind) {
      case "input":
        check(() => checkInput(checker, declaration));
        break;
      case "let":
        check(() => checkLet(checker, declaration));
        break;
      case "cloud":
        check(() => checkCloud(checker, declaration));
        break;
      case "resource":
        check(() => checkResource(checker, declaration));
    }
  }
  check(() => checkStackDeclaration(checker));
  for (const declaration of model.scope.outputs.values()) check(() => checkOutput(checker, declaration));
  for (const declaration of model.scope.asserts) {
    check(() => {
      refuseSecret(checker, declaration.condition, requireBool(checker, declaration.condition, topLevel).secret, "an assertion");
      if (declaration.message) assign(checker, declaration.message, topLevel, [string], { what: "the message of an assertion" });
    });
  }
}

function checkStackDeclaration(checker: Checker): void {
  const { stack } = checker.model.scope;
  if (!stack) return;
  if (stack.on) assign(checker, stack.on, topLevel, [cloud], { what: "`on`", hint: "name a cloud of the stack" });
  checkBody(checker, stack.body, { owner: `stack \`${stack.name.name}\``, span: stack.name.span, props: stackProps }, topLevel);
}

function checkInput(checker: Checker, declaration: InputDeclaration): void {
  const type = typeOfDeclaration(checker, declaration);
  if (declaration.default) {
    assign(checker, declaration.default, topLevel, [type], { what: `\`${declaration.name.name}\`` });
  }
  if (declaration.where) {
    refuseSecret(checker, declaration.where, requireBool(checker, declaration.where, topLevel).secret, "`where`");
  }
  if (declaration.message) assign(checker, declaration.message, topLevel, [string], { what: "the message of `where`" });
}

function checkCloud(checker: Checker, declaration: CloudDeclaration): void {
  const { model } = checker;
  const written = declaration.provider ?? declaration.name;
  const provider = model.providers.get(written.name);
  const name = declaration.name.name;
  if (declaration.provider && declaration.provider.name !== name && model.providers.has(name)) {
    model.report.add(
      makeError("K1502", {
        message: `a cloud named \`${name}\` must be that provider, not \`${declaration.provider.name}\``,
        span: declaration.name.span,
        hint: `choose another name, for example \`cloud my_${declaration.provider.name} = ${declaration.provider.name} { … }\``,
      }),
    );
    return;
  }
  if (!provider) {
    reportUnknownProvider(checker, written, declaration.provider === undefined);
    return;
  }
  const body = checkBody(
    checker,
    declaration.body,
    { owner: `cloud \`${name}\``, span: declaration.name.span, props: provider.config.props },
    topLevel,
  );
  for (const attribute of body.attributes.values()) {
    const use = findResourceUse(model.scope, attribute.value);
    if (!use) continue;
    failAt(checker, attribute.value, "K1510", {
      span: use.span,
      message: `the settings of a cloud cannot depend on a resource, as \`${use.name}\` is`,
      hint: "settings may use inputs, lets and functions: a cloud must be known before anything is made on it",
    });
  }
  model.checkedClouds.set(name, { declaration, provider, attributes: body.attributes });
}

function checkResource(checker: Checker, declaration: ResourceDeclaration): void {
  const { model } = checker;
  const kind = model.kinds.get(declaration.type.name);
  if (!kind) {
    const { name, span } = declaration.type;
    const near = suggest(name, [...model.kinds.keys()]);
    model.report.add(
      makeError("K1203", {
        message: `there is no kind \`${name}\``,
        span,
        hint: near ? `did you mean \`${near}\`?` : `kinds are ${[...model.kinds.keys()].map((known) => `\`${known}\``).join(", ")}`,
        ...(near ? { fix: { title: `change to ${near}`, span, replacement: near } } : {}),
      }),
    );
    model.brokenNames.add(declaration.name.name);
    return;
  }
  const type = typeOfDeclaration(checker, declaration);
  const each = inferEach(checker, declaration);
  if (!each || type.kind === "error") model.brokenNames.add(declaration.name.name);
  const unknown = { key: errorType, value: errorType };
  const env: Env = declaration.each ? bindNames(checker, declaration.each.names, each ?? unknown, topLevel, true) : topLevel;
  if (declaration.condition) {
    const { condition } = declaration;
    refuseSecret(checker, condition, requireBool(checker, condition, hideNames(declaration)).secret, "`if`");
  }
  const { on } = declaration;
  if (on) markVarying(checker, on, () => void assign(checker, on, env, [cloud], { what: "`on`", hint: "name a cloud of the stack" }));
  checkAnnotations(checker, declaration, env);
  const owner = `${kind.name} \`${declaration.name.name}\``;
  const body = checkBody(
    checker,
    declaration.body,
    {
      owner,
      span: declaration.name.span,
      props: kind.props,
      attributes: kind.attributes,
      rules: kind.rules === true,
      ...(kind.blocks ? { blocks: kind.blocks } : {}),
      ...(kind.exclusive ? { exclusive: kind.exclusive } : {}),
      refinement: (provider) => refinementProps(checker, provider, kind.name),
    },
    env,
  );
  model.resources.set(declaration.name.name, { declaration, kind, body, multiplicity: each?.multiplicity ?? "one" });
}

/** The condition of `[each]` is decided once: reading an iteration name there gets a hint of its own. */
function hideNames(declaration: ResourceDeclaration): Env {
  return declaration.each ? { hidden: declaration.each.names.map(({ name }) => name) } : topLevel;
}

function refinementProps(checker: Checker, provider: Identifier, kind: string): Readonly<Record<string, PropSchema>> | undefined {
  const description = checker.model.providers.get(provider.name);
  if (description) return description.refinements[kind]?.props ?? {};
  const declared = checker.model.scope.values.get(provider.name);
  if (declared?.kind === "cloud" && declared.provider) {
    checker.model.report.add(
      makeError("K1501", {
        message: `\`${provider.name}\` is a cloud of this stack, and \`on { … }\` blocks name a provider`,
        span: provider.span,
        hint: `write \`on ${declared.provider.name} { … }\``,
        fix: { title: `change to ${declared.provider.name}`, span: provider.span, replacement: declared.provider.name },
      }),
    );
  } else {
    reportUnknownProvider(checker, provider, false);
  }
  return undefined;
}

function reportUnknownProvider(checker: Checker, name: Identifier, alone: boolean): void {
  const known = checker.model.providerNames;
  const near = suggest(name.name, known);
  const list = known.map((provider) => `\`${provider}\``).join(", ");
  checker.model.report.add(
    makeError("K1501", {
      message: `there is no provider \`${name.name}\``,
      span: name.span,
      hint: near
        ? `did you mean \`${near}\`?`
        : alone
          ? `providers are ${list}; to give a cloud a name of its own, write \`cloud ${name.name} = ${known[0] ?? "PROVIDER"} { … }\``
          : `providers are ${list}`,
      ...(near ? { fix: { title: `change to ${near}`, span: name.span, replacement: near } } : {}),
    }),
  );
}

function checkOutput(checker: Checker, declaration: OutputDeclaration): void {
  const { name } = declaration.name;
  const declared = declaration.type && resolveType(checker.model, declaration.type, "output");
  const type = declared
    ? assign(checker, declaration.value, topLevel, [declared], {
        what: `the output \`${name}\``,
        hint: `its type is declared: change the type or the value`,
      })
    : checker.infer(declaration.value, topLevel);
  if (type.kind === "error") return;
  const refused = findUnprintable(type);
  if (refused) {
    failAt(checker, declaration.value, "K1317", {
      message: `a ${refused.kind === "resource" ? refused.of : refused.kind} cannot be an output`,
      hint:
        refused.kind === "cloud"
          ? "output its `name`"
          : refused.kind === "region"
            ? "output the `region` of the cloud"
            : "output an attribute of it, for example its `id`",
    });
  } else if (!declared && containsSecret(type)) {
    failAt(checker, declaration.value, "K1313", {
      message: `the output \`${name}\` would show a secret`,
      hint: `declare it secret: \`output ${name}: secret ${formatType(withoutSecrets(type))} = …\``,
    });
  } else {
    checker.model.outputTypes.set(name, declared ?? type);
  }
}

function findUnprintable(type: Type): Type | undefined {
  const { core } = splitType(type);
  switch (core.kind) {
    case "list":
    case "map":
      return findUnprintable(core.element);
    case "object":
      return Object.values(core.fields)
        .map(findUnprintable)
        .find((found) => found !== undefined);
    case "resource":
    case "block":
    case "cloud":
    case "region":
      return core;
    default:
      return undefined;
  }
}

function refuseSecret(checker: Checker, condition: Expression, secret: boolean, what: string): void {
  if (!secret) return;
  failAt(checker, condition, "K1313", {
    message: `a secret cannot decide ${what}`,
    hint: "whether it held would be shown, and with it part of the secret",
  });
}
