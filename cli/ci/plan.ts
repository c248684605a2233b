// `koine ci plan`: plans what a change touches, keeps the artefacts, and shows reviewers what would happen. From a fork nothing is posted and nothing secret
// is read: another job posts what is left here.

import { relative } from "node:path";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { serialiseReport } from "../report/build-report.ts";
import { renderHtml } from "../report/html/render-html.ts";
import { koineVersion } from "../version.ts";
import { openArtefacts, writeArtefact } from "./artefacts.ts";
import { readLimits } from "./child-arguments.ts";
import { writeCodeQuality } from "./code-quality.ts";
import { describeRun, situate } from "./describe-run.ts";
import { nameSubject } from "./find-subjects.ts";
import { openGit } from "./git.ts";
import type { Host } from "./host.ts";
import { hasChanges, judgeReport, listAnnotations, worstOf } from "./judge-report.ts";
import { choosePlanScope, isWithin, nameSubjects, type PlanScope, type ScopeLimits } from "./plan-scope.ts";
import { type PlannedSubject, planSubjects } from "./plan-subjects.ts";
import { type Links, linkPlaces, postPlan, renderComment, retireComments } from "./post-plans.ts";
import { openChildren } from "./run-child.ts";
import { findRunUrl } from "./run-url.ts";
import type { Situation } from "./situation.ts";

interface Flags {
  readonly out: string;
  readonly base?: string;
  readonly parallel: number;
  readonly ephemeralState?: boolean;
  readonly comment: boolean;
  readonly detailedExitcode?: boolean;
}

/** A plan with all that is shown of it. */
interface Shown extends PlannedSubject {
  readonly exit: number;
  readonly markdown: string;
}

export async function runCiPlan(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const situation = await situate(context, flags);
  const git = openGit(situation.root);
  const limits = readLimits(context, situation.root);
  const scope = await choosePlanScope(git, situation, limits);
  const fork = situation.kind === "reviewing" && situation.fork;
  const planned = await planAll(context, flags, situation, scope, fork);
  const { stopped } = planned;
  if (stopped !== undefined) {
    terminal.tell("Stopped; nothing was posted.\n");
    return stopped;
  }
  const shown = await keepAndShow(context, situation, planned.results, fork);
  const exit = worstOf(shown.map((one) => one.exit));
  const changes = shown.some(({ report }) => hasChanges(report));
  setOutputs(context, situation, shown, exit);
  for (const { markdown } of shown) situation.log.addSummary(markdown);
  if (flags.comment) await postAll(context, situation, shown, limits, fork);
  return exit === exitCode.done && flags.detailedExitcode && changes ? exitCode.changes : exit;
}

function tellScope({ terminal }: CommandContext, { from, subjects, stacks, notices }: PlanScope): void {
  const names = subjects.map(({ subject }) => subject);
  const count = `${stacks} ${stacks === 1 ? "stack" : "stacks"}`;
  const what = from === undefined ? count : `${count}, compared with ${from.slice(0, 12)}`;
  terminal.tell(names.length === 0 ? `Nothing to plan: no stack is touched (${what}).\n` : `Planning ${nameSubjects(names)} (${what}).\n`);
  for (const notice of notices) terminal.tell(`${terminal.style("yellow", "note")}: ${notice}\n`);
}

/** For people who look at the artefacts; whoever posts them asks the host itself. */
function describeRequest(situation: Situation, { from, subjects }: PlanScope): Readonly<Record<string, unknown>> {
  return {
    koine: koineVersion(),
    revision: situation.sha,
    ...(from !== undefined && { comparedWith: from }),
    subjects: subjects.map(({ subject }) => nameSubject(subject)),
  };
}

async function planAll(
  context: CommandContext,
  flags: Flags,
  situation: Situation,
  scope: PlanScope,
  fork: boolean,
): Promise<{ readonly results: readonly PlannedSubject[]; readonly stopped: number | undefined }> {
  const { terminal } = context;
  const { from, subjects } = scope;
  const children = openChildren();
  let done = 0;
  try {
    tellScope(context, scope);
    openArtefacts(situation.out, describeRequest(situation, scope));
    const results = await planSubjects(subjects, {
      children,
      ...describeRun(context, situation, flags),
      ...(fork && from !== undefined ? { against: from } : {}),
      onPlanned: ({ subject }) => terminal.tell(`${++done}/${subjects.length} ${nameSubject(subject)}\n`),
    });
    return { results, stopped: children.exitCode() };
  } finally {
    children.end();
  }
}

/** Artefacts and log, in the order of the subjects. */
async function keepAndShow(
  { options }: CommandContext,
  situation: Situation,
  results: readonly PlannedSubject[],
  fork: boolean,
): Promise<readonly Shown[]> {
  const { log, host } = situation;
  const artefactUrl = findRunUrl(options.variables);
  // Of a trial merge nobody can find the revision; its head is what reviewers look at.
  const revision = situation.kind === "reviewing" ? situation.headSha : situation.sha;
  const links: Links = {
    ...(host && !fork ? { host } : {}),
    sha: revision,
    ...(artefactUrl !== undefined && { artefactUrl }),
  };
  const shown: Shown[] = [];
  for (const result of results) {
    const { subject, folder, output } = result;
    const report = { ...result.report, revision };
    const markdown = renderComment(report, links);
    writeArtefact(folder, "report.json", serialiseReport(report));
    writeArtefact(folder, "comment.md", markdown);
    writeArtefact(folder, "plan.html", await renderHtml(report, linkPlaces(links)));
    shown.push({ ...result, report, markdown, exit: judgeReport(report, result.code) });
    const reasons = [...report.trust.map((text) => `note: ${text}`), ...(output === "" ? report.problems.map(describeProblem) : [])];
    await log.group(nameSubject(subject), async () => log.print([...reasons, output].filter((text) => text !== "").join("\n")));
    // Where a check carries them, they would stand there twice.
    if (host === undefined || fork)
      for (const { level, ...annotation } of listAnnotations(report))
        log.annotate({ ...annotation, level: level === "failure" ? "error" : level });
  }
  if (options.variables.GITLAB_CI === "true")
    writeCodeQuality(
      situation.out,
      shown.flatMap(({ report }) => listAnnotations(report)),
    );
  return shown;
}

function describeProblem({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return `error: ${message}${hint === undefined ? "" : `\n  = ${hint}`}`;
}

function setOutputs({ options }: CommandContext, { log, out }: Situation, shown: readonly Shown[], exit: number): void {
  const digests = Object.fromEntries(
    shown.flatMap(({ subject, report }) => (report.digest === undefined ? [] : [[nameSubject(subject), report.digest.changes]])),
  );
  const [only, ...others] = Object.values(digests);
  log.setOutput("changes", String(shown.some(({ report }) => hasChanges(report))));
  log.setOutput("exitcode", String(exit));
  log.setOutput("digests", JSON.stringify(digests));
  log.setOutput("digest", others.length === 0 ? (only ?? "") : "");
  log.setOutput("report", relative(options.variables.GITHUB_WORKSPACE ?? process.cwd(), out) || ".");
  log.setOutput("subjects", JSON.stringify(shown.map(({ subject }) => nameSubject(subject))));
}

async function postAll(
  { terminal }: CommandContext,
  situation: Situation,
  shown: readonly Shown[],
  limits: ScopeLimits,
  fork: boolean,
): Promise<void> {
  const { host } = situation;
  if (situation.kind !== "reviewing" && situation.kind !== "queued") return;
  if (fork || !host) {
    terminal.tell(
      `Nothing is posted from here${fork ? ": the sources are a fork's" : ", since there is no token"}; the artefacts are in ${situation.out}.\n`,
    );
    return;
  }
  const number = situation.kind === "reviewing" ? situation.number : undefined;
  if (number !== undefined && (await hasMovedOn(host, number, situation.headSha))) {
    terminal.tell("The change has newer commits; their own run posts their plans.\n");
    return;
  }
  const request = { sha: situation.headSha, ...(number !== undefined && { number }) };
  for (const { subject, report, exit, markdown } of shown) await postPlan(host, request, { subject, report, code: exit, markdown });
  if (number === undefined) return;
  const present = shown.map(({ subject }) => subject);
  await retireComments(host, number, present, {
    isOurs: (subject) => isWithin(subject, limits),
    say: (name) => `This change no longer touches ${name}.\n`,
  });
}

/** A run that was slow must not write over the comment of a later one. */
async function hasMovedOn(host: Host, number: number, headSha: string): Promise<boolean> {
  return (await host.readRequest(number)).headSha !== headSha;
}
