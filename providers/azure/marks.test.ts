import { expect, it } from "vitest";
import { changeTags, isNote, isReservedTag, markKeys, readTag, readTags, typeKey, writeChildTags, writeNote, writeTags } from "./marks.ts";

const marks = {
  lineage: "l".repeat(32),
  object: "o".repeat(32),
  operation: "p".repeat(32),
  address: `machine.web["${"x".repeat(300)}"]:machine`,
};
const type = "azure.compute.VirtualMachine";

it("go out with the user's tags in one order, and come back apart", () => {
  const tags = writeTags(type, marks, { team: "a", Name: "web" });
  expect(Object.keys(tags)).toEqual(Object.keys(tags).toSorted());
  expect(String(tags[markKeys.address])).toHaveLength(256);
  expect(readTags(type, { tags })).toEqual({ user: { team: "a", Name: "web" }, marks: { ...marks, address: tags[markKeys.address] } });
});

it("are no marks on a resource of another type, onto which Azure copies them", () => {
  const { user, marks: read } = readTags("azure.compute.Disk", { tags: writeTags(type, marks, { team: "a" }) });
  expect(read).toEqual({});
  expect(user).toEqual({ team: "a" });
});

it("of one that was taken over before its type was written still count", () => {
  const { [typeKey]: _, ...rest } = writeTags(type, marks, {});
  expect(readTags(type, { tags: rest }).marks.object).toBe(marks.object);
});

it("are found whatever case a resource provider gives their names", () => {
  const tags = Object.fromEntries(Object.entries(writeTags(type, marks, {})).map(([key, value]) => [key.toUpperCase(), value]));
  expect(readTags(type, { tags })).toMatchObject({ user: {}, marks: { lineage: marks.lineage } });
  expect(isReservedTag("Koine-Lineage")).toBe(true);
});

it("of a child are never those of an object", () => {
  const tags = writeChildTags(marks, { team: "a" }, 3);
  expect(readTags(type, { tags }).marks).toEqual({});
  expect(readTag({ tags }, "koine-child-lun")).toBe("3");
});

it("a change of tags keeps what it does not name, and knows names without case", () => {
  const resource = { tags: { Name: "old", other: "kept", gone: "x", [markKeys.lineage]: "l" } };
  expect(changeTags(resource, { name: "new" }, ["GONE"])).toEqual({ other: "kept", [markKeys.lineage]: "l", name: "new" });
});

it("a rule's note fits and is told from anybody's words", () => {
  const note = writeNote(marks) ?? "";
  expect(note.length).toBeLessThanOrEqual(140);
  expect(isNote(note)).toBe(true);
  for (const words of [undefined, "", "koine", "koine rules are the best"]) expect(isNote(words)).toBe(false);
});
