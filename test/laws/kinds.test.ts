// Laws of the kinds as data, and of their checks on graphs of any size.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CodeInfo } from "../../grammar/diagnostics/code-info.ts";
import { codes } from "../../grammar/diagnostics/codes.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import type { KindSchema, PropSchema } from "../../grammar/kinds/kind.ts";
import { formatCidr, makeCidr, overlaps } from "../../grammar/net/cidr.ts";
import type { Type } from "../../grammar/types/type.ts";
import { allow, buildGraph, type Declared, ref, runChecks } from "../support/portable-graph.ts";

const all = [...kinds.values()];

describe("kinds as data", () => {
  test("the catalog has the kinds of the reference, by their names", () => {
    expect([...kinds.keys()]).toEqual(["network", "subnet", "firewall", "key", "machine", "disk", "address", "snapshot", "image"]);
    for (const [name, kind] of kinds) expect(kind.name).toBe(name);
  });

  test.each(all)("$name: every prop, attribute and block is documented in sentences", (kind) => {
    for (const doc of listDocs(kind)) expect(doc).toMatch(/^[A-Z].*\.$/s);
  });

  test.each(all)("$name: defaults have the type of their prop, and required props have none", (kind) => {
    for (const [name, prop] of listProps(kind)) {
      if (prop.default !== undefined) expect(fits(prop.default, prop.type), name).toBe(true);
      expect(prop.required && prop.default !== undefined, name).not.toBe(true);
    }
  });

  test.each(all)("$name: no prop and attribute of one name have two types", (kind) => {
    for (const [name, attribute] of Object.entries(kind.attributes)) {
      const prop = kind.props[name];
      if (prop) expect(attribute.type, name).toEqual(prop.type);
    }
  });

  test.each(all)("$name: exclusive props exist and are optional; references lead to kinds", (kind) => {
    for (const name of kind.exclusive?.flat() ?? []) expect(kind.props[name]?.required).toBeUndefined();
    expect(kind.exclusive?.flat().every((name) => kind.props[name])).not.toBe(false);
    for (const [, prop] of listProps(kind)) {
      for (const type of [prop.type, ...(prop.or ?? [])]) if (type.kind === "resource") expect(kinds.has(type.of)).toBe(true);
    }
  });

  test("an attribute that may be absent says how to have it", () => {
    for (const kind of all) {
      for (const attribute of Object.values(kind.attributes))
        expect(attribute.present === undefined).toBe(attribute.absentHint === undefined);
    }
  });

  test("public_ip is there with public = true or an address, device when attached", () => {
    const graph = buildGraph([
      { kind: "machine", name: "plain" },
      { kind: "machine", name: "open", props: { public: true } },
      { kind: "machine", name: "fixed", props: { public: ref("address.front") } },
      { kind: "disk", name: "loose" },
      { kind: "disk", name: "bound", props: { attach: ref("machine.plain") } },
    ]);
    const has = (address: string, attribute: string) => {
      const resource = graph.resources.get(address);
      return resource && kinds.get(resource.kind)?.attributes[attribute]?.present?.(resource);
    };
    expect(["machine.plain", "machine.open", "machine.fixed"].map((address) => has(address, "public_ip"))).toEqual([false, true, true]);
    expect(["disk.loose", "disk.bound"].map((address) => has(address, "device"))).toEqual([false, true]);
  });
});

describe("codes of the kinds", () => {
  const own: readonly (readonly [string, CodeInfo])[] = Object.entries(codes).filter(([code]) => /^K2\d\d\d$/.test(code));

  test.each(own)("%s has a page, a bad and a good stack, and no two share one", (_, info) => {
    expect(info.title).toMatch(/^[a-zI`]/);
    expect(info.explanation.length).toBeGreaterThan(80);
    expect(info.bad).toMatch(/^stack /);
    expect(info.good).toMatch(/^stack /);
    expect(own.filter(([, other]) => other.bad === info.bad || other.title === info.title)).toHaveLength(1);
  });
});

describe("checks at any size", () => {
  const aSubnet = fc
    .tuple(fc.nat({ max: 2 ** 12 - 1 }), fc.integer({ min: 20, max: 28 }))
    .map(([host, prefix]) => makeCidr(0x0a140000 + host, prefix));

  test("subnets are reported exactly when two overlap, and never one that overlaps none", () => {
    fc.assert(
      fc.property(fc.array(aSubnet, { maxLength: 10 }), (cidrs) => {
        const found = runChecks(
          buildGraph([
            { kind: "network", name: "main", props: { cidr: "10.20.0.0/16" } },
            ...cidrs.map((cidr, index) => ({
              kind: "subnet",
              name: `s${index}`,
              props: { network: ref("network.main"), cidr: formatCidr(cidr) },
            })),
          ]),
        );
        expect(found.every((problem) => problem.code === "K2107")).toBe(true);
        expect(found.length > 0).toBe(cidrs.some((a, i) => cidrs.some((b, j) => i < j && overlaps(a, b))));
        for (const { span } of found) {
          const index = Math.floor((span?.start ?? 0) / 1000) - 1;
          expect(cidrs.some((cidr, other) => other !== index && cidrs[index] && overlaps(cidr, cidrs[index]))).toBe(true);
        }
      }),
    );
  });

  test("a hint's free range is free: with it instead, nothing overlaps", () => {
    fc.assert(
      fc.property(aSubnet, aSubnet, (a, b) => {
        fc.pre(overlaps(a, b));
        const stack = (second: string): Declared[] => [
          { kind: "network", name: "main", props: { cidr: "10.20.0.0/16" } },
          { kind: "subnet", name: "a", props: { network: ref("network.main"), cidr: formatCidr(a) } },
          { kind: "subnet", name: "b", props: { network: ref("network.main"), cidr: second } },
        ];
        const [problem] = runChecks(buildGraph(stack(formatCidr(b))));
        const suggested = /is (\S+)$/.exec(problem?.hint ?? "")?.[1];
        expect(suggested).toBeDefined();
        expect(runChecks(buildGraph(stack(suggested ?? "")))).toEqual([]);
      }),
    );
  });

  test("time grows in proportion: 4,000 subnets that all overlap, 8,000 machines, 20,000 rules", () => {
    const declared: Declared[] = [{ kind: "network", name: "main", props: { cidr: "10.0.0.0/8" } }];
    for (let i = 0; i < 4000; i++) {
      declared.push({ kind: "subnet", name: `s${i}`, props: { network: ref("network.main"), cidr: `10.0.${i % 256}.0/24` } });
    }
    for (let i = 0; i < 8000; i++) {
      declared.push({
        kind: "machine",
        name: `m${i}`,
        props: {
          subnet: ref(`subnet.s${i % 4000}`),
          private_ip: `10.0.${(i % 4000) % 256}.${i % 250}`,
          firewall: [ref("firewall.web")],
          public: true,
        },
      });
    }
    const rules = Array.from({ length: 20_000 }, (_, i) => allow("tcp", [1 + (i % 60_000)], "from", "any"));
    declared.push({ kind: "firewall", name: "web", props: { network: ref("network.main") }, rules });
    const graph = buildGraph(declared);
    const start = performance.now();
    const found = runChecks(graph);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(found.length).toBeGreaterThan(3000);
  });
});

function listProps(kind: KindSchema): readonly (readonly [string, PropSchema])[] {
  return [...Object.entries(kind.props), ...Object.values(kind.blocks ?? {}).flatMap((block) => Object.entries(block.props))];
}

function listDocs(kind: KindSchema): readonly string[] {
  const blocks = Object.values(kind.blocks ?? {});
  return [
    kind.doc,
    ...listProps(kind).map(([, prop]) => prop.doc),
    ...[kind, ...blocks].flatMap((one) => Object.values(one.attributes).map((attribute) => attribute.doc)),
    ...blocks.flatMap((block) => [block.doc, ...Object.values(block.labels ?? {}).map((label) => label.doc)]),
  ];
}

function fits(value: unknown, type: Type): boolean {
  if (type.kind === "bool") return typeof value === "boolean";
  if (type.kind === "union") return typeof value === "string" && type.values.includes(value);
  if (type.kind === "string") return typeof value === "string";
  if (type.kind === "map") return typeof value === "object";
  return false;
}
