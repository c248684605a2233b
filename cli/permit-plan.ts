// Whether the plan that was just made under the lock may be carried out: it is the one of the file, one whose digest was approved, the rest of such a
// one, or a person says so. Tells the reason when it may not; sends nothing.

import type { Approval } from "../engine/apply/apply.ts";
import { findApprovedRun, judgePlanUse, type PlanUse } from "../engine/apply/plan-use.ts";
import type { Session } from "../engine/apply/session.ts";
import { digestRequests, findAdditions } from "../engine/apply/shown-requests.ts";
import type { BasisParts } from "../engine/plan/basis.ts";
import type { Plan } from "../engine/plan/change.ts";
import { type DigestContext, digestBasis } from "../engine/plan/digest.ts";
import type { PlanFile } from "../engine/plan/plan-file.ts";
import type { RunRow, SerialRow } from "../engine/state/store.ts";
import { askYes } from "./ask.ts";
import { judgeClaim } from "./compare-claim.ts";
import { exitCode } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import type { Terminal } from "./terminal.ts";

/** What the user gave instead of an answer. */
export interface Grounds {
  readonly file?: PlanFile;
  /** Digests of changes, `sha256:…`. */
  readonly approved?: readonly string[];
  readonly yes?: boolean;
}

interface Voice {
  readonly terminal: Terminal;
  /** Takes down why nothing will be begun, for the events. */
  explain(reason: string): void;
}

export type Continuation = PlanUse & { readonly kind: "resume" };

/** What is known before the plan is made: whether this may be the rest of a run that was killed. An exit code when it cannot be carried out at all. */
export async function findContinuation(
  { file, approved }: Grounds,
  session: Session,
  { terminal, explain }: Voice,
): Promise<{ readonly continues?: Continuation } | { readonly code: number }> {
  if (!file) {
    const continues = approved && findApprovedRun(approved, session.earlierRuns, await readSince(session));
    return continues ? { continues } : {};
  }
  const use = judgePlanUse(file.digest.basis, session.earlierRuns, await readSince(session));
  if (use.kind === "used" || use.kind === "overtaken") {
    const what = use.kind === "used" ? "was applied already" : `was begun, and ${use.by} came since`;
    explain(`the plan ${what}`);
    terminal.tell(
      `${terminal.style("red", "refused")}: this plan ${what} (run ${use.run.id}, ${timeOf(use.run)}). Nothing was done; plan anew.\n`,
    );
    return { code: exitCode.stale };
  }
  if (use.kind !== "resume") return {};
  tellContinuation(terminal, use.run);
  return { continues: use };
}

/** What wrote to the state since the latest run began, newest first. */
async function readSince({ store, meta, earlierRuns }: Session): Promise<readonly SerialRow[]> {
  const [latest] = earlierRuns;
  if (!latest || latest.serialBefore >= meta.serial) return [];
  const rows = await store.readSerials(meta.serial - latest.serialBefore);
  return rows.filter((row) => row.serial > latest.serialBefore);
}

function tellContinuation(terminal: Terminal, run: RunRow): void {
  terminal.tell(`Going on with the run of ${timeOf(run)}, which ended before it was done.\n`);
}

const timeOf = (run: RunRow): string => new Date(run.startedAt).toISOString();

export interface PermitInput {
  readonly grounds: Grounds;
  readonly voice: Voice;
  readonly plan: Plan;
  readonly basis: BasisParts;
  /** As the plan's digest is keyed. */
  readonly context: DigestContext;
  readonly continues?: Continuation;
  readonly interruption: Pick<Interruption, "stop" | "exitCode">;
}

export type Permission =
  | { readonly kind: "granted"; readonly resumes?: string; readonly approval?: Approval }
  /** Told already. */
  | { readonly kind: "refused"; readonly code: number };

/** Asks, or compares. Call it last, when all that could refuse the plan has been looked at. */
export async function permitPlan(input: PermitInput): Promise<Permission> {
  const { grounds, voice, continues, interruption } = input;
  if (grounds.file) return permitFile(grounds.file, input);
  if (grounds.approved) return permitApproved(grounds.approved, input);
  if (!grounds.yes && !(await askYes(`\n${voice.terminal.style("bold", "Apply this plan?")}`, interruption.stop))) {
    voice.terminal.tell("Nothing was done.\n");
    return { kind: "refused", code: interruption.exitCode() ?? exitCode.failed };
  }
  return { kind: "granted", ...(continues && { resumes: continues.run.id }) };
}

function permitFile(file: PlanFile, { plan, basis, context, continues, voice }: PermitInput): Permission {
  const moved = judgeClaim({ file, fresh: plan, basis, context, resumes: continues !== undefined });
  if (moved.length === 0) return { kind: "granted", ...(continues && { resumes: continues.run.id }) };
  return refuseStale(voice, "the plan no longer holds, and nothing was done", moved, "Plan anew.");
}

function permitApproved(approved: readonly string[], input: PermitInput): Permission {
  const { plan, basis, voice, continues } = input;
  const additions = continues && judgeRest(continues.run, plan, basis);
  if (continues && additions?.length === 0) {
    tellContinuation(voice.terminal, continues.run);
    const { approved: digest = "", requests = [] } = continues.run;
    return { kind: "granted", resumes: continues.run.id, approval: { digest, requests } };
  }
  const digest = plan.digest.changes;
  if (approved.includes(digest)) return { kind: "granted", approval: { digest, requests: digestRequests(plan) } };
  return refuseStale(
    voice,
    `these changes are not the approved ones, and nothing was done`,
    [`they are ${digest}`, ...approved.map((one) => `approved: ${one}`), ...(additions ?? [])],
    "Approve them by that digest, or plan anew.",
  );
}

/** Why what is left of a killed run may not go on with the approval that it had. Its basis is one digest: the serial in it is that of its first attempt. */
function judgeRest(run: RunRow, plan: Plan, basis: BasisParts): readonly string[] {
  const began = `the run of ${timeOf(run)}`;
  if (digestBasis(basis) !== run.basis)
    return [`${began} was begun with that approval, and sources, inputs, \`koine.lock\`, options or Koine itself are others now`];
  return findAdditions(run.requests ?? [], plan, `the plan of ${began}`);
}

function refuseStale({ terminal, explain }: Voice, what: string, reasons: readonly string[], hint: string): Permission {
  reasons.forEach(explain);
  terminal.tell(`${terminal.style("red", "stale")}: ${what}:\n${reasons.map((one) => `  - ${one}\n`).join("")}${hint}\n`);
  return { kind: "refused", code: exitCode.stale };
}
