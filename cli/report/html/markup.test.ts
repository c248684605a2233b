// What escaping promises: text stays text wherever it is put, and what cannot be seen is shown.

import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeText, fragmentOf, html, safeLink, trustMarkup } from "./markup.ts";

/** Any code points, halves of characters too, and those that matter more often. */
const anyText = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.constantFrom(...[..."<>\"'`&;#\n\u202e\u0000"].map((one) => one.charCodeAt(0)))),
  )
  .map((points) => String.fromCodePoint(...points));

const dangerous = /[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)|(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("whatever is put into a template is text; only markup made by a template is markup", () => {
  const evil = `"><script>alert(1)</script>`;
  expect(html`<p title="${evil}">${[evil, html`<b>${1}</b>`, undefined, false]}${trustMarkup("<i></i>")}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;<b>1</b><i></i></p>',
  );
});

test("no character of HTML and none that is unseen comes through, and nothing else is changed", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(dangerous.test(escapeText(text))).toBe(false);
    }),
  );
  expect(escapeText('zone "b"\tÜber 東京 → 10.0.0.0/8\n')).toBe("zone &quot;b&quot;\tÜber 東京 → 10.0.0.0/8\n");
  expect(escapeText("\u202egnp.exe\u0000\u001b[31m\ud800\u{e0041}")).toBe("\\u202egnp.exe\\u0000\\u001b[31m\\ud800\\ue0041");
});

test("a fragment is made of every text, and finds the id that is shown", () => {
  expect(fragmentOf('machine.web["a b"]')).toBe("#machine.web%5B%22a%20b%22%5D");
  expect(decodeURIComponent(fragmentOf("\ud800<").slice(1))).toBe("\\ud800<");
});

test.each([
  ["https://git.example/a b", "https://git.example/a%20b"],
  ["http://git.example/", "http://git.example/"],
  ["javascript:alert(1)", undefined],
  [" javascript:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["file:///etc/passwd", undefined],
  ["//git.example/", undefined],
  ["/blob/main", undefined],
  [undefined, undefined],
])("the link %s becomes %s", (given, made) => {
  expect(safeLink(given)).toBe(made);
});
