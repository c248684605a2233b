// What others wrote must not steer the terminal: neither move its cursor nor hide a line of a plan.

import { expect, test } from "vitest";
import { escapeControls } from "./terminal.ts";

test.each([
  ["\u001b[8mhidden", "\\u001b[8mhidden"],
  ["\u001b[2J\u001b]0;title\u0007", "\\u001b[2J\\u001b]0;title\\u0007"],
  ["\u001b[30;40m", "\\u001b[30;40m"],
  ["a\rb\u009b2J", "a\\u000db\\u009b2J"],
  ["\u202edetcelfer\u2069", "\\u202edetcelfer\\u2069"],
  ["line\n\ttab", "line\n\ttab"],
])("%j is shown as what it is", (text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test("our own colours pass, and only where there is colour", () => {
  const red = "\u001b[1;31merror\u001b[0m \u001b[32m+\u001b[39m";
  expect(escapeControls(red)).toBe(red);
  expect(escapeControls(red, false)).toBe("\\u001b[1;31merror\\u001b[0m \\u001b[32m+\\u001b[39m");
});
