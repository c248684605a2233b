// Comments as reviewers see them: golden files for the look, and laws for what must hold of any report: under the limit, every end in it, and nothing of its
// text ever more than text. `KOINE_UPDATE=1` rewrites the golden files.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { emptyReport } from "../build-report.ts";
import { countActions } from "../describe-change.ts";
import { parseReport } from "../parse-report.ts";
import type { PlanReport, ReportGroup, ReportPlace } from "../report.ts";
import { type MarkdownOptions, renderMarkdown } from "./render-markdown.ts";

const folder = join(import.meta.dirname, "../../../test/reports");
const github = { limit: 65_536, unit: "utf8-bytes" } as const;
const page = "https://host.example/blob/";
const linkOf = (place: ReportPlace): string => `${page}${encodeURI(place.file)}#L${place.line}`;

describe("golden files", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  test.each(names)("%s", (name) => {
    const parsed = parseReport(readFileSync(join(folder, name), "utf8"));
    if ("mistake" in parsed) throw new Error(parsed.mistake);
    const path = join(folder, name.replace(/json$/, "md"));
    const text = renderMarkdown(parsed.report, { ...github, linkOf, artefactUrl: "https://host.example/artefacts/1" });
    if (process.env.KOINE_UPDATE === "1") writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
    demandHarmless(text);
  });
});

const change = (address: string, action: ReportGroup["action"]): ReportGroup["changes"][number] => ({
  key: `${address}:instance`,
  type: "aws.ec2.Instance",
  role: "instance",
  action,
  impact: "none",
  props: action === "update" ? [{ prop: "InstanceType", from: "m7i.large", to: "m7i.xlarge", cause: "author" }] : [],
  notes: [],
});

const group = (address: string, action: ReportGroup["action"]): ReportGroup => ({
  address,
  kind: "machine",
  cloud: "aws",
  action,
  about: action === "create" ? "cpu 2, memory 8 GiB, image ubuntu-24.04" : "",
  place: { file: "stacks/shop/main.koine", line: 31, column: 3 },
  changes: [change(address, action)],
});

function reportOf(groups: readonly ReportGroup[], more: Partial<PlanReport> = {}): PlanReport {
  return {
    ...emptyReport({
      koine: "0.1.0",
      stack: { name: "shop", folder: "stacks/shop" },
      world: "real",
      mode: {},
      createdAt: "2026-11-23T05:30:00.000Z",
    }),
    groups,
    counts: { ...countActions(groups.flatMap(({ changes }) => changes)), unchanged: 7, leftOut: 0 },
    digest: { changes: `sha256:${"0".repeat(64)}`, basis: `sha256:${"1".repeat(64)}` },
    ...more,
  };
}

const many = (count: number, addressOf: (index: number) => string, action: ReportGroup["action"]): readonly ReportGroup[] =>
  Array.from({ length: count }, (_, index) => group(addressOf(index), action));

const large = (prefix: string): PlanReport =>
  reportOf([
    ...many(1_200, (index) => `machine.${prefix}[${index}]`, "delete"),
    ...many(300, (index) => `disk.${prefix}["${index}-data"]`, "replace"),
    ...many(2_500, (index) => `machine.new[${index}]`, "create"),
    ...many(1_000, (index) => `machine.kept[${index}]`, "update"),
  ]);

describe("a plan of 5,000 changes with 1,500 ends", () => {
  test("has every one of them by its address, under the limit of GitHub", () => {
    const report = large("old");
    const text = renderMarkdown(report, { ...github, artefactUrl: "https://host.example/artefacts/1" });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    const named = new Set([...text.matchAll(/^- (?:`[-±]` )?`?([^`\n]+)`?$|^± (.+)$/gm)].map(([, one, other]) => one ?? other));
    const ends = report.groups.filter(({ action }) => action === "delete" || action === "replace");
    expect(ends.filter(({ address }) => !named.has(address)).map(({ address }) => address)).toEqual([]);
    expect(ends).toHaveLength(1_500);
    expect(text).toContain("2,500 resources created");
    expect(text).toContain("[the whole plan](https://host.example/artefacts/1)");
    demandHarmless(text);
  });

  test("names of 60 characters are written as ranges that lose none of them, and it says so", () => {
    const text = renderMarkdown(large("a".repeat(60)), github);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(text).toContain("Too many to be written one by one");
    expect(text).toContain(`- machine.${"a".repeat(60)}[0-1199]  (1,200)`);
    demandHarmless(text);
  });

  test("nothing else that a report says crowds them out, however much of it there is", () => {
    const long = Array.from({ length: 40 }, (_, index) => `\u{1f525}@a `.repeat(400) + index);
    const place = { file: long[0] ?? "", line: 1, column: 1 };
    const text = renderMarkdown(
      {
        ...large("old"),
        trust: long,
        warnings: long,
        problems: long.map((message) => ({ message, hint: message, place })),
        diagnostics: long.map((message) => ({ code: message, severity: "error" as const, message, hint: message, place })),
        blocked: long.map((reason) => ({ address: reason, reason })),
        strays: long.map((id) => ({ type: id, id, claimed: false })),
        settled: long.map((key) => ({ key, outcome: key, reason: key })),
        outputs: long.map((name) => ({ name, to: long, deferred: false, secret: false })),
        budget: { verdict: "exceeded", reasons: long },
        clouds: long.map((name) => ({ name, provider: name, place: name })),
        stack: { name: long[0] ?? "", folder: long[0] ?? "", environment: long[0] ?? "" },
      },
      github,
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(count(text, "- machine.old[")).toBe(1_200);
    expect(count(text, '-data"')).toBe(300);
    demandHarmless(text);
  });

  test("on GitLab there is room for all of it", () => {
    const text = renderMarkdown(large("old"), { limit: 1_000_000, unit: "utf16" });
    expect(text.length).toBeLessThanOrEqual(1_000_000);
    expect(text).toContain("`machine.new[1250]`");
  });
});

test("what goes first is the diagram, then the details of what ends nothing, then its middle", () => {
  const report = reportOf(
    [...many(30, (index) => `disk.old[${index}]`, "delete"), ...many(200, (index) => `machine.web[${index}]`, "update")],
    {
      graph: {
        nodes: [
          { address: "network.main", kind: "network", cloud: "aws" },
          { address: "machine.web[0]", kind: "machine", cloud: "aws", action: "update" },
        ],
        edges: [[1, 0]],
      },
    },
  );
  const full = renderMarkdown(report, { limit: 1_000_000, unit: "utf16" });
  expect(full).toContain("```mermaid");
  const without = renderMarkdown(report, { limit: full.length - 1, unit: "utf16" });
  expect(without).not.toContain("```mermaid");
  expect(count(without, "InstanceType")).toBe(200);
  const lines = renderMarkdown(report, { limit: without.length - 100, unit: "utf16" });
  expect(count(lines, "InstanceType")).toBeLessThan(200);
  expect(count(lines, "`machine.web[")).toBe(200);
  const middle = renderMarkdown(report, { limit: 12_000, unit: "utf16" });
  expect(middle).toContain("`machine.web[0]`");
  expect(middle).toContain("`machine.web[199]`");
  expect(middle).toMatch(/… \d+ more here/);
  for (const text of [without, lines, middle]) expect(count(text, "`disk.old[")).toBe(30);
});

test("what became of it stands before the plan; once it is carried out nothing asks for an approval any more", () => {
  const report = reportOf(
    many(2, (index) => `machine.web[${index}]`, "create"),
    { budget: { verdict: "needs-approval", reasons: ["a review"] } },
  );
  const asks = "Needs an approving review";
  for (const [kind, title, isAsked] of [
    ["done", "Applied.", false],
    ["partial", "Partly applied", false],
    ["failed", "Not applied: it failed", true],
    ["refused", "Not applied: refused", true],
    ["waits", "Waits for approval", true],
  ] as const) {
    const text = renderMarkdown(report, { ...github, result: { kind, lines: ["run 12 of @octocat"] } });
    expect(text.indexOf(title)).toBeLessThan(text.indexOf("### `shop`"));
    expect(text.includes(asks)).toBe(isAsked);
    expect(text).toContain("- run 12 of `@octocat`");
    demandHarmless(text);
  }
});

// ── Hostile text ──────────────────────────────────────────────────────────────────────────────────────────────

const pieces = [
  "`",
  "``",
  "```",
  "~~~",
  "\n",
  "\r\n",
  "\t",
  " ",
  "    ",
  "<!--",
  "-->",
  "<details>",
  "</details>",
  "</summary>",
  "<img src=x onerror=alert(1)>",
  "<b>",
  "&lt;",
  "&#64;",
  "@octocat",
  "@team/all",
  "#12",
  "GH-7",
  "owner/repo#3",
  "!4",
  "~bug",
  "%2",
  "$x^2$",
  ":tada:",
  "[a](http://evil.example)",
  "![a](http://evil.example/p.png)",
  "[x]: http://evil.example",
  "http://evil.example",
  "www.evil.example",
  "me@evil.example",
  "**",
  "__",
  "_",
  "~~",
  "|",
  "# ",
  "- ",
  "* ",
  "+ ",
  "1. ",
  "> ",
  "---",
  "===",
  "/close",
  "::error::x",
  "\\",
  "\u202e",
  "\u200b",
  "\u0000",
  "\u001b[31m",
  "\ud800",
  "𝒳",
  "é",
  "→",
  "deadbeef1234567",
  "abcdefabcdef",
  "word",
  "two words",
  "machine.web[0]",
  '"',
  "'",
  "(",
  ")",
  "[",
  "]",
  "koine:plan",
];
const hostile = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((parts) => parts.join(""));

/** The same shape twice: with text of others, and with plain words. */
const pair = fc
  .record({
    texts: fc.array(hostile, { minLength: 12, maxLength: 12 }),
    action: fc.constantFrom("create" as const, "replace" as const, "update" as const),
  })
  .map(({ texts, action }) => {
    let at = 0;
    return [shape(() => texts[at++ % texts.length] ?? "", action), shape(() => "plain", action)] as const;
  });

function shape(text: () => string, action: ReportGroup["action"]): PlanReport {
  const place = (): ReportPlace => ({ file: `a/${text()}`, line: 3, column: 1 });
  const report = reportOf(
    [
      {
        address: text(),
        cloud: text(),
        action,
        about: text(),
        place: place(),
        changes: [
          {
            key: text(),
            type: text(),
            role: text(),
            action: "update",
            impact: "data-loss",
            props: [
              { prop: text(), from: text(), to: { [text()]: [text()] }, cause: "drift", forces: text(), waitsFor: [text()] },
              { prop: text(), secret: true, cause: "both" },
            ],
            notes: [text()],
          },
        ],
      },
    ],
    {
      stack: { name: text(), folder: `a/${text()}`, environment: text() },
      mode: { against: text() },
      clouds: [{ name: text(), provider: text(), place: text() }],
      outputs: [
        { name: text(), from: text(), to: text(), deferred: false, secret: false },
        { name: text(), deferred: true, secret: false, waitsFor: [text()] },
      ],
      strays: [{ type: text(), id: text(), address: text(), claimed: false }],
      settled: [{ key: text(), outcome: text(), reason: text() }],
      blocked: [{ address: text(), reason: text() }],
      warnings: [text()],
      trust: [text()],
      diagnostics: [
        { code: text(), severity: "error", message: text(), place: place(), hint: text() },
        { code: text(), severity: "warning", message: text(), place: place() },
      ],
      problems: [{ message: text(), hint: text(), place: place() }],
      budget: { verdict: "exceeded", reasons: [text()] },
      cost: {
        currency: "USD",
        pricedAt: text(),
        before: 1,
        after: 2,
        byCloud: [{ cloud: text(), before: 1, after: 2 }],
        lines: [{ address: text(), cloud: text(), before: 1, after: 2, what: text() }],
        unpriced: [{ type: text(), count: 1, reason: text() }],
      },
      graph: {
        nodes: [
          { address: text(), kind: text(), cloud: text(), action },
          { address: text(), kind: text(), cloud: text() },
        ],
        edges: [[0, 1]],
      },
      koine: text(),
    },
  );
  return report;
}

const hostOptions: MarkdownOptions = {
  ...github,
  linkOf,
  artefactUrl: "https://host.example/artefacts/1",
  result: { kind: "failed", lines: ["plain"] },
};

describe("text of others", () => {
  test("changes nothing of what a comment is built of", () => {
    fc.assert(
      fc.property(pair, ([evil, plain]) => {
        const text = renderMarkdown(evil, { ...hostOptions, result: { kind: "failed", lines: [evil.warnings[0] ?? ""] } });
        demandHarmless(text);
        expect(skeletonOf(text)).toEqual(skeletonOf(renderMarkdown(plain, hostOptions)));
      }),
      { numRuns: 40 },
    );
  });

  test("is under any limit, and every end is in it for as long as it can be", () => {
    const groups = fc.array(fc.record({ address: hostile, action: fc.constantFrom("create" as const, "delete" as const) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 4_000, max: 40_000 }), (items, limit) => {
        const text = renderMarkdown(reportOf(items.map(({ address, action }) => group(address, action))), { limit, unit: "utf8-bytes" });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        demandHarmless(text);
        const ends = items.filter(({ action }) => action === "delete").length;
        if (!text.includes("Too many to be")) expect(count(text, "\n- `-` ") + count(text, "\n- ")).toBeGreaterThanOrEqual(ends);
      }),
      { numRuns: 50 },
    );
  });
});

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

const ours = new Set(["h3", "h4", "p", "ul", "li", "code", "pre", "details", "summary", "b", "strong", "blockquote", "br", "hr", "a"]);

/** Nothing that a host would act on. */
function demandHarmless(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
  expect(text).not.toContain("<!--");
  expect(text).not.toMatch(/^[> -]*\/\w/m);
  const html = render(text);
  for (const [, name = ""] of html.matchAll(/<\/?([a-zA-Z][\w-]*)/g)) expect(ours).toContain(name);
  for (const [, target = ""] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) expect(target).toMatch(/^https:\/\/host\.example\//);
  expect(count(html, "<details>")).toBe(count(html, "</details>"));
  const outside = html
    .replace(/<code[^>]*>[\s\S]*?<\/code>/g, "")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&#39;", "'");
  expect(outside).not.toMatch(/[@#~$]\w|:\w+:|www\.|http|\b[0-9a-f]{7,}\b/);
}

function render(text: string): string {
  return marked.parse(text, { async: false, gfm: true });
}

/** The elements in their order, without code: its text is what others wrote, and more or less of it stands in spans. */
function skeletonOf(text: string): readonly string[] {
  const html = render(text).replace(/<code[^>]*>[\s\S]*?<\/code>/g, "");
  return [...html.matchAll(/<\/?[a-zA-Z][\w-]*/g)].map(([tag]) => tag);
}
