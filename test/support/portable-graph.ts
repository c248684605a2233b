// Builds portable graphs by hand for tests of kinds, checks and lowerings: defaults are filled in from the kinds, every
// written prop gets a place of its own. Not a compiler: it judges nothing.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { compareCodePoints } from "../../grammar/graph/code-point-order.ts";
import type {
  Annotations,
  Output,
  PortableBlock,
  PortablePeer,
  PortableResource,
  PortableRule,
  ResourceGraph,
} from "../../grammar/graph/resource-graph.ts";
import { isDeferred, isRef, type PropMap, type PropValue, type Ref, tag } from "../../grammar/graph/value.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import type { CheckContext } from "../../grammar/kinds/kind.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { Protocol } from "../../grammar/syntax/ast.ts";

export interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly key?: string | number;
  readonly cloud?: string;
  readonly props?: PropMap;
  readonly blocks?: Readonly<Record<string, Readonly<Record<string, PropMap>>>>;
  readonly rules?: readonly Omit<PortableRule, "span">[];
  readonly annotations?: Annotations;
}

/** A reference by address: `ref("network.main")`. */
export function ref(address: string): Ref {
  return { [tag]: "ref", kind: address.slice(0, address.indexOf(".")), address };
}

/** `allow tcp 80, 8000-8100 from …`; a number is one port, a pair a range, a string a cidr or an address. */
export function allow(
  protocol: Protocol,
  ports: readonly (number | readonly [number, number])[],
  direction: "from" | "to",
  ...peers: readonly string[]
): Omit<PortableRule, "span"> {
  return {
    protocol,
    direction,
    ports: ports.map((port) => (typeof port === "number" ? { from: port, to: port } : { from: port[0], to: port[1] })),
    peers: peers.map(readPeer),
  };
}

/** The graph of these resources, in the order of their addresses; each declaration stands 1,000 offsets after the one before. */
export function buildGraph(declared: readonly Declared[], outputs: readonly Omit<Output, "span" | "secret">[] = []): ResourceGraph {
  const resources = declared.map((one, index) => buildResource(one, index * 1000));
  resources.sort((a, b) => compareCodePoints(a.address, b.address));
  return {
    stack: { name: "test", tags: {}, span: spanAt(0) },
    clouds: new Map([["aws", { name: "aws", provider: "aws", settings: { region: "eu-west-1" }, span: spanAt(0) }]]),
    resources: new Map(resources.map((resource) => [resource.address, resource])),
    outputs: new Map(outputs.map((output, index) => [output.name, { ...output, secret: false, span: spanAt(900_000 + index) }])),
    asserts: [],
    inputs: new Map(),
  };
}

/** All that the kinds' own checks find, in the order of addresses. */
export function runChecks(graph: ResourceGraph): readonly Diagnostic[] {
  const context = makeCheckContext(graph);
  return [...graph.resources.values()].flatMap((resource) =>
    (kinds.get(resource.kind)?.checks ?? []).flatMap((check) => check(resource, context)),
  );
}

export function makeCheckContext(graph: ResourceGraph): CheckContext {
  const index = new Map<string, PortableResource[]>();
  for (const resource of graph.resources.values()) {
    for (const [prop, value] of Object.entries(resource.props)) {
      for (const address of new Set(listRefs(value))) {
        for (const key of [address, `${address} ${prop}`]) {
          const known = index.get(key);
          if (known) known.push(resource);
          else index.set(key, [resource]);
        }
      }
    }
  }
  return { graph, referrers: (address, prop) => index.get(prop === undefined ? address : `${address} ${prop}`) ?? [] };
}

function buildResource(declared: Declared, start: number): PortableResource {
  const { kind, name, key, props = {}, rules = [], annotations = {} } = declared;
  const schema = kinds.get(kind);
  const filled: Record<string, PropValue> = Object.create(null);
  for (const [prop, { default: value }] of Object.entries(schema?.props ?? {})) if (value !== undefined) filled[prop] = value;
  Object.assign(filled, props);
  const places: Record<string, Span> = {};
  let offset = start + 10;
  const take = () => spanAt(offset++);
  for (const prop of Object.keys(props)) places[prop] = take();
  rules.forEach((_, index) => {
    places[`allow.${index}`] = take();
  });
  const blocks: Record<string, Record<string, PortableBlock>> = {};
  for (const [block, uses] of Object.entries(declared.blocks ?? {})) {
    const made: Record<string, PortableBlock> = {};
    for (const [label, written] of Object.entries(uses)) {
      const span = take();
      places[`${block}.${label}`] = span;
      made[label] = { props: { ...(schema?.blocks?.[block] ? { type: "ssd" } : {}), ...written }, span };
    }
    blocks[block] = made;
  }
  const suffix = key === undefined ? "" : `[${JSON.stringify(key)}]`;
  return {
    address: `${kind}.${name}${suffix}`,
    kind,
    name,
    ...(key === undefined ? {} : { key }),
    cloud: declared.cloud ?? "aws",
    provider: "aws",
    props: filled,
    blocks,
    rules: rules.map((rule, index) => ({ ...rule, span: places[`allow.${index}`] ?? spanAt(start) })),
    refinement: {},
    annotations,
    span: spanAt(start),
    places,
    references: [...new Set([...listRefs(filled), ...rules.flatMap((rule) => rule.peers.flatMap(peerAddress))])].sort(compareCodePoints),
  };
}

function listRefs(value: PropValue): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (isRef(value)) return [value.address];
  if (isDeferred(value)) return value.origins.map((origin) => origin.address);
  return Object.values(value).flatMap((item) => listRefs(item as PropValue));
}

function readPeer(text: string): PortablePeer {
  if (text === "any") return { kind: "any" };
  if (/^[a-z]+\./.test(text)) return { kind: "resource", address: text, resourceKind: text.slice(0, text.indexOf(".")) };
  return { kind: "cidr", cidr: text };
}

function peerAddress(peer: PortablePeer): readonly string[] {
  return peer.kind === "resource" ? [peer.address] : [];
}

function spanAt(start: number): Span {
  return { file: "main.koine", start, end: start + 1 };
}
