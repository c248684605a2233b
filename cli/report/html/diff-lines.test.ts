// What a difference by lines promises: both texts can be read from it, and it is as short as one can be.

import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

test("what stays and goes is the one text, what stays and comes the other", () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const lines = diffLines(from, to) ?? [];
      const read = (left: "in" | "out"): string => lines.flatMap((line) => (line.kind === left ? [] : [line.text])).join("\n");
      expect([read("in"), read("out")]).toEqual([from, to]);
    }),
  );
});

test("a line that changes is one out and one in; the rest stays", () => {
  expect(diffLines("a\nb\nc\nd", "a\nx\nc\nd")).toEqual([
    { kind: "same", text: "a" },
    { kind: "out", text: "b" },
    { kind: "in", text: "x" },
    { kind: "same", text: "c" },
    { kind: "same", text: "d" },
  ]);
});

test("texts that would take long are not compared, a change inside of long ones is", () => {
  const long = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
  expect(diffLines(long.join("\n"), long.toReversed().join("\n"))).toBeUndefined();
  expect(diffLines(long.join("\n"), long.with(2_500, "other").join("\n"))?.filter((line) => line.kind !== "same")).toHaveLength(2);
});
