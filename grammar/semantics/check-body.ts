// Checks a body against a schema: known names, each once, values of the right type, what is required. Every declaration's
// body is judged here once, whatever the number of its instances.

import { suggest } from "../diagnostics/suggest.ts";
import type { AttributeSchema, BlockSchema, PropSchema } from "../kinds/kind.ts";
import type { Span } from "../source/span.ts";
import type { AllowRule, Attribute, Block, Body, Identifier, Refinement } from "../syntax/ast.ts";
import { cidr, ip, list, map, optional, port, resource, type Type } from "../types/type.ts";
import { assign } from "./assign.ts";
import type { Checker, Env } from "./checker.ts";
import type { CheckedBlock, CheckedBody, CheckedRefinement } from "./model.ts";
import { makeError } from "./report.ts";

export interface BodyShape {
  /** "machine `web`", "cloud `aws`": for messages. */
  readonly owner: string;
  /** Where a missing prop is reported. */
  readonly span: Span;
  readonly props: Readonly<Record<string, PropSchema>>;
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly blocks?: Readonly<Record<string, BlockSchema>>;
  readonly rules?: boolean;
  readonly exclusive?: readonly (readonly string[])[];
  /** Props that `on PROVIDER` blocks may hold; absent: no such block here. */
  readonly refinement?: (provider: Identifier) => Readonly<Record<string, PropSchema>> | undefined;
  /** Props that this body refuses though the schema has them, with the reason. */
  readonly refuses?: readonly string[];
}

export function checkBody(checker: Checker, body: Body | undefined, shape: BodyShape, env: Env): CheckedBody {
  const attributes = new Map<string, Attribute>();
  const blocks = new Map<string, Map<string, CheckedBlock>>();
  const rules: AllowRule[] = [];
  const refinements = new Map<string, CheckedRefinement>();
  for (const item of body?.items ?? []) {
    switch (item.kind) {
      case "attribute":
        checkAttribute(checker, item, shape, env, attributes);
        break;
      case "block":
        checkBlock(checker, item, shape, env, blocks);
        break;
      case "allow":
        if (shape.rules) {
          markVarying(checker, item, () => checkRule(checker, item, env));
          rules.push(item);
        } else {
          checker.model.report.add(
            makeError("K1316", {
              message: `${shape.owner} takes no \`allow\` rules`,
              span: item.span,
              hint: "write the rule in a `firewall` and name it: `firewall = …`",
            }),
          );
        }
        break;
      case "refinement":
        checkRefinement(checker, item, shape, env, refinements);
    }
  }
  if (!body?.incomplete) checkRequired(checker, shape, attributes, misspelled(body, shape));
  return { attributes, blocks, rules, refinements };
}

/** Types that a prop takes; null leaves unset what is not required. */
function acceptedTypes(schema: PropSchema, mayBeUnset: boolean): readonly Type[] {
  const single = [schema.type, ...(schema.or ?? [])];
  const all = schema.many ? [...single, ...single.map(list)] : single;
  return mayBeUnset ? all.map(optional) : all;
}

/** Runs `check`, then remembers whether the item read an iteration name of its resource. */
export function markVarying(checker: Checker, item: Parameters<Checker["model"]["varying"]["add"]>[0], check: () => void): void {
  checker.touchedEach = false;
  check();
  if (checker.touchedEach) checker.model.varying.add(item);
  checker.touchedEach = false;
}

function checkAttribute(checker: Checker, item: Attribute, shape: BodyShape, env: Env, attributes: Map<string, Attribute>): void {
  const { name } = item.name;
  const schema = Object.hasOwn(shape.props, name) ? shape.props[name] : undefined;
  const taken = attributes.get(name);
  if (taken) {
    reportRepeated(checker, item.name, `\`${name}\` is set twice`, taken.name.span);
  } else if (!schema || shape.refuses?.includes(name)) {
    reportUnknownProp(checker, item.name, shape);
  } else {
    attributes.set(name, item);
  }
  markVarying(checker, item, () => {
    if (!schema) {
      checker.infer(item.value, env);
      return;
    }
    const inChoice = shape.exclusive?.some((group) => group.includes(name)) ?? false;
    assign(checker, item.value, env, acceptedTypes(schema, !schema.required || inChoice), {
      what: `\`${name}\``,
      acceptsSecret: schema.acceptsSecret === true,
    });
  });
}

function checkBlock(checker: Checker, item: Block, shape: BodyShape, env: Env, blocks: Map<string, Map<string, CheckedBlock>>): void {
  const { report } = checker.model;
  const word = item.name.name;
  const schema = shape.blocks && Object.hasOwn(shape.blocks, word) ? shape.blocks[word] : undefined;
  if (!schema) {
    const near = suggest(word, Object.keys(shape.blocks ?? {}));
    const isProp = Object.hasOwn(shape.props, word);
    report.add(
      makeError("K1212", {
        message: `${shape.owner} has no block \`${word}\``,
        span: item.name.span,
        hint: isProp
          ? `\`${word}\` is a prop: write \`${word} = …\``
          : near
            ? `did you mean \`${near}\`?`
            : "only blocks of its kind may stand here",
        ...(near && !isProp ? { fix: { title: `change to ${near}`, span: item.name.span, replacement: near } } : {}),
      }),
    );
    return;
  }
  if (!item.label) {
    report.add(
      makeError("K1214", {
        message: `this \`${word}\` block has no name`,
        span: item.name.span,
        hint: `name it, for example \`${word} data { … }\`: it is read by its name`,
      }),
    );
    return;
  }
  const label = item.label.name;
  const owner = `\`${word} ${label}\``;
  const refuses = schema.labels && Object.hasOwn(schema.labels, label) ? schema.labels[label]?.refuses : undefined;
  const inner: BodyShape = {
    owner,
    span: item.label.span,
    props: schema.props,
    attributes: schema.attributes,
    ...(refuses ? { refuses } : {}),
  };
  const checked = checkBody(checker, item.body, inner, env);
  const labelled = blocks.get(word) ?? new Map<string, CheckedBlock>();
  blocks.set(word, labelled);
  const taken = labelled.get(label);
  if (taken) reportRepeated(checker, item.label, `the block ${owner} stands twice`, taken.block.span);
  else labelled.set(label, { block: item, attributes: checked.attributes });
  if (isVarying(checker, checked.attributes)) checker.model.varying.add(item);
}

function checkRefinement(
  checker: Checker,
  item: Refinement,
  shape: BodyShape,
  env: Env,
  refinements: Map<string, CheckedRefinement>,
): void {
  const props = shape.refinement?.(item.provider);
  if (!props) {
    if (!shape.refinement) {
      checker.model.report.add(
        makeError("K1212", {
          message: `${shape.owner} takes no \`on\` block`,
          span: item.provider.span,
          hint: "move it to the body of a resource",
        }),
      );
    }
    return;
  }
  const provider = item.provider.name;
  const inner: BodyShape = { owner: `\`on ${provider}\` of ${shape.owner}`, span: item.provider.span, props };
  const checked = checkBody(checker, item.body, inner, env);
  const taken = refinements.get(provider);
  if (taken) reportRepeated(checker, item.provider, `\`on ${provider}\` stands twice`, taken.refinement.provider.span);
  else refinements.set(provider, { refinement: item, attributes: checked.attributes });
  if (isVarying(checker, checked.attributes)) checker.model.varying.add(item);
}

const PEERS: readonly Type[] = [cidr, ip, resource("firewall"), resource("subnet"), resource("network")];

function checkRule(checker: Checker, rule: AllowRule, env: Env): void {
  for (const range of rule.ports) {
    const single: readonly Type[] = range.to ? [port] : [port, list(port)];
    assign(checker, range.from, env, single, { what: "a port", hint: "write ports as ints: `80`, `8000-8100`" });
    if (range.to) assign(checker, range.to, env, [port], { what: "a port", hint: "write ports as ints: `80`, `8000-8100`" });
  }
  for (const peer of rule.peers) {
    if (peer.kind === "any") continue;
    assign(checker, peer.expression, env, [...PEERS, ...PEERS.map(list), ...PEERS.map(map)], {
      what: `\`${rule.direction}\``,
      hint: "a peer is `any`, an address, a range, a firewall, a subnet or a network; of a machine, its `private_ip` or its firewall",
    });
  }
}

/** Props that an unknown name was probably meant to be: they are not missing too. */
function misspelled(body: Body | undefined, shape: BodyShape): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const item of body?.items ?? []) {
    if (item.kind !== "attribute" && item.kind !== "block") continue;
    if (Object.hasOwn(shape.props, item.name.name) && item.kind === "block") meant.add(item.name.name);
    const isKnown = item.kind === "block" && shape.blocks !== undefined && Object.hasOwn(shape.blocks, item.name.name);
    if (isKnown || Object.hasOwn(shape.props, item.name.name)) continue;
    const near = suggest(item.name.name, Object.keys(shape.props));
    if (near !== undefined) meant.add(near);
  }
  return meant;
}

function checkRequired(checker: Checker, shape: BodyShape, attributes: ReadonlyMap<string, Attribute>, meant: ReadonlySet<string>): void {
  for (const [name, schema] of Object.entries(shape.props)) {
    if (!schema.required || attributes.has(name) || meant.has(name) || shape.refuses?.includes(name)) continue;
    const choices = (shape.exclusive ?? []).filter((group) => group.includes(name)).flat();
    if (choices.some((choice) => attributes.has(choice))) continue;
    const others = choices.filter((choice) => choice !== name);
    checker.model.report.add(
      makeError("K1309", {
        message: `${shape.owner} lacks \`${name}\`${others.length > 0 ? ` (or ${others.map((other) => `\`${other}\``).join(", ")})` : ""}`,
        span: shape.span,
        hint: `add \`${name} = …\`: ${schema.doc}`,
      }),
    );
  }
}

function reportUnknownProp(checker: Checker, name: Identifier, shape: BodyShape): void {
  const isAttribute = shape.attributes !== undefined && Object.hasOwn(shape.attributes, name.name);
  const isBlock = shape.blocks !== undefined && Object.hasOwn(shape.blocks, name.name);
  const refused = shape.refuses?.includes(name.name) ?? false;
  const near = suggest(name.name, Object.keys(shape.props));
  const known = Object.keys(shape.props).map((prop) => `\`${prop}\``);
  const hint = isAttribute
    ? `\`${name.name}\` is given by the cloud: it can be read, not set`
    : isBlock
      ? `\`${name.name}\` is a block: write \`${name.name} NAME { … }\``
      : refused
        ? "leave it out here"
        : near
          ? `did you mean \`${near}\`?`
          : known.length > 0
            ? `it takes ${known.join(", ")}`
            : "it takes no props";
  const mends = near !== undefined && !isAttribute && !isBlock && !refused;
  checker.model.report.add(
    makeError("K1209", {
      message: `${shape.owner} ${refused ? "refuses" : "has no prop"} \`${name.name}\``,
      span: name.span,
      hint,
      ...(mends ? { fix: { title: `change to ${near}`, span: name.span, replacement: near } } : {}),
    }),
  );
}

function reportRepeated(checker: Checker, name: Identifier, message: string, first: Span): void {
  checker.model.report.add(
    makeError("K1210", { message, span: name.span, related: [{ span: first, message: "first here" }], hint: "remove one of them" }),
  );
}

function isVarying(checker: Checker, attributes: ReadonlyMap<string, Attribute>): boolean {
  return attributes.values().some((attribute) => checker.model.varying.has(attribute));
}
