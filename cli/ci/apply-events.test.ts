import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFailures } from "./apply-events.ts";

function write(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-events-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "events.ndjson");
  writeFileSync(path, lines.join("\n"));
  return path;
}

const failed = (key: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    kind: "operation-failed",
    key,
    failure: { code: "conflict", message: "no room", hint: "choose another" },
    unresolved: false,
    ...more,
  });

test("each object that failed is a sentence; half a line is none", () => {
  const path = write(
    JSON.stringify({ kind: "operation-done", key: "a" }),
    failed("subnet.a:subnet"),
    failed("subnet.b:subnet", { unresolved: true }),
    '{"kind":"operation-fai',
  );
  expect(readFailures(path)).toEqual([
    "subnet.a:subnet: no room (choose another)",
    "subnet.b:subnet: no room (choose another). Whether it had an effect is not known; the next run finds out",
  ]);
});

test("many are counted, none without events", () => {
  const many = readFailures(write(...Array.from({ length: 25 }, (_, index) => failed(`subnet.s${index}:subnet`))));
  expect(many).toHaveLength(11);
  expect(many.at(-1)).toBe("And 15 more.");
  expect(readFailures("/nonexistent/events.ndjson")).toEqual([]);
});
