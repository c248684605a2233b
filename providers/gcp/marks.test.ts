import { expect, it } from "vitest";
import { describeMarks, readDescription, readLabels, toLabelValue, writeChildLabels, writeMarkLabels, writeUserLabels } from "./marks.ts";

const marks = { lineage: "a".repeat(32), object: "b".repeat(32), operation: "c".repeat(32), address: 'machine.web["x"]:instance' };
const label = /^[a-z0-9_-]{0,63}$/;

it("takes apart what it wrote as labels", () => {
  const labels = { ...writeUserLabels({ team: "shop", empty: "" }), ...writeMarkLabels(marks) };
  expect(readLabels(labels)).toEqual({ user: { team: "shop", empty: "" }, marks: { ...marks, address: labels["koine-address"] } });
  for (const [key, value] of Object.entries(labels)) expect(key + value).toMatch(/^[a-z0-9_-]+$/);
});

it("takes apart what it wrote as a description", () => {
  expect(readDescription(describeMarks(marks))).toEqual(marks);
  expect(describeMarks(marks)).toMatch(/^koine lineage=a{32} object=b{32} operation=c{32} address=machine/);
  expect(describeMarks({ ...marks, address: "x".repeat(5_000) }).length).toBeLessThan(2_048);
});

it("reads no marks where somebody else wrote", () => {
  expect(readDescription("koine lineage=x, says a person")).toEqual({});
  expect(readDescription(null)).toEqual({});
  expect(readLabels(null)).toEqual({ user: {}, marks: {} });
});

it("never lets a child pass for an object", () => {
  const labels = { ...writeUserLabels({ team: "shop" }), ...writeChildLabels(marks, "data") };
  expect(readLabels(labels)).toEqual({ user: { team: "shop" }, marks: {} });
});

it("hides what belongs to the cloud and to the engine", () => {
  expect(readLabels({ "goog-managed": "x", "koine-something-new": "y", mine: "z" }).user).toEqual({ mine: "z" });
});

it.each(["machine.web:instance", 'machine.web["Ä"]:instance', "x".repeat(300), "UPPER", ""])("makes a label of %s", (text) => {
  expect(toLabelValue(text)).toMatch(label);
});

it("keeps texts apart that read alike", () => {
  expect(toLabelValue("a.b")).not.toBe(toLabelValue("a:b"));
  expect(toLabelValue("fits_as-it-is")).toBe("fits_as-it-is");
});
