import { expect, test } from "vitest";
import { describeConflict } from "./judge-flags.ts";

test.each([
  [{ refreshOnly: true, destroy: true }, "`--refresh-only` and `--destroy`"],
  [{ refreshOnly: true, replace: ["a.b"] }, "`--refresh-only` and `--replace`"],
  [{ refreshOnly: true, offline: true }, "`--refresh-only` records what the clouds say, and `--offline` asks none"],
  [{ destroy: true, replace: ["a.b"] }, "`--destroy` and `--replace`"],
])("%j contradict each other", (flags, words) => {
  expect(describeConflict(flags)).toContain(words);
});

test("what limits a plan goes with each of them", () => {
  expect(describeConflict({})).toBeUndefined();
  expect(describeConflict({ refreshOnly: true, target: ["a.b"], exclude: ["a.c"], replace: [] })).toBeUndefined();
  expect(describeConflict({ destroy: true, target: ["a.b"] })).toBeUndefined();
  expect(describeConflict({ replace: ["a.b"], target: ["a.b"], offline: true })).toBeUndefined();
});
