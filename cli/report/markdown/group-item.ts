// One resource of a plan as an item of a list: in full with its objects and props, or on one line. Text of the report goes through escape.ts only.

import { describeCause, describeObject, describeProp, signs } from "../describe-change.ts";
import { isDestructiveChange } from "../destructive.ts";
import type { PlanReport, ReportChange, ReportGroup, ReportPlace } from "../report.ts";
import { formatReported } from "../report-value.ts";
import { code, fence, link, prose } from "./escape.ts";

export type LinkOf = ((place: ReportPlace) => string | undefined) | undefined;

/** The whole: what it is, why, where, and below it every object with what changes. Ends with a line break, as all here do. */
export function renderItem(group: ReportGroup, linkOf: LinkOf): string {
  const lines = group.changes.flatMap(describeChange);
  return `${renderLine(group, linkOf)}${lines.length === 0 ? "" : `\n${fence(lines, "  ")}\n`}`;
}

/** One line: address, what happens, place. */
export function renderLine(group: ReportGroup, linkOf: LinkOf): string {
  const about = group.about === "" ? "" : `${describeEnd(group) === "" ? "" : " ·"} ${prose(group.about, 300)}`;
  const place = group.place ? ` · ${renderPlace(group.place, linkOf)}` : "";
  return `${renderShort(group).trimEnd()}${about}${place}\n`;
}

/** The least that is still an item: sign, address, and what must be known of its end. */
export function renderShort(group: ReportGroup): string {
  return `- \`${signs[group.action]}\` ${code(group.address)}${describeEnd(group)}\n`;
}

/** What ends with a resource beyond what its sign says. */
function describeEnd({ action, changes }: ReportGroup): string {
  const words: string[] = [];
  if (action !== "delete" && action !== "replace") {
    const ending = changes.filter(isDestructiveChange).length;
    if (ending > 0) words.push(`**${ending === 1 ? "a part of it is destroyed" : `${ending} parts of it are destroyed`}**`);
  }
  if (changes.some(({ impact }) => impact === "data-loss")) words.push("**data loss**");
  else if (changes.some(({ impact }) => impact === "downtime")) words.push("downtime");
  else if (changes.some(({ impact }) => impact === "restart")) words.push("restart");
  return words.length === 0 ? "" : ` ${words.join(", ")}`;
}

function describeChange(change: ReportChange): readonly string[] {
  const impact = change.impact === "none" ? "" : ` ${change.impact}`;
  const props = change.action === "create" ? [] : change.props;
  return [
    `${signs[change.action]} ${describeObject(change).join(" ")}${impact}`,
    ...props.flatMap((prop) => {
      const cause = describeCause(prop);
      const words = cause.length === 0 ? "" : ` (${cause.join("; ")})`;
      return describeProp(prop, formatReported).map((text) => `    · ${text}${words}`);
    }),
    ...change.notes.map((note) => `    # ${note}`),
  ];
}

/** `web.koine:31`, as a link where the page is known. */
export function renderPlace(place: ReportPlace, linkOf: LinkOf): string {
  // Addresses of pages are percent-encoded, which halves of characters cannot be.
  return link(code(`${place.file}:${place.line}`), linkOf?.({ ...place, file: place.file.toWellFormed() }));
}

/** Addresses of resources that drifted. */
export function listDrifted({ groups }: PlanReport): readonly string[] {
  const drifted = groups.filter(({ changes }) =>
    changes.some(({ props }) => props.some(({ cause }) => cause === "drift" || cause === "both")),
  );
  return drifted.map(({ address }) => address);
}
