// The tests' GitHub, asked by the real client: what it answers is by GitHub's own description, and what is not by it is noted.

import { Octokit } from "@octokit/rest";
import { expect, test } from "vitest";
import { openGithub } from "./open-github.ts";
import { startRun } from "./runs.ts";

const at = { owner: "acme", repo: "shop" };
const files = { "main.koine": "stack shop\n", "koine.yaml": "state: sqlite:.koine/state.db\n" };

/** A client that tells nothing on the console. */
function connect(baseUrl: string, auth: string): Octokit {
  const silent = (): void => {};
  return new Octokit({ baseUrl, auth, log: { debug: silent, info: silent, warn: silent, error: silent } });
}

test("every operation answers by the description", async () => {
  const github = await openGithub({ files });
  const scopes = { contents: "write", pull_requests: "write", checks: "write", issues: "write", statuses: "write" } as const;
  const octokit = connect(github.apiUrl, github.workflowToken(scopes));
  const person = connect(github.apiUrl, github.personalToken("author"));
  const head = github.pushBranch("more", { "main.koine": "stack shop\n# more\n", "é à/x.koine": "stack x\n" });
  const { number } = github.openPull({ branch: "more" });
  github.review(number, "reviewer", "APPROVED");

  await octokit.repos.get(at);
  await octokit.repos.getBranch({ ...at, branch: "more" });
  await octokit.repos.getCollaboratorPermissionLevel({ ...at, username: "reviewer" });
  expect((await octokit.repos.getCommit({ ...at, ref: "more" })).data.sha).toBe(head);
  expect((await octokit.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: head })).data.map((one) => one.number)).toEqual([
    number,
  ]);
  expect((await octokit.repos.compareCommitsWithBasehead({ ...at, basehead: `main...${head}` })).data.ahead_by).toBe(1);
  const content = (await octokit.repos.getContent({ ...at, path: "é à/x.koine", ref: head })).data;
  expect("content" in content && Buffer.from(content.content, "base64").toString()).toBe("stack x\n");
  await octokit.repos.createCommitStatus({ ...at, sha: head, state: "success", context: "koine" });
  await octokit.repos.listCommitStatusesForRef({ ...at, ref: head });
  expect((await octokit.git.getRef({ ...at, ref: "heads/more" })).data.object.sha).toBe(head);
  const annotations = [{ path: "main.koine", start_line: 1, end_line: 1, annotation_level: "notice" as const, message: "m" }];
  const check = await octokit.checks.create({
    ...at,
    name: "koine",
    head_sha: head,
    status: "completed",
    conclusion: "success",
    output: { title: "t", summary: "s", annotations },
  });
  const again = await octokit.checks.update({ ...at, check_run_id: check.data.id, output: { title: "t", summary: "s", annotations } });
  expect(again.data.output.annotations_count).toBe(2);
  await octokit.checks.get({ ...at, check_run_id: check.data.id });
  expect((await octokit.checks.listForRef({ ...at, ref: head, check_name: "koine" })).data.total_count).toBe(1);
  await expect(octokit.issues.getLabel({ ...at, name: "koine" })).rejects.toMatchObject({ status: 404 });
  await octokit.issues.createLabel({ ...at, name: "koine", color: "0366d6", description: "d" });
  await octokit.issues.getLabel({ ...at, name: "koine" });
  await expect(octokit.issues.createLabel({ ...at, name: "koine" })).rejects.toMatchObject({ status: 422 });
  const issue = (await octokit.issues.create({ ...at, title: "Drift", body: "b", labels: ["koine"] })).data.number;
  await octokit.issues.update({ ...at, issue_number: issue, state: "closed", state_reason: "completed" });
  await octokit.issues.get({ ...at, issue_number: issue });
  expect((await octokit.issues.listForRepo({ ...at, state: "all" })).data.map((one) => one.number).sort()).toEqual([number, issue].sort());
  expect((await octokit.issues.listForRepo({ ...at, state: "all", labels: "koine", creator: "github-actions[bot]" })).data).toHaveLength(1);
  const comment = (await octokit.issues.createComment({ ...at, issue_number: number, body: "first" })).data;
  expect(comment.user?.login).toBe("github-actions[bot]");
  await octokit.issues.updateComment({ ...at, comment_id: comment.id, body: "second" });
  await octokit.issues.getComment({ ...at, comment_id: comment.id });
  await octokit.issues.listComments({ ...at, issue_number: number });
  await octokit.issues.deleteComment({ ...at, comment_id: comment.id });
  await octokit.pulls.list({ ...at, state: "open", head: "acme:more" });
  expect((await octokit.pulls.listFiles({ ...at, pull_number: number })).data.map((one) => [one.filename, one.status])).toEqual([
    ["main.koine", "modified"],
    ["é à/x.koine", "added"],
  ]);
  await octokit.pulls.listCommits({ ...at, pull_number: number });
  expect((await octokit.pulls.listReviews({ ...at, pull_number: number })).data[0]?.commit_id).toBe(head);
  expect((await octokit.pulls.get({ ...at, pull_number: number })).data.mergeable).toBe(true);
  await octokit.pulls.merge({ ...at, pull_number: number, merge_method: "squash", sha: head });
  expect((await octokit.pulls.get({ ...at, pull_number: number })).data.merged).toBe(true);
  await octokit.rateLimit.get();
  expect((await person.users.getAuthenticated()).data.login).toBe("author");
  await expect(octokit.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
  expect(await octokit.graphql("query { viewer { login databaseId } }")).toEqual({
    viewer: { login: "github-actions[bot]", databaseId: 41898282 },
  });
});

test("every event's payload is by the description, and the environment is the documented one", async () => {
  const github = await openGithub({ files });
  const first = github.pushBranch("more", { "main.koine": "stack shop\n# more\n" });
  const { number } = github.openPull({ branch: "more" });
  const workspace = github.checkOut(`refs/pull/${number}/merge`);
  const token = github.workflowToken();
  const opened = startRun(github, { kind: "pull_request", number, action: "opened" }, { workspace, token });
  expect(opened.environment).toMatchObject({
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_REF: `refs/pull/${number}/merge`,
    GITHUB_REF_NAME: `${number}/merge`,
    GITHUB_HEAD_REF: "more",
    GITHUB_BASE_REF: "main",
    GITHUB_SHA: github.pull(number).testMerge,
    GITHUB_TOKEN: token,
  });
  github.pushBranch("more", { "main.koine": "stack shop\n# much more\n" });
  const moved = startRun(github, { kind: "pull_request", number, action: "synchronize", before: first }, { workspace });
  expect(moved.payload).toMatchObject({ before: first, after: github.pull(number).headSha });
  const review = github.review(number, "reviewer", "APPROVED");
  startRun(github, { kind: "pull_request_review", review: review.id }, { workspace });
  startRun(github, { kind: "issue_comment", comment: github.comment(number, "reviewer", "/koine apply").id }, { workspace });
  const queued = github.enqueue(number, "squash");
  expect(startRun(github, { kind: "merge_group", queued }, { workspace }).environment.GITHUB_REF).toBe(queued.ref);
  const landed = github.landQueued(queued);
  expect(startRun(github, { kind: "push", ...landed }, { workspace }).environment).toMatchObject({
    GITHUB_SHA: landed.after,
    GITHUB_REF: "refs/heads/main",
  });
  expect(startRun(github, { kind: "pull_request", number, action: "closed" }, { workspace }).environment.GITHUB_REF).toBe(
    "refs/heads/main",
  );
  expect(startRun(github, { kind: "schedule", schedule: "0 6 * * *" }, { workspace }).environment.GITHUB_SHA).toBe(landed.after);
  expect(startRun(github, { kind: "workflow_dispatch", inputs: { approve: "sha256:00" } }, { workspace }).payload.inputs).toEqual({
    approve: "sha256:00",
  });
  github.pushBranch("odd", { "main.koine": "stack shop\n# odd\n" }, { fork: "stranger", by: "stranger" });
  const fork = github.openPull({ branch: "odd", fork: "stranger" });
  expect(startRun(github, { kind: "workflow_run", number: fork.number, runId: opened.id }, { workspace }).payload).toMatchObject({
    workflow_run: { pull_requests: [], head_sha: fork.headSha, head_repository: { full_name: "stranger/shop" } },
  });
  github.pushBranch("two", { "two.koine": "stack two\n" });
  github.pushBranch("two", { "three.koine": "stack three\n" });
  const rebased = github.merge(github.openPull({ branch: "two" }).number, "rebase");
  expect(github.repository.git.between(rebased.before, rebased.after)).toHaveLength(2);
});

test("what is not by the description is refused and noted", async () => {
  const github = await openGithub({ files });
  const octokit = connect(github.apiUrl, github.workflowToken());
  const { number } = await octokit.issues.create({ ...at, title: "t" }).then(({ data }) => data);
  expect(github.takeViolations()).toEqual([]);
  const wrong = [
    octokit.request("POST /repos/acme/shop/issues/{number}/comments", { number, body: "b", colour: "red" }),
    octokit.request("POST /repos/acme/shop/issues/{number}/comments", { number }),
    octokit.request("GET /repos/acme/shop/issues/{number}/comments", { number, limit: 5 }),
    octokit.request("GET /repos/acme/shop/issues", { state: "merged" }),
    octokit.request("GET /repos/acme/shop/everything"),
    octokit.request("POST /repos/acme/shop/check-runs", { name: "n", head_sha: "0", output: { title: "t", summary: "s", annotation: [] } }),
  ];
  const ended = await Promise.allSettled(wrong);
  expect(ended.map(({ status }) => status)).toEqual(wrong.map(() => "rejected"));
  expect(github.takeViolations()).toHaveLength(wrong.length);
});

test("tokens may do what their scopes say, and check runs belong to applications", async () => {
  const github = await openGithub({ files });
  github.pushBranch("more", { "main.koine": "# more\n" });
  const { number, headSha } = github.openPull({ branch: "more" });
  const pull = { ...at, issue_number: number };
  const fork = connect(github.apiUrl, github.workflowToken(undefined, true));
  expect((await fork.issues.listComments(pull)).data).toEqual([]);
  await expect(fork.issues.createComment({ ...pull, body: "b" })).rejects.toMatchObject({ status: 403 });
  const reader = connect(github.apiUrl, github.workflowToken({ contents: "read" }));
  await expect(reader.pulls.get({ ...at, pull_number: number })).rejects.toMatchObject({ status: 403 });
  const elsewhere = { owner: "acme", repo: "other" };
  await expect(reader.repos.get(elsewhere)).rejects.toMatchObject({ status: 404 });
  await expect(connect(github.apiUrl, "ghs_unknown").repos.get(at)).rejects.toMatchObject({ status: 401 });
  // Each token writes as itself; a comment may be edited by who may write the repository, its author stays.
  const ours = connect(github.apiUrl, github.workflowToken());
  const { data: comment } = await ours.issues.createComment({ ...pull, body: "ours" });
  const person = connect(github.apiUrl, github.personalToken("reviewer"));
  const edited = await person.issues.updateComment({ ...at, comment_id: comment.id, body: "theirs" });
  expect(edited.data).toMatchObject({ body: "theirs", user: { login: "github-actions[bot]" } });
  const stranger = connect(github.apiUrl, github.personalToken("stranger"));
  await expect(stranger.issues.updateComment({ ...at, comment_id: comment.id, body: "no" })).rejects.toMatchObject({ status: 403 });
  const check = { ...at, name: "koine", head_sha: headSha };
  const checker = connect(github.apiUrl, github.personalToken("reviewer", { checks: "write" }));
  await expect(checker.checks.create(check)).rejects.toMatchObject({ status: 403 });
  const { data: made } = await ours.checks.create(check);
  const other = connect(github.apiUrl, github.appToken("other", { checks: "write" }));
  await expect(other.checks.update({ ...at, check_run_id: made.id, status: "in_progress" })).rejects.toMatchObject({ status: 403 });
});

test("lists come in pages, bodies have a limit, and requests are limited and fail as documented", async () => {
  const github = await openGithub({ files });
  const octokit = connect(github.apiUrl, github.workflowToken());
  const { data: issue } = await octokit.issues.create({ ...at, title: "t" });
  const on = { ...at, issue_number: issue.number };
  for (let index = 0; index < 31; index += 1) github.comment(issue.number, "stranger", `${index}`);
  const first = await octokit.issues.listComments(on);
  expect(first.data).toHaveLength(30);
  expect(first.headers.link).toContain('rel="next"');
  expect(await octokit.paginate(octokit.issues.listComments, { ...on, per_page: 10 })).toHaveLength(31);
  await octokit.issues.createComment({ ...on, body: "x".repeat(65_536) });
  const long = octokit.issues.createComment({ ...on, body: "x".repeat(65_537) });
  await expect(long).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("Body is too long (maximum is 65536 characters)"),
  });

  github.disturb("issues/list-comments", { kind: "secondary-limit", status: 429, retryAfter: 7 });
  await expect(octokit.issues.listComments(on)).rejects.toMatchObject({ status: 429, response: { headers: { "retry-after": "7" } } });
  github.disturb("issues/list-comments", { kind: "status", status: 502 });
  await expect(octokit.issues.listComments(on)).rejects.toMatchObject({ status: 502 });
  github.disturb("issues/create-comment", { kind: "lost-answer" });
  await expect(octokit.issues.createComment({ ...on, body: "carried out" })).rejects.toThrow();
  expect(github.comments(issue.number).at(-1)?.body).toBe("carried out");
  github.limit(0, 60);
  const limited = octokit.issues.listComments(on);
  await expect(limited).rejects.toMatchObject({ status: 403, response: { headers: { "x-ratelimit-remaining": "0" } } });
});
