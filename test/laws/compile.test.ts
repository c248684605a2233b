// Laws of the compiler: it never throws, whatever the source; the same input gives the same result; order never matters.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, compileAll } from "../../grammar/compile.ts";
import { codes } from "../../grammar/diagnostics/codes.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import { compileText, errorCodes, machine, meaning, providers, start, withSubnet } from "./compile-support.ts";

/** A stack that uses nearly everything, one declaration per element. */
const declarations: readonly string[] = [
  `stack shop on primary { tags = { team = "web" } }`,
  `input env: "staging" | "prod" = "staging"`,
  `input primary: cloud = aws`,
  `input replicas: int = 3 where replicas >= 1 && replicas <= 50, "between 1 and 50"`,
  `input password: secret string = "example"`,
  `cloud aws { region = "eu-west-1" }`,
  `cloud far = aws { region = near("dublin") }`,
  `let office = 198.51.100.0/24`,
  `let names = ["a", "b"]`,
  `let sizes = { small = 20GiB, large = 100GiB }`,
  `network main { cidr = 10.20.0.0/16 }`,
  `subnet app[n, zone in names] {\n  network = main\n  cidr = subnet(main.cidr, 8, n)\n  zone = zone\n}`,
  `firewall http {\n  network = main\n  allow tcp 80, 443 from any\n  allow tcp 22 from office, bastion?.private_ip ?? 10.20.0.9\n  allow tcp 8000-8100 from http\n}`,
  `machine web[i in 0..replicas] {\n  cpu = 2\n  memory = 4GiB\n  image = "ubuntu-24.04"\n  subnet = app[names[i % 2]]\n  firewall = [http]\n  public = true\n  disk data { size = sizes.large, type = "ssd" }\n  user_data = "#!/bin/sh\\necho \${password} \${main.id}"\n  on aws { instance_type = i == 0 ? "m7i.large" : "m7i.xlarge" }\n}`,
  `@protect\n@was("machine.old")\nmachine bastion if env == "prod" { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app["a"] }`,
  `output urls = [for m in web: "http://\${m.public_ip}"]`,
  `output count = length(web) + length(names)`,
  `output login: secret string = "admin:\${password}"`,
  `assert length(web) > 0, "no machine"`,
  `assert main.id != "vpc-0"`,
];

const source = `${declarations.join("\n\n")}\n`;

describe("the compiler", () => {
  test("compiles the stack that the laws vary", () => {
    const result = compileText(source);
    expect(result.diagnostics).toEqual([]);
    expect(result.graph?.resources.size).toBe(7);
  });

  test("never throws, and tells at least one mistake where it gives no graph", () => {
    const pieces = [...source.matchAll(/\w+|[^\w\s]|\s+/g)].map(([piece]) => piece);
    const mutation = fc.record({
      at: fc.nat(pieces.length - 1),
      kind: fc.constantFrom("drop", "swap", "repeat", "replace", "insert"),
      with: fc.oneof(
        fc.constantFrom(...pieces),
        fc.constantFrom(
          "null",
          "0",
          "-1",
          "[",
          "{",
          "}",
          "${",
          '"',
          "..",
          "?.",
          "[for x in web: x]",
          "web",
          "main",
          "1/0",
          "secret",
          "file(env)",
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean(), (mutations, partial) => {
        const changed = [...pieces];
        for (const one of mutations) {
          const piece = changed[one.at] ?? "";
          if (one.kind === "drop") changed[one.at] = "";
          else if (one.kind === "repeat") changed[one.at] = piece + piece;
          else if (one.kind === "replace") changed[one.at] = one.with;
          else if (one.kind === "insert") changed[one.at] = `${piece} ${one.with} `;
          else [changed[one.at], changed[one.at + 1]] = [changed[one.at + 1] ?? "", piece];
        }
        const result = compileText(changed.join(""), { partial });
        for (const { code, message } of result.diagnostics) {
          expect(codes).toHaveProperty(code);
          expect(message).not.toMatch(/undefined|\[object|Symbol/);
        }
        if (!result.graph) expect(errorCodes(result).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  test("never throws on arbitrary text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const result = compileText(text);
        expect(result.graph === undefined).toBe(errorCodes(result).length > 0);
      }),
      { numRuns: 200 },
    );
  });

  test("gives the same result for the same input", () => {
    expect(canonical(compileText(source).graph)).toBe(canonical(compileText(source).graph));
  });

  test("gives the same graph whatever the order of declarations and files", () => {
    const expected = meaning(compileText(source));
    const shuffled = fc.shuffledSubarray([...declarations], { minLength: declarations.length, maxLength: declarations.length });
    fc.assert(
      fc.property(shuffled, fc.nat(declarations.length), fc.boolean(), (order, cut, swap) => {
        const files = [
          { path: "a.koine", text: `${order.slice(0, cut).join("\n")}\n` },
          { path: "b.koine", text: `${order.slice(cut).join("\n")}\n` },
        ];
        const result = compile({
          files: swap ? files.reverse() : files,
          providers,
          inputs: new Map(),
          readFile: () => ({ mistake: "no" }),
        });
        expect(meaning(result)).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("tells the same mistakes whatever the order of declarations", () => {
    const broken = [
      ...declarations,
      `let x = y + 1`,
      `let y = x + 1`,
      `let z = [1][3]`,
      `network wrong { cidr = z }`,
      `subnet s { network = wrong }`,
      `output o = mian`,
    ];
    const expected = errorCodes(compileText(broken.join("\n"))).toSorted();
    expect(expected).toEqual(["K1201", "K1301", "K1309", "K1401", "K1402"]);
    const shuffled = fc.shuffledSubarray(broken, { minLength: broken.length, maxLength: broken.length });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(errorCodes(compileText(order.join("\n"))).toSorted()).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("ends on what grows or turns without end", () => {
    const chain = (length: number, next: (i: number) => string) => Array.from({ length }, (_, i) => next(i)).join("");
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [`${chain(3000, (i) => `let a${i} = a${i + 1} + 1\n`)}let a3000 = 1\n`, []],
      [chain(3000, (i) => `let a${i} = a${(i + 1) % 3000} + 1\n`), ["K1401"]],
      [`${chain(1000, (i) => `network n${i} { cidr = n${i + 1}.cidr }\n`)}network n1000 { cidr = 10.0.0.0/16 }\n`, []],
      [chain(1000, (i) => `network n${i} { cidr = n${(i + 1) % 1000}.cidr }\n`), ["K1401"]],
      [`let a0 = [1]\n${chain(100, (i) => `let a${i + 1} = [a${i}]\n`)}`, ["K1416"]],
      [`let a0 = "0123456789"\n${chain(60, (i) => `let a${i + 1} = "\${a${i}}\${a${i}}"\n`)}`, ["K1406"]],
      [`let a = [for x in 0..1000000: [for y in 0..1000000: 1]]\n`, ["K1406"]],
      [`let a = [for x in 0..1000000: x]\nnetwork n[length(a) + 1] { cidr = 10.0.0.0/16 }\n`, ["K1406"]],
    ];
    const limits = { steps: 3_000_000, items: 2_000_000, bytes: 16_000_000, resources: 1_000_000 };
    for (const [text, expected] of cases) {
      const result = compileText(start + text, { limits });
      expect([...new Set(errorCodes(result))]).toEqual(expected);
    }
  });

  test("says nothing of values that a spent budget kept from being known", () => {
    const limits = { steps: 10, items: 1000, bytes: 1000, resources: 10 };
    expect(errorCodes(compileText(source, { limits }))).toEqual(["K1406"]);
  });

  test("makes 100,000 instances, and does not take ten times as long as for 10,000 of them or more", () => {
    const time = (count: number) => {
      const before = process.cpuUsage();
      const result = compileText(`${withSubnet}${machine(`web[i in 0..${count}]`, 'tags = { n = "${i}" }')}`);
      expect(result.graph?.resources.size).toBe(count + 2);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    time(10_000);
    const small = Math.max(time(10_000), 50);
    // Linear is ten, in processor time; twice that leaves room for garbage collection.
    expect(time(100_000) / small).toBeLessThan(25);
  });

  test("`compileAll` without a cloud input compiles once", () => {
    const { choices } = compileAll({
      files: [{ path: "main.koine", text: start }],
      providers,
      inputs: new Map(),
      readFile: () => ({ mistake: "no" }),
    });
    expect(choices).toHaveLength(1);
  });
});
