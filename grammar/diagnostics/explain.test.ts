import { expect, test } from "vitest";
import { codes } from "./codes.ts";
import { explainCode, listCodes } from "./explain.ts";

test("every code has a page of Markdown", () => {
  expect(listCodes()).toEqual(Object.keys(codes).sort());
  for (const code of listCodes()) {
    const page = explainCode(code) ?? "";
    expect(page.startsWith(`# ${code}: `)).toBe(true);
    expect(page.endsWith("\n")).toBe(true);
    expect(page.split("```").length % 2).toBe(1);
    expect(page).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(page.length).toBeLessThan(8000);
  }
});

test("a page shows what is refused and what is accepted", () => {
  expect(explainCode("k1008 ")).toBe(
    [
      "# K1008: unknown unit",
      "",
      codes.K1008.explanation,
      "",
      "## Refused",
      "",
      "```koine",
      "stack demo",
      "let pause = 5min",
      "```",
      "",
      "## Accepted",
      "",
      "```koine",
      "stack demo",
      "let pause = 5m",
      "```",
      "",
    ].join("\n"),
  );
});

test.each(["K9999", "", "1008", "toString", "__proto__"])("there is no code %j", (code) => {
  expect(explainCode(code)).toBeUndefined();
});
