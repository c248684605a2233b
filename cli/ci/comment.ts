// `koine ci comment`: posts what another run left, in a job that never had the sources. The change request comes from the event and the host, never from
// the artefacts; these may be a stranger's, so they are shown as such, and nothing in them counts as a plan that was shown.

import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { CannotUse } from "../render/failure.ts";
import type { PlanReport } from "../report/report.ts";
import { nameSubject } from "./find-subjects.ts";
import type { ChangeRequest, Host } from "./host.ts";
import { renderComment, retireComments } from "./post-plans.ts";
import { type ReadArtefacts, readArtefacts } from "./read-artefacts.ts";
import { readSituation } from "./read-situation.ts";
import type { Situation } from "./situation.ts";

interface Flags {
  readonly from: string;
}

/** A fork could leave any number of them, and each becomes a comment. */
const limits = { reports: 50, bytes: 256 * 1024 * 1024 };

export async function runCiComment(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal, options } = context;
  const { variables, directory } = options;
  const situation = await readSituation({ terminal, variables, directory, out: flags.from, withoutCheckout: true });
  const host = expectHost(situation);
  const requests = await findRequests(situation, host);
  if (requests.length === 0) {
    terminal.tell("No open change request has this revision as its head any more; nothing was posted.\n");
    return exitCode.done;
  }
  const artefacts = readArtefacts(situation.out, limits);
  for (const reason of artefacts.refused) terminal.tell(`${terminal.style("red", "refused")}: ${reason}\n`);
  for (const request of requests) await post(context, host, request, artefacts);
  return artefacts.refused.length > 0 ? exitCode.refused : exitCode.done;
}

function expectHost(situation: Situation): Host {
  if (situation.kind !== "completed" && situation.kind !== "reviewing")
    throw new CannotUse(
      "`koine ci comment` posts what another run left, and this event is about none",
      "use it in a workflow `on: workflow_run`; `koine init --ci github` writes one",
    );
  if (situation.host) return situation.host;
  throw new CannotUse(
    "the host takes comments only with a token",
    "give the step GITHUB_TOKEN; on GitLab, KOINE_GITLAB_TOKEN with the scope `api`",
  );
}

/** On GitHub the runs of forks name no pull request, so it is found by owner, branch and revision: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
async function findRequests(situation: Situation, host: Host): Promise<readonly ChangeRequest[]> {
  if (situation.kind === "reviewing") {
    const request = await host.readRequest(situation.number);
    return request.headSha === situation.headSha ? [request] : [];
  }
  if (situation.kind !== "completed") return [];
  const { headSha: sha, headOwner: owner, headBranch: branch } = situation;
  return host.findByHead({ sha, owner, branch });
}

async function post({ terminal }: CommandContext, host: Host, request: ChangeRequest, { reports, refused }: ReadArtefacts): Promise<void> {
  const { number, headSha: sha } = request;
  for (const { subject, report } of reports) {
    const { url } = await host.putComment(number, subject, renderClaim(report, host, sha));
    terminal.tell(`Posted ${nameSubject(subject)}: ${url}\n`);
  }
  if (refused.length > 0) return;
  const present = reports.map(({ subject }) => subject);
  await retireComments(host, number, present, {
    isOurs: () => true,
    say: (name) => `The latest run of this change says nothing of ${name}.\n`,
  });
}

/** Above all that the report says; the host's limit holds for both. */
const claim = `> [!CAUTION]
> **Nothing of this is proven.**
>
> A run wrote it that had none of our secrets, and that this change may have edited. It counts for no approval, and nothing of it is applied.

`;

function renderClaim(report: PlanReport, host: Host, sha: string): string {
  const room = host.commentLimit - Buffer.byteLength(claim);
  return `${claim}${renderComment(asClaim(report), { host: { ...host, commentLimit: room }, sha })}`;
}

/** A report without anything that would pass for a plan of ours: whoever made it may have written anything. */
function asClaim(report: PlanReport): PlanReport {
  const { digest: _digest, ...rest } = report;
  return { ...rest, mode: { ...report.mode, against: report.mode.against ?? "a revision that it does not name" } };
}
