// `koine ci drift`: plans every stack of the default branch as it is, and keeps one issue open for each whose world is not as its source says. A full plan,
// not only a refresh: whether a person clicked something away or a merge was never applied, what a reader wants to know is what an apply would do.

import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { serialiseReport } from "../report/build-report.ts";
import type { PlanReport } from "../report/report.ts";
import { koineVersion } from "../version.ts";
import { openArtefacts, writeArtefact } from "./artefacts.ts";
import { readLimits } from "./child-arguments.ts";
import { describeRun, situate } from "./describe-run.ts";
import { nameSubject } from "./find-subjects.ts";
import { openGit } from "./git.ts";
import { HostError } from "./host.ts";
import { hasChanges, judgeReport, nameCounts, worstOf } from "./judge-report.ts";
import { choosePlanScope, nameSubjects } from "./plan-scope.ts";
import { type PlannedSubject, planSubjects } from "./plan-subjects.ts";
import { renderComment } from "./post-plans.ts";
import { openChildren } from "./run-child.ts";
import { findRunUrl } from "./run-url.ts";
import type { Situation } from "./situation.ts";

interface Flags {
  readonly out: string;
  readonly parallel: number;
  readonly ephemeralState?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `unknown`: no plan could be made, so nobody knows. */
export type DriftState = "same" | "differs" | "unknown";

/** Of a plan of the default branch. A budget that it exceeds is no reason not to be told of. */
export function judgeDrift(report: PlanReport, code: number): DriftState {
  if (report.problems.length > 0 || (code !== exitCode.done && code !== exitCode.changes && code !== exitCode.refused)) return "unknown";
  return hasChanges(report) ? "differs" : "same";
}

export function titleIssue(name: string, state: DriftState, report: PlanReport): string {
  if (state === "unknown") return `Koine: ${name} cannot be planned`;
  return `Koine: ${name} is not as its source says (${nameCounts(report)})`;
}

export async function runCiDrift(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const read = await situate(context, flags);
  // On a schedule nothing was pushed; by a push, every stack is looked at all the same.
  const { root, sha, out, log, host, event } = read;
  const situation: Situation = { kind: "plain", root, sha, out, log, ...(host && { host }), ...(event === undefined ? {} : { event }) };
  const scope = await choosePlanScope(openGit(root), situation, readLimits(context, root));
  const names = scope.subjects.map(({ subject }) => subject);
  terminal.tell(names.length === 0 ? "There is no stack to look at.\n" : `Looking at ${nameSubjects(names)}.\n`);
  openArtefacts(out, { koine: koineVersion(), revision: sha, subjects: names.map(nameSubject) });
  const children = openChildren();
  try {
    const results = await planSubjects(scope.subjects, {
      children,
      ...describeRun(context, situation, flags),
      onPlanned: ({ subject }) => terminal.tell(`${nameSubject(subject)}\n`),
    });
    const stopped = children.exitCode();
    if (stopped !== undefined) {
      terminal.tell("Stopped; no issue was touched.\n");
      return stopped;
    }
    return await tellAll(context, situation, results, flags);
  } finally {
    children.end();
  }
}

async function tellAll(context: CommandContext, situation: Situation, results: readonly PlannedSubject[], flags: Flags): Promise<number> {
  const codes: number[] = [];
  const drifted: string[] = [];
  for (const result of results) {
    const state = judgeDrift(result.report, result.code);
    const told = await tellDrift(context, situation, result, state);
    // Over budget is for who applies.
    codes.push(told, state === "unknown" ? judgeReport(result.report, result.code) : exitCode.done);
    if (state !== "same") drifted.push(nameSubject(result.subject));
  }
  const code = worstOf(codes);
  situation.log.setOutput("changes", String(drifted.length > 0));
  situation.log.setOutput("subjects", JSON.stringify(drifted));
  situation.log.setOutput("exitcode", String(code));
  return code === exitCode.done && flags.detailedExitcode && drifted.length > 0 ? exitCode.changes : code;
}

/** 1 where an issue could not be written; the others are all the same. */
async function tellDrift(
  { terminal, options }: CommandContext,
  situation: Situation,
  result: PlannedSubject,
  state: DriftState,
): Promise<number> {
  const { host, log, sha } = situation;
  const { subject, report, folder, output } = result;
  const name = nameSubject(subject);
  const artefactUrl = findRunUrl(options.variables);
  const markdown = renderComment(report, { ...(host && { host }), sha, ...(artefactUrl !== undefined && { artefactUrl }) });
  writeArtefact(folder, "report.json", serialiseReport(report));
  writeArtefact(folder, "comment.md", markdown);
  await log.group(name, async () => log.print(output));
  terminal.tell(
    `${name}: ${{ same: "is as its source says", differs: "differs from its source", unknown: "cannot be planned" }[state]}.\n`,
  );
  if (state !== "same") log.addSummary(markdown);
  if (!host) return exitCode.done;
  try {
    await host.putIssue(subject, titleIssue(name, state, report), state === "same" ? undefined : markdown);
    return exitCode.done;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    terminal.tell(`${terminal.style("red", "error")}: ${error.message}\n  = ${error.hint}\n`);
    return exitCode.failed;
  }
}
