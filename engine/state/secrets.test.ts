// Secrets at rest: equal values look different in different places, and nothing opens in the wrong place or under another key.

import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseRootKey } from "./root-key.ts";
import { SecretKeyMissing } from "./secret-keeper.ts";
import { createSecretKeeper } from "./secrets.ts";

const place = { lineage: "a".repeat(32), key: "machine.db:instance", prop: "UserData" };
const root = randomBytes(32);
const keeper = createSecretKeeper(() => root);

describe("secrets", () => {
  test("a digest is stable in one place and under one key, and different elsewhere", () => {
    const digest = keeper.digest(place, "hunter2");
    expect(createSecretKeeper(() => root).digest(place, "hunter2")).toBe(digest);
    expect(keeper.digest(place, "hunter3")).not.toBe(digest);
    for (const other of [{ prop: "Tags" }, { key: "machine.web:instance" }, { lineage: "b".repeat(32) }]) {
      expect(keeper.digest({ ...place, ...other }, "hunter2")).not.toBe(digest);
    }
    expect(createSecretKeeper(() => randomBytes(32)).digest(place, "hunter2")).not.toBe(digest);
  });

  test("a sealed value opens in its place, and two seals of one value differ", () => {
    const [first, second] = [keeper.seal(place, "hunter2"), keeper.seal(place, "hunter2")];
    expect(first).not.toBe(second);
    expect(first).not.toContain("hunter2");
    expect(keeper.open(place, first)).toBe("hunter2");
    expect(keeper.open(place, second)).toBe("hunter2");
  });

  test("it opens nowhere else, not changed, and not with another key", () => {
    const sealed = keeper.seal(place, "hunter2");
    expect(() => keeper.open({ ...place, prop: "Tags" }, sealed)).toThrow(SecretKeyMissing);
    expect(() => keeper.open(place, `${sealed.slice(0, -6)}AAAA==`)).toThrow(SecretKeyMissing);
    expect(() => createSecretKeeper(() => randomBytes(32)).open(place, sealed)).toThrow(/key at hand/);
  });

  test("the key is not asked for before a secret needs it", () => {
    createSecretKeeper(() => {
      throw new Error("asked");
    });
    expect(parseRootKey(root.toString("hex"))).toEqual(root);
    expect(parseRootKey(root.toString("base64"))).toEqual(root);
    expect(parseRootKey("a passphrase")).toBeUndefined();
  });
});
