import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runGit } from "../../test/support/forge-git.ts";
import { openGit } from "./git.ts";
import { findTouched, type Touched } from "./touched.ts";

const root = mkdtempSync(join(tmpdir(), "koine-touched-"));
let first = "";

afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function commit(): string {
  runGit(root, "add", "--all");
  runGit(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty", "-m", "change");
  return runGit(root, "rev-parse", "HEAD");
}

/** What a change on top of the first revision touches. */
async function touch(change: () => void): Promise<Touched & { readonly asked: ReturnType<typeof openGit>["asked"] }> {
  runGit(root, "checkout", "--quiet", "--detach", first);
  change();
  const to = commit();
  const git = openGit(root);
  return { ...(await findTouched(git, { from: first, to })), asked: git.asked };
}

const names = ({ stacks }: Touched): readonly string[] => stacks.map(({ folder }) => folder);
const stack = (number: number): string => `team-${number % 10}/stack-${String(number).padStart(3, "0")}`;

beforeAll(() => {
  runGit(root, "init", "--quiet", "--initial-branch=main");
  for (let number = 0; number < 200; number++) {
    const reads =
      number === 7
        ? 'let motd = file("../../shared/motd.txt")\n'
        : number === 8
          ? 'let c = template("../../shared/${name}.conf", {})\n'
          : "";
    write({ [`${stack(number)}/main.koine`]: `stack s${number} on aws\n${reads}network main { cidr = 10.0.0.0/16 }\n` });
  }
  write({
    "shared/motd.txt": "hi",
    "shared/web.conf": "x",
    "readme.md": "# infra",
    [`${stack(9)}/koine.yaml`]: "inputs: {}",
    "lib/common.koine.txt": "y",
  });
  symlinkSync("../../shared/web.conf", join(root, stack(10), "linked.conf"));
  write({ [`${stack(10)}/more.koine`]: 'let c = file("linked.conf")\n' });
  symlinkSync("../../lib/common.koine.txt", join(root, stack(11), "common.koine"));
  symlinkSync("../shared", join(root, "team-2", "conf"));
  write({ [`${stack(12)}/more.koine`]: 'let c = file("../conf/web.conf")\n' });
  first = commit();
});

test("of 200 stacks a change touches the three whose files it edits, whatever there is beside them", async () => {
  const touched = await touch(() =>
    write({
      [`${stack(3)}/main.koine`]: "stack s3 on aws\n",
      [`${stack(9)}/koine.yaml`]: "inputs: { a: 1 }",
      [`${stack(150)}/koine.lock`]: "images: {}\n",
      [`${stack(151)}/notes.md`]: "nothing of the stack",
      "readme.md": "# new",
    }),
  );
  expect(touched.stacks).toEqual([
    { folder: stack(150), because: [`${stack(150)}/koine.lock`], removed: false },
    { folder: stack(3), because: [`${stack(3)}/main.koine`], removed: false },
    { folder: stack(9), because: [`${stack(9)}/koine.yaml`], removed: false },
  ]);
  expect(touched.all).toHaveLength(200);
  // Two listings and two batches, each after its sizes; no process for a stack. First every source (all are different) and the three links, then what a
  // source links to.
  expect(touched.asked).toEqual({ processes: 2 + 2 * 2, objects: 200 + 2 + 3 + 1 });
});

test("what a stack reads belongs to it: by name, by a folder where the name is put together, through links", async () => {
  expect(names(await touch(() => write({ "shared/motd.txt": "bye" })))).toEqual([stack(7), stack(8)].sort());
  expect(names(await touch(() => write({ "shared/web.conf": "z" })))).toEqual([stack(10), stack(12), stack(8)].sort());
  expect(names(await touch(() => write({ "lib/common.koine.txt": "let a = 1\n" })))).toEqual([stack(11)]);
  const turned = await touch(() => {
    rmSync(join(root, "team-2/conf"));
    symlinkSync("../lib", join(root, "team-2/conf"));
  });
  expect(names(turned)).toEqual([stack(12)]);
});

test("a stack that comes, one that moves and one that goes", async () => {
  const touched = await touch(() => {
    write({ "new/one/main.koine": "stack one on aws\n" });
    runGit(root, "mv", stack(5), "team-5/renamed");
    rmSync(join(root, stack(6)), { recursive: true });
  });
  expect(touched.stacks.map(({ folder, removed }) => [folder, removed])).toEqual([
    ["new/one", false],
    ["team-5/renamed", false],
    [stack(5), true],
    [stack(6), true],
  ]);
});

test("a stack keeps its other sources when one of them goes", async () => {
  const touched = await touch(() => rmSync(join(root, stack(10), "more.koine")));
  expect(touched.stacks).toEqual([{ folder: stack(10), because: [`${stack(10)}/more.koine`], removed: false }]);
});

test("a new branch has everything in it", async () => {
  const git = openGit(root);
  expect((await findTouched(git, { from: undefined, to: first })).stacks).toHaveLength(200);
});

test("names with spaces, quotes, dashes and line breaks are names", async () => {
  const touched = await touch(() => write({ "-odd 'dir'\n\"x\"/é.koine": "stack odd on aws\n" }));
  expect(touched.stacks).toEqual([{ folder: "-odd 'dir'\n\"x\"", because: ["-odd 'dir'\n\"x\"/é.koine"], removed: false }]);
});
