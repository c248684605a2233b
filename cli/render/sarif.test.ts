import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { codes } from "../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import { compileStack } from "../compile-stack.ts";
import { renderGithubCommands } from "./github-annotations.ts";
import { makeSarif, resultLimit } from "./sarif.ts";
import { findPlaces } from "./source-place.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A repository with these files. */
function makeRepository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "koine-sarif-"));
  folders.push(root);
  for (const [name, text] of Object.entries({ ".git/HEAD": "ref: refs/heads/main\n", ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

interface Log {
  readonly runs: readonly [Run];
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[] } };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly [{ readonly toolExecutionNotifications?: readonly { readonly message: { readonly text: string } }[] }];
  readonly results: readonly Result[];
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [{ readonly physicalLocation: Place }];
  readonly relatedLocations?: readonly { readonly id: number }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly fixes?: readonly {
    readonly artifactChanges: readonly { readonly replacements: readonly { readonly insertedContent: { readonly text: string } }[] }[];
  }[];
}

interface Place {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
  readonly region: { readonly startLine: number; readonly startColumn: number; readonly endLine: number; readonly endColumn: number };
}

async function check(directory: string): Promise<Run> {
  const compilation = await compileStack({ directory, set: [], simulate: false, variables: {} }, { partial: true, everyCloud: true });
  const log = makeSarif({ ...compilation, places: findPlaces(directory), version: "1.2.3", environment: "prod" });
  return (JSON.parse(JSON.stringify(log)) as Log).runs[0];
}

const resultOf = (run: Run, at = 0): Result => {
  const result = run.results[at];
  if (!result) throw new Error("there is no such result");
  return result;
};

function of(diagnostics: readonly Diagnostic[], file: SourceFile): Run {
  const context = { diagnostics, notes: [], sources: new Map([[file.path, file]]), places: findPlaces("."), version: "1.2.3" };
  return (JSON.parse(JSON.stringify(makeSarif(context))) as Log).runs[0];
}

const wrong = `stack shop\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\nsubnet "😀"\nlet a = mian\n`;

describe("a log", () => {
  test("counts from the repository's root, names rules by index, and carries the fix", async () => {
    const root = makeRepository({
      "shops/größe 1/main.koine": wrong.replace('subnet "😀"\n', 'let s = "😀" + mian.cidr\n').replace("let a = mian\n", ""),
    });
    const run = await check(join(root, "shops", "größe 1"));
    expect(run.automationDetails.id).toBe("koine/shops/größe 1/prod/");
    expect(run.tool.driver.rules).toHaveLength(Object.keys(codes).length);
    const result = resultOf(run);
    expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(run.tool.driver.rules[result.ruleIndex]?.help.markdown).toContain("declare");
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri: "shops/gr%C3%B6%C3%9Fe%201/main.koine", uriBaseId: "%SRCROOT%" });
    // The smiley counts as two: UTF-16 code units.
    expect(region).toEqual({ startLine: 4, startColumn: 16, endLine: 4, endColumn: 20 });
    expect(result.fixes?.[0]?.artifactChanges[0]?.replacements[0]?.insertedContent.text).toBe("main");
  });

  test("names a linked source by the file it is, and a finding without a place by the stack's first file", async () => {
    const root = makeRepository({ "lib/common.koine": wrong.replace('subnet "😀"\n', ""), "stack/koine.yaml": "stats: x\n" });
    symlinkSync("../lib/common.koine", join(root, "stack", "main.koine"));
    const uris = (await check(join(root, "stack"))).results.map((result) => result.locations[0].physicalLocation.artifactLocation.uri);
    expect(uris).toContain("stack/koine.yaml");
    writeFileSync(join(root, "stack", "koine.yaml"), "");
    expect(resultOf(await check(join(root, "stack"))).locations[0].physicalLocation.artifactLocation.uri).toBe("lib/common.koine");
    const nothing = await check(join(root, "absent"));
    expect(resultOf(nothing).ruleId).toBe("K4001");
    expect(resultOf(nothing).locations[0].physicalLocation.artifactLocation.uri).toBe("koine.yaml");
  });

  test("keeps its fingerprints while lines move, and tells equal lines apart", () => {
    const line = "let a = mian\n";
    const at = (text: string, from = 0): Diagnostic => {
      const start = text.indexOf("mian", from);
      return { code: "K1201", severity: "error", message: "`mian` is not declared", span: { file: "a.koine", start, end: start + 4 } };
    };
    const prints = (text: string, diagnostics: readonly Diagnostic[]) =>
      of(diagnostics, { path: "a.koine", text }).results.map((result) => result.partialFingerprints.primaryLocationLineHash);
    const [first] = prints(line, [at(line)]);
    expect(prints(`# moved\n\n  ${line}`, [at(`# moved\n\n  ${line}`)])).toEqual([first]);
    expect(prints(`let b = mian\n`, [at("let b = mian\n")])).not.toEqual([first]);
    const twice = prints(line + line, [at(line + line), at(line + line, line.length)]);
    expect(new Set(twice).size).toBe(2);
    expect(twice[0]).toBe(first);
    // What is concealed is in no fingerprint.
    const secret = (text: string) => prints(text, [{ ...at(text), conceal: true }]);
    expect(secret("x = mian + 1\n")).toEqual(secret("x = mian + 2\n"));
  });

  test("has what is not checked as a notification", async () => {
    const root = makeRepository({
      "main.koine": `stack shop\ninput count: int\ncloud aws { region = "eu-west-1" }\nnetwork main[i in 0..count] { cidr = 10.0.0.0/16 }\n`,
    });
    const run = await check(root);
    expect(run.results).toEqual([]);
    expect(run.invocations[0].toolExecutionNotifications?.[0]?.message.text).toContain("count");
  });

  test("keeps errors when there are more findings than are taken", () => {
    const text = "x".repeat(resultLimit + 10);
    const many = Array.from({ length: resultLimit + 10 }, (_, at): Diagnostic => {
      const severity = at === resultLimit + 9 ? "error" : "warning";
      return { code: "K1201", severity, message: "m", span: { file: "a.koine", start: at, end: at + 1 } };
    });
    const run = of(many, { path: "a.koine", text });
    expect(run.results).toHaveLength(resultLimit);
    expect(resultOf(run).level).toBe("error");
    expect(run.invocations[0].toolExecutionNotifications?.[0]?.message.text).toContain("10 more findings");
  });

  test("links to related places only, never to where a text of others points", () => {
    const file = { path: "a.koine", text: "one\ntwo\n" };
    const span = (start: number) => ({ file: "a.koine", start, end: start + 3 });
    const message = "`[click](https://evil.example)` {0}";
    const result = resultOf(
      of(
        [{ code: "K1201", severity: "error", message, span: span(0), related: [{ span: span(4), message: "x](https://evil.example)[y" }] }],
        file,
      ),
    );
    expect(result.relatedLocations?.map((one) => one.id)).toEqual([1]);
    const links = [...result.message.text.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map((match) => match[1]);
    expect(links).toEqual(["1"]);
    expect(result.message.text).not.toContain("{0}");
  });
});

test("workflow commands: errors first, from the root, columns on one line only, and nothing of a source is a command", async () => {
  const name = "::error::pwned%0A";
  const root = makeRepository({
    [`a,b:c/${name}.koine`]: wrong.replace('subnet "😀"\n', "").replace("mian", 'mian[{\n  x = "##[error]y"\n}]'),
  });
  const directory = join(root, "a,b:c");
  const compilation = await compileStack({ directory, set: [], simulate: false, variables: {} }, { partial: true });
  const file = [...compilation.sources.values()].find((source) => source.path.endsWith(".koine"));
  const span = { file: file?.path ?? "", start: 0, end: file?.text.length ?? 0 };
  const text = renderGithubCommands({
    ...compilation,
    diagnostics: [
      { code: "K1202", severity: "warning", message: "w\n::set-output name=a::b\r\n##[add-mask]c", span },
      ...compilation.diagnostics,
    ],
    notes: [{ message: "an input is missing", hint: "give it" }],
    places: findPlaces(directory),
  });
  const lines = text.trimEnd().split("\n");
  expect(lines.map((line) => line.slice(0, line.indexOf(" ")))).toEqual([
    ...compilation.diagnostics.map(() => "::error"),
    "::warning",
    "::notice",
  ]);
  expect(lines[0]).toMatch(
    /^::error file=a%2Cb%3Ac\/%3A%3Aerror%3A%3Apwned%250A\.koine,line=4,endLine=4,col=9,title=K1201::`mian` is not declared/,
  );
  expect(lines.at(-2)).toBe(
    `::warning file=a%2Cb%3Ac/%3A%3Aerror%3A%3Apwned%250A.koine,line=1,endLine=${file?.text.split("\n").length ?? 0},title=K1202::w%0A::set-output name=a::b%0A##[add-mask]c`,
  );
  expect(lines.at(-1)).toBe("::notice title=not checked::an input is missing%0Agive it");
});
