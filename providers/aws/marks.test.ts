import { expect, it } from "vitest";
import { readTags, specifyChildTags, specifyTags } from "./marks.ts";

const marks = { lineage: "a".repeat(32), object: "b".repeat(32), operation: "c".repeat(32), address: 'machine.web["x"]:instance' };

it("takes apart what it wrote", () => {
  const [specification] = specifyTags("vpc", marks, { Name: "shop", empty: "" });
  expect(readTags(specification?.Tags)).toEqual({ user: { Name: "shop", empty: "" }, marks });
});

it("writes equal bytes for equal tags, whatever their order", () => {
  expect(specifyTags("vpc", marks, { b: "2", a: "1" })).toEqual(specifyTags("vpc", marks, { a: "1", b: "2" }));
});

it("never lets a child pass for an object", () => {
  const [specification] = specifyChildTags("volume", marks, { Name: "shop" }, "/dev/sdf");
  expect(readTags(specification?.Tags)).toEqual({ user: { Name: "shop" }, marks: {} });
});

it("hides what belongs to the cloud and to the engine", () => {
  const tags = [
    { Key: "aws:cloudformation:stack-name", Value: "x" },
    { Key: "koine:something-new", Value: "y" },
    { Key: "mine", Value: "z" },
  ];
  expect(readTags(tags)).toEqual({ user: { mine: "z" }, marks: {} });
});

it("keeps the address within 256 characters", () => {
  const address = `machine.web["${"ü".repeat(300)}"]:instance`;
  const written = specifyTags("vpc", { ...marks, address }, {})[0]?.Tags?.find((tag) => tag.Key === "koine:address")?.Value;
  expect([...(written ?? "")]).toHaveLength(256);
});
