// Checks of one built resource that need its values and its placement: props that exclude each other, and what its provider
// refuses. Each refusal says why and the way out.

import type { PropMap } from "../graph/value.ts";
import type { ProviderDescription, Support } from "../kinds/provider-description.ts";
import type { Span } from "../source/span.ts";
import { type Evaluation, stop } from "./evaluation.ts";
import type { CheckedResource } from "./model.ts";

/** Of each group at most one prop is set; exactly one where one of them is required. */
export function checkExclusive(evaluation: Evaluation, { kind, body, declaration }: CheckedResource, props: PropMap): void {
  for (const group of kind.exclusive ?? []) {
    const written = group.filter((name) => body.attributes.has(name) && props[name] !== undefined);
    const [first, second] = written;
    if (first !== undefined && second !== undefined) {
      const names = written.map((name) => body.attributes.get(name)?.name.span);
      stop(evaluation, "K1310", {
        message: `${kind.name} \`${declaration.name.name}\` sets \`${first}\` and \`${second}\`, of which only one may be`,
        span: names[1] ?? declaration.name.span,
        ...(names[0] ? { related: [{ span: names[0], message: "the other one" }] } : {}),
        hint: "remove one of them, or make all but one null",
      });
    }
    if (first === undefined && group.some((name) => kind.props[name]?.required) && group.some((name) => body.attributes.has(name))) {
      stop(evaluation, "K1309", {
        message: `${kind.name} \`${declaration.name.name}\` lacks ${group.map((name) => `\`${name}\``).join(" or ")}`,
        span: declaration.name.span,
        hint: "give one of them a value: all are null here",
      });
    }
  }
}

type Refusal = Support & { readonly kind: "refused" };

const refusals = new WeakMap<Readonly<Record<string, Support>>, readonly (readonly [string, Refusal])[]>();

/** What a provider refuses of a kind: most refuse nothing, and are asked once per resource. */
function refusalsOf(provider: ProviderDescription, kind: string): readonly (readonly [string, Refusal])[] {
  const declared = Object.hasOwn(provider.support, kind) ? provider.support[kind] : undefined;
  if (!declared) return [];
  let refused = refusals.get(declared);
  if (!refused) {
    refused = Object.entries(declared).flatMap(([path, support]) => (support.kind === "refused" ? [[path, support] as const] : []));
    refusals.set(declared, refused);
  }
  return refused;
}

/** What the provider refuses of this kind: the kind itself, or a prop that is set. */
export function checkSupport(
  evaluation: Evaluation,
  checked: CheckedResource,
  provider: ProviderDescription,
  address: string,
  props: PropMap,
): void {
  const { kind } = checked;
  for (const [path, support] of refusalsOf(provider, kind.name)) {
    const span = findUse(checked, path, props);
    if (!span) continue;
    stop(evaluation, "K1506", {
      message: `${provider.title} refuses ${path === "*" ? `the kind \`${kind.name}\`` : `\`${path}\` of a ${kind.name}`}: ${support.reason}`,
      span,
      label: `${address} is placed on ${provider.name}`,
      hint: support.instead,
    });
  }
}

/** Where a resource uses `path`: `*` is the kind itself, `disk.type` a prop of any of its blocks, `allow` its rules. */
function findUse({ declaration, body }: CheckedResource, path: string, props: PropMap): Span | undefined {
  if (path === "*") return declaration.type.span;
  if (path === "allow") return body.rules[0]?.span;
  const [word = "", inner] = path.split(".");
  const blocks = [...(body.blocks.get(word)?.values() ?? [])];
  if (inner !== undefined) return blocks.map((use) => use.attributes.get(inner)?.name.span).find((span) => span !== undefined);
  const attribute = body.attributes.get(word);
  return attribute && props[word] !== undefined ? attribute.name.span : blocks[0]?.block.name.span;
}
