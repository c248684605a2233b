// What `Host` promises, held against a GitHub that answers by its own published description.

import { describe, expect, test } from "vitest";
import { type Github, openGithub } from "../../../test/support/github/open-github.ts";
import { type Host, HostError, type Subject } from "../host.ts";
import { openGithubHost } from "./github.ts";
import { mark } from "./marker.ts";

const files = { "main.koine": "stack shop\n" };
const shop: Subject = { folder: "", environment: "prod" };
const lab: Subject = { folder: "envs/lab" };
const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const verdict = { conclusion: "success", title: "2 to create", summary: "s", annotations: [] } as const;

const connect = (github: Github, token = github.workflowToken()): Promise<Host> =>
  openGithubHost({ apiUrl: github.apiUrl, serverUrl: "https://github.com", repository: "acme/shop", token, second: 5 });

/** A pull request, and us. */
async function open(): Promise<{ readonly github: Github; readonly host: Host; readonly head: string; readonly number: number }> {
  const github = await openGithub({ files });
  const head = github.pushBranch("more", { "main.koine": "stack shop\n# more\n" }, { by: "author" });
  const { number } = github.openPull({ branch: "more", by: "author" });
  return { github, host: await connect(github), head, number };
}

const bodies = (github: Github, number: number): readonly string[] => github.comments(number).map(({ body }) => body);

describe("comments", () => {
  test("one for each subject, updated in place, below three pages of other people's", async () => {
    const { github, host, number } = await open();
    for (let count = 0; count < 205; count += 1) github.comment(number, "stranger", `comment ${count}`);
    const { url } = await host.putComment(number, shop, "first");
    await host.putComment(number, lab, "of the lab");
    expect((await host.putComment(number, shop, "second")).url).toBe(url);
    expect(bodies(github, number).slice(205)).toEqual([mark("plan", shop, "second"), mark("plan", lab, "of the lab")]);
    expect((await host.listComments(number)).map(({ subject }) => subject)).toEqual([shop, lab]);
  });

  test("a marker that another wrote is nobody's", async () => {
    const { github, host, number } = await open();
    const forged = mark("plan", shop, "all is well");
    github.comment(number, "author", forged);
    const other = await connect(github, github.appToken("another-app", { issues: "write", pull_requests: "write", contents: "read" }));
    await other.putComment(number, shop, "of another app");
    await host.putComment(number, shop, "ours");
    expect(bodies(github, number)).toEqual([forged, mark("plan", shop, "of another app"), mark("plan", shop, "ours")]);
    expect(await host.listComments(number)).toHaveLength(1);
  });

  test("what somebody wrote over ours is written over again; one that vanished between list and update is made anew", async () => {
    const { github, host, number } = await open();
    await host.putComment(number, shop, "first");
    const [comment] = github.comments(number);
    github.editComment(comment?.id ?? 0, "author", mark("plan", shop, "all is well"));
    await host.putComment(number, shop, "first");
    expect(bodies(github, number)).toEqual([mark("plan", shop, "first")]);
    const vanish = (): void => {
      for (const { id } of github.comments(number)) github.repository.comments.delete(id);
    };
    github.disturb("issues/update-comment", { kind: "before", act: vanish });
    await host.putComment(number, shop, "second");
    expect(bodies(github, number)).toEqual([mark("plan", shop, "second")]);
  });

  test("two jobs that both find none leave one, and so does an answer that was lost", async () => {
    const { github, host, number } = await open();
    const other = await connect(github);
    github.disturb("issues/create-comment", {
      kind: "before",
      // Another job's comment comes between our list and our own.
      act: () => {
        github.comment(number, "github-actions[bot]", mark("plan", shop, "of the other job"));
      },
    });
    await host.putComment(number, shop, "of this job");
    expect(bodies(github, number)).toEqual([mark("plan", shop, "of this job")]);
    await Promise.all([host.putComment(number, lab, "one"), other.putComment(number, lab, "two")]);
    expect(bodies(github, number).filter((body) => body.includes("lab"))).toHaveLength(1);
    github.disturb("issues/create-comment", { kind: "lost-answer" });
    await host.putComment(number, { folder: "third" }, "first");
    expect(bodies(github, number).filter((body) => body.includes("third"))).toHaveLength(1);
  });
});

describe("records", () => {
  test("are checks of our own app, newest first, in batches of fifty annotations", async () => {
    const { github, host, head } = await open();
    const annotations = Array.from({ length: 120 }, (_, index) => ({
      file: "main.koine",
      line: index + 1,
      level: "warning" as const,
      title: `${index}`,
      message: "m".repeat(70_000),
    }));
    await host.putPlanRecord({ subject: shop, sha: head, digest: digestOf("a"), destructive: true }, { ...verdict, annotations });
    await host.putPlanRecord({ subject: shop, sha: head, digest: digestOf("b"), destructive: false }, verdict);
    await host.putPlanRecord(
      { subject: lab, sha: head, digest: digestOf("c"), destructive: false },
      { ...verdict, conclusion: "action-required" },
    );
    expect((await host.listPlanRecords(head)).map(({ subject, digest, destructive }) => [subject, digest, destructive])).toEqual([
      [lab, digestOf("c"), false],
      [shop, digestOf("b"), false],
      [shop, digestOf("a"), true],
    ]);
    const [first] = github.checks(head);
    expect(first).toMatchObject({ name: "koine: . @ prod", conclusion: "success", title: "2 to create" });
    expect(first?.annotations).toHaveLength(120);
  });

  test("of another app or a person are none, and a person's token says what to do", async () => {
    const { github, host, head } = await open();
    const other = await connect(github, github.appToken("another-app", { checks: "write", contents: "read" }));
    await other.putPlanRecord({ subject: shop, sha: head, digest: digestOf("a"), destructive: false }, verdict);
    expect(await other.listPlanRecords(head)).toHaveLength(1);
    expect(await host.listPlanRecords(head)).toEqual([]);
    const person = await connect(github, github.personalToken("author"));
    expect(await person.listPlanRecords(head)).toEqual([]);
    const refused = person.putPlanRecord({ subject: shop, sha: head, digest: digestOf("a"), destructive: false }, verdict);
    await expect(refused).rejects.toThrow(HostError);
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining("checks: write") });
  });

  test("more than one page of checks", async () => {
    const { github, host, head } = await open();
    await host.putPlanRecord({ subject: shop, sha: head, digest: digestOf("a"), destructive: false }, verdict);
    const [first] = github.checks(head);
    for (let id = 900_000; first && id < 900_110; id += 1)
      github.repository.checks.set(id, { ...first, id, app: { id: 7, slug: "another-app" } });
    expect(await host.listPlanRecords(head)).toHaveLength(1);
  });
});

describe("reviews", () => {
  const read = async (host: Host, number: number): Promise<readonly (readonly [string, string])[]> =>
    (await host.listReviews(number)).map(({ by, state }) => [by, state] as const);

  test("the latest of each person counts; a comment takes nothing back, a dismissal does", async () => {
    const { github, host, number, head } = await open();
    github.person("second", "write");
    github.review(number, "reviewer", "CHANGES_REQUESTED");
    const approval = github.review(number, "reviewer", "APPROVED");
    github.review(number, "reviewer", "COMMENTED");
    github.review(number, "second", "APPROVED");
    expect(await host.listReviews(number)).toMatchObject([
      { by: "reviewer", state: "approved", sha: head, at: approval.at },
      { by: "second", state: "approved" },
    ]);
    github.dismiss(approval.id);
    expect(await read(host, number)).toEqual([["second", "approved"]]);
    github.review(number, "second", "CHANGES_REQUESTED");
    expect(await read(host, number)).toEqual([["second", "changes-requested"]]);
    // An approval stays one of the revision that was looked at.
    const later = github.pushBranch("more", { "main.koine": "stack shop\n# much more\n" });
    expect((await host.listReviews(number))[0]?.sha).toBe(head);
    expect((await host.readRequest(number)).headSha).toBe(later);
  });

  test("none of who may not write, of a bot, of a stranger or of the author", async () => {
    const { github, host, number } = await open();
    github.person("helper[bot]", "write");
    for (let count = 0; count < 100; count += 1) github.review(number, "reviewer", "COMMENTED");
    for (const by of ["stranger", "nobody", "helper[bot]"]) github.review(number, by, "APPROVED");
    // GitHub lets nobody approve their own; this one is there all the same.
    const own = github.review(number, "reviewer", "APPROVED");
    github.repository.reviews.set(own.id, { ...own, by: github.person("author") });
    expect(await read(host, number)).toEqual([]);
    github.review(number, "reviewer", "APPROVED");
    expect(await read(host, number)).toEqual([["reviewer", "approved"]]);
    expect(await host.mayWrite("reviewer")).toBe(true);
    expect(await host.mayWrite("stranger")).toBe(false);
    expect(await host.mayWrite("nobody-at-all")).toBe(false);
  });
});

describe("change requests", () => {
  test("are found by the revision that is pushed, however they were merged", async () => {
    const { github, host } = await open();
    for (const method of ["merge", "squash", "rebase"] as const) {
      github.pushBranch(method, { [`${method}/a.koine`]: "# a\n" });
      github.pushBranch(method, { [`${method}/b.koine`]: "# b\n" });
      const { number } = github.openPull({ branch: method, by: "author" });
      const head = github.pull(number).headSha;
      expect(await host.findByHead({ sha: head, owner: "acme", branch: method })).toMatchObject([{ number }]);
      const { after } = github.merge(number, method);
      expect(await host.findMerged(after)).toMatchObject([
        { number, headSha: head, merged: true, mergeSha: after, author: "author", fork: false },
      ]);
      expect(await host.findByHead({ sha: head, owner: "acme", branch: method })).toEqual([]);
    }
  });

  test("open ones brought nothing about, and a fork's is known for one", async () => {
    const { github, host, number, head } = await open();
    expect(await host.findMerged(head)).toEqual([]);
    github.pushBranch("theirs", { "main.koine": "stack shop\n# theirs\n" }, { fork: "stranger" });
    const fork = github.openPull({ branch: "theirs", fork: "stranger", by: "stranger" });
    expect(await host.readRequest(fork.number)).toMatchObject({ fork: true, author: "stranger", merged: false });
    expect(await host.readRequest(number)).toMatchObject({ fork: false, baseBranch: "main", merged: false });
    expect((await host.readRequest(number)).mergeSha).toBeUndefined();
  });
});

describe("issues", () => {
  test("one open one for each subject, closed when nothing differs, and opened anew later", async () => {
    const { github, host } = await open();
    await host.putIssue(shop, "Drift of shop", "one");
    await host.putIssue(shop, "Drift of shop: 2", "two");
    await host.putIssue(lab, "Drift of lab", "three");
    const issues = (): readonly unknown[] => github.issues().map(({ title, state, labels, body }) => [title, state, labels, body]);
    expect(issues()).toEqual([
      ["Drift of shop: 2", "open", ["koine-drift"], mark("drift", shop, "two")],
      ["Drift of lab", "open", ["koine-drift"], mark("drift", lab, "three")],
    ]);
    expect(await host.putIssue(shop, "", undefined)).toBeUndefined();
    await host.putIssue(shop, "Drift again", "four");
    expect(github.issues().map(({ title, state }) => [title, state])).toEqual([
      ["Drift of shop: 2", "closed"],
      ["Drift of lab", "open"],
      ["Drift again", "open"],
    ]);
  });

  test("with a marker of another's are left alone", async () => {
    const { github, host } = await open();
    const other = await connect(github, github.appToken("another-app", { issues: "write", contents: "read" }));
    await other.putIssue(shop, "forged", "forged");
    await host.putIssue(shop, "ours", "ours");
    await host.putIssue(shop, "ours", undefined);
    expect(github.issues().map(({ title, state }) => [title, state])).toEqual([
      ["forged", "open"],
      ["ours", "closed"],
    ]);
  });
});

describe("refusals", () => {
  test("outages and limits are waited for", async () => {
    const { github, host, number } = await open();
    github.disturb("issues/create-comment", { kind: "status", status: 502 }, 2);
    github.disturb("issues/list-comments", { kind: "secondary-limit", retryAfter: 1 });
    github.disturb("pulls/get", { kind: "cut" });
    await host.putComment(number, shop, "first");
    expect(bodies(github, number)).toEqual([mark("plan", shop, "first")]);
    expect(await host.readRequest(number)).toMatchObject({ number });
  });

  test("a limit of an hour, or an outage that lasts, is told", async () => {
    const { github, host, number } = await open();
    github.disturb("pulls/get", { kind: "primary-limit", resetsIn: 3_600 });
    await expect(host.readRequest(number)).rejects.toMatchObject({ hint: expect.stringMatching(/rate limit is used up until \d{4}-/) });
    github.disturb("pulls/get", { kind: "status", status: 503 }, 10);
    await expect(host.readRequest(number)).rejects.toMatchObject({
      message: expect.stringContaining("503"),
      hint: expect.stringContaining("again later"),
    });
  });

  test("a permission that is missing is named, and a token that is not valid is told", async () => {
    const { github, number, head } = await open();
    const reader = await connect(github, github.workflowToken({ contents: "read", pull_requests: "read", checks: "read", issues: "read" }));
    const record = { subject: shop, sha: head, digest: digestOf("a"), destructive: false };
    for (const [permission, act] of [
      ["pull-requests: write", () => reader.putComment(number, shop, "m")],
      ["checks: write", () => reader.putPlanRecord(record, verdict)],
      ["issues: write", () => reader.putIssue(shop, "t", "m")],
    ] as const) {
      const refused = Promise.resolve(act());
      await expect(refused).rejects.toThrow(HostError);
      await expect(refused).rejects.toMatchObject({ hint: `give the job \`${permission}\` under \`permissions:\` of its workflow` });
    }
    const stranger = await connect(github, "ghs_of_yesterday");
    await expect(stranger.putComment(number, shop, "m")).rejects.toMatchObject({ hint: expect.stringContaining("not valid") });
  });
});

test("links name the file at the revision, whatever its name", async () => {
  const settings = { apiUrl: "https://api.github.com", serverUrl: "https://github.com", repository: "acme/shop", token: "t" };
  const host = await openGithubHost(settings);
  expect(host.fileUrl("abc", "envs/a b#c/main.koine", 3)).toBe("https://github.com/acme/shop/blob/abc/envs/a%20b%23c/main.koine#L3");
});
