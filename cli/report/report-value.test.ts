// Values in a report: plain JSON, what is hidden or unknown in words that no value of a user can be mistaken for.

import { expect, test } from "vitest";
import { nativeRef } from "../../engine/lower/native-value.ts";
import { tag } from "../../grammar/graph/value.ts";
import { formatReported, reportLowered, reportValue } from "./report-value.ts";

const secret = { [tag]: "secret", value: "correct-horse" } as const;

test("secrets, sealed values and digests of secrets never stand in it", () => {
  const value = { plain: "a", list: [secret], sealed: { $sealed: "koine1:abc" }, digest: { $secret: "hmac:1:abc" } };
  for (const written of [reportValue(value), reportLowered(value)]) {
    const text = JSON.stringify(written);
    for (const word of ["correct-horse", "koine1", "hmac"]) expect(text).not.toContain(word);
    expect(text).toContain("secret");
  }
  expect(formatReported(reportValue(secret))).toBe("(secret)");
});

test("a value that is known later says after what", () => {
  expect(formatReported(reportValue([nativeRef("network.main:vpc", "VpcId")]))).toBe("[(known after network.main)]");
});

test("a map of a user passes for none of these", () => {
  const value = reportValue({ $later: "secret" });
  expect(value).toEqual({ $$later: "secret" });
  expect(formatReported(value)).toBe("{$later: secret}");
  expect(JSON.stringify(reportValue(JSON.parse('{"__proto__": 1}')))).toBe('{"__proto__":1}');
});

test("long texts are cut, and say how long they are", () => {
  const written = reportValue("x".repeat(100_000)) as string;
  expect(written.length).toBeLessThan(5_000);
  expect(written).toContain("(100000 characters)");
});
