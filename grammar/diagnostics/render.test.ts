import { describe, expect, test } from "vitest";
import type { SourceFile } from "../source/source-file.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { diagnosticsToJson, renderDiagnostics, sortDiagnostics } from "./render.ts";

const network: SourceFile = {
  path: "network.koine",
  text: ["", "", "", "", "", "  cidr = subnet(main.cidr, 8, n)", "", "", "", "", "", "", "", "  cidr   = 10.20.1.0/25", ""].join("\n"),
};

function placeOf(file: SourceFile, part: string, from = 0): { file: string; start: number; end: number } {
  const start = file.text.indexOf(part, from);
  return { file: file.path, start, end: start + part.length };
}

function draw(text: string, part: string, more: Partial<Diagnostic> = {}, width?: number): string {
  const file = { path: "a.koine", text };
  const diagnostic: Diagnostic = { code: "K1001", severity: "error", message: "it is wrong", span: placeOf(file, part), ...more };
  return renderDiagnostics([diagnostic], new Map([[file.path, file]]), { color: false, ...(width === undefined ? {} : { width }) });
}

const overlap: Diagnostic = {
  code: "K1001",
  severity: "error",
  message: '`app["a"]` and `db` overlap',
  span: placeOf(network, "10.20.1.0/25"),
  label: "10.20.1.0 – 10.20.1.127",
  related: [{ span: placeOf(network, "subnet(main.cidr, 8, n)"), message: "10.20.1.0 – 10.20.1.255" }],
  hint: "the next free range is 10.20.2.0/25",
};

describe("a drawing", () => {
  test("shows the place, the related places and the hint", () => {
    expect(renderDiagnostics([overlap], new Map([[network.path, network]]), { color: false })).toBe(
      [
        'error K1001: `app["a"]` and `db` overlap',
        "  ┌─ network.koine:14:12",
        "14│   cidr   = 10.20.1.0/25",
        "  │            ^^^^^^^^^^^^ 10.20.1.0 – 10.20.1.127",
        "  ┌─ network.koine:6:10",
        " 6│   cidr = subnet(main.cidr, 8, n)",
        "  │          ----------------------- 10.20.1.0 – 10.20.1.255",
        "  = the next free range is 10.20.2.0/25",
        "",
      ].join("\n"),
    );
  });

  test("in colour says the same", () => {
    const sources = new Map([[network.path, network]]);
    const plain = renderDiagnostics([overlap], sources, { color: false });
    const colored = renderDiagnostics([overlap], sources, { color: true });
    expect(colored).not.toBe(plain);
    const start = String.fromCharCode(27);
    expect(colored.replace(new RegExp(`${start}\\[[0-9;]*m`, "g"), "")).toBe(plain);
  });

  test("marks a place without width by one caret, at the end of the line too", () => {
    const file = { path: "a.koine", text: "let a =\nlet b" };
    const at = (start: number) =>
      renderDiagnostics(
        [{ ...overlap, related: [], label: "", hint: "x", span: { file: "a.koine", start, end: start } }],
        new Map([["a.koine", file]]),
        { color: false },
      );
    expect(at(7)).toContain(" 1│ let a =\n  │        ^\n");
    expect(at(13)).toContain(" 2│ let b\n  │      ^\n");
  });

  test("expands tabs, counts wide characters and leaves combining ones without width", () => {
    expect(draw("\ta\t= bad", "bad")).toContain(" 1│     a   = bad\n  │           ^^^\n");
    expect(draw('a = "漢字" + bad', "bad")).toContain(`  │${" ".repeat(14)}^^^\n`);
    expect(draw('a = "漢字" + bad', "漢字")).toContain("  │      ^^^^\n");
    expect(draw('a = "e\u0301😀" + bad', "bad")).toContain(`  │${" ".repeat(13)}^^^\n`);
  });

  test("escapes what would steer a terminal, in sources and in messages", () => {
    const drawn = draw("a = \u001b[31m + bad \u202e", "bad", {
      message: "no \u001b[2J and\nno break",
      hint: "one\ntwo\u0007",
      label: "\r",
    });
    expect(drawn).toContain("error K1001: no \\u{1b}[2J and\\u{a}no break\n");
    expect(drawn).toContain(" 1│ a = \\u{1b}[31m + bad \\u{202e}\n  │                  ^^^ \\u{d}\n");
    expect(drawn).toContain("  = one\n    two\\u{7}\n");
  });

  test("shows the first and the last line of a long place", () => {
    expect(draw("let a = {\n  b = 1\n  c = 2\n}\nlet d\n", "{\n  b = 1\n  c = 2\n}", { label: "here" })).toContain(
      [" 1│ let a = {", "  │         ^", "  │ ⋮", " 4│ }", "  │ ^ here", ""].join("\n"),
    );
    expect(draw("a {\n  b = 1 }\n", "{\n  b = 1 }")).toContain([" 1│ a {", "  │   ^", " 2│   b = 1 }", "  │   ^^^^^^^", ""].join("\n"));
    expect(draw("abc\ndef\n", "abc\n")).toContain(" 1│ abc\n  │ ^^^\n  =".slice(0, 15));
  });

  test("cuts long lines around the place", () => {
    const drawn = draw(`${"x".repeat(500)} bad ${"y".repeat(500)}`, "bad", {}, 60);
    const [, , line = "", marks = ""] = drawn.split("\n");
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line).toMatch(/^ 1│ …x+ bad y+…$/);
    expect(line.indexOf("bad")).toBe(marks.indexOf("^^^"));
    expect(draw(`bad ${"y".repeat(500)}`, "bad", {}, 60)).toMatch(/ 1│ bad y+…\n {2}│ \^\^\^\n/);
    const long = draw(`a = ${"b".repeat(300)}`, "b".repeat(300), {}, 60).split("\n");
    expect(Math.max(...long.map((one) => one.length))).toBeLessThanOrEqual(60);
  });

  test("of a huge line costs little", () => {
    const text = `${"x".repeat(8_000_000)} bad`;
    const started = performance.now();
    expect(draw(text, "bad")).toContain("bad");
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("without the source, without a place, and of a concealed place", () => {
    const sources = new Map([[network.path, network]]);
    expect(
      renderDiagnostics([{ ...overlap, related: [], span: { file: "gone.koine", start: 1, end: 2 } }], sources, { color: false }),
    ).toBe(
      'error K1001: `app["a"]` and `db` overlap\n  ┌─ gone.koine\n  │ 10.20.1.0 – 10.20.1.127\n  = the next free range is 10.20.2.0/25\n',
    );
    expect(renderDiagnostics([{ code: "K1001", severity: "warning", message: "no place" }], sources, { color: false })).toBe(
      "warning K1001: no place\n",
    );
    const concealed = renderDiagnostics([{ ...overlap, conceal: true }], sources, { color: false });
    expect(concealed).toContain("network.koine:14:12");
    expect(concealed).not.toContain("cidr   =");
  });

  test("shows what an edit does where there is no hint", () => {
    expect(
      draw("bad", "bad", { fix: { title: "write `good`", span: { file: "a.koine", start: 0, end: 3 }, replacement: "good" } }),
    ).toContain("  = write `good`\n");
  });
});

describe("several", () => {
  const at = (file: string, start: number, message = "x"): Diagnostic => ({
    code: "K1001",
    severity: "error",
    message,
    span: { file, start, end: start + 1 },
  });

  test("that begin at one place come with the shorter one first", () => {
    const span = (end: number) => ({ file: "a", start: 1, end });
    const ends = sortDiagnostics([
      { code: "K1001", severity: "error", message: "long", span: span(9) },
      { code: "K1002", severity: "error", message: "short", span: span(2) },
      { code: "K1001", severity: "error", message: "short", span: span(2) },
    ]);
    expect(ends.map(({ code, message }) => `${code} ${message}`)).toEqual(["K1001 short", "K1002 short", "K1001 long"]);
  });

  test("come in the order of files and places, each once, those without a place first", () => {
    const all = [
      at("b", 1),
      at("a", 9),
      at("a", 2, "y"),
      at("a", 2),
      at("b", 1),
      { code: "K1002", severity: "error", message: "z" } as const,
    ];
    expect(sortDiagnostics(all).map(({ span, message }) => `${span?.file ?? "-"}${span?.start ?? ""}${message}`)).toEqual([
      "-z",
      "a2x",
      "a2y",
      "a9x",
      "b1x",
    ]);
    const text = renderDiagnostics(all, new Map(), { color: false });
    expect(text.split("\n\n")).toHaveLength(5);
    expect(text.endsWith("\n")).toBe(true);
    expect(renderDiagnostics([], new Map(), { color: true })).toBe("");
  });
});

test("for programs: lines and columns from 1, offsets from 0, a version", () => {
  const json = diagnosticsToJson(
    [
      { ...overlap, fix: { title: "t", span: overlap.span ?? placeOf(network, ""), replacement: "r" } },
      { code: "K1002", severity: "warning", message: "m" },
    ],
    new Map([[network.path, network]]),
  );
  const place = { file: "network.koine", start: { offset: 56, line: 14, column: 12 }, end: { offset: 68, line: 14, column: 24 } };
  expect(JSON.parse(JSON.stringify(json))).toEqual({
    version: 1,
    diagnostics: [
      { code: "K1002", severity: "warning", message: "m" },
      {
        code: "K1001",
        severity: "error",
        message: overlap.message,
        place,
        label: overlap.label,
        related: [
          {
            message: "10.20.1.0 – 10.20.1.255",
            place: { file: "network.koine", start: { offset: 14, line: 6, column: 10 }, end: { offset: 37, line: 6, column: 33 } },
          },
        ],
        hint: overlap.hint,
        fix: { title: "t", replacement: "r", place },
      },
    ],
  });
  const unknown = diagnosticsToJson([overlap], new Map());
  expect(unknown.diagnostics[0]?.place).toEqual({ file: "network.koine", start: { offset: 56 }, end: { offset: 68 } });
});
