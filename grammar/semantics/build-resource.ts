// Makes the portable resource of one instance: props in normal form with defaults, blocks, rules, refinement, annotations,
// references. What does not vary between the instances of a declaration is made once and shared.

import { compareCodePoints } from "../graph/code-point-order.ts";
import type { Annotations, PortableBlock, PortableResource, PortableRule } from "../graph/resource-graph.ts";
import type { PropMap, PropValue } from "../graph/value.ts";
import type { PropSchema } from "../kinds/kind.ts";
import type { Span } from "../source/span.ts";
import type { Attribute } from "../syntax/ast.ts";
import { readAnnotations } from "./annotations.ts";
import { buildRule } from "./build-rules.ts";
import { checkExclusive, checkSupport } from "./check-resource.ts";
import { placeInstance } from "./evaluate-clouds.ts";
import { readWritten } from "./evaluate-members.ts";
import { type Evaluation, forInstance, type Instance, type Template } from "./evaluation.ts";
import { type Halt, isHalt, orElse, poisoned } from "./halt.ts";
import { collectLinks, type Links, newLinks } from "./links.ts";
import { defaultOf, normalise } from "./normal-form.ts";
import { collectPlaces } from "./places.ts";

export interface BuiltResource {
  readonly resource: PortableResource;
  readonly links: Links;
}

/** Parts that all instances of a declaration share, made at first use. */
interface Shared {
  readonly places: Readonly<Record<string, Span>>;
  readonly annotationsVary: boolean;
  readonly parts: Map<string, { readonly value: unknown } | { readonly halt: Halt }>;
}

/** Makes the resources of a declaration; those with a mistake, or in need of an input without a value, are left out. */
export function buildResources(
  evaluation: Evaluation,
  template: Template,
): { readonly built: readonly BuiltResource[]; readonly undecided: number } {
  const { declaration } = template.checked;
  const shared: Shared = {
    places: collectPlaces(template.checked),
    annotationsVary: declaration.annotations.some((one) => one.arguments.some((argument) => evaluation.model.varying.has(argument))),
    parts: new Map(),
  };
  const built: BuiltResource[] = [];
  let undecided = 0;
  for (const instance of template.instances) {
    const made = evaluation.cells.settle(() => buildResource(evaluation, instance, shared));
    if ("resource" in made) built.push(made);
    else if (made.undecided) undecided += 1;
  }
  return { built, undecided };
}

function buildResource(evaluation: Evaluation, instance: Instance, shared: Shared): BuiltResource | { readonly undecided: boolean } {
  const { template, address } = instance;
  const { kind, body, declaration } = template.checked;
  const { varying } = evaluation.model;
  const halts: Halt[] = [];
  /** Goes on after a mistake, so that one run reports the mistakes of all props. */
  const attempt = <T>(make: () => T): T | undefined =>
    orElse(make, (halt) => {
      halts.push(halt);
      return undefined;
    });
  const links = newLinks();

  const cloud = attempt(() => placeInstance(evaluation, instance));
  const provider = cloud === undefined ? undefined : evaluation.model.checkedClouds.get(cloud)?.provider;

  const readProps = (
    schemas: Readonly<Record<string, PropSchema>>,
    attributes: ReadonlyMap<string, Attribute>,
    prefix: string,
    linkAs: string,
  ): PropMap => {
    const props: Record<string, PropValue> = {};
    for (const name in schemas) {
      const schema = schemas[name];
      if (!schema) continue;
      const attribute = attributes.get(name);
      if (!attribute) {
        const constant = defaultOf(schema);
        if (constant !== undefined) props[name] = constant;
        continue;
      }
      const path = prefix === "" ? name : `${prefix}${name}`;
      const value = attempt(() =>
        share(shared, path, varying.has(attribute), () =>
          normalise(
            evaluation,
            readWritten(evaluation, instance, path, attribute) ?? null,
            schema,
            `\`${path}\` of ${address}`,
            attribute.value.span,
          ),
        ),
      );
      if (value === undefined) continue;
      props[name] = value;
      collectLinks(value, linkAs === "" ? name : `${linkAs}.${name}`, path, links);
    }
    return props;
  };

  const props = readProps(kind.props, body.attributes, "", "");
  const blocks = readBlocks(kind.blocks, body.blocks, readProps);
  const rules = body.rules.flatMap((rule, index): readonly PortableRule[] => {
    const made = attempt(() =>
      share(shared, `allow.${index}`, varying.has(rule), () =>
        forInstance(evaluation, varying.has(rule) ? instance : undefined, () => buildRule(evaluation, rule, instance.locals)),
      ),
    );
    return made ? [made] : [];
  });
  rules.forEach((rule, index) => {
    linkPeers(rule, `allow.${index}`, links);
  });
  const refined = provider && body.refinements.get(provider.name);
  const refinement =
    provider && refined
      ? readProps(provider.refinements[kind.name]?.props ?? {}, refined.attributes, `on.${provider.name}.`, `on.${provider.name}`)
      : {};
  const annotations: Annotations =
    attempt(() => share(shared, "@", shared.annotationsVary, () => readAnnotations(evaluation, instance))) ?? {};

  attempt(() => checkExclusive(evaluation, template.checked, props));
  if (provider) attempt(() => checkSupport(evaluation, template.checked, provider, address, props));
  if (halts.length > 0 || cloud === undefined || !provider)
    return { undecided: halts.length > 0 && halts.every((halt) => halt.halt === "undecided") };

  const resource: PortableResource = {
    address,
    kind: kind.name,
    name: template.name,
    ...(instance.key === undefined ? {} : { key: instance.key }),
    cloud,
    provider: provider.name,
    props,
    blocks,
    rules,
    refinement,
    annotations,
    span: declaration.name.span,
    places: shared.places,
    references: sortReferences(links),
  };
  return { resource, links };
}

/** The value of a part that is the same for all instances, made once; its mistake too is raised again, not reported again. */
function share<T>(shared: Shared, key: string, varies: boolean, make: () => T): T {
  if (varies) return make();
  const known = shared.parts.get(key);
  if (known) {
    if ("halt" in known) throw known.halt;
    return known.value as T;
  }
  try {
    const value = make();
    shared.parts.set(key, { value });
    return value;
  } catch (thrown) {
    if (isHalt(thrown) && (thrown.halt === "poison" || thrown.halt === "undecided")) shared.parts.set(key, { halt: thrown });
    throw thrown;
  }
}

function readBlocks(
  schemas: Template["checked"]["kind"]["blocks"],
  written: Template["checked"]["body"]["blocks"],
  readProps: (
    schemas: Readonly<Record<string, PropSchema>>,
    attributes: ReadonlyMap<string, Attribute>,
    prefix: string,
    linkAs: string,
  ) => PropMap,
): PortableResource["blocks"] {
  const blocks: Record<string, Record<string, PortableBlock>> = {};
  for (const [word, labelled] of written) {
    const schema = schemas?.[word];
    if (!schema) throw poisoned;
    // Labels are the author's: no prototype, so that none is mistaken for a method.
    const byLabel: Record<string, PortableBlock> = Object.create(null);
    for (const [label, { block, attributes }] of labelled) {
      byLabel[label] = { props: readProps(schema.props, attributes, `${word}.${label}.`, word), span: block.span };
    }
    blocks[word] = byLabel;
  }
  return blocks;
}

function linkPeers(rule: PortableRule, place: string, links: Links): void {
  for (const peer of rule.peers) {
    if (peer.kind === "resource") links.objects.push({ address: peer.address, prop: "allow", place });
    else if (peer.kind === "deferred") collectLinks(peer.value, "allow", place, links);
  }
}

function sortReferences({ objects, origins }: Links): readonly string[] {
  if (objects.length + origins.length === 0) return [];
  const addresses = new Set(origins);
  for (const link of objects) addresses.add(link.address);
  return addresses.size === 1 ? [...addresses] : [...addresses].sort(compareCodePoints);
}
