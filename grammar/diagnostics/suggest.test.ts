import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const kinds = ["network", "subnet", "firewall", "key", "machine", "disk", "address"];

test.each([
  ["machin", "machine"],
  ["mahcine", "machine"],
  ["Machine", "machine"],
  ["netwrok", "network"],
  ["subnett", "subnet"],
  ["kye", "key"],
  ["dsik", "disk"],
  ["adress", "address"],
  ["firewal", "firewall"],
  ["MACHINE", "machine"],
])("%s is %s", (name, meant) => {
  expect(suggest(name, kinds)).toBe(meant);
});

test.each(["", "x", "queue", "mch", "networkinterface", "ab", "a".repeat(1000)])("%s is nothing known", (name) => {
  expect(suggest(name, kinds)).toBeUndefined();
});

test("the nearest wins, of equals the first by code point; a name is not suggested for itself", () => {
  expect(suggest("cpus", ["cpuss", "cpu", "gpu"])).toBe("cpu");
  expect(suggest("ab", ["ac", "aa"])).toBe("aa");
  expect(suggest("ab", ["aa", "ac"])).toBe("aa");
  expect(suggest("cpu", ["cpu"])).toBeUndefined();
  expect(suggest("size", ["Size", "sizes"])).toBe("Size");
});

test("long lists and long words cost little", () => {
  const many = Array.from({ length: 200_000 }, (_, index) => `name_${index}_of_many`);
  const started = performance.now();
  expect(suggest("name_1999x_of_many", many)).toBe("name_19990_of_many");
  expect(suggest("z".repeat(100_000), many)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(20_000);
});
