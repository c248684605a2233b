// Plans to where reviewers read them: one comment for each subject, a check with what was shown as its record, and nothing of subjects that the change no
// longer touches. Renders from reports alone.

import { holdsDestruction } from "../report/destructive.ts";
import { code } from "../report/markdown/escape.ts";
import { type MarkdownOptions, renderMarkdown } from "../report/markdown/render-markdown.ts";
import type { PlanReport, ReportPlace } from "../report/report.ts";
import { nameSubject } from "./find-subjects.ts";
import type { Host, Subject } from "./host.ts";
import { describeVerdict } from "./judge-report.ts";

/** What the markdown of a report may link to. */
export interface Links {
  readonly host?: Host;
  /** Of the sources that reviewers see. */
  readonly sha: string;
  /** The page of the run, where its artefacts are. */
  readonly artefactUrl?: string;
}

/** A comment without a host is for a file: as long as GitHub would take. */
const plainLimit = 64_000;

/** The text of a subject's comment. */
export function renderComment(report: PlanReport, links: Links, result?: MarkdownOptions["result"]): string {
  const { host, artefactUrl } = links;
  return renderMarkdown(report, {
    limit: host?.commentLimit ?? plainLimit,
    unit: host?.name === "gitlab" ? "utf16" : "utf8-bytes",
    ...linkPlaces(links),
    ...(artefactUrl !== undefined && { artefactUrl }),
    ...(result && { result }),
  });
}

/** Places as the host shows the sources; none without a host. For every rendering of a report. */
export function linkPlaces({ host, sha }: Links): { readonly linkOf?: (place: ReportPlace) => string } {
  return host ? { linkOf: ({ file, line }) => host.fileUrl(sha, file, line) } : {};
}

export interface PostedPlan {
  readonly subject: Subject;
  readonly report: PlanReport;
  readonly code: number;
  readonly markdown: string;
}

/** The comment first: a record says that something was shown. Throws `HostError`. */
export async function postPlan(host: Host, request: { readonly number?: number; readonly sha: string }, plan: PostedPlan): Promise<void> {
  const { subject, report, code: exit, markdown } = plan;
  if (request.number !== undefined) await host.putComment(request.number, subject, markdown);
  const digest = report.problems.length === 0 && report.mode.against === undefined ? report.digest?.changes : undefined;
  await host.putPlanRecord(
    { subject, sha: request.sha, destructive: holdsDestruction(report), ...(digest !== undefined && { digest }) },
    describeVerdict(report, exit, markdown),
  );
}

/** Comments of subjects that an earlier revision of the change touched, and this one does not: their text is replaced. `isOurs`: within the limits of this run. */
export async function retireComments(
  host: Host,
  number: number,
  present: readonly Subject[],
  how: { isOurs(subject: Subject): boolean; say(name: string): string },
): Promise<readonly Subject[]> {
  const keys = new Set(present.map(nameSubject));
  const gone = (await host.listComments(number))
    .map(({ subject }) => subject)
    .filter((subject) => how.isOurs(subject) && !keys.has(nameSubject(subject)));
  for (const subject of gone) await host.putComment(number, subject, how.say(code(nameSubject(subject))));
  return gone;
}
