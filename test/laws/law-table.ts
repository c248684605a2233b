// What a run of laws has come to, as a table: how much was played, what was done to it, how it ended, and the four figures that must be zero.

import { addTally, type LawReport } from "./law.ts";

export interface LawTotal {
  readonly name: string;
  cases: number;
  milliseconds: number;
  readonly tally: Record<string, number>;
  readonly failures: LawReport[];
}

export function addReport(total: LawTotal, report: LawReport, milliseconds: number): void {
  total.cases += report.runs;
  total.milliseconds += milliseconds;
  addTally(total.tally, report.tally);
  if (report.failure) total.failures.push(report);
}

const zeros = ["orphan", "duplicate", "prompt", "mismatch"] as const;

/** How often each kind of wrong was found, in cases that failed. */
export function countZeros(totals: readonly LawTotal[]): Readonly<Record<(typeof zeros)[number], number>> {
  const counts = { orphan: 0, duplicate: 0, prompt: 0, mismatch: 0 };
  for (const { failures } of totals) {
    for (const { failure } of failures) {
      for (const text of failure?.wrong ?? []) counts[zeros.find((zero) => text.startsWith(`${zero}: `)) ?? "mismatch"] += 1;
    }
  }
  return counts;
}

const titles: Readonly<Record<string, string>> = {
  schedule: "Schedules",
  deed: "What people did",
  command: "Commands run",
  kill: "Processes killed (at any await) and stopped for a while",
  fault: "Faults injected",
  others: "What others did meanwhile",
  outcome: "How commands ended",
  problem: "Problems that kept a plan from being made",
  file: "Plan files applied again",
  settled: "What was in flight, once settled",
  omission: "Omitted requests, each proof held against the world",
  stray: "Leftovers of lost answers, in plans",
  person: "Left to a person, each explained by a fault on that very request",
  race: "Not promised, and counted",
};

/** As Markdown. `command` is how it was run. */
export function renderTable(totals: readonly LawTotal[], command: string): string {
  const lines = [`\`${command}\``, "", "| law | cases | processor seconds | held |", "|---|---:|---:|---|"];
  for (const { name, cases, milliseconds, failures } of totals)
    lines.push(
      `| ${name} | ${group(cases)} | ${Math.round(milliseconds / 1000)} | ${failures.length === 0 ? "yes" : `no (${failures.length})`} |`,
    );
  const counts = countZeros(totals);
  lines.push("", "| must be zero | |", "|---|---:|", ...zeros.map((zero) => `| ${plural(zero)} | ${counts[zero]} |`));
  for (const { name, tally } of totals) {
    if (Object.keys(tally).length === 0) continue;
    lines.push("", `## ${name}`);
    const groups = Map.groupBy(Object.entries(tally), ([key]) => key.split("/")[0] ?? "");
    const known = Object.keys(titles).filter((each) => groups.has(each));
    for (const each of [...known, ...[...groups.keys()].filter((key) => !(key in titles)).sort()]) {
      lines.push("", `| ${titles[each] ?? each} | |`, "|---|---:|");
      for (const [key, count] of (groups.get(each) ?? []).sort(([a], [b]) => (a < b ? -1 : 1)))
        lines.push(`| ${key.slice(each.length + 1)} | ${group(count)} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function plural(zero: string): string {
  return zero === "mismatch" ? "mismatches" : `${zero}s`;
}

function group(count: number): string {
  return count.toLocaleString("en-GB");
}
