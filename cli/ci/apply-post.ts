// Tells a change request what became of a subject: its comment is written over, and a check says it in short. A plan that waits is recorded as shown only
// after it is.

import { exitCode } from "../exit-codes.ts";
import { holdsDestruction } from "../report/destructive.ts";
import type { Terminal } from "../terminal.ts";
import { describeOutcome, type Outcome } from "./apply-outcome.ts";
import type { ApplyRequest } from "./apply-request.ts";
import type { Requirement, Subject } from "./host.ts";
import { isSameSubject } from "./hosts/marker.ts";
import type { PlannedSubject } from "./plan-subjects.ts";
import { renderComment } from "./post-plans.ts";
import { findRunUrl } from "./run-url.ts";
import type { Situation } from "./situation.ts";

export interface Poster {
  readonly situation: Situation;
  readonly asked: ApplyRequest;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

export interface EndedSubject extends PlannedSubject {
  readonly outcome: Outcome;
  /** Who has to approve it. */
  readonly require: Requirement;
}

export function renderOutcome({ situation, asked, variables }: Poster, { report, outcome }: EndedSubject): string {
  const artefactUrl = findRunUrl(variables);
  const links = {
    ...(situation.host && { host: situation.host }),
    sha: asked.later.sha,
    ...(artefactUrl !== undefined && { artefactUrl }),
  };
  const { kind, lines } = outcome;
  return renderComment(report, links, { kind: kind === "nothing" ? "done" : kind, lines });
}

/** Throws `HostError`. */
export async function postOutcome({ situation, asked }: Poster, ended: EndedSubject, markdown: string): Promise<void> {
  const { host } = situation;
  const { subject, report, outcome, require } = ended;
  if (!host) return;
  if (outcome.kind !== "nothing" || isUntold(asked, subject)) {
    for (const number of chooseNumbers(asked, ended)) await host.putComment(number, subject, markdown);
  }
  const digest = isShown(outcome) ? report.digest?.changes : undefined;
  await host.putPlanRecord(
    {
      subject,
      sha: asked.later.sha,
      destructive: holdsDestruction(report),
      require,
      ...(digest !== undefined && { digest }),
      ...(outcome.kind === "done" && { applied: true }),
    },
    describeOutcome(outcome, report, markdown),
  );
}

/** A run that was killed may have done all and told nothing. What was told once stays as it is, and a queue has nothing to tell. */
function isUntold({ judgeOnly, requests, later }: ApplyRequest, subject: Subject): boolean {
  const records = [...later.records, ...requests.flatMap((one) => one.records)].filter((record) => isSameSubject(record.subject, subject));
  return !judgeOnly && records.length > 0 && !records.some(({ applied }) => applied);
}

/** Those that showed a plan of this subject; else the newest. */
function chooseNumbers({ requests }: ApplyRequest, { subject }: PlannedSubject): readonly number[] {
  const showing = requests.filter(({ records }) => records.some((record) => isSameSubject(record.subject, subject)));
  return (showing.length > 0 ? showing : requests.slice(0, 1)).map(({ request }) => request.number);
}

/** One that failed, or left nothing to do, is nothing to approve. */
function isShown({ kind, code }: Outcome): boolean {
  return kind === "done" || code === exitCode.stale || code === exitCode.refused;
}
