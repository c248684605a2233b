// The repository itself, its commits and their checks and statuses, as the tests' GitHub shows them: https://docs.github.com/rest/repos, /rest/checks

import { sayCheck, sayCommit, sayFile, sayPerson, sayRepository, sayStatus } from "./answers.ts";
import { isRecord, type Json } from "./description.ts";
import { type CheckRun, sayTime } from "./model.ts";
import { type Asked, missing, numberOf, type Route, read, refuse, resolveRevision, type Told, write } from "./told.ts";

function makeCheck(asked: Asked, former: CheckRun | undefined, id: number): CheckRun | Told {
  const { body, token, repository } = asked;
  const app = token.app;
  if (!app) return refuse(403, "You must authenticate via a GitHub App.");
  if (former && former.app.id !== app.id) {
    return refuse(403, `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`);
  }
  const sha = former?.sha ?? String(body.head_sha);
  if (repository.git.find(sha) !== sha) return refuse(422, `No commit found for SHA: ${sha}`);
  const output = isRecord(body.output) ? body.output : undefined;
  const conclusion = body.conclusion === undefined ? (former?.conclusion ?? null) : (body.conclusion as string);
  const status =
    body.conclusion === undefined ? ((body.status as CheckRun["status"] | undefined) ?? former?.status ?? "queued") : "completed";
  if (status === "completed" && conclusion === null) {
    return refuse(422, "Invalid request.\n\nMissing required key: conclusion.");
  }
  const time = (value: Json | undefined, before: string | null | undefined): string | null =>
    value === undefined ? (before ?? null) : String(value);
  return {
    id,
    app,
    name: String(body.name ?? former?.name),
    sha,
    status,
    conclusion,
    externalId: String(body.external_id ?? former?.externalId ?? ""),
    detailsUrl: String(body.details_url ?? former?.detailsUrl ?? "https://github.com/actions"),
    startedAt: time(body.started_at, former?.startedAt ?? sayTime(repository.now())),
    completedAt: time(body.completed_at, status === "completed" ? sayTime(repository.now()) : null),
    title: output ? String(output.title ?? former?.title ?? "") : (former?.title ?? null),
    summary: output ? String(output.summary) : (former?.summary ?? null),
    text: output?.text === undefined ? (former?.text ?? null) : String(output.text),
    // Each update adds to what is there. https://docs.github.com/rest/checks/runs#update-a-check-run
    annotations: [...(former?.annotations ?? []), ...((output?.annotations ?? []) as readonly Json[])],
  };
}

function keepCheck(asked: Asked, former: CheckRun | undefined, status: number): Told {
  const made = makeCheck(asked, former, former?.id ?? asked.repository.nextId());
  if (!("app" in made)) return made;
  asked.repository.checks.set(made.id, made);
  return { status, body: sayCheck(asked.repository, made) };
}

function listChecks(asked: Asked): Told {
  const { repository, parameters } = asked;
  const sha = resolveRevision(repository, parameters.ref ?? "");
  if (sha === undefined) return refuse(422, `No commit found for SHA: ${parameters.ref}`);
  const all = [...repository.checks.values()].filter((one) => one.sha === sha).reverse();
  const fitting = all.filter(
    (one) =>
      (parameters.check_name === undefined || one.name === parameters.check_name) &&
      (parameters.status === undefined || one.status === parameters.status) &&
      (parameters.app_id === undefined || one.app.id === Number(parameters.app_id)),
  );
  const seen = new Set<string>();
  // The latest of each name and application, unless all are asked for.
  const latest = fitting.filter((one) => {
    const key = `${one.app.id} ${one.name}`;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
  return { list: (parameters.filter === "all" ? fitting : latest).map((one) => sayCheck(repository, one)), under: "check_runs" };
}

function compare(asked: Asked): Told {
  const { repository, parameters } = asked;
  const [from = "", to = ""] = (parameters.basehead ?? "").split("...");
  const [base, head] = [resolveRevision(repository, from), resolveRevision(repository, to)];
  const meeting = base && head ? repository.git.mergeBase(base, head) : undefined;
  if (!base || !head || !meeting) return missing;
  const ahead = repository.git.between(base, head);
  const behind = repository.git.between(head, base);
  const status = ahead.length > 0 ? (behind.length > 0 ? "diverged" : "ahead") : behind.length > 0 ? "behind" : "identical";
  return {
    status: 200,
    body: {
      url: "https://api.github.com/compare",
      base_commit: sayCommit(repository, base),
      merge_base_commit: sayCommit(repository, meeting),
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead.slice(0, 250).map((sha) => sayCommit(repository, sha)),
      // At most 300 files. https://docs.github.com/rest/commits/commits#compare-two-commits
      files: repository.git
        .changes(meeting, head)
        .slice(0, 300)
        .map((file) => sayFile(repository, head, file)),
    },
  };
}

function readContents(asked: Asked): Told {
  const { repository, parameters } = asked;
  const sha = resolveRevision(repository, parameters.ref ?? repository.defaultBranch);
  const path = parameters.path ?? "";
  const content = sha === undefined ? undefined : repository.git.show(sha, path);
  if (!content) return missing;
  if (asked.raw) return { status: 200, raw: content };
  // Above a megabyte the content is only given raw. https://docs.github.com/rest/repos/contents#get-repository-content
  const inline = content.length <= 1 << 20;
  const name = path.split("/").at(-1) ?? "";
  const blob = repository.git.git("rev-parse", `${sha}:${path}`);
  return {
    status: 200,
    body: {
      type: "file",
      encoding: inline ? "base64" : "none",
      size: content.length,
      name,
      path,
      content: inline ? content.toString("base64") : "",
      sha: blob,
    },
  };
}

function createStatus(asked: Asked): Told {
  const { repository, token, body, parameters } = asked;
  const sha = parameters.sha ?? "";
  if (repository.git.find(sha) !== sha) return refuse(422, `No commit found for SHA: ${sha}`);
  const status = {
    id: repository.nextId(),
    sha,
    by: token.person,
    state: String(body.state),
    context: String(body.context ?? "default"),
    description: body.description === undefined ? null : (body.description as string | null),
    targetUrl: body.target_url === undefined ? null : (body.target_url as string | null),
    at: repository.now(),
  };
  repository.statuses.set(status.id, status);
  return { status: 201, body: sayStatus(repository, status) };
}

/** By the description's names. */
export const commitRoutes: Readonly<Record<string, Route>> = {
  "repos/get": { needs: read("metadata"), answer: ({ repository }) => ({ status: 200, body: sayRepository(repository) }) },
  "repos/get-branch": {
    needs: read("contents"),
    answer: ({ repository, parameters }) => {
      const sha = repository.git.find(`refs/heads/${parameters.branch}`);
      if (sha === undefined) return refuse(404, "Branch not found");
      return { status: 200, body: { name: parameters.branch ?? "", commit: sayCommit(repository, sha), protected: false } };
    },
  },
  "repos/get-collaborator-permission-level": {
    needs: read("metadata"),
    answer: ({ repository, parameters }) => {
      const person = repository.people.get(parameters.username ?? "");
      if (!person) return refuse(404, `${parameters.username} is not a user`);
      return { status: 200, body: { permission: person.permission, role_name: person.permission, user: sayPerson(person) } };
    },
  },
  "repos/get-commit": {
    needs: read("contents"),
    answer: ({ repository, parameters }) => {
      const sha = resolveRevision(repository, parameters.ref ?? "");
      if (sha === undefined) return refuse(422, `No commit found for SHA: ${parameters.ref}`);
      return { status: 200, body: sayCommit(repository, sha) };
    },
  },
  "repos/compare-commits-with-basehead": { needs: read("contents"), answer: compare },
  "repos/get-content": { needs: read("contents"), answer: readContents },
  "repos/list-commit-statuses-for-ref": {
    needs: read("statuses"),
    answer: ({ repository, parameters }) => {
      const sha = resolveRevision(repository, parameters.ref ?? "");
      return {
        list: [...repository.statuses.values()]
          .filter((one) => one.sha === sha)
          .reverse()
          .map((one) => sayStatus(repository, one)),
      };
    },
  },
  "repos/create-commit-status": { needs: write("statuses"), answer: createStatus },
  "git/get-ref": {
    needs: read("contents"),
    answer: ({ repository, parameters }) => {
      const sha = repository.git.find(`refs/${parameters.ref}`);
      if (sha === undefined) return missing;
      return { status: 200, body: { ref: `refs/${parameters.ref}`, object: { type: "commit", sha } } };
    },
  },
  "checks/create": { needs: write("checks"), answer: (asked) => keepCheck(asked, undefined, 201) },
  "checks/get": {
    needs: read("checks"),
    answer: (asked) => {
      const check = asked.repository.checks.get(numberOf(asked, "check_run_id"));
      return check ? { status: 200, body: sayCheck(asked.repository, check) } : missing;
    },
  },
  "checks/update": {
    needs: write("checks"),
    answer: (asked) => {
      const former = asked.repository.checks.get(numberOf(asked, "check_run_id"));
      return former ? keepCheck(asked, former, 200) : missing;
    },
  },
  "checks/list-for-ref": { needs: read("checks"), answer: listChecks },
};
