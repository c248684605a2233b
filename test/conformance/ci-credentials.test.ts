// docs/ci-credentials.md against the code: the permissions that it lists are those of the operations that Koine calls, and the variables that it and the
// templates name are the same.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/koine-process.ts";

const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), "utf8");
const page = read("docs", "ci-credentials.md");

/** Names of the members of `interface Operations`, which exists as a type only. */
function listOperations(provider: string, name: RegExp): readonly string[] {
  const source = read("providers", provider, "operations.ts");
  const body = source.slice(source.indexOf("export interface Operations"));
  return [...body.matchAll(name)].map((match) => match[1] ?? "").sort();
}

test("AWS: one action for each operation, reads apart from writes", () => {
  const operations = listOperations("aws", /^ {2}readonly ([A-Z]\w+):/gm);
  const policies = [...page.matchAll(/"Action": \[([^\]]*)\]/g)].map((match) =>
    [...(match[1] ?? "").matchAll(/"ec2:(\w+)"/g)].map((action) => action[1] ?? ""),
  );
  const isRead = (name: string): boolean => name.startsWith("Describe");
  expect(policies).toEqual([operations.filter(isRead), operations.filter((name) => !isRead(name))]);
  expect(operations.length).toBeGreaterThan(50);
});

test("Google Cloud: one permission for each read", () => {
  const operations = listOperations("gcp", /readonly "(\w+\.\w+)"/g);
  const needed = new Set(
    operations.flatMap((operation) => {
      const [collection, method = ""] = operation.split(".");
      if (method === "aggregatedList") return [`compute.${collection}.list`];
      return /^(?:get|list)/.test(method) ? [`compute.${operation}`] : [];
    }),
  );
  const listed = /or a role of your own with:\n\n```\n([^`]*)```/.exec(page)?.[1] ?? "";
  expect(listed.split(/[\s,]+/).filter((name) => name !== "")).toEqual([...needed].sort());
});

test("Azure: every type that Koine writes is in the role", async () => {
  const { operations } = await import("../../providers/azure/operations.ts");
  const written = Object.values(operations).filter(({ method }) => method === "PUT");
  const types = new Set(written.flatMap(({ path }) => /providers\/(Microsoft\.\w+\/\w+)/.exec(path)?.[1] ?? []));
  for (const type of types) expect(page).toContain(`"${type}/*"`);
  expect(types.size).toBeGreaterThan(8);
});

test("variables of the templates are explained", () => {
  const guides = page + read("docs", "ci.md");
  const templates = read("templates", "github", "koine.yml") + read("templates", "gitlab", "gitlab-ci.yml");
  const names = new Set(
    [...templates.matchAll(/\b(?:vars|secrets)\.(\w+)|\$\{?(KOINE_(?:AWS|GCP|AZURE)_\w+)/g)].map((match) => match[1] ?? match[2] ?? ""),
  );
  const tokens = /_TOKEN$/;
  for (const name of names) if (!tokens.test(name)) expect([name, guides.includes(name)]).toEqual([name, true]);
  expect(names.size).toBeGreaterThan(10);
});
