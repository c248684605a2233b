// Plans subjects, each in a process of ourselves, and reads back what each reports: strictly, as if a stranger had written it. What keeps a plan from being
// made is a report too.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buildFailedReport, emptyReport, type PlainProblem, type ReportHead } from "../report/build-report.ts";
import { parseReport } from "../report/parse-report.ts";
import type { PlanReport } from "../report/report.ts";
import { koineVersion } from "../version.ts";
import { makeSubjectFolder } from "./artefacts.ts";
import { subjectFlags } from "./child-arguments.ts";
import { childEnvironment } from "./child-environment.ts";
import { nameSubject } from "./find-subjects.ts";
import type { Subject } from "./host.ts";
import type { ScopedSubject } from "./plan-scope.ts";
import { findLeftovers } from "./removed-stack.ts";
import { type Children, runSome } from "./run-child.ts";

export interface PlanRun {
  readonly children: Children;
  /** Of the repository. */
  readonly root: string;
  /** Where artefacts go; made already. */
  readonly out: string;
  /** What is checked out. */
  readonly sha: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** See `sharedFlags`. */
  readonly flags: readonly string[];
  readonly simulate: boolean;
  readonly parallel: number;
  readonly ephemeralState: boolean;
  /** The sources are a fork's: compared with this revision, without state, cloud or secrets. */
  readonly against?: string;
  /** What the child is to do in place of `plan -o FILE`, with its own flags; a report is asked for in any case. */
  commandOf?(subject: Subject, folder: string): readonly string[] | undefined;
  onPlanned(result: PlannedSubject): void;
}

export interface PlannedSubject {
  readonly subject: Subject;
  readonly report: PlanReport;
  /** Of its artefacts. */
  readonly folder: string;
  /** Of the child; 1 where none was run. */
  readonly code: number;
  /** What the child wrote. */
  readonly output: string;
}

/** In the order of the subjects. */
export async function planSubjects(subjects: readonly ScopedSubject[], run: PlanRun): Promise<readonly PlannedSubject[]> {
  // Outside of the checkout: nothing of the change may stand in for it.
  const trusted = mkdtempSync(join(tmpdir(), "koine-ci-"));
  chmodSync(trusted, 0o700);
  try {
    const planned = await runSome(groupByFolder(subjects), run.parallel, async (group) => {
      const results: PlannedSubject[] = [];
      for (const { scoped, index } of group) {
        const projectFile = join(trusted, `${index}.yaml`);
        writeFileSync(projectFile, scoped.project.text, { mode: 0o600 });
        const result = await planSubject(scoped, run, projectFile);
        run.onPlanned(result);
        results.push(result);
      }
      return results;
    });
    return planned.flat();
  } finally {
    rmSync(trusted, { recursive: true, force: true });
  }
}

interface Numbered {
  readonly scoped: ScopedSubject;
  readonly index: number;
}

/** Environments of one stack share its koine.lock and its simulated world, so they are planned one after the other. */
function groupByFolder(subjects: readonly ScopedSubject[]): readonly (readonly Numbered[])[] {
  const groups = new Map<string, Numbered[]>();
  for (const [index, scoped] of subjects.entries()) {
    const { folder } = scoped.subject;
    const group = groups.get(folder);
    if (group) group.push({ scoped, index });
    else groups.set(folder, [{ scoped, index }]);
  }
  return [...groups.values()];
}

async function planSubject(scoped: ScopedSubject, run: PlanRun, projectFile: string): Promise<PlannedSubject> {
  const { subject, notices } = scoped;
  const folder = makeSubjectFolder(run.out, subject);
  const finish = (report: PlanReport, code: number, output: string): PlannedSubject => ({
    subject,
    folder,
    report: { ...report, trust: [...notices, ...report.trust] },
    code,
    output,
  });
  const fail = (problem: PlainProblem, code = 1, output = ""): PlannedSubject =>
    finish(buildFailedReport({ head: headOf(subject, run), problems: [problem], diagnostics: [], sources: new Map() }), code, output);
  if (scoped.removed) {
    const left = await findLeftovers(scoped, run, projectFile);
    if (left.problem) return fail(left.problem, 1, left.output);
    return finish({ ...emptyReport(headOf(subject, run)), warnings: [left.warning] }, 0, left.output);
  }
  const refusal = refuse(scoped, run);
  if (refusal) return fail(refusal);
  const report = join(folder, "report.json");
  const { code, output } = await run.children.run({
    args: childArguments(subject, run, { projectFile, report, folder }),
    directory: run.root,
    environment: childEnvironment(run.variables, run.against === undefined ? "own" : "fork"),
  });
  if (run.children.exitCode() !== undefined) return finish(emptyReport(headOf(subject, run)), code, output);
  const read = readReport(report);
  if ("mistake" in read) {
    const last = output.trimEnd().split("\n").at(-1) ?? "";
    return fail(
      { message: `the plan ended with ${code} and left no report: ${read.mistake}`, hint: last === "" ? "run it again" : last },
      code || 1,
      output,
    );
  }
  const { stack } = read.report;
  if (stack.folder !== subject.folder || stack.environment !== subject.environment)
    return fail({ message: `the plan is of ${nameSubject(stack)}`, hint: "run it again; nothing of it is shown" }, 1, output);
  return finish(read.report, code, output);
}

/** Why no child is run at all. */
function refuse({ subject, project, state }: ScopedSubject, run: PlanRun): PlainProblem | undefined {
  if (project.problem) return project.problem;
  if (run.against === undefined && !run.simulate && !run.ephemeralState && state === "file") {
    return {
      message: `the state of ${nameSubject(subject)} is a file on this machine, which is gone when the job ends`,
      hint: "name a server in koine.yaml, `state: postgres://USER@HOST/DATABASE?state=NAME`; or `--ephemeral-state`, to plan as if nothing had been made yet",
    };
  }
  return undefined;
}

interface ChildFiles {
  readonly projectFile: string;
  readonly report: string;
  /** Of the subject's artefacts. */
  readonly folder: string;
}

function childArguments(subject: Subject, run: PlanRun, files: ChildFiles): readonly string[] {
  const against = run.against === undefined ? [] : ["--against", run.against];
  // A comparison of revisions is no plan that could be applied.
  const plan = run.against === undefined ? ["-o", join(files.folder, "plan.json")] : [];
  const command = run.commandOf?.(subject, files.folder) ?? ["plan", ...against, ...plan];
  return [...subjectFlags(subject, run.root, files.projectFile), ...run.flags, ...command, "--report", files.report];
}

function readReport(path: string): ReturnType<typeof parseReport> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return { mistake: "there is none" };
  return parseReport(readFileSync(path, "utf8"));
}

function headOf({ folder, environment }: Subject, run: PlanRun): ReportHead {
  return {
    koine: koineVersion(),
    stack: { name: basename(folder) || basename(run.root), folder, ...(environment === undefined ? {} : { environment }) },
    world: run.simulate ? "simulated" : "real",
    mode: run.against === undefined ? {} : { against: run.against },
    createdAt: new Date().toISOString(),
    revision: run.sha,
  };
}
