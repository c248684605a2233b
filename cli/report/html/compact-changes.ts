// The native changes of one resource as one text, for reports so large that a table for each would be hundreds of thousands of elements: as complete, and
// a browser opens thousands of them at once.

import { describeCause, describeObject, describeProp, signs } from "../describe-change.ts";
import type { ReportChange, ReportProp } from "../report.ts";
import { html, type Markup } from "./markup.ts";
import { formatReportedWhole } from "./values.ts";

export function renderCompact(changes: readonly ReportChange[]): Markup {
  return html`<pre>${changes.map(describeChange).join("\n")}</pre>`;
}

/** `± aws.ec2.Instance instance downtime`, its props and notes indented beneath. */
function describeChange(change: ReportChange): string {
  const words = [signs[change.action], ...describeObject(change), ...(change.impact === "none" ? [] : [change.impact])];
  const props = change.props.flatMap((prop) => describeLines(prop, change.action === "create"));
  return [words.join(" "), ...[...props, ...change.notes].map((line) => `    ${line.replaceAll("\n", "\n    ")}`)].join("\n");
}

function describeLines(prop: ReportProp, isNew: boolean): readonly string[] {
  const cause = describeCause(prop);
  const note = cause.length > 0 ? ` (${cause.join("; ")})` : "";
  if (isNew) return [`${prop.prop} ${prop.secret ? "(secret)" : formatReportedWhole(prop.to)}${note}`];
  return describeProp(prop, formatReportedWhole).map((line) => `${line}${note}`);
}
