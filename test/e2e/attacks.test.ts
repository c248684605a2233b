// What a stranger's change may try, each as a process in a real repository: it is refused with the exit code and the words, or it is harmless. The change
// is checked out; koine.yaml of the base is given by `--project-file`, as `koine ci` does.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Files } from "../support/forge-git.ts";
import { expectKoine, makeScratch, type Result, runKoine, worldOf } from "../support/run-koine.ts";
import { commitAll, makeRepository, writeFiles } from "../support/work-tree.ts";
import { mutatingRequests } from "../support/world.ts";

const network = (tag = '"one"'): string => `stack shop
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16, tags = { motto = ${tag} } }
`;

const outside = makeScratch();
writeFileSync(join(outside, "secret"), "swordfish\n");
writeFileSync(join(outside, "main.koine"), network());
const trusted = join(outside, "trusted.yaml");
writeFileSync(trusted, "");

/** A clean base, and the change on top of it, checked out and committed. */
function makeChange(files: Files): string {
  const folder = makeRepository({ "stacks/shop/main.koine": network(), "stacks/shop/koine.yaml": "" });
  writeFiles(folder, Object.fromEntries(Object.entries(files).map(([name, content]) => [join("stacks/shop", name), content])));
  commitAll(folder);
  return join(folder, "stacks/shop");
}

function demandQuiet({ stderr, stdout }: Result): void {
  expect(stderr).not.toMatch(/internal error|\n\s+at /);
  expect(stderr + stdout).not.toContain("swordfish");
}

/** Compiles it, and demands exit 1 with these words and nothing of what it was after. */
async function demandRefusal(folder: string, words: string, args: readonly string[] = ["check"]): Promise<void> {
  const result = await expectKoine(folder, ["--project-file", trusted, "--ci-child", ...args], 1);
  expect(result.stderr).toContain(words);
  demandQuiet(result);
}

const large = "# ".padEnd(16 * 1024 * 1024 + 1, "x");
const bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n";
const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

describe("files", () => {
  test.each<[string, Files, string]>([
    ["file() of git's own", { "main.koine": network('file("../../.git/config")') }, "nothing below `.git` or `.koine` may be read"],
    ["file() above the repository", { "main.koine": network('file("../../../secret")') }, "it lies outside the repository"],
    ["file() by an absolute path", { "main.koine": network('file("/etc/passwd")') }, "an absolute path is not allowed"],
    [
      "a link that leads out",
      { leak: { link: join(outside, "secret") }, "main.koine": network('file("leak")') },
      "it lies outside the repository",
    ],
    [
      "a folder that is a link",
      { dir: { link: outside }, "main.koine": network('template("dir/secret", {})') },
      "it lies outside the repository",
    ],
    ["a source that is a link", { "more.koine": { link: join(outside, "main.koine") } }, "`more.koine` cannot be used: it lies outside"],
    ["a source that is a link to git's own", { "more.koine": { link: "../../.git/config" } }, "nothing below `.git` or `.koine`"],
    ["a source that is a folder", { "more.koine/x": "" }, "`more.koine` cannot be used: it is not a regular file"],
    ["a lock that is a link", { "koine.lock": { link: join(outside, "secret") } }, "`koine.lock` cannot be used: it lies outside"],
    ["a source that is too large", { "more.koine": large }, "it is larger than 16 MiB (16777217 bytes)"],
    ["a file that is too large", { more: large, "main.koine": network('file("more")') }, "it is larger than 16 MiB"],
    ["a lock that is too large", { "koine.lock": large }, "it is larger than 16 MiB"],
    ["a lock of aliases", { "koine.lock": `version: 1\n${bomb}` }, "the alias `*a` is not taken in koine.lock"],
    ["a lock without a ground", { "koine.lock": `version: 1\npins: ${deep}\n` }, "it is nested too deep"],
    ["an import of another's file", { "main.koine": `import "../../../secret"\n${network()}` }, "`import` is not part of this version"],
  ])("%s is refused, and shows nothing of it", async (_, files, words) => {
    await demandRefusal(makeChange(files), words);
  });

  test("a koine.yaml of the change is not even read; without a trusted one it is refused", async () => {
    for (const content of [{ link: join(outside, "secret") }, bomb, `inputs: { a: ${deep} }`]) {
      const folder = makeChange({ "koine.yaml": content });
      demandQuiet(await expectKoine(folder, ["--project-file", trusted, "--ci-child", "check"], 0));
      const own = await expectKoine(folder, ["check"], 1);
      expect(own.stderr).toMatch(/K4003/);
      demandQuiet(own);
    }
  });

  test("a name that stands forty thousand times costs no more than its bytes", { timeout: 60_000 }, async () => {
    const keys = Array.from({ length: 40_000 }, (_, at) => `        k${at}: x`).join("\n");
    const folder = makeChange({ "koine.lock": `version: 1\npins:\n  aws:\n    image:\n      a:\n        id: b\n${keys}\n` });
    const result = await runKoine(folder, ["check"], { timeout: 50_000 });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain("a pin has no field `k0`");
  });

  test.each<[string, (folder: string) => void, string]>([
    ["a link", (folder) => writeFiles(folder, { ".koine": { link: outside } }), "is a symbolic link"],
    ["a file", (folder) => writeFiles(folder, { ".koine": "" }), "is not a folder"],
    ["writable by all", (folder) => mkdirSync(join(folder, ".koine"), { mode: 0o777, recursive: true }), "is writable by others"],
  ])("`.koine` that is %s is refused before anything is kept in it", async (kind, make, words) => {
    const folder = makeChange({});
    const before = process.umask(0);
    try {
      make(folder);
    } finally {
      process.umask(before);
    }
    const result = await expectKoine(folder, ["--simulate", "--project-file", trusted, "apply", "--yes"], 1);
    expect(result.stderr, kind).toContain(words);
    demandQuiet(result);
    expect(existsSync(join(outside, "simulator"))).toBe(false);
  });
});

describe("where requests go", () => {
  test.each<[string, string]>([
    ['cloud aws { region = "eu-west-1", endpoint = "https://evil.example" }', "K1209: cloud `aws` has no prop `endpoint`"],
    ['cloud aws { region = "evil.example/#" }', "K3010"],
    ['cloud gcp { project = "p-123456/../evil", region = "europe-west1" }', "K3050"],
    ['cloud gcp { project = "p-123456", region = "europe-west1", impersonate = "a@evil.example/x" }', "K3051"],
    ['cloud azure { subscription = "../evil", region = "westeurope" }', "K3070"],
    ['cloud azure { subscription = "00000000-0000-0000-0000-000000000000", region = "westeurope", tenant = "evil.example/#" }', "K3070"],
    [
      'cloud azure { subscription = "00000000-0000-0000-0000-000000000000", region = "westeurope", environment = "https://evil.example" }',
      "K1209",
    ],
  ])("no source can name an endpoint: %s", async (cloud, words) => {
    const folder = makeChange({ "main.koine": `stack shop\n${cloud}\nnetwork main { cidr = 10.0.0.0/16 }\n` });
    await demandRefusal(folder, words, ["plan"]);
  });
});

describe("koine.yaml of the change", () => {
  const secret = { environment: { TOKEN: "swordfish" } };

  test("`inputs_from: env:ANY` reads nothing; what the base allows stays a secret; what it does not allow is refused", async () => {
    const folder = makeChange({
      "main.koine": `${network()}input token: string = "none"\noutput token: secret string = token\n`,
      "koine.yaml": "inputs_from: { token: env:TOKEN }\nallow_env: [TOKEN]\n",
    });
    const plan = (yaml: string) => {
      writeFileSync(join(outside, "own.yaml"), yaml);
      return ["--simulate", "--project-file", join(outside, "own.yaml"), "--ci-child", "plan", "--report", join(folder, "r.json")];
    };
    demandQuiet(await expectKoine(folder, plan(""), 0, secret));
    const refused = await expectKoine(folder, plan("inputs_from: { token: env:TOKEN }\nallow_env: [OTHER]\n"), 1, secret);
    expect(refused.stderr).toContain("error K4012: input `token` may not read the environment variable `TOKEN` here");
    expect(refused.stderr).toContain("`allow_env: [OTHER, TOKEN]`");
    demandQuiet(await expectKoine(folder, plan("inputs_from: { token: env:TOKEN }\nallow_env: [TOKEN]\n"), 0, secret));
    expect(readFileSync(join(folder, "r.json"), "utf8")).not.toContain("swordfish");
    // A source that would show it: as a tag, or as an output that is not said to be secret.
    writeFiles(folder, { "main.koine": `${network("token")}input token: string = "none"\noutput token = token\n` });
    const shown = await expectKoine(folder, plan("inputs_from: { token: env:TOKEN }\nallow_env: [TOKEN]\n"), 1, secret);
    expect(shown.stderr.match(/K1313/g)).toHaveLength(2);
    expect(shown.stderr).toContain("what comes by `inputs_from` is a secret: `token`");
    demandQuiet(shown);
  });

  test("its own budget counts for nothing: exit 5, nothing is done", async () => {
    const folder = makeChange({ "koine.yaml": "budget: { max_destroy: 1000 }\nrequire: none\n" });
    const strict = join(outside, "strict.yaml");
    writeFileSync(strict, "budget: { max_destroy: 0 }\n");
    await expectKoine(folder, ["--simulate", "--project-file", strict, "apply", "--yes"], 0);
    writeFiles(folder, { "main.koine": network().replace(/network.*\n/, "address ip {}\n") });
    const sent = mutatingRequests(worldOf(folder)).length;
    const { stderr } = await expectKoine(folder, ["--simulate", "--project-file", strict, "apply", "--yes"], 5);
    expect(stderr).toContain("3 objects would be deleted or replaced; budget.max_destroy is 0 (koine.yaml:1)");
    expect(mutatingRequests(worldOf(folder))).toHaveLength(sent);
  });

  test("a state that it moves is not opened, and none is made there", async () => {
    const moved = join(outside, "moved.db");
    const folder = makeChange({ "koine.yaml": `state: sqlite:${moved}\n` });
    await expectKoine(folder, ["--project-file", trusted, "--ci-child", "state", "push", "-", "--yes"], 1, { input: "{}" });
    await expectKoine(folder, ["--project-file", trusted, "--ci-child", "plan", "--offline"], 0);
    expect(existsSync(moved)).toBe(false);
    writeFiles(folder, { "koine.yaml": "state: postgres://127.0.0.1:1/evil\n" });
    await expectKoine(folder, ["--project-file", trusted, "--ci-child", "plan", "--offline"], 0);
    await expectKoine(folder, ["plan", "--offline"], 1);
  });
});

describe("texts that would be more than text", () => {
  const hostile =
    "\u001b[31m\u009b2J\r\n::set-output name=a::b\n::error::pwned\n<!-- koine --> @everyone <img src=x onerror=alert(1)> [x](javascript:x) ``` | \u202e";
  const quoted = JSON.stringify(hostile)
    .replaceAll("${", "$\\{")
    .replace(/\\u([0-9a-f]{4})/g, "\\u{$1}")
    .replaceAll("\u009b", "\\u{9b}")
    .replaceAll("\u202e", "\\u{202e}");
  const runner = { environment: { GITHUB_ACTIONS: "true" } };

  function demandHarmless(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text).not.toMatch(/^\s*::/m);
  }

  test("in values, keys and addresses they come through no plan and no comment", async () => {
    const folder = makeChange({
      "main.koine": `${network(quoted)}subnet a[n, k in [${quoted}]] { network = main, cidr = subnet(main.cidr, 8, n) }\noutput o = ${quoted}\n`,
    });
    const command = ["--simulate", "--project-file", trusted, "plan", "--format"];
    demandHarmless((await expectKoine(folder, [...command, "text"], 0, runner)).stdout);
    const markdown = (await expectKoine(folder, [...command, "markdown"], 0, runner)).stdout;
    demandHarmless(markdown);
    // Outside of code nothing of it is left.
    const prose = markdown.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2 *$/gm, "").replace(/(`+)[^`][\s\S]*?\1/g, "");
    expect(prose).not.toMatch(/@everyone|<img|<!--|\]\(javascript/);
  });

  test("in diagnostics, and in a lock, they are shown as what they are", async () => {
    const folder = makeChange({
      "main.koine": `${network()}subnet a { network = main, cidr = 10.0.0.0/24, ${"\u001b[2J"} }\n@was(${quoted})\naddress ip { color = ${quoted} }\n`,
      "koine.lock": 'version: 1\npins:\n  aws:\n    "\\e[31m\\n::error::x": {}\n',
    });
    const { stderr } = await expectKoine(folder, ["--project-file", trusted, "check"], 1, runner);
    demandHarmless(stderr);
    const github = await expectKoine(folder, ["--project-file", trusted, "check", "--format", "github"], 1, runner);
    for (const line of github.stdout.split("\n").filter((one) => one !== "")) expect(line).toMatch(/^::(error|warning|notice) file=/);
  });

  test.each(["ami-1\\e[31m", "ami 1", "a\\n::error::b"])("an id in the lock that is no word is refused: %s", async (id) => {
    const folder = makeChange({
      "koine.lock": `version: 1\npins:\n  aws:\n    image:\n      debian-12/eu-west-1/x86_64: { id: "${id}" }\n`,
    });
    await demandRefusal(folder, "an `id` is one word");
  });
});
