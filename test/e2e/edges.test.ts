// The edges of the command line: broken surroundings, broken files, nothing to do. Each is told with its place and fix, with the exit code of
// docs/cli.md, never as a defect, and nothing is lost.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { codes } from "../../grammar/diagnostics/codes.ts";
import { explainCode } from "../../grammar/diagnostics/explain.ts";
import {
  cleanEnvironment,
  copyFolder,
  expectKoine,
  makeScratch,
  makeStack,
  type Result,
  root,
  type runKoine,
  worldOf,
} from "../support/run-koine.ts";

const source = `stack one
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`;

const files = { "main.koine": source };

/** Runs it, and demands the code, these words, and no sign of a defect. */
async function demand(
  folder: string,
  args: readonly string[],
  status: number,
  words: string,
  options: Parameters<typeof runKoine>[2] = {},
): Promise<Result> {
  const result = await expectKoine(folder, args, status, options);
  expect(result.stderr).toContain(words);
  expect(result.stderr).not.toMatch(/\n\s+at |internal error/);
  return result;
}

/** One applied stack, copied by the tests that break it. */
const applied = makeStack(files);
const isApplied = expectKoine(applied, ["apply", "--simulate", "--yes"], 0);

async function copyApplied(): Promise<string> {
  await isApplied;
  return copyFolder(applied);
}

describe("sources", () => {
  test.each<[string, string | Buffer, number, string]>([
    ["line breaks of Windows", source.replaceAll("\n", "\r\n"), 0, "ok: stack one, 2 resources"],
    ["a byte order mark", `\ufeff${source}`, 0, "ok: stack one"],
    ["a NUL character", `stack one\n\0`, 1, "K1014"],
    ["bytes that are not UTF-8", Buffer.from([0x73, 0xff, 0xfe]), 1, "it is not UTF-8 text"],
    ["more than 16 MiB", Buffer.alloc(16 * 1024 * 1024 + 1, "#"), 1, "larger than 16 MiB"],
  ])("%s", async (_, text, status, words) => {
    const folder = makeScratch();
    writeFileSync(join(folder, "main.koine"), text);
    await demand(folder, ["check"], status, words);
  });

  test("a folder and links that lead out or nowhere are no sources", async () => {
    const folder = makeStack(files);
    mkdirSync(join(folder, "folder.koine"));
    symlinkSync("nowhere", join(folder, "gone.koine"));
    symlinkSync("/etc/hosts", join(folder, "out.koine"));
    const { stderr } = await demand(folder, ["check"], 1, "`folder.koine` cannot be used: it is not a regular file");
    expect(stderr).toContain("`gone.koine` cannot be used: it is a link that leads nowhere");
    expect(stderr).toContain("`out.koine` cannot be used: it lies outside the repository");
  });

  test("`file` reads what git tracks inside the repository, and nothing else", async () => {
    const folder = makeStack({ "stack/text": "x", "stack/untracked": "x", above: "x" });
    execFileSync("git", ["-C", folder, "init", "-q"]);
    symlinkSync("/etc/hosts", join(folder, "stack", "link"));
    execFileSync("git", ["-C", folder, "add", "stack/text", "stack/link", "above"]);
    const paths = ["text", "../above", "untracked", "link", "/etc/hosts", "../../x", "../.git/config", ".", "a\\u{0}b"];
    writeFileSync(join(folder, "stack", "main.koine"), `${source}${paths.map((path, at) => `output o${at} = file("${path}")\n`).join("")}`);
    const { stderr } = await demand(join(folder, "stack"), ["check"], 1, "run `git add stack/untracked`");
    const told = [...stderr.matchAll(/cannot be computed: (.*)/g)].map(([, reason]) => reason);
    expect(told).toEqual([
      "git does not track it",
      "it lies outside the repository",
      "an absolute path is not allowed",
      "it lies outside the repository",
      "nothing below `.git` or `.koine` may be read",
      "it is not a regular file",
      "its name holds a NUL character",
    ]);
  });
});

describe("koine.yaml and koine.lock", () => {
  test.each([
    ["a list", "[]", "must be a map"],
    ["broken YAML", "a: b: c", "koine.yaml:1:4"],
    ["an entry of no effect", "policies: [p]", "has no entry `policies`"],
    ["two documents", "inputs: {}\n---\ninputs: {}\n", "a second YAML document"],
    ["an alias", "inputs: { a: &x [1], b: *x }", "the alias `*x` is not taken"],
    ["an environment that is a path", "environments: { ../../b: {} }", "cannot name an environment"],
    ["an input that is none", "inputs: { nope: 1 }", "K1217"],
    ["a state elsewhere", "state: postgres://x", "K4006"],
  ])("%s is refused", async (_, text, words) => {
    await demand(makeStack({ ...files, "koine.yaml": text }), ["check"], 1, words);
  });

  test("an input without a value is refused, never taken for zero", async () => {
    const folder = makeStack({ "main.koine": `${source}input n: int = 1\ninput s: size = 1GiB\n` });
    for (const given of ["n=", "n= ", "n=-", "s="]) await demand(folder, ["--set", given, "check"], 1, "K1411");
  });

  test("a folder, or a link that leads out, in its place is refused", async () => {
    const folder = makeStack(files);
    mkdirSync(join(folder, "koine.yaml"));
    await demand(folder, ["check"], 1, "`koine.yaml` cannot be used: it is not a regular file");
    rmSync(join(folder, "koine.yaml"), { recursive: true });
    symlinkSync("/etc/hosts", join(folder, "koine.yaml"));
    await demand(folder, ["check"], 1, "it lies outside the repository");
  });

  test("a broken lock is told with its place", async () => {
    await demand(makeStack({ ...files, "koine.lock": "version: 1\npins: [\n" }), ["check"], 1, "K4009");
    await demand(makeStack({ ...files, "koine.lock": "version: 7\npins: {}\n" }), ["plan", "--offline"], 1, "has format 7");
    await demand(makeStack(files), ["lock", "--simulate", "--update", "nope"], 64, "Nothing is pinned under `nope`");
  });
});

describe(".koine and the state", () => {
  test("a file, a link, or a folder that others may write is refused by all that would use it", async () => {
    const file = makeStack({ ...files, ".koine": "" });
    const link = makeStack(files);
    symlinkSync(makeScratch(), join(link, ".koine"));
    const open = makeStack(files);
    mkdirSync(join(open, ".koine"));
    chmodSync(join(open, ".koine"), 0o775);
    for (const [folder, words] of [
      [file, "is not a folder"],
      [link, "is a symbolic link"],
      [open, "is writable by others"],
    ] as const) {
      for (const args of [["plan", "--simulate"], ["apply", "--simulate", "--yes"], ["status"], ["simulate"]])
        await demand(folder, args, 1, words);
    }
    expect(readdirSync(join(open, ".koine"))).toEqual([]);
  });

  test("a state that is damaged or newer is refused by every command, and stays as it is", async () => {
    const folder = await copyApplied();
    const path = join(worldOf(folder), "state.db");
    const commands = [["plan"], ["apply", "--yes"], ["destroy", "--yes"], ["status"], ["state", "list"]].map((args) => [
      ...args,
      "--simulate",
    ]);
    const database = new DatabaseSync(path);
    database.exec("UPDATE object SET body = '{bad'");
    for (const args of commands) await demand(folder, args, 1, "the state is damaged: the object `");
    database.exec("PRAGMA user_version=99");
    database.close();
    for (const args of commands) await demand(folder, args, 1, "has format 99");
    writeFileSync(path, "no database at all");
    for (const args of [...commands, ["output", "--simulate"]]) await demand(folder, args, 1, "file is not a database");
    expect(readFileSync(path, "utf8")).toBe("no database at all");
  });

  test("a state beside the sources does not hide them from git", async () => {
    const folder = makeStack({ ...files, "koine.yaml": "state: sqlite:state.db\n" });
    chmodSync(folder, 0o755);
    // Without credentials the apply fails, after it has made its state.
    await demand(folder, ["apply", "--yes"], 1, "credentials");
    expect(existsSync(join(folder, "state.db"))).toBe(true);
    expect(existsSync(join(folder, ".gitignore"))).toBe(false);
  });

  test("before any apply, and after a destroy, there is nothing to tell and nothing fails", async () => {
    const folder = makeStack(files);
    expect((await demand(folder, ["status", "--simulate"], 0, "")).stdout).toContain("0 resources");
    await demand(folder, ["output", "--simulate"], 0, "There are no outputs");
    expect((await demand(folder, ["output", "--simulate", "--json"], 0, "")).stdout).toBe("{}\n");
    await demand(folder, ["output", "x", "--simulate"], 1, "There is no output `x`");
    expect((await demand(folder, ["state", "list", "--simulate"], 0, "")).stdout).toBe("Nothing is under management.\n");
    await demand(folder, ["plan", "--simulate", "--offline"], 0, "");
    await demand(folder, ["destroy", "--simulate", "--yes"], 0, "No changes");
    await demand(folder, ["apply", "--simulate"], 64, "Nobody can answer here");
  });
});

describe("files that cannot be written or read", () => {
  test("a plan, events or fault plan elsewhere than where they can be", async () => {
    const folder = await copyApplied();
    await demand(folder, ["plan", "--simulate", "-o", join(folder, "no", "plan")], 1, "it does not exist");
    await demand(folder, ["plan", "--simulate", "-o", folder], 1, "it is a folder");
    await demand(folder, ["apply", "--simulate", "--yes", "--events", join(folder, "no", "events")], 1, "it does not exist");
    await demand(folder, ["plan", "--simulate"], 1, "the fault plan", { environment: { KOINE_SIMULATE_FAULTS: join(folder, "no") } });
    writeFileSync(join(folder, "faults"), "rules: 5\n");
    await demand(folder, ["simulate", "--faults", join(folder, "faults")], 1, "the fault plan cannot be used");
    await demand(folder, ["plan", "--simulate"], 1, "KOINE_SIMULATE_DELAYS", { environment: { KOINE_SIMULATE_DELAYS: "slow" } });
    await demand(folder, ["--inputs", join(folder, "no"), "check"], 1, "K4011");
    await demand(join(folder, "main.koine"), ["init"], 1, "cannot be used");
  });

  test.runIf(existsSync("/dev/full"))("a full disk is told, and events that cannot be written do not stop an apply", async () => {
    const folder = makeStack(files);
    await demand(folder, ["plan", "--simulate", "-o", "/dev/full"], 1, "no space is left");
    await demand(folder, ["apply", "--simulate", "--yes", "--events", "/dev/full"], 0, "events are no longer written");
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  });

  test("a reader of what is told may leave: the apply goes on to its end", async () => {
    const folder = makeStack(files);
    const child = spawn(join(root, "bin", "koine"), ["-C", folder, "apply", "--simulate", "--yes"], {
      env: cleanEnvironment({}),
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.once("data", () => child.stderr.destroy());
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  });
});

describe("plan files", () => {
  test("cut, of another format, of another stack, made offline, with other flags: refused, and nothing was done", async () => {
    const folder = makeStack(files);
    const plan = join(folder, "p");
    await expectKoine(folder, ["plan", "--simulate", "-o", plan], 0);
    const text = readFileSync(plan, "utf8");
    const altered = join(folder, "altered");
    for (const [content, words] of [
      [text.slice(0, 300), "it is not JSON"],
      ["", "it is not JSON"],
      ["[]", "it is not a JSON object"],
      ["{}", "which format"],
      [text.replace('"koinePlan": 1', '"koinePlan": 2'), "not a plan file of this Koine"],
    ] as const) {
      writeFileSync(altered, content);
      await demand(folder, ["show", altered], 1, words);
      await demand(folder, ["apply", "--simulate", altered], 1, words);
    }
    await demand(folder, ["apply", "--simulate", folder], 1, "it is a folder");
    await demand(folder, ["apply", "--simulate", "--target", "network.main", plan], 64, "give `--target` to `koine plan`");
    await demand(makeStack({ "main.koine": source.replace("stack one", "stack two") }), ["apply", "--simulate", plan], 3, "stale");
    const offline = await demand(folder, ["plan", "--simulate", "--offline", "-o", altered], 0, "cannot be applied");
    expect(offline.stdout).toContain("not compared with any cloud");
    await demand(folder, ["apply", "--simulate", altered], 3, "made with `--offline`");
    expect((await expectKoine(folder, ["status", "--simulate"], 0)).stdout).toContain("0 resources");
    // After all of this it still holds, once.
    await demand(folder, ["apply", "--simulate", plan], 0, "Done");
    await demand(folder, ["apply", "--simulate", plan], 3, "was applied already");
  });

  test("what a plan file says cannot steer the terminal", async () => {
    const folder = makeStack(files);
    const plan = join(folder, "p");
    await expectKoine(folder, ["plan", "--simulate", "-o", plan], 0);
    writeFileSync(plan, readFileSync(plan, "utf8").replaceAll('"network.main"', '"network.main\\u001b]0;owned\\u0007\\u009b2J"'));
    const { stdout } = await expectKoine(folder, ["show", plan], 0);
    expect(stdout).toContain("\\u001b]0;owned\\u0007\\u009b2J");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout).not.toMatch(/[\u001b\u0007\u009b]/);
  });
});

describe("words", () => {
  test("every code has its page, in any case; an unknown one is a usage error", async () => {
    for (const code of Object.keys(codes)) expect(explainCode(code), code).toContain(code);
    expect((await demand(makeScratch(), ["explain", "k4001"], 0, "")).stdout).toContain("K4001");
    await demand(makeScratch(), ["explain", "K9999"], 64, "There is no diagnostic `K9999`");
  });

  test("colour is only where it is asked for, and machine formats have none", async () => {
    const folder = makeStack(files);
    const colour = { environment: { NO_COLOR: "", FORCE_COLOR: "1" } };
    expect((await expectKoine(folder, ["check"], 0, colour)).stderr).toContain("\u001b[");
    expect((await expectKoine(folder, ["check", "--no-color"], 0, colour)).stderr).not.toContain("\u001b[");
    expect((await expectKoine(folder, ["lower", "--format", "json"], 0, colour)).stdout).not.toContain("\u001b[");
  });
});
