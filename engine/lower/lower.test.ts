// The lowering of a stack, seen with a toy provider: order, deferred values, circles, annotations, pins. What AWS makes of a kind is tested there.

import { describe, expect, test } from "vitest";
import { makeDeferred } from "../../grammar/graph/make-value.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { PropValue } from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import { buildGraph, type Declared, ref } from "../../test/support/portable-graph.ts";
import type { Lowering } from "../provider/provider.ts";
import { describeNativeValue } from "./describe.ts";
import { type LockReader, lowerGraph } from "./lower.ts";

const noLock: LockReader = { pinned: () => undefined };

/** `network.main.id` as a value that only a cloud can give. */
function read(address: string, attribute: string): PropValue {
  const origin = { address, path: attribute.split(".") };
  return makeDeferred(string, [origin], { op: "attribute", origin });
}

function compute(...parts: readonly PropValue[]): PropValue {
  const values = parts as readonly Parameters<typeof makeDeferred>[2][];
  const origins = values.flatMap((part) => (part as { readonly origins?: [] }).origins ?? []);
  return makeDeferred(string, origins, { op: "call", name: "#concat", arguments: parts as never });
}

/** One object, `thing`, that takes all props as they are; `id` and `name` are its outputs. */
const plain: Lowering = (resource, context) => {
  const props = Object.fromEntries(Object.entries(resource.props).map(([name, value]) => [name, context.native(value)]));
  const thing = context.object("thing", `toy.${resource.kind}`, props, {
    from: Object.fromEntries(Object.keys(props).map((name) => [name, name])),
  });
  return { objects: [thing.object], outputs: { id: thing.ref("Id"), name: `the ${resource.name}` } };
};

function lower(graph: ResourceGraph, lowerings: Readonly<Record<string, Lowering>> = {}, lock = noLock) {
  const all = { network: plain, subnet: plain, machine: plain, key: plain, firewall: plain, ...lowerings };
  return lowerGraph(graph, new Map([["aws", { name: "aws", lowerings: all }]]), lock);
}

function machine(name: string, props: Declared["props"] = {}, annotations: Declared["annotations"] = {}): Declared {
  return { kind: "machine", name, props: { image: "i", ...props }, annotations };
}

const network: Declared = { kind: "network", name: "main", props: { cidr: "10.0.0.0/16" } };
const subnet: Declared = { kind: "subnet", name: "app", props: { network: ref("network.main"), cidr: "10.0.0.0/24" } };

describe("lowerGraph", () => {
  test("a reference becomes the `id` of what it names, and orders the objects", () => {
    const { native } = lower(buildGraph([machine("a", { subnet: ref("subnet.app") }), subnet, network]));
    expect([...(native?.objects.keys() ?? [])]).toEqual(["network.main:thing", "subnet.app:thing", "machine.a:thing"]);
    expect(describeNativeValue(native?.objects.get("machine.a:thing")?.props.subnet ?? null)).toBe("${subnet.app:thing.Id}");
    expect(native?.objects.get("subnet.app:thing")?.after).toEqual(["network.main:thing"]);
  });

  test("a deferred value that only reads an attribute becomes the output, known or not", () => {
    const { native } = lower(
      buildGraph([machine("a", { user_data: read("machine.b", "id"), hostname: read("machine.b", "name") }), machine("b")]),
    );
    const props = native?.objects.get("machine.a:thing")?.props;
    expect(describeNativeValue(props?.user_data ?? null)).toBe("${machine.b:thing.Id}");
    expect(props?.hostname).toBe("the b");
    expect(native?.objects.get("machine.a:thing")?.after).toEqual(["machine.b:thing"]);
  });

  test("a deferred value that computes stays, and what it reads comes first", () => {
    const { native } = lower(buildGraph([machine("a", { user_data: compute("x", read("machine.b", "id")) }), machine("b")]));
    expect(describeNativeValue(native?.objects.get("machine.a:thing")?.props.user_data ?? null)).toBe('${"x" + machine.b.id}');
    expect([...(native?.objects.keys() ?? [])]).toEqual(["machine.b:thing", "machine.a:thing"]);
  });

  test("outputs that read each other are followed down to objects", () => {
    const passing: Lowering = (resource, context) => ({
      ...plain(resource, context),
      outputs: { id: context.native(compute(read("network.main", "id"))) },
    });
    const { native } = lower(buildGraph([machine("a", { user_data: compute(read("key.k", "id")) }), { kind: "key", name: "k" }, network]), {
      key: passing,
    });
    expect(native?.objects.get("machine.a:thing")?.after).toEqual(["network.main:thing"]);
  });

  test("a circle is refused with its path, once", () => {
    const { native, diagnostics } = lower(
      buildGraph([
        machine("a", { user_data: read("machine.b", "id") }),
        machine("b", { user_data: compute("x", read("machine.c", "id")) }),
        machine("c", { user_data: read("machine.a", "id"), hostname: read("machine.b", "id") }),
      ]),
    );
    expect(native).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["K3002"]);
    expect(diagnostics[0]?.message).toBe(
      "objects wait for each other: `machine.a:thing` → `machine.b:thing` → `machine.c:thing` → `machine.a:thing`",
    );
    expect(diagnostics[0]?.related).toHaveLength(2);
  });

  test("an object that waits for itself is a circle", () => {
    const { diagnostics } = lower(buildGraph([machine("a", { user_data: compute(read("machine.a", "id")) })]));
    expect(diagnostics[0]?.message).toBe("objects wait for each other: `machine.a:thing` → `machine.a:thing`");
  });

  test("resources may refer to each other as long as their objects do not", () => {
    const split: Lowering = (resource, context) => {
      const group = context.object("group", "toy.group", {});
      const rule = context.object("rule", "toy.rule", { group: group.ref("Id"), peer: context.native(resource.props.peer ?? "") });
      return { objects: [group.object, rule.object], outputs: { id: group.ref("Id") } };
    };
    const { native, diagnostics } = lower(
      buildGraph([
        { kind: "firewall", name: "f", props: { peer: read("machine.a", "id") } },
        machine("a", { firewall: [ref("firewall.f")] }),
      ]),
      { firewall: split },
    );
    expect(diagnostics).toEqual([]);
    expect([...(native?.objects.keys() ?? [])]).toEqual(["firewall.f:group", "machine.a:thing", "firewall.f:rule"]);
  });

  test("`@after` makes each object wait for each of the named resource", () => {
    const { native } = lower(buildGraph([machine("a", {}, { after: ["machine.b"] }), machine("b")]));
    expect(native?.objects.get("machine.a:thing")?.after).toEqual(["machine.b:thing"]);
    expect(
      lower(buildGraph([machine("a", {}, { after: ["machine.b"] }), machine("b", {}, { after: ["machine.a"] })])).diagnostics[0]?.code,
    ).toBe("K3002");
  });

  const twoObjects: Lowering = (_resource, context) => {
    const first = context.object("first", "toy.first", {});
    const second = context.object("second", "toy.second", { first: first.ref("Id") });
    return { objects: [first.object, second.object], outputs: { id: first.ref("Id") } };
  };

  test("`@existing` keeps the main object; who needs another one is told", () => {
    const existing = { kind: "network", name: "main", annotations: { existing: "vpc-1" } };
    const fine = lower(buildGraph([existing, subnet]), { network: twoObjects });
    expect([...(fine.native?.objects.keys() ?? [])]).toEqual(["network.main:first", "subnet.app:thing"]);
    const needing: Lowering = (resource, context) => {
      const thing = context.object("thing", "toy.subnet", {}, { after: ["network.main:second"] });
      const other = context.object("other", "toy.subnet", {}, { after: ["network.main:second"] });
      return { objects: [thing.object, other.object], outputs: { id: resource.name } };
    };
    const { diagnostics } = lower(buildGraph([existing, subnet]), { network: twoObjects, subnet: needing });
    expect(diagnostics.map(({ code }) => code)).toEqual(["K3004"]);
  });

  test("an existing main object is taken without what its other objects would give it", () => {
    const needy: Lowering = (_resource, context) => {
      const card = context.object("card", "toy.card", {});
      const main = context.object("main", "toy.machine", { card: card.ref("Id"), size: "s" }, { after: [card.key] });
      return { objects: [main.object, card.object], outputs: { id: main.ref("Id"), card: card.ref("Id") } };
    };
    const graph = [machine("a", {}, { existing: "i-1" })];
    const { native } = lower(buildGraph(graph), { machine: needy });
    expect([...(native?.objects.values() ?? [])].map(({ props, after }) => ({ props, after }))).toEqual([
      { props: { size: "s" }, after: [] },
    ]);
    const output = { name: "card", type: string, value: read("machine.a", "card") as never };
    expect(lower(buildGraph(graph, [output]), { machine: needy }).diagnostics.map(({ code }) => code)).toEqual(["K3003"]);
  });

  test("`@adopt` goes to the main object alone, the other annotations to all", () => {
    const { native } = lower(buildGraph([{ ...network, annotations: { adopt: "vpc-1", protect: true } }]), { network: twoObjects });
    expect(native?.objects.get("network.main:first")?.annotations).toEqual({ adopt: "vpc-1", protect: true });
    expect(native?.objects.get("network.main:second")?.annotations).toEqual({ protect: true });
  });

  test("a kind that the provider does not lower, and an output that it does not give", () => {
    const { diagnostics } = lower(buildGraph([{ kind: "address", name: "x" }]));
    expect(diagnostics.map(({ code }) => code)).toEqual(["K3001"]);
    const missing = lower(buildGraph([machine("a", { user_data: read("machine.b", "colour") }), machine("b")]));
    expect(missing.diagnostics.map(({ code, message }) => [code, message])).toEqual([["K3003", "`machine.b` has no `colour` on `aws`"]]);
    const output = { name: "colour", type: string, value: read("machine.b", "colour") as never };
    expect(lower(buildGraph([machine("b")], [output])).diagnostics.map(({ code }) => code)).toEqual(["K3003"]);
  });

  test("pins are asked for once, and answered by the lock", () => {
    const pinning: Lowering = (_resource, context) => {
      const image = context.pin({ kind: "image", key: "debian", parameters: { alias: "debian" } });
      context.chose("size", "small", context.pinned("size", "small") ?? "s1", "it is the smallest");
      return { objects: [context.object("thing", "toy.machine", { image }).object], outputs: {} };
    };
    const graph = buildGraph([machine("a"), machine("b")]);
    const open = lower(graph, { machine: pinning });
    expect(open.native?.pinRequests).toEqual([
      { cloud: "aws", provider: "aws", kind: "image", key: "debian", parameters: { alias: "debian" } },
    ]);
    expect(open.native?.choices).toEqual([
      { cloud: "aws", provider: "aws", kind: "size", key: "small", answer: "s1", because: "it is the smallest" },
    ]);
    expect(describeNativeValue(open.native?.objects.get("machine.a:thing")?.props.image ?? null)).toBe("(image debian, not pinned yet)");
    const pinned = lower(graph, { machine: pinning }, { pinned: (_provider, kind) => (kind === "image" ? "img-1" : "s2") });
    expect(pinned.native?.objects.get("machine.b:thing")?.props.image).toBe("img-1");
    expect(pinned.native?.pinRequests).toEqual([]);
    expect(pinned.native?.choices[0]?.answer).toBe("s2");
  });

  test("undefined props are left out, and places follow `from`", () => {
    const placing: Lowering = (resource, context) => {
      const thing = context.object(
        "thing",
        "toy.machine",
        { A: "x", B: undefined, C: "y" },
        { from: { A: "image", B: "image", C: "subnet" } },
      );
      return { objects: [thing.object], outputs: { place: JSON.stringify(context.place("image")), name: resource.name } };
    };
    const { native } = lower(buildGraph([machine("a")]), { machine: placing });
    const object = native?.objects.get("machine.a:thing");
    expect(Object.keys(object?.props ?? {})).toEqual(["A", "C"]);
    expect(object?.places.A).not.toEqual(object?.places["*"]);
    expect(object?.places.C).toEqual(object?.places["*"]);
    expect(object?.places.B).toBeUndefined();
  });

  test("two objects under one key are a defect", () => {
    const doubled: Lowering = (resource, context) => {
      const thing = plain(resource, context);
      return { ...thing, objects: [...thing.objects, ...thing.objects] };
    };
    expect(() => lower(buildGraph([machine("a")]), { machine: doubled })).toThrow("two objects have the key `machine.a:thing`");
  });

  test("a chain of 20,000 objects neither overflows the stack nor takes long", () => {
    const count = 20_000;
    const machines = Array.from({ length: count }, (_, n) =>
      machine(`m${n}`, n + 1 < count ? { user_data: read(`machine.m${n + 1}`, "id") } : {}),
    );
    const { native } = lower(buildGraph(machines));
    expect(native?.objects.size).toBe(count);
    expect(native?.objects.keys().next().value).toBe(`machine.m${count - 1}:thing`);
  });
});

describe("surroundings", () => {
  const inside: Lowering = (resource, context) => {
    const thing = context.object("thing", `toy.${resource.kind}`, { group: context.surroundings("group").ref("Name") });
    return { objects: [thing.object], outputs: { id: thing.ref("Id") } };
  };
  const surroundings = {
    scope: (settings: Readonly<Record<string, unknown>>) => String(settings.region),
    lower: ((_, context) => {
      const group = context.object("group", "toy.Group", { Name: context.name({ length: 40, alphabet: /[a-z0-9-]/ }) });
      return { objects: [group.object], outputs: {} };
    }) satisfies Lowering,
  };
  const lowerInside = (graph: ResourceGraph) =>
    lowerGraph(graph, new Map([["aws", { name: "aws", lowerings: { network: inside }, surroundings }]]), noLock);
  const named = (name: string, region: string) => ({ name, provider: "aws", settings: { region }, span: { file: "", start: 0, end: 0 } });

  test("they are made once for each place, before what stands in them, whatever the cloud is called", () => {
    const graph = buildGraph([
      { kind: "network", name: "a", cloud: "aws" },
      { kind: "network", name: "b", cloud: "second" },
      { kind: "network", name: "c", cloud: "far" },
    ]);
    const clouds = [named("aws", "north"), named("second", "north"), named("far", "south")];
    const { native } = lowerInside({ ...graph, clouds: new Map(clouds.map((cloud) => [cloud.name, cloud])) });
    expect([...(native?.objects.keys() ?? [])]).toEqual([
      "aws.north:group",
      "network.a:thing",
      "network.b:thing",
      "aws.south:group",
      "network.c:thing",
    ]);
    expect(native?.objects.get("network.c:thing")?.after).toEqual(["aws.south:group"]);
    expect(native?.objects.get("aws.north:group")).toMatchObject({ address: "aws.north", cloud: "aws", annotations: {} });
  });

  test("a resource that becomes no object asks for none", () => {
    const graph = buildGraph([{ kind: "key", name: "k", props: { public_key: "x" } }]);
    const lowerings = { key: () => ({ objects: [], outputs: {} }) };
    expect(lowerGraph(graph, new Map([["aws", { name: "aws", lowerings, surroundings }]]), noLock).native?.objects.size).toBe(0);
  });

  test("what exists already stands in what others made", () => {
    const graph = buildGraph([{ kind: "network", name: "a", annotations: { existing: "n-1" } }]);
    const { native } = lowerInside(graph);
    expect([...(native?.objects.keys() ?? [])]).toEqual(["network.a:thing"]);
    expect(native?.objects.get("network.a:thing")).toMatchObject({ props: {}, after: [] });
  });
});
