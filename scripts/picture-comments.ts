// Pictures of comments, as a reviewer sees them on GitHub, for people who change what comments look like: the golden files of test/e2e/ci-flow, or any other
// Markdown. Diagrams stay text here. Usage: node scripts/picture-comments.ts OUT-FOLDER [FILE…]

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { marked } from "marked";
import { openBrowser } from "../test/support/browser.ts";

const [out, ...given] = process.argv.slice(2);
if (out === undefined) throw new Error("usage: node scripts/picture-comments.ts OUT-FOLDER [FILE…]");
const goldens = join(import.meta.dirname, "..", "test", "e2e", "ci-flow");
const files = given.length > 0 ? given : readdirSync(goldens).map((name) => join(goldens, name));

const colours = { NOTE: "#0969da", TIP: "#1a7f37", IMPORTANT: "#8250df", WARNING: "#9a6700", CAUTION: "#cf222e" } as const;

/** Sizes, colours and spaces of GitHub's own sheet for Markdown, as far as comments use it. */
const style = `
body { margin: 0; padding: 24px; background: #fff; }
main { max-width: 830px; border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; }
h3 { font-size: 1.25em; margin: 24px 0 16px; } h4 { font-size: 1em; margin: 24px 0 16px; } h3:first-child { margin-top: 0; }
p, ul, pre, table, details, blockquote { margin: 0 0 16px; } ul { padding-left: 2em; } li + li { margin-top: .25em; }
a { color: #0969da; } hr { height: 4px; border: 0; background: #d1d9e0; margin: 24px 0; } summary { cursor: pointer; }
code { font: 85% ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; background: #818b981f; padding: .2em .4em; border-radius: 6px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 16px; overflow: auto; } pre code { background: none; padding: 0; }
.add { background: #dafbe1; } .remove { background: #ffebe9; } .add, .remove { display: block; }
blockquote { border-left: .25em solid #d1d9e0; padding: 0 1em; color: #59636e; }
table { border-collapse: collapse; } td, th { border: 1px solid #d1d9e0; padding: 6px 13px; }
`;

function renderPage(markdown: string): string {
  const html = marked.parse(markdown, { gfm: true, async: false });
  const alerts = html.replaceAll(/<blockquote>\s*<p>\[!(\w+)\]\s*(?:<br>)?/g, (whole, kind: string) => {
    const colour = colours[kind as keyof typeof colours];
    if (colour === undefined) return whole;
    const title = `${kind[0]}${kind.slice(1).toLowerCase()}`;
    return `<blockquote style="border-color:${colour};color:inherit"><p style="color:${colour};font-weight:500">${title}</p><p>`;
  });
  const diffs = alerts.replaceAll(/<code class="language-diff">([\s\S]*?)<\/code>/g, (_whole, text: string) => {
    const kinds: Readonly<Record<string, string>> = { "+": "add", "-": "remove" };
    const lines = text
      .split("\n")
      .map((line) => (kinds[line[0] ?? ""] ? `<span class="${kinds[line[0] ?? ""]}">${line}</span>` : `${line}\n`));
    return `<code>${lines.join("").trimEnd()}</code>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${diffs}</main>`;
}

mkdirSync(out, { recursive: true });
const browser = await openBrowser();
for (const file of files) {
  const page = await browser.newPage({ viewport: { width: 920, height: 600 } });
  await page.setContent(renderPage(readFileSync(file, "utf8")));
  const name = basename(file, ".md");
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
  await page.screenshot({ path: join(out, `${name}-open.png`), fullPage: true });
  await page.close();
}
await browser.close();
