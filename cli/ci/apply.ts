// `koine ci apply`: carries out what was merged (or is approved, before it is), if it is what was shown. Every subject is planned anew under its lock; the
// digest decides, whatever way the change came onto the branch. Where it is another, the new plan is shown and waits.

import { join } from "node:path";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { serialiseReport } from "../report/build-report.ts";
import { koineVersion } from "../version.ts";
import { eventsFile, readFailures } from "./apply-events.ts";
import { type Judged, judgeSubjects } from "./apply-judge.ts";
import { judgeOutcome, type Outcome, worstOutcome } from "./apply-outcome.ts";
import { type EndedSubject, type Poster, postOutcome, renderOutcome } from "./apply-post.ts";
import { type ApplyRequest, readActor, readApplyRequest } from "./apply-request.ts";
import type { GivenApproval } from "./approval.ts";
import { openArtefacts, writeArtefact } from "./artefacts.ts";
import { readLimits } from "./child-arguments.ts";
import { describeRun, situate } from "./describe-run.ts";
import { nameSubject } from "./find-subjects.ts";
import { openGit } from "./git.ts";
import { HostError, type Requirement, type Subject } from "./host.ts";
import { isSameSubject } from "./hosts/marker.ts";
import { choosePlanScope, nameSubjects } from "./plan-scope.ts";
import { type PlannedSubject, planSubjects } from "./plan-subjects.ts";
import { openChildren } from "./run-child.ts";
import type { Situation } from "./situation.ts";

interface Flags {
  readonly out: string;
  readonly base?: string;
  readonly parallel: number;
  readonly approve?: readonly string[];
  readonly ephemeralState?: boolean;
  readonly lockTimeout: string;
}

export async function runCiApply(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal, options } = context;
  const situation = await situate(context, flags);
  const git = openGit(situation.root);
  const asked = await readApplyRequest(git, situation, options.variables, flags.approve ?? []);
  if ("code" in asked) {
    terminal.tell(`${asked.message}.\n`);
    return asked.code;
  }
  const scope = await choosePlanScope(git, situation, readLimits(context, situation.root));
  const chosen = scope.subjects.filter(({ subject }) => asked.covers?.(subject) ?? true);
  const given = await readGivenApproval(situation, options.variables, flags.approve ?? []);
  const judged = await judgeSubjects({ git, asked, chosen, given, onLater: (subject) => terminal.tell(laterNotice(subject)) });
  tellWork(context, judged, asked.judgeOnly);
  openArtefacts(situation.out, {
    koine: koineVersion(),
    revision: situation.sha,
    subjects: judged.map(({ scoped }) => nameSubject(scoped.subject)),
  });
  const poster: Poster = { situation, asked, variables: options.variables, terminal };
  const ended = await carryOut(context, flags, poster, judged);
  const code = worstOutcome([...ended.map((one) => one.outcome.code), ...ended.map((one) => one.postedCode)]);
  setOutputs(situation, ended, code);
  return code;
}

async function readGivenApproval(
  { host }: Situation,
  variables: CommandContext["options"]["variables"],
  digests: readonly string[],
): Promise<GivenApproval> {
  // Where there is no host, who runs this holds the credentials.
  if (!host || digests.length === 0) return { digests, mayWrite: true };
  const by = readActor(variables);
  return by === undefined ? { digests, mayWrite: false } : { digests, by, mayWrite: await host.mayWrite(by) };
}

function laterNotice(subject: Subject): string {
  return `${nameSubject(subject)}: is applied when it is merged.\n`;
}

function tellWork({ terminal }: CommandContext, judged: readonly Judged[], judgeOnly: boolean): void {
  if (judged.length === 0) terminal.tell("Nothing to apply: no stack is touched.\n");
  else terminal.tell(`${judgeOnly ? "Looking at" : "Applying"} ${nameSubjects(judged.map(({ scoped }) => scoped.subject))}.\n`);
  for (const { scoped, approvals } of judged) {
    for (const [digest, because] of approvals.approved)
      terminal.tell(`${nameSubject(scoped.subject)}: ${digest} may be applied: ${because}.\n`);
    for (const [digest, lacks] of approvals.missing)
      terminal.tell(`${nameSubject(scoped.subject)}: ${digest} may not be applied: ${lacks}.\n`);
  }
}

interface Ended extends PlannedSubject {
  readonly outcome: Outcome;
  /** 0, or what a failure to tell the outcome means. */
  readonly postedCode: number;
}

async function carryOut(context: CommandContext, flags: Flags, poster: Poster, judged: readonly Judged[]): Promise<readonly Ended[]> {
  const { situation, asked } = poster;
  const judgedOf = (subject: Subject): Judged | undefined => judged.find(({ scoped }) => isSameSubject(scoped.subject, subject));
  const ended: Ended[] = [];
  // Told as each ends: a job that is cut short has told what it did until then.
  let telling: Promise<void> = Promise.resolve();
  const tellNext = (work: () => Promise<void>): void => {
    telling = telling.then(work);
    // Awaited at the end, whatever becomes of it until then.
    telling.catch(() => {});
  };
  const children = openChildren();
  try {
    const subjects = judged.map(({ scoped }) => scoped);
    await planSubjects(subjects, {
      children,
      ...describeRun(context, situation, flags),
      commandOf: (subject, folder) => chooseCommand(asked, judgedOf(subject), folder, flags.lockTimeout),
      onPlanned: (result) =>
        tellNext(async () => {
          const own = judgedOf(result.subject);
          const outcome = judgeResult(asked, own, result);
          ended.push({
            ...result,
            outcome,
            postedCode: await tell(context, poster, { ...result, outcome, require: own?.require ?? "review" }),
          });
        }),
    });
    await telling;
  } finally {
    children.end();
  }
  return ended;
}

function isApplied({ judgeOnly }: ApplyRequest, judged: Judged | undefined): boolean {
  return !judgeOnly && judged !== undefined && judged.approvals.approved.size > 0;
}

/** An apply where anything is approved, which finds out under the lock whether it is that; else a plan, to show what there is to approve. */
function chooseCommand(asked: ApplyRequest, judged: Judged | undefined, folder: string, wait: string): readonly string[] | undefined {
  if (judged === undefined || !isApplied(asked, judged)) return undefined;
  const digests = [...judged.approvals.approved.keys()];
  const events = ["--events", join(folder, eventsFile), "--lock-timeout", wait];
  return ["apply", ...digests.flatMap((digest) => ["--approved", digest]), ...events];
}

function judgeResult(asked: ApplyRequest, judged: Judged | undefined, { code, report, output, folder }: PlannedSubject): Outcome {
  return judgeOutcome({
    command: isApplied(asked, judged) ? "apply" : "plan",
    code,
    report,
    began: output !== "",
    failures: isApplied(asked, judged) ? readFailures(join(folder, eventsFile)) : [],
    approvals: judged?.approvals ?? { approved: new Map(), missing: new Map() },
    ...(asked.judgeOnly ? { judgeOnly: true } : {}),
    howToApprove: (digest) => describeHow(asked, judged?.require ?? "review", digest),
  });
}

function describeHow({ isEarly, requests }: ApplyRequest, require: Requirement, digest: string): string {
  if (isEarly) return "Look at this plan, approve the change as it is now, and have it applied again.";
  const authors = [...new Set(requests.map(({ request }) => request.author))].join(", ");
  const who = require === "none" || authors === "" ? "somebody who may write here" : `somebody who may write here, and is not ${authors},`;
  return `To have it applied, ${who} runs \`koine ci apply --approve ${digest}\`: the apply workflow by hand, with that digest.`;
}

/** Artefacts, log, comment and check. What cannot be told does not undo what was done. */
async function tell(context: CommandContext, poster: Poster, result: EndedSubject): Promise<number> {
  const { terminal } = context;
  const { outcome } = result;
  const { log } = poster.situation;
  const name = nameSubject(result.subject);
  const markdown = renderOutcome(poster, result);
  writeArtefact(result.folder, "report.json", serialiseReport(result.report));
  writeArtefact(result.folder, "comment.md", markdown);
  log.addSummary(markdown);
  await log.group(name, async () => log.print(result.output));
  terminal.tell(`${name}: ${outcome.lines.join(" ")}\n`);
  if (outcome.code !== exitCode.done) log.annotate({ level: "error", title: `koine: ${name}`, message: outcome.lines.join(" ") });
  try {
    await postOutcome(poster, result, markdown);
    return exitCode.done;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    terminal.tell(`${terminal.style("red", "error")}: ${error.message}\n  = ${error.hint}\n`);
    return outcome.kind === "done" || outcome.kind === "partial" ? exitCode.partial : exitCode.failed;
  }
}

function setOutputs({ log }: Situation, ended: readonly Ended[], code: number): void {
  const digests = ended.flatMap(({ subject, report }) =>
    report.digest === undefined ? [] : [[nameSubject(subject), report.digest.changes] as const],
  );
  log.setOutput("exitcode", String(code));
  log.setOutput("changes", String(ended.some(({ outcome }) => outcome.kind === "done" || outcome.kind === "partial")));
  log.setOutput("digests", JSON.stringify(Object.fromEntries(digests)));
  log.setOutput("subjects", JSON.stringify(ended.map(({ subject }) => nameSubject(subject))));
}
