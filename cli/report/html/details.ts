// What stands below the changes: outputs, and the native objects that each resource becomes on its cloud.

import type { PlanReport, ReportOutput } from "../report.ts";
import { html, type Markup } from "./markup.ts";
import { formatLowered, formatReportedWhole, renderDifference, renderValue } from "./values.ts";

export function renderOutputs(outputs: readonly ReportOutput[]): Markup | false {
  if (outputs.length === 0) return false;
  return html`<section class="card" id="outputs" aria-labelledby="outputs-title"><h2 id="outputs-title">Outputs that change</h2><table class="outputs"><tbody>${outputs.map(
    (output) => html`<tr><th scope="row">${output.name}</th><td>${renderOutput(output)}</td></tr>`,
  )}</tbody></table></section>`;
}

function renderOutput(output: ReportOutput): Markup {
  if (output.secret) return html`<span class="secret">(secret)</span>`;
  if (output.deferred) return html`<span class="cause">known after ${(output.waitsFor ?? []).join(", ") || "apply"}</span>`;
  if (output.to === undefined)
    return html`<span class="cause">removed</span>${output.from !== undefined && html` <del>${formatReportedWhole(output.from)}</del>`}`;
  return output.from === undefined ? renderValue(output.to) : renderDifference(output.from, output.to);
}

/** By cloud, then by resource; closed, because the changes above are what is reviewed. */
export function renderLowered(lowered: PlanReport["lowered"]): Markup | false {
  if (lowered === undefined || lowered.length === 0) return false;
  const clouds = Map.groupBy(lowered, (one) => one.cloud);
  return html`<section class="card" id="lowering" aria-labelledby="lowering-title"><h2 id="lowering-title">What it becomes</h2><p class="muted">The native objects of every resource, changed or not, as each cloud is asked for them.</p>${[
    ...clouds,
  ].map(
    ([cloud, resources]) =>
      html`<h3>${cloud} <span class="count">${resources.length}</span></h3><div class="list">${resources.map(
        (resource) =>
          html`<details class="lowered"><summary><b>${resource.address}</b> <span class="about">${[...new Set(resource.objects.map((object) => object.type))].join(", ")}</span></summary><div class="body">${resource.objects.map(
            (object) =>
              html`<section class="change"><p class="object"><code>${object.type}</code> <span class="role">${object.role}</span></p><pre class="props">${formatProps(object.props)}</pre></section>`,
          )}</div></details>
`,
      )}</div>`,
  )}</section>`;
}

/** One text for all props: a table of each would be a hundred thousand elements in a large stack. */
function formatProps(props: Readonly<Record<string, unknown>>): string {
  const width = Math.min(28, Math.max(0, ...Object.keys(props).map((name) => name.length)));
  return Object.entries(props)
    .map(([name, value]) => `${name.padEnd(width)}  ${formatLowered(value).replaceAll("\n", `\n${" ".repeat(width + 2)}`)}`)
    .join("\n");
}
