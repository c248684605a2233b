import { describe, expect, test } from "vitest";
import type { PinAnswer } from "../provider/provider.ts";
import { emptyLock, entryName, type Lock, type LockEntry, sortedEntries } from "./lock.ts";
import { compareLocks, dropPins, mergeLock, releasePins, trackPins } from "./pin-changes.ts";

function lockOf(...entries: readonly LockEntry[]): Lock {
  return { entries: new Map(entries.map((entry) => [entryName(entry.provider, entry.kind, entry.key), entry])) };
}

const ubuntu: LockEntry = {
  provider: "aws",
  kind: "image",
  key: "ubuntu-24.04/eu-west-1/x86_64",
  id: "ami-1",
  name: "u",
  date: "2025-10-22",
};
const debian: LockEntry = { provider: "aws", kind: "image", key: "debian-12/eu-west-1/x86_64", id: "ami-2", name: "d", date: "2025-10-22" };
const size: LockEntry = { provider: "aws", kind: "size", key: "2cpu-4GiB-x86_64/eu-west-1", id: "c6a.large", because: "cheap" };

const answer = (id: string): PinAnswer => ({
  request: { cloud: "aws", provider: "aws", kind: "image", key: ubuntu.key, parameters: {} },
  answer: { id, name: "u", date: "2025-10-22" },
});

describe("changes of a lock", () => {
  test("answers and choices are added, what is pinned stays", () => {
    const choice = { cloud: "aws", provider: "aws", kind: "size", key: size.key, answer: "c6a.large", because: "cheap" } as const;
    const merged = mergeLock(emptyLock, { answers: [answer("ami-1")], choices: [choice] });
    expect(sortedEntries(merged)).toEqual([ubuntu, size]);
    expect(mergeLock(merged, { answers: [answer("ami-9")], choices: [{ ...choice, answer: "m5.large" }] })).toBe(merged);
    const other = { ...choice, key: "8cpu-16GiB-x86_64/eu-west-1", answer: "c6a.2xlarge" };
    expect(sortedEntries(mergeLock(merged, { answers: [answer("ami-9")], choices: [other] })).map(({ id }) => id)).toEqual([
      "ami-1",
      "c6a.large",
      "c6a.2xlarge",
    ]);
  });

  test("an alias that the cloud does not know adds nothing", () => {
    const unknown: PinAnswer = { request: answer("x").request, answer: { mistake: "none" } };
    expect(mergeLock(emptyLock, { answers: [unknown] })).toBe(emptyLock);
  });

  test("pins are released by alias, key or id, or all at once", () => {
    const lock = lockOf(ubuntu, debian, size);
    expect(sortedEntries(releasePins(lock, ["ubuntu-24.04"]).lock)).toEqual([debian, size]);
    expect(sortedEntries(releasePins(lock, [size.key, "ami-2"]).lock)).toEqual([ubuntu]);
    expect(releasePins(lock, ["nothing", "ubuntu-24.04"]).unknown).toEqual(["nothing"]);
    expect(releasePins(lock).lock.entries.size).toBe(0);
  });

  test("entries that nothing asked for are found and dropped", () => {
    const lock = lockOf(ubuntu, debian, size);
    const { reader, findUnused } = trackPins(lock);
    expect(reader.pinned("aws", "image", ubuntu.key)).toBe("ami-1");
    expect(reader.pinned("aws", "image", "other")).toBeUndefined();
    expect(findUnused()).toEqual([debian, size]);
    expect(sortedEntries(dropPins(lock, findUnused()))).toEqual([ubuntu]);
  });

  test("differences are told in the order of the file, reasons alone are none", () => {
    const before = lockOf(ubuntu, size);
    const after = lockOf({ ...ubuntu, id: "ami-7" }, debian, { ...size, because: "other words" });
    expect(compareLocks(before, after)).toEqual([{ after: debian }, { before: ubuntu, after: { ...ubuntu, id: "ami-7" } }]);
    expect(compareLocks(before, lockOf(size))).toEqual([{ before: ubuntu }]);
  });
});
