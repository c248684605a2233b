import { expect, test } from "vitest";
import { formatPlace, lineStarts, positionAt, type SourceFile } from "./source-file.ts";
import { joinSpans } from "./span.ts";

const file: SourceFile = { path: "a.koine", text: "one\ntwo\r\nthree\rfour\n\n😀x" };

test("every kind of line break ends a line once", () => {
  expect(lineStarts(file)).toEqual([0, 4, 9, 15, 20, 21]);
  expect(lineStarts({ path: "b", text: "" })).toEqual([0]);
  expect(lineStarts({ path: "b", text: "\r\n\r\r\n" })).toEqual([0, 2, 3, 5]);
});

test.each([
  [0, 1, 1],
  [3, 1, 4],
  [4, 2, 1],
  [8, 2, 5],
  [9, 3, 1],
  [15, 4, 1],
  [20, 5, 1],
  [21, 6, 1],
  [23, 6, 3],
  [24, 6, 4],
  [1000, 6, 4],
  [-5, 1, 1],
])("offset %i is at %i:%i", (offset, line, column) => {
  expect(positionAt(file, offset)).toEqual({ line, column });
});

test("a place is named by file, line and column", () => {
  expect(formatPlace(file, { file: "a.koine", start: 9, end: 12 })).toBe("a.koine:3:1");
  expect(formatPlace(undefined, { file: "gone.koine", start: 9, end: 12 })).toBe("gone.koine");
  expect(joinSpans({ file: "a", start: 5, end: 7 }, { file: "a", start: 1, end: 6 })).toEqual({ file: "a", start: 1, end: 7 });
});
