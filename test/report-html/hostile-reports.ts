// Reports whose every text tries to leave its place: markup, attributes, scripts, styles, SVG, links, control characters, and what fast-check makes of them.

import fc from "fast-check";
import type { PlanReport } from "../../cli/report/report.ts";
import { smallReport } from "./sample-reports.ts";

/** What would show if it ran, and what would show if it became an element. */
const payloads = [
  "<script>globalThis.ran=1</script>",
  "</script><script>globalThis.ran=1</script>",
  "</style><img src=x onerror=globalThis.ran=1>",
  "</title><iframe srcdoc='<script>parent.ran=1</script>'>",
  '"><img src=x onerror="globalThis.ran=1">',
  "' onfocus='globalThis.ran=1' autofocus='",
  '" onmouseover="globalThis.ran=1" style="position:fixed;inset:0',
  "` onload=globalThis.ran=1 `",
  "javascript:globalThis.ran=1",
  "data:text/html,<script>opener.ran=1</script>",
  "</text></svg><svg onload=globalThis.ran=1>",
  "<![CDATA[<b>]]><!-- <b> -->",
  "&lt;b&gt;&#60;b&#62;&quot;",
  "</pre></code></td></table></details></article><h1>approved</h1>",
  "<base href=https://evil.example/><form action=//evil.example><button>",
  "${globalThis.ran=1}{{globalThis.ran=1}}<%= 1 %>",
  "\u202egnp.exe\u2066\u0000\u001b[31m\u2028\ud800",
  "__proto__",
  "constructor",
];

const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...payloads) },
      fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 12 }).map((points) => String.fromCodePoint(...points)),
      fc.string({ maxLength: 12 }),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join(""));

/** Members whose words the report's shape fixes; parse-report.ts lets no other through. */
const fixed = new Set(["action", "impact", "cause", "order", "verdict", "severity", "currency", "world"]);

/** So many reports of the small plan's shape. Equal texts stay equal, so that links and the graph still lead somewhere. */
export function hostileReports(count: number): readonly PlanReport[] {
  return fc.sample(fc.array(text, { minLength: 200, maxLength: 200 }), { numRuns: count, seed: 20260301 }).map((texts) => {
    const given = new Map<string, string>();
    const replace = (own: string): string => {
      // Its number makes each text one of its kind, as addresses are.
      const made = given.get(own) ?? `${texts[given.size % texts.length]}${given.size}`;
      given.set(own, made);
      return made;
    };
    return mapTexts({ ...smallReport, diagnostics: smallDiagnostics }, replace) as PlanReport;
  });
}

const smallDiagnostics: PlanReport["diagnostics"] = (["error", "warning", "info"] as const).map((severity) => ({
  code: `K-${severity}`,
  severity,
  message: `message of ${severity}`,
  hint: `hint of ${severity}`,
  place: { file: `file of ${severity}`, line: 3, column: 4 },
}));

function mapTexts(value: unknown, replace: (own: string) => string, name = ""): unknown {
  if (typeof value === "string") return fixed.has(name) ? value : replace(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => mapTexts(member, replace, name));
  // The names of native props and the keys of maps are text of others too.
  const isNamed = name === "props" || name === "from" || name === "to" || name === "Tags";
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      isNamed && !key.startsWith("$") ? replace(`key ${key}`) : key,
      mapTexts(member, replace, key),
    ]),
  );
}
