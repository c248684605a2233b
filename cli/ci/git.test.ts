import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runGit } from "../../test/support/forge-git.ts";
import { findGitRoot, openGit } from "./git.ts";

const root = mkdtempSync(join(tmpdir(), "koine-git-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let first = "";
let second = "";
let other = "";

function commit(message: string): string {
  runGit(root, "add", "--all");
  runGit(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty", "-m", message);
  return runGit(root, "rev-parse", "HEAD");
}

beforeAll(() => {
  runGit(root, "init", "--quiet", "--initial-branch=main");
  mkdirSync(join(root, "dir"));
  writeFileSync(join(root, "dir/a.txt"), "one\n");
  writeFileSync(join(root, "-é\n.txt"), "odd");
  symlinkSync("dir/a.txt", join(root, "link"));
  first = commit("first");
  writeFileSync(join(root, "dir/a.txt"), "two\n");
  rmSync(join(root, "link"));
  runGit(root, "mv", "-k", "--", "-é\n.txt", "dir/moved.txt");
  second = commit("second");
  runGit(root, "checkout", "--quiet", "--detach", first);
  other = commit("other");
  runGit(root, "tag", "v1", first);
  runGit(root, "checkout", "--quiet", "main");
});

test("revisions, parents, where two parted, what differs, what is there", async () => {
  const git = openGit(root);
  expect(await git.resolveCommit("v1")).toBe(first);
  expect(await git.readParents(second)).toEqual([first]);
  expect(await git.readParents(first)).toEqual([]);
  expect(await git.findMergeBase(second, other)).toBe(first);
  expect(await git.listChanges(first, second)).toEqual([
    { path: "-é\n.txt", change: "deleted" },
    { path: "dir/a.txt", change: "changed" },
    { path: "dir/moved.txt", change: "added" },
    { path: "link", change: "deleted" },
  ]);
  const tree = await git.listTree(first);
  expect([...tree].map(([path, { kind }]) => [path, kind])).toEqual([
    ["-é\n.txt", "file"],
    ["dir/a.txt", "file"],
    ["link", "link"],
  ]);
  const objects = [...tree.values()].map(({ object }) => object);
  expect([...(await git.readObjects(objects)).values()].map(String)).toEqual(["odd", "one\n", "dir/a.txt"]);
  expect(String(await git.readFileAt(first, "dir/a.txt"))).toBe("one\n");
  for (const path of ["link", "dir", "nothing", "*", ":(glob)**"]) expect(await git.readFileAt(first, path), path).toBeUndefined();
});

test("what looks like a flag or a range is no revision", async () => {
  const git = openGit(root);
  for (const text of ["--all", "-h", "--output=/tmp/x", "main..v1", "^main", "", "HEAD:dir", "nothing"])
    await expect(git.resolveCommit(text), text).rejects.toThrow("is not in this clone");
});

test("no variable of git's turns it to another repository, and no replaced object is believed", async () => {
  const elsewhere = mkdtempSync(join(root, "elsewhere-"));
  runGit(elsewhere, "init", "--quiet");
  runGit(root, "replace", first, other);
  try {
    for (const [name, value] of Object.entries({
      GIT_DIR: join(elsewhere, ".git"),
      GIT_WORK_TREE: elsewhere,
      GIT_INDEX_FILE: "/nonexistent",
    }))
      vi.stubEnv(name, value);
    expect(await openGit(root).readParents(second)).toEqual([first]);
    expect(await openGit(root).readParents(first)).toEqual([]);
    expect(await findGitRoot(join(root, "dir"))).toBe(root);
  } finally {
    vi.unstubAllEnvs();
    runGit(root, "replace", "-d", first);
    rmSync(elsewhere, { recursive: true });
  }
});

test("outside of a repository it is said", async () => {
  await expect(findGitRoot("/")).rejects.toThrow("`koine ci` works in a git repository");
});
