import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runGit } from "../../test/support/forge-git.ts";
import { createTerminal } from "../terminal.ts";
import { readSituation, type SituationRequest } from "./read-situation.ts";

const root = mkdtempSync(join(tmpdir(), "koine-situation-"));
const eventFile = join(root, ".git", "event.json");
afterAll(() => rmSync(root, { recursive: true, force: true }));

let base = "";
let head = "";
let merge = "";

function git(...args: readonly string[]): string {
  return runGit(root, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args);
}

beforeAll(() => {
  git("init", "--quiet", "--initial-branch=main");
  git("commit", "--quiet", "--allow-empty", "-m", "begin");
  git("checkout", "--quiet", "-b", "change");
  git("commit", "--quiet", "--allow-empty", "-m", "change");
  head = git("rev-parse", "HEAD");
  git("checkout", "--quiet", "main");
  git("commit", "--quiet", "--allow-empty", "-m", "meanwhile");
  base = git("rev-parse", "HEAD");
  git("checkout", "--quiet", "--detach");
  git("merge", "--quiet", "--no-ff", "-m", "trial", "change");
  merge = git("rev-parse", "HEAD");
});

const repo = { id: 1, full_name: "acme/infra" };

function pull(sha: string, from: string): unknown {
  return { pull_request: { number: 7, head: { sha, repo }, base: { sha: from, repo } } };
}

function read(event: unknown, variables: Readonly<Record<string, string>> = {}, more: Partial<SituationRequest> = {}) {
  writeFileSync(eventFile, typeof event === "string" ? event : JSON.stringify(event));
  const github = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: eventFile,
    GITHUB_REPOSITORY: "acme/infra",
    GITHUB_SHA: merge,
    GITHUB_API_URL: "https://api.github.example.com",
    GITHUB_SERVER_URL: "https://github.example.com",
    ...variables,
  };
  return readSituation({
    terminal: createTerminal({ color: false, environment: {} }),
    variables: github,
    directory: root,
    out: "out",
    ...more,
  });
}

test("of a trial merge, the base is where its branch is now, not where it was when the event was made", async () => {
  git("checkout", "--quiet", "--detach", merge);
  const older = git("rev-parse", `${base}~1`);
  expect(await read(pull(head, older))).toMatchObject({
    kind: "reviewing",
    number: 7,
    headSha: head,
    baseSha: base,
    sha: merge,
    event: "pull_request",
  });
});

test("the head itself may be checked out; its base is the event's", async () => {
  git("checkout", "--quiet", "--detach", head);
  expect(await read(pull(head, base))).toMatchObject({ kind: "reviewing", headSha: head, baseSha: base, sha: head });
});

test("anything else that is checked out is refused: also a merge of the head by somebody else's hand", async () => {
  git("checkout", "--quiet", "--detach", base);
  await expect(read(pull(head, base))).rejects.toThrow("is neither the head of the change request");
  git("checkout", "--quiet", "--detach", head);
  git("merge", "--quiet", "--no-ff", "-m", "the other way round", base);
  await expect(read(pull(head, base))).rejects.toThrow("is neither the head of the change request");
});

test("of a merge queue, only its own revision is planned", async () => {
  const event = { merge_group: { head_sha: merge, base_sha: base } };
  git("checkout", "--quiet", "--detach", merge);
  expect(await read(event, { GITHUB_EVENT_NAME: "merge_group" })).toMatchObject({
    kind: "queued",
    headSha: merge,
    baseSha: base,
    sha: merge,
  });
  git("checkout", "--quiet", "--detach", base);
  await expect(read(event, { GITHUB_EVENT_NAME: "merge_group" })).rejects.toThrow("is not what the queue made");
});

test("a host is there where a token is, and where its addresses are sound", async () => {
  git("checkout", "--quiet", "--detach", merge);
  expect((await read(pull(head, base))).host).toBeUndefined();
  expect((await read(pull(head, base), { GITHUB_TOKEN: "t" })).host?.name).toBe("github");
  await expect(read(pull(head, base), { GITHUB_TOKEN: "t", GITHUB_API_URL: "file:///etc" })).rejects.toThrow(
    "GITHUB_API_URL is no URL of the host",
  );
  await expect(read(pull(head, base), { GITHUB_TOKEN: "t", GITHUB_API_URL: "https://a:b@api.example.com" })).rejects.toThrow(
    "GITHUB_API_URL",
  );
  await expect(read(pull(head, base), { GITHUB_REPOSITORY: "acme/../x" })).rejects.toThrow("GITHUB_REPOSITORY names no repository");
});

test("an event that cannot be read, a base that is given twice", async () => {
  await expect(read("{")).rejects.toThrow("the event's file is no JSON");
  await expect(read("", { GITHUB_EVENT_PATH: join(root, "nothing.json") })).rejects.toThrow(
    "the event's file cannot be read: it does not exist",
  );
  await expect(read(pull(head, base), {}, { base: "main" })).rejects.toThrow("`--base` is for runs whose event names no revision");
});

test("without a host, what is checked out and the base by hand", async () => {
  git("checkout", "--quiet", "--detach", merge);
  const plain = await read("{}", { GITHUB_ACTIONS: "" }, { base: "main" });
  expect(plain).toMatchObject({ kind: "plain", sha: merge, base: "main", root });
  expect(plain.host).toBeUndefined();
});

test("posting for another run needs no checkout", async () => {
  const event = { workflow_run: { head_sha: head, head_branch: "change", head_repository: { owner: { login: "stranger" } } } };
  const folder = mkdtempSync(join(tmpdir(), "koine-empty-"));
  try {
    const found = await read(event, { GITHUB_EVENT_NAME: "workflow_run" }, { directory: folder, withoutCheckout: true });
    expect(found).toMatchObject({ kind: "completed", headSha: head, headOwner: "stranger", headBranch: "change" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a comment's pull request is asked of the host, so that needs a token", async () => {
  await expect(read({ issue: { number: 7, pull_request: {} } }, { GITHUB_EVENT_NAME: "issue_comment" })).rejects.toThrow("without a token");
});
