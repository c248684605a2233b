import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionAt } from "../../grammar/source/source-file.ts";
import { emptyLock, entryName, type Lock, type LockEntry, lockReader, parseLock, serialiseLock } from "./lock.ts";

function lockOf(...entries: readonly LockEntry[]): Lock {
  return { entries: new Map(entries.map((entry) => [entryName(entry.provider, entry.kind, entry.key), entry])) };
}

const ubuntu: LockEntry = {
  provider: "aws",
  kind: "image",
  key: "ubuntu-24.04/eu-west-1/x86_64",
  id: "ami-0123456789abcdef0",
  name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251022",
  date: "2025-10-22",
};
const size: LockEntry = {
  provider: "aws",
  kind: "size",
  key: "2cpu-4GiB-x86_64/eu-west-1",
  id: "c6a.large",
  because: "cheapest that fits",
};

function parse(text: string) {
  return parseLock({ path: "koine.lock", text });
}

describe("koine.lock", () => {
  test("is YAML that a person reads, sorted whatever the order of the entries", () => {
    const text = serialiseLock(lockOf(size, ubuntu));
    expect(text).toBe(serialiseLock(lockOf(ubuntu, size)));
    expect(text).toBe(`# Written by \`koine lock\`: what aliases and sizes stand for, exactly. Commit it; \`koine lock --update\` pins anew.
version: 1
pins:
  aws:
    image:
      ubuntu-24.04/eu-west-1/x86_64:
        id: ami-0123456789abcdef0
        name: ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251022
        date: 2025-10-22
    size:
      2cpu-4GiB-x86_64/eu-west-1:
        id: c6a.large
        because: cheapest that fits
`);
    expect(parse(text)).toEqual({ lock: lockOf(ubuntu, size), diagnostics: [] });
  });

  test("an empty lock, as text and as a file without pins", () => {
    expect(parse(serialiseLock(emptyLock)).lock).toEqual(emptyLock);
    expect(parse("version: 1\n").lock).toEqual(emptyLock);
    expect(parse("version: 1\npins:\n").lock).toEqual(emptyLock);
  });

  test("law: parse ∘ serialise is the identity, whatever the texts hold", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((value) => value.isWellFormed());
    const entry = fc.record(
      {
        provider: fc.constantFrom("aws", "gcp"),
        kind: fc.constantFrom("image", "size", "zone", "region"),
        key: text,
        id: fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)), minLength: 1 }),
        name: text,
        date: text,
        because: text,
      },
      { requiredKeys: ["provider", "kind", "key", "id"] },
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        const lock = lockOf(...(entries as LockEntry[]));
        const { lock: parsed, diagnostics } = parse(serialiseLock(lock));
        expect(diagnostics).toEqual([]);
        expect(new Map(parsed?.entries)).toEqual(lock.entries);
        expect(serialiseLock(parsed ?? emptyLock)).toBe(serialiseLock(lock));
      }),
      { numRuns: 50, examples: [[[{ provider: "aws", kind: "image", key: "__proto__", id: "!" }]]] },
    );
  });

  test.each([
    ["pins: {}\n", "has no valid `version`"],
    ["version: 2\npins: {}\n", "has format 2, this Koine reads up to 1"],
    ["- a\n", "must be a map"],
    ["", "must be a map"],
    ["version: 1\npins: [1]\n", "a map is expected"],
    ["version: 1\npins: { aws: { colour: {} } }\n", "`colour` is no kind of pin"],
    ["version: 1\npins: { aws: { image: { a: { name: x } } } }\n", "has no `id`"],
    ["version: 1\npins: { aws: { image: { a: { id: 7 } } } }\n", "`id` must be text"],
    ["version: 1\npins: { aws: { image: { a: { id: x, colour: y } } } }\n", "has no field `colour`"],
    ["version: 1\npin: {}\n", "has no field `pin`"],
    ["version: 1\npins: {\n", "is not valid YAML"],
    ["version: 1\nversion: 1\n", "is not valid YAML"],
  ])("%j is refused with its place", (text, message) => {
    const { lock, diagnostics } = parse(text);
    expect(lock).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.code).toBe("K4009");
    expect(diagnostics[0]?.message).toContain(message);
    expect(diagnostics[0]?.hint).toBeTruthy();
  });

  test("the place is that of the mistake", () => {
    const text = "version: 1\npins:\n  aws:\n    image:\n      debian:\n        id: 7\n";
    const span = parse(text).diagnostics[0]?.span;
    expect(positionAt({ path: "koine.lock", text }, span?.start ?? 0)).toEqual({ line: 6, column: 13 });
  });

  test("no text makes it throw", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => void parse(text)));
  });

  test("the reader tells what is pinned", () => {
    const { pinned } = lockReader(lockOf(ubuntu, size));
    expect(pinned("aws", "size", "2cpu-4GiB-x86_64/eu-west-1")).toBe("c6a.large");
    expect(pinned("gcp", "size", "2cpu-4GiB-x86_64/eu-west-1")).toBeUndefined();
  });
});
