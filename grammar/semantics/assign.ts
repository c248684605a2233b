// Checks an expression against the types that its place accepts, descending into literals so that the carets point at the
// part that is wrong. Strings that stand where an address is expected are typed here, by use.

import { suggest } from "../diagnostics/suggest.ts";
import type { Expression } from "../syntax/ast.ts";
import { isAssignable } from "../types/assignable.ts";
import { formatType, formatTypes } from "../types/format-type.ts";
import { joinAll, joinTypes } from "../types/join-types.ts";
import { bool, errorType, list, secret as makeSecretType, map, type Type } from "../types/type.ts";
import { containsSecret, fieldOf, splitType, withoutSecrets } from "../types/type-parts.ts";
import { type Checker, type Env, failAt, failOptional } from "./checker.ts";
import { withFacts } from "./null-facts.ts";

export interface Place {
  /** What takes the value, for messages: "`cidr`". */
  readonly what: string;
  /** Secrets may flow here. */
  readonly acceptsSecret?: boolean;
  /** Shown with a mismatch. */
  readonly hint?: string;
}

/** The type of `expression`, reported where it fits none of `accepted`. */
export function assign(checker: Checker, expression: Expression, env: Env, accepted: readonly Type[], place: Place): Type {
  const cores = accepted.map((type) => splitType(type).core);
  switch (expression.kind) {
    case "list": {
      const elements = cores.flatMap((type) => (type.kind === "list" ? [type.element] : type.kind === "any" ? [type] : []));
      if (elements.length === 0) break;
      const types = expression.items.map((item) => assign(checker, item, env, elements, { ...place, what: `an element of ${place.what}` }));
      return list(joinAll(types) ?? elements[0] ?? errorType);
    }
    case "object": {
      if (cores.some((type) => type.kind === "any" || type.kind === "map" || type.kind === "object")) {
        return assignObject(checker, expression, env, cores, place);
      }
      break;
    }
    case "conditional": {
      const { secret } = requireBool(checker, expression.condition, env);
      const left = assign(checker, expression.whenTrue, withFacts(env, expression.condition, true), accepted, place);
      const right = assign(checker, expression.whenFalse, withFacts(env, expression.condition, false), accepted, place);
      const joined = joinTypes(left, right) ?? left;
      const type: Type = secret ? makeSecretType(joined) : joined;
      checker.model.types.set(expression, type);
      return judge(checker, expression, type, accepted, place);
    }
    case "string": {
      const typed = addressUse(cores);
      if (typed) {
        const type = checker.infer(expression, env);
        if (type.kind === "error") return type;
        checker.model.typedStrings.set(expression, typed);
        return judge(
          checker,
          expression,
          containsSecret(type) ? { kind: "secret", inner: typedAs(typed) } : typedAs(typed),
          accepted,
          place,
        );
      }
      break;
    }
  }
  return judge(checker, expression, checker.infer(expression, env), accepted, place);
}

/** A condition: bool, perhaps secret. */
export function requireBool(checker: Checker, condition: Expression, env: Env): { readonly secret: boolean } {
  const type = checker.infer(condition, env);
  judge(checker, condition, withoutSecrets(type), [bool], { what: "a condition" });
  return { secret: splitType(type).secret };
}

/** Reports when a type fits none of those accepted; for expressions inferred already. */
export function judge(checker: Checker, expression: Expression, type: Type, accepted: readonly Type[], place: Place): Type {
  const plain = place.acceptsSecret ? withoutSecrets(type) : type;
  if (accepted.some((target) => isAssignable(plain, target))) return type;
  const shown = withoutSecrets(type);
  if (containsSecret(type) && accepted.some((target) => isAssignable(shown, withoutSecrets(target)))) {
    return failAt(checker, expression, "K1313", {
      message: `a secret cannot flow into ${place.what}`,
      hint: "secrets may flow into props that accept them, such as `user_data` and `cloud_init`, and into outputs declared `secret`",
    });
  }
  const { core, optional: mayBeNull } = splitType(type);
  if ((mayBeNull || core.kind === "null") && accepted.some((target) => isAssignable(core.kind === "null" ? errorType : core, target))) {
    return core.kind === "null"
      ? failAt(checker, expression, "K1303", {
          message: `${place.what} needs a value, not null`,
          hint: "give it a value; only optional props and inputs may be null",
        })
      : failOptional(checker, expression, place.what);
  }
  return failAt(checker, expression, "K1301", {
    message: `${place.what} takes ${formatAccepted(accepted)}, not ${formatType(shown)}`,
    ...hintFor(shown, accepted, expression, place),
  });
}

function hintFor(type: Type, accepted: readonly Type[], expression: Expression, place: Place) {
  const { core } = splitType(type);
  const cores = accepted.map((target) => splitType(target).core);
  if (core.kind === "union" && core.values.length === 1) {
    const near = suggest(
      core.values[0] ?? "",
      cores.flatMap((target) => (target.kind === "union" ? target.values : [])),
    );
    if (near !== undefined) {
      const written =
        expression.kind === "string"
          ? { fix: { title: `change to "${near}"`, span: expression.span, replacement: JSON.stringify(near) } }
          : {};
      return { hint: `did you mean \`"${near}"\`?`, ...written };
    }
  }
  if (place.hint) return { hint: place.hint };
  const wantsText = cores.some((target) => target.kind === "string");
  if (wantsText && ["int", "number", "bool", "size", "duration", "ip", "cidr", "port"].includes(core.kind)) {
    return { hint: 'put it in a string: `"${…}"`' };
  }
  if (core.kind === "string" && cores.some((target) => target.kind === "union")) {
    return { hint: 'declare where it comes from with these values, for example `input x: "a" | "b"`' };
  }
  if (core.kind === "string" && cores.some((target) => target.kind === "ip" || target.kind === "cidr")) {
    return { hint: "declare where it comes from as `ip` or `cidr`, or write the address here" };
  }
  if (core.kind === "number" && cores.some((target) => target.kind === "int")) return { hint: "round it with `floor` or `ceil`" };
  if ((core.kind === "int" || core.kind === "number") && cores.some((target) => target.kind === "size")) {
    return { hint: "add a unit, for example `20GiB`" };
  }
  if ((core.kind === "int" || core.kind === "number") && cores.some((target) => target.kind === "duration")) {
    return { hint: "add a unit, for example `30s`" };
  }
  const element = core.kind === "list" || core.kind === "map" ? core.element : undefined;
  if (element && cores.some((target) => isAssignable(element, target))) {
    return { hint: core.kind === "list" ? "take one of its elements, for example `[0]`" : 'take one of its elements, for example `["a"]`' };
  }
  const values = cores.flatMap((target) => (target.kind === "union" ? target.values : []));
  if (values.length > 0) return { hint: `it is one of ${values.map((value) => JSON.stringify(value)).join(", ")}` };
  return { hint: `give it a value of type ${formatAccepted(accepted)}` };
}

/** What a place takes, without the `?` that only says that it may be left unset. */
function formatAccepted(accepted: readonly Type[]): string {
  return formatTypes(accepted.map((type) => splitType(type).core));
}

function assignObject(
  checker: Checker,
  expression: Expression & { readonly kind: "object" },
  env: Env,
  cores: readonly Type[],
  place: Place,
): Type {
  const shape = cores.find((type) => type.kind === "object");
  const elements = cores.flatMap((type) => (type.kind === "map" ? [type.element] : type.kind === "any" ? [type] : []));
  const fields: Record<string, Type> = Object.create(null);
  let broken = false;
  const seen = new Set<string>();
  for (const field of expression.fields) {
    if (field.key.kind === "computed") {
      const key = checker.infer(field.key.expression, env);
      judge(checker, field.key.expression, key, [{ kind: "string" }], { what: "a key" });
      assign(checker, field.value, env, elements.length > 0 ? elements : [{ kind: "any" }], { ...place, what: `a value of ${place.what}` });
      continue;
    }
    const { name } = field.key;
    if (seen.has(name)) continue;
    seen.add(name);
    const wanted = shape && fieldOf(shape.fields, name);
    const accepted = [...(wanted ? [wanted] : []), ...elements];
    if (accepted.length === 0) {
      const near = suggest(name, Object.keys(shape?.fields ?? {}));
      checker.infer(field.value, env);
      failAt(checker, expression, "K1209", {
        span: field.key.span,
        message: `${place.what} has no field \`${name}\``,
        hint: near
          ? `did you mean \`${near}\`?`
          : `it has ${Object.keys(shape?.fields ?? {})
              .map((known) => `\`${known}\``)
              .join(", ")}`,
      });
      broken = true;
      continue;
    }
    fields[name] = assign(checker, field.value, env, accepted, { ...place, what: `\`${name}\`` });
  }
  for (const name of shape && elements.length === 0 ? Object.keys(shape.fields) : []) {
    const wanted = shape && fieldOf(shape.fields, name);
    if (!wanted || seen.has(name) || splitType(wanted).optional) continue;
    failAt(checker, expression, "K1309", { message: `${place.what} lacks the field \`${name}\``, hint: `add \`${name} = …\`` });
    broken = true;
  }
  reportRepeatedFields(checker, expression);
  if (broken) return errorType;
  // Where anything goes, the literal's own type is kept: the results of `merge` and `values` follow from it.
  const isOpen = elements.some((type) => type.kind === "any") && expression.fields.every(({ key }) => key.kind === "fixed");
  return shape || isOpen ? { kind: "object", fields } : map(elements[0] ?? errorType);
}

/** A fixed key that stands twice in one object. */
export function reportRepeatedFields(checker: Checker, expression: Expression & { readonly kind: "object" }): void {
  const seen = new Map<string, Expression["span"]>();
  for (const { key, value } of expression.fields) {
    if (key.kind !== "fixed") continue;
    const first = seen.get(key.name);
    if (first) {
      checker.model.broken.add(expression);
      failAt(checker, value, "K1220", {
        message: `the field \`${key.name}\` stands twice`,
        related: [{ span: first, message: "first here" }],
        hint: "remove one of them",
      });
    } else {
      seen.set(key.name, key.span);
    }
  }
}

function addressUse(cores: readonly Type[]): "ip" | "cidr" | "either" | undefined {
  if (cores.some((type) => type.kind === "string" || type.kind === "union" || type.kind === "region" || type.kind === "any"))
    return undefined;
  const asIp = cores.some((type) => type.kind === "ip");
  const asCidr = cores.some((type) => type.kind === "cidr");
  if (asIp && asCidr) return "either";
  return asIp ? "ip" : asCidr ? "cidr" : undefined;
}

function typedAs(use: "ip" | "cidr" | "either"): Type {
  return { kind: use === "either" ? "cidr" : use };
}
