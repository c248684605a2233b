// What an event of GitHub Actions says: which revisions, which change request, whether the head is another's. Reads the event that the runner
// kept in a file; asks nobody.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows

import { CannotUse } from "../render/failure.ts";
import { expectName, expectNumber, expectRepository, expectSha, readMember } from "./checked-text.ts";

export type GithubEvent =
  | { readonly kind: "reviewing"; readonly number: number; readonly headSha: string; readonly baseSha: string; readonly fork: boolean }
  /** A comment on a change request: the event has no revisions of it. */
  | { readonly kind: "mentioned"; readonly number: number }
  | { readonly kind: "queued"; readonly headSha: string; readonly baseSha: string }
  | { readonly kind: "merged"; readonly before?: string }
  | { readonly kind: "completed"; readonly headSha: string; readonly headBranch: string; readonly headOwner: string }
  | { readonly kind: "plain" };

interface EventContext {
  /** `GITHUB_EVENT_NAME` */
  readonly name: string;
  /** The parsed file. */
  readonly event: unknown;
  /** `GITHUB_REPOSITORY` */
  readonly repository: string;
  /** `GITHUB_ACTOR` */
  readonly actor?: string;
}

/** Throws `CannotUse` for an event that is refused, or is not what GitHub sends. */
export function readGithubEvent(context: EventContext): GithubEvent {
  const { name, event } = context;
  switch (name) {
    // https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
    case "pull_request_target":
      throw new CannotUse(
        "`pull_request_target` runs with the secrets of this repository, and the sources of a change request are not to be had there",
        "use `pull_request`, and for forks a second workflow on `workflow_run` with `koine ci comment`; `koine init --ci github` writes both",
      );
    case "pull_request":
    case "pull_request_review":
    case "pull_request_review_comment":
      return readPullRequest(context);
    case "issue_comment":
      if (readMember(event, "issue.pull_request") === undefined)
        throw new CannotUse("the comment is on an issue, not on a pull request", "run this job only `if: github.event.issue.pull_request`");
      return { kind: "mentioned", number: expectNumber(readMember(event, "issue.number"), "issue.number") };
    case "merge_group":
      return {
        kind: "queued",
        headSha: expectSha(readMember(event, "merge_group.head_sha"), "merge_group.head_sha"),
        baseSha: expectSha(readMember(event, "merge_group.base_sha"), "merge_group.base_sha"),
      };
    case "push":
      return readPush(event);
    case "workflow_run":
      return {
        kind: "completed",
        headSha: expectSha(readMember(event, "workflow_run.head_sha"), "workflow_run.head_sha"),
        headBranch: expectName(readMember(event, "workflow_run.head_branch"), "workflow_run.head_branch"),
        headOwner: expectName(readMember(event, "workflow_run.head_repository.owner.login"), "workflow_run.head_repository.owner.login"),
      };
    default:
      return { kind: "plain" };
  }
}

function readPullRequest({ event, repository, actor }: EventContext): GithubEvent {
  const read = (path: string): unknown => readMember(event, `pull_request.${path}`);
  const base = expectRepository(read("base.repo.full_name"), "pull_request.base.repo.full_name");
  if (base.toLowerCase() !== repository.toLowerCase())
    throw new CannotUse(`the pull request is one of ${base}, and this run one of ${repository}`, "run it in the repository of the base");
  const baseSha = expectSha(read("base.sha"), "pull_request.base.sha");
  if (read("merged") === true) return { kind: "merged", before: baseSha };
  // A fork that was deleted since is null.
  const head = read("head.repo.id");
  const isOwn = head !== undefined && head === read("base.repo.id");
  return {
    kind: "reviewing",
    number: expectNumber(read("number"), "pull_request.number"),
    headSha: expectSha(read("head.sha"), "pull_request.head.sha"),
    baseSha,
    // Runs of Dependabot have the rights of a fork's:
    // https://docs.github.com/en/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions
    fork: !isOwn || actor === "dependabot[bot]",
  };
}

function readPush(event: unknown): GithubEvent {
  if (readMember(event, "deleted") === true)
    throw new CannotUse("the push removed the branch", "run this job only for pushes that leave something");
  const before = expectSha(readMember(event, "before"), "before");
  // Zeros stand for a branch that is new.
  return { kind: "merged", ...(/^0+$/.test(before) ? {} : { before }) };
}
