// Cuts from GitHub's published OpenAPI description what the tests' GitHub server needs, into test/support/github/openapi.json: the operations that
// `koine ci` may call and the payloads of the events it is started by. Run by hand when an operation is added; the description itself is no dependency
// (385 MB). Usage: node scripts/github-openapi.ts node_modules/@octokit/openapi

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const operations: readonly string[] = [
  "GET /rate_limit",
  "GET /user",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/branches/{branch}",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
  "GET /repos/{owner}/{repo}/commits/{ref}",
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
  "POST /repos/{owner}/{repo}/statuses/{sha}",
  "POST /repos/{owner}/{repo}/check-runs",
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "GET /repos/{owner}/{repo}/compare/{basehead}",
  "GET /repos/{owner}/{repo}/contents/{path}",
  "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "GET /repos/{owner}/{repo}/issues",
  "POST /repos/{owner}/{repo}/issues",
  "GET /repos/{owner}/{repo}/issues/{issue_number}",
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "POST /repos/{owner}/{repo}/labels",
  "GET /repos/{owner}/{repo}/labels/{name}",
  "GET /repos/{owner}/{repo}/pulls",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
];

/** Names of webhooks in the description, whose payloads are what Actions puts into GITHUB_EVENT_PATH. */
const webhooks: readonly string[] = [
  "issue-comment-created",
  "merge-group-checks-requested",
  "pull-request-closed",
  "pull-request-opened",
  "pull-request-review-submitted",
  "pull-request-synchronize",
  "push",
  "workflow-dispatch",
  "workflow-run-completed",
];

/** What says nothing about validity. `default` and `deprecated` are kept out too: the server applies its own defaults. */
const prose = new Set(["description", "summary", "example", "examples", "externalDocs", "deprecated", "tags", "title"]);

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node scripts/github-openapi.ts FOLDER-OF-@octokit/openapi");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string; license: string };
const whole = JSON.parse(readFileSync(join(folder, "generated/api.github.com.json"), "utf8")) as { readonly [name: string]: Json };
const used = new Set<string>();

/** Follows `#/a/b/c`. */
function resolve(reference: string): Json {
  let at: Json | undefined = whole;
  for (const part of reference.split("/").slice(1)) at = asRecord(at)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  if (at === undefined) throw new Error(`the description has no ${reference}`);
  return at;
}

function asRecord(value: Json | undefined): { readonly [name: string]: Json } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return value as { readonly [name: string]: Json };
}

/** Keeps references to schemas, noting them, and puts everything else that is referred to in its place. Below `properties` every name is a property. */
function cut(value: Json, names = false): Json {
  if (Array.isArray(value)) return value.map((one: Json) => cut(one));
  if (typeof value !== "object" || value === null) return value;
  const record = asRecord(value);
  const reference = names ? undefined : record.$ref;
  if (typeof reference === "string") {
    const schema = /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];
    if (schema === undefined) return cut(resolve(reference));
    used.add(schema);
    return { $ref: `#/components/schemas/${schema}` };
  }
  const kept = Object.entries(record).filter(([name]) => names || !(prose.has(name) || name.startsWith("x-")));
  return Object.fromEntries(
    // Values of `enum` and `default` are data.
    kept.map(([name, part]) => [
      name,
      !names && (name === "enum" || name === "default") ? part : cut(part, !names && name === "properties"),
    ]),
  );
}

const paths: Record<string, Record<string, Json>> = {};
for (const operation of operations) {
  const [method = "", path = ""] = operation.split(" ");
  const found = asRecord(asRecord(resolve("#/paths"))[path])[method.toLowerCase()];
  if (found === undefined) throw new Error(`the description has no ${operation}`);
  paths[path] = { ...paths[path], [method.toLowerCase()]: cut(found) };
}
const events = Object.fromEntries(
  webhooks.map((name) => {
    const request = asRecord(asRecord(asRecord(asRecord(resolve("#/x-webhooks"))[name]).post).requestBody);
    return [name, cut(asRecord(asRecord(request.content)["application/json"]).schema ?? {})];
  }),
);
const schemas: Record<string, Json> = {};
for (const name of used) schemas[name] = cut(resolve(`#/components/schemas/${name}`));

const slice = {
  $comment: `Cut by scripts/github-openapi.ts from @octokit/openapi ${manifest.version} (${manifest.license}), file generated/api.github.com.json, which publishes https://github.com/github/rest-api-description (MIT). Prose and examples are left out; nothing is added.`,
  openapi: whole.openapi,
  paths,
  webhooks: events,
  components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) },
};
// One line for each operation, payload and schema, so that a difference can be read.
const lines = (record: object): string =>
  Object.entries(record)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(",\n");
writeFileSync(
  new URL("../test/support/github/openapi.json", import.meta.url),
  `{\n"$comment": ${JSON.stringify(slice.$comment)},\n"openapi": ${JSON.stringify(slice.openapi)},\n"paths": {\n${lines(paths)}\n},\n"webhooks": {\n${lines(events)}\n},\n"components": { "schemas": {\n${lines(slice.components.schemas)}\n} }\n}\n`,
);
