import fc from "fast-check";
import { expect, test } from "vitest";
import { HostError, type Subject } from "../host.ts";
import { mark, readMarker } from "./marker.ts";
import { readRecord, writeRecord } from "./record-text.ts";

const digest = `sha256:${"a".repeat(64)}`;
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const subject: fc.Arbitrary<Subject> = fc.record(
  {
    folder: fc.oneof(
      fc.constant(""),
      text.filter((folder) => folder !== "."),
    ),
    environment: text,
  },
  { requiredKeys: ["folder"] },
);

test("what a marker names is read back, and no name ends the comment", () => {
  fc.assert(
    fc.property(subject, (named) => {
      const body = mark("plan", named, "text", "more");
      const [line = "", ...rest] = body.split("\n");
      expect(readMarker("plan", body)).toEqual({ subject: named, more: "more" });
      expect(line.indexOf("-->")).toBe(line.length - 3);
      expect(rest).toEqual(["text"]);
    }),
  );
});

test("only the first line is a marker, and only one of the kind that is asked for", () => {
  const marker = mark("plan", { folder: "shop", environment: "prod" }, "").trimEnd();
  expect(readMarker("plan", `text\n${marker}`)).toBeUndefined();
  expect(readMarker("plan", ` ${marker}`)).toBeUndefined();
  expect(readMarker("drift", marker)).toBeUndefined();
  expect(readMarker("plan", `${marker}\r\ntext`)).toEqual({ subject: { folder: "shop", environment: "prod" }, more: "" });
  for (const body of [
    "",
    null,
    undefined,
    "<!-- koine:plan:1 -->",
    "<!-- koine:plan:1 a b c -->",
    "<!-- koine:plan:1 a%2 -->",
    "<!-- koine:plan:1 a-b -->",
  ])
    expect(readMarker("plan", body)).toBeUndefined();
});

test("a folder that is too long to be named is told", () => {
  expect(() => mark("plan", { folder: "é".repeat(400) }, "")).toThrow(HostError);
});

test("a record is read back in its exact words, and in no others", () => {
  fc.assert(
    fc.property(
      subject,
      fc.boolean(),
      fc.constantFrom("none", "review", undefined),
      fc.boolean(),
      (named, destructive, require, applied) => {
        const said = { digest, destructive, ...(require && { require }), ...(applied && { applied }), subject: named };
        expect(readRecord(writeRecord(said))).toEqual(said);
      },
    ),
  );
  for (const wrong of [
    `koine/2 ${digest} keeps - shown .`,
    `koine/1 ${digest} keeps .`,
    `koine/1 ${digest.slice(0, -1)} keeps - shown .`,
    ` koine/1 ${digest} keeps - shown .`,
    `koine/1 ${digest} keeps weaker shown .`,
    `koine/1 ${digest} keeps - seen .`,
    null,
  ])
    expect(readRecord(wrong)).toBeUndefined();
});
