// Deferred values are finished by the operations and functions that made them, no matter what was known when.

import { describe, expect, test } from "vitest";
import { compileText, machine, withSubnet } from "../../test/laws/compile-support.ts";
import { canonical } from "../graph/canonical.ts";
import { makeAddress, makeSecret } from "../graph/make-value.ts";
import type { Deferred, Origin, Value } from "../graph/value.ts";
import { formatOrigin } from "./evaluation.ts";
import { finishDeferred, finishValue, toPropValue } from "./finish-deferred.ts";

const declarations = `${withSubnet}input pw: secret string = "s3cret"\n${machine("m", "public = true")}${machine("w[2]")}`;

const answers: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["machine.m.id", "i-1"],
  ["machine.m.public_ip", makeAddress("ip", "198.51.100.7")],
  ["machine.w[0].private_ip", makeAddress("ip", "10.0.1.4")],
  ["machine.w[1].private_ip", makeAddress("ip", "10.0.1.5")],
]);

const lookup = (origin: Origin): Value | undefined => answers.get(formatOrigin(origin));

function deferredIn(expression: string): Value {
  const graph =
    compileText(`${declarations}output result: secret string? = ${expression}\n`).graph ??
    compileText(`${declarations}output result = ${expression}\n`).graph;
  return graph?.outputs.get("result")?.value ?? null;
}

function finishIn(expression: string): string {
  const finished = finishValue(deferredIn(expression), lookup);
  if ("value" in finished) return canonical(finished.value);
  return "missing" in finished ? `missing ${finished.missing.map(formatOrigin).join(", ")}` : `mistake: ${finished.mistake}`;
}

describe("finishing", () => {
  test.each([
    ["m.id", '@secret{"value":"i-1"}'],
    ['"http://${m.public_ip}:80"', '@secret{"value":"http://198.51.100.7:80"}'],
    ['[for x in w: "${x.private_ip}"]', '["10.0.1.4","10.0.1.5"]'],
    ['join(",", [for x in w: "${x.private_ip}"])', '@secret{"value":"10.0.1.4,10.0.1.5"}'],
    ["length(m.id) * 2 + 1", "7"],
    ["length(m.id) / (length(m.id) - 3)", "mistake: this divides by zero"],
    ['m.id == "i-1" ? "yes" : m.name', '@secret{"value":"yes"}'],
    ['m.id == "i-2" ? "yes" : m.name', "missing machine.m.name"],
    ['m.id == "i-1" || m.name == "x"', "true"],
    ['m.id == "i-1" && m.name == "x"', "missing machine.m.name"],
    ['"${m.name} ${m.id} ${w[0].id}"', "missing machine.m.name, machine.w[0].id"],
    ["[1, 2, 3, 4][length(m.id)]", "4"],
    ["[1, 2, 3][length(m.id)]", "mistake: there is no element 3"],
    ['"${pw}-${m.id}"', '@secret{"value":"s3cret-i-1"}'],
    ['upper("${m.id}")', '@secret{"value":"I-1"}'],
    ["{ a = m.id, b = [m.public_ip] }", '{"a":"i-1","b":[@ip{"text":"198.51.100.7"}]}'],
  ])("%s", (expression, finished) => {
    expect(finishIn(expression)).toBe(finished);
  });

  test("an attribute that came out secret makes the result secret", () => {
    const value = deferredIn('length("${m.id}")') as Deferred;
    const finished = finishDeferred(value, () => makeSecret("i-1"));
    expect("value" in finished && canonical(finished.value)).toBe('@secret{"value":3}');
  });

  test("a peer that is an address finishes as the range of itself alone", () => {
    const graph = compileText(`${declarations}firewall f { network = main\n allow tcp 22 from m.public_ip\n}\n`).graph;
    const [peer] = graph?.resources.get("firewall.f")?.rules[0]?.peers ?? [];
    const finished = peer?.kind === "deferred" ? finishValue(peer.value as Value, lookup) : undefined;
    expect(finished && "value" in finished && toPropValue(finished.value)).toBe("198.51.100.7/32");
  });
});
