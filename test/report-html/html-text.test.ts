// What of the page can be judged without a browser: its size with thousands of changes, its policy, its links, and that every report becomes one.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../cli/report/html/render-html.ts";
import { parseReport } from "../../cli/report/parse-report.ts";
import { makeLargeReport, smallReport } from "./sample-reports.ts";

function read(page: string, pattern: RegExp): readonly string[] {
  return [...page.matchAll(pattern)].map((match) => match[1] ?? "");
}

test("5,000 changes: every one of them is there with its props, in fewer than 80,000 elements", async () => {
  const { graph: _, lowered: __, ...report } = makeLargeReport(5_000);
  const page = await renderHtml(report);
  expect(read(page, /<article class="group \w+" id="([^"]*)"/g)).toEqual(report.groups.map((group) => group.address));
  expect(page).toContain("Description after-4994-6");
  expect(read(page, /<article[^>]* data-action="(?:delete|replace)"[^>]*>\s*<details( open)?>/g).every((open) => open === " open")).toBe(
    true,
  );
  expect(page.match(/<[a-z]/g)?.length).toBeLessThan(80_000);
});

test("the policy allows the page's own style and script and nothing else", async () => {
  const page = await renderHtml(smallReport);
  const [policy] = read(page, /http-equiv="Content-Security-Policy" content="([^"]*)"/g);
  const hash = (tag: string): string => {
    const texts = read(page, new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"));
    expect(texts).toHaveLength(1);
    return `&#39;sha256-${createHash("sha256")
      .update(texts[0] ?? "")
      .digest("base64")}&#39;`;
  };
  expect(policy?.split("; ")).toEqual([
    "default-src &#39;none&#39;",
    `style-src ${hash("style")}`,
    `script-src ${hash("script")}`,
    "img-src data:",
    "base-uri &#39;none&#39;",
    "form-action &#39;none&#39;",
    "require-trusted-types-for &#39;script&#39;",
    "trusted-types &#39;none&#39;",
  ]);
});

test("places are links where one is given and safe, else text", async () => {
  const count = (page: string): number => read(page, /<a class="mono" rel="noopener noreferrer" (href)/g).length;
  expect(count(await renderHtml(smallReport))).toBe(0);
  expect(count(await renderHtml(smallReport, { linkOf: () => "javascript:alert(1)" }))).toBe(0);
  expect(count(await renderHtml(smallReport, { linkOf: () => undefined }))).toBe(0);
  expect(count(await renderHtml(smallReport, { linkOf: ({ line }) => (line === 31 ? "https://git.example/31" : undefined) }))).toBe(2);
});

describe("every report becomes a page", () => {
  const folder = join(import.meta.dirname, "..", "reports");
  test.each(readdirSync(folder).filter((name) => name.endsWith(".json")))("%s", async (name) => {
    const parsed = parseReport(readFileSync(join(folder, name), "utf8"));
    if (!("report" in parsed)) throw new Error(parsed.mistake);
    const page = await renderHtml(parsed.report);
    expect(read(page, /<article class="group \w+" (id)=/g)).toHaveLength(parsed.report.groups.length);
    expect(page).toBe(await renderHtml(parsed.report));
    if (parsed.report.mode.against !== undefined) expect(page).toContain("<title>");
    expect(page.includes("not compared with any cloud")).toBe(
      parsed.report.mode.against !== undefined || parsed.report.mode.offline === true,
    );
  });
});
