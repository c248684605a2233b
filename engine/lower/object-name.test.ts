import { describe, expect, test } from "vitest";
import { nameObject } from "./object-name.ts";

const lenient = { length: 255, alphabet: /./su };
const strict = { length: 32, alphabet: /[a-z0-9-]/ };

function named(name: string, key?: string | number, address?: string) {
  const suffix = key === undefined ? "" : typeof key === "number" ? `[${key}]` : `["${key}"]`;
  return { kind: "machine", name, address: address ?? `machine.${name}${suffix}`, ...(key === undefined ? {} : { key }) };
}

describe("nameObject", () => {
  test("stack, name and key", () => {
    expect(nameObject("shop", named("web"), strict)).toBe("shop-web");
    expect(nameObject("shop", named("web", 3), strict)).toBe("shop-web-3");
    expect(nameObject("shop", named("web", "a"), strict)).toBe("shop-web-a");
  });

  test("what the alphabet forbids is replaced, and a hash keeps two such names apart", () => {
    const upper = nameObject("shop", named("Web"), strict);
    expect(upper).toMatch(/^shop-web-[0-9a-f]{6}$/);
    expect(nameObject("shop", named("web", "é"), strict)).not.toBe(nameObject("shop", named("web", "ü"), strict));
    expect(nameObject("shop", named("Web"), lenient)).toBe("shop-Web");
  });

  test("a long name is cut with a hash, and leaves room for a generation", () => {
    const long = nameObject("shop", named("a".repeat(60)), strict);
    expect(long.length + "-g99".length).toBeLessThanOrEqual(32);
    expect(long).not.toBe(nameObject("shop", named("a".repeat(61)), strict));
    expect(nameObject("shop", named("a".repeat(60)), strict)).toBe(long);
  });

  test("members of components carry the use's name and a hash", () => {
    const a = nameObject("shop", named("node", 0, 'cluster.db["a"]/machine.node[0]'), lenient);
    expect(a).toMatch(/^shop-db-a-node-0-[0-9a-f]{6}$/);
    expect(a).not.toBe(nameObject("shop", named("node", 0, 'cluster.db["b"]/machine.node[0]'), lenient));
  });

  test("a key that holds a slash is no component", () => {
    expect(nameObject("shop", named("web", "10.0.0.0/8"), lenient)).toBe("shop-web-10.0.0.0/8");
  });
});
