// How values read: whole, and never so that an author's text could be taken for words of ours.

import { expect, test } from "vitest";
import { formatLowered, formatReportedWhole, renderDifference, renderValue } from "./values.ts";

test.each([
  ["m7i.large", "m7i.large"],
  ["two words", '"two words"'],
  ["", '""'],
  ["(secret)", '"(secret)"'],
  ["(known after subnet.app)", '"(known after subnet.app)"'],
  [{ $later: "known after subnet.app" }, "(known after subnet.app)"],
  [{ $later: "secret" }, "(secret)"],
  [{ Name: "web", $$later: "mine" }, '{"Name":"web","$later":"mine"}'],
  [undefined, "(not set)"],
  [null, "(not set)"],
  [false, "false"],
  [["a", 1], '["a",1]'],
  ["a\nb", "a\nb"],
])("%j reads %s", (value, text) => {
  expect(formatReportedWhole(value)).toBe(text);
});

test("a lowered prop reads as koine lower writes it", () => {
  expect(["(secret)", "${subnet.app:subnet.SubnetId}", "a b"].map(formatLowered)).toEqual([
    "(secret)",
    "${subnet.app:subnet.SubnetId}",
    '"a b"',
  ]);
});

test("long maps and texts of many lines stand as such, and of a difference only the lines that differ are marked", () => {
  const value = { description: "allow https from everywhere on earth", port: 443, protocol: "tcp", source: "0.0.0.0/0" };
  expect(renderValue(value).markup).toMatch(/^<pre>\{\n {2}&quot;description/);
  const { markup } = renderDifference(value, { ...value, port: 8443 });
  expect(markup.match(/<(?:del|ins)>.*?<\/(?:del|ins)>/g)).toEqual([
    "<del>-   &quot;port&quot;: 443,</del>",
    "<ins>+   &quot;port&quot;: 8443,</ins>",
  ]);
  expect(renderDifference("a", { $later: "secret" }).markup).toContain("<ins>(secret)</ins>");
});
