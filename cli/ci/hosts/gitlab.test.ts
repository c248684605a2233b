// What `Host` promises, held against a GitLab that answers as its documentation says.

import { describe, expect, test } from "vitest";
import { type Gitlab, openGitlab } from "../../../test/support/gitlab/server.ts";
import { type Host, HostError, type Subject } from "../host.ts";
import { openGitlabHost } from "./gitlab.ts";
import { defuseQuickActions } from "./gitlab-posts.ts";
import { mark } from "./marker.ts";

const files = { "main.koine": "stack shop\n" };
const shop: Subject = { folder: "", environment: "prod" };
const lab: Subject = { folder: "envs/lab" };
const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const verdict = { conclusion: "success", title: "2 to create", summary: "s", annotations: [] } as const;
const own = "project_77_bot";

const connect = (gitlab: Gitlab, token = gitlab.token(own)): Promise<Host> =>
  openGitlabHost({ serverUrl: gitlab.url, projectId: gitlab.project.id, projectPath: gitlab.project.path, token, second: 1 });

async function open(): Promise<{ readonly gitlab: Gitlab; readonly host: Host; readonly head: string; readonly number: number }> {
  const gitlab = await openGitlab({ files });
  const head = gitlab.pushBranch("more", { "main.koine": "stack shop\n# more\n" }, "author");
  const { iid } = gitlab.openRequest("more", { by: "author" });
  return { gitlab, host: await connect(gitlab), head, number: iid };
}

const bodies = (gitlab: Gitlab, number: number): readonly string[] => gitlab.notes(number).map(({ body }) => body);

describe("notes", () => {
  test("one for each subject, updated in place, below three pages of other people's; nobody else's marker counts", async () => {
    const { gitlab, host, number } = await open();
    const forged = mark("plan", shop, "all is well");
    gitlab.note(number, "author", forged);
    for (let count = 0; count < 205; count += 1) gitlab.note(number, "reviewer", `note ${count}`);
    const { url } = await host.putComment(number, shop, "first");
    await host.putComment(number, lab, "of the lab");
    expect((await host.putComment(number, shop, "second")).url).toBe(url);
    expect(bodies(gitlab, number).slice(206)).toEqual([mark("plan", shop, "second"), mark("plan", lab, "of the lab")]);
    expect(bodies(gitlab, number)[0]).toBe(forged);
    expect((await host.listComments(number)).map(({ subject }) => subject)).toEqual([shop, lab]);
  });

  test("two jobs leave one, what is there twice goes, and one that vanished is made anew", async () => {
    const { gitlab, host, number } = await open();
    gitlab.note(number, own, mark("plan", shop, "oldest"));
    gitlab.note(number, own, mark("plan", shop, "twice"));
    await host.putComment(number, shop, "now");
    expect(bodies(gitlab, number)).toEqual([mark("plan", shop, "now")]);
    const other = await connect(gitlab);
    await Promise.all([host.putComment(number, lab, "one"), other.putComment(number, lab, "two")]);
    expect(bodies(gitlab, number).filter((body) => body.includes("lab"))).toHaveLength(1);
    gitlab.project.notes.set(number, []);
    await host.putComment(number, lab, "again");
    expect(bodies(gitlab, number)).toEqual([mark("plan", lab, "again")]);
  });

  test("no line of theirs is an order to GitLab", () => {
    expect(defuseQuickActions("/merge\ntext\n  /close\n\t/approve\na /path\n/")).toBe(
      "\\/merge\ntext\n  \\/close\n\t\\/approve\na /path\n/",
    );
  });
});

test("records are notes of our own user at the commit, newest first", async () => {
  const { gitlab, host, head } = await open();
  await host.putPlanRecord({ subject: shop, sha: head, digest: digestOf("a"), destructive: true }, verdict);
  await host.putPlanRecord({ subject: lab, sha: head, digest: digestOf("b"), destructive: false }, verdict);
  await host.putPlanRecord({ subject: lab, sha: head, destructive: false }, verdict);
  const forger = await connect(gitlab, gitlab.token("author"));
  await forger.putPlanRecord({ subject: lab, sha: head, digest: digestOf("c"), destructive: false }, verdict);
  expect((await host.listPlanRecords(head)).map(({ subject, digest, destructive }) => [subject, digest, destructive])).toEqual([
    [lab, digestOf("b"), false],
    [shop, digestOf("a"), true],
  ]);
});

describe("approvals", () => {
  test("are of the version that was there, by people who may push, and not by the author", async () => {
    const { gitlab, host, number, head } = await open();
    gitlab.member("reporter", 20);
    gitlab.member("maintainer", 40);
    for (const by of ["author", "reviewer", "reporter", "stranger", own]) gitlab.approve(number, by);
    const later = gitlab.pushBranch("more", { "main.koine": "stack shop\n# much more\n" });
    gitlab.approve(number, "maintainer");
    const reviews = await host.listReviews(number);
    expect(reviews.map(({ by, state, sha }) => [by, state, sha])).toEqual([
      ["reviewer", "approved", head],
      ["maintainer", "approved", later],
    ]);
    expect(await host.mayWrite("reviewer")).toBe(true);
    expect(await host.mayWrite("reporter")).toBe(false);
    expect(await host.mayWrite("nobody-at-all")).toBe(false);
  });
});

describe("merge requests", () => {
  test.each([false, true])("are found by the revision that is pushed (squash: %s)", async (squash) => {
    const { gitlab, host, number, head } = await open();
    expect(await host.readRequest(number)).toMatchObject({
      number,
      headSha: head,
      author: "author",
      baseBranch: "main",
      fork: false,
      merged: false,
    });
    expect(await host.findByHead({ sha: head, owner: "", branch: "more" })).toMatchObject([{ number }]);
    const { after } = gitlab.merge(number, squash);
    expect(await host.findMerged(after)).toMatchObject([{ number, headSha: head, merged: true }]);
    expect(await host.findByHead({ sha: head, owner: "", branch: "more" })).toEqual([]);
  });

  test("of a fork are known for one", async () => {
    const { gitlab, host } = await open();
    gitlab.pushBranch("theirs", { "main.koine": "stack shop\n# theirs\n" });
    const { iid } = gitlab.openRequest("theirs", { fork: true });
    expect(await host.readRequest(iid)).toMatchObject({ fork: true });
  });
});

test("one open issue for each subject, closed when nothing differs", async () => {
  const { gitlab, host } = await open();
  await host.putIssue(shop, "Drift of shop", "one");
  await host.putIssue(shop, "Drift of shop: 2", "two");
  await host.putIssue(lab, "Drift of lab", "three");
  expect(await host.putIssue(shop, "", undefined)).toBeUndefined();
  const issues = [...gitlab.project.issues.values()];
  expect(issues.map(({ title, state }) => [title, state])).toEqual([
    ["Drift of shop: 2", "closed"],
    ["Drift of lab", "opened"],
  ]);
});

describe("refusals", () => {
  test("outages and limits are waited for; what lasts is told", async () => {
    const { gitlab, host, number } = await open();
    gitlab.disturb(/POST .*\/notes/, 429, 12);
    gitlab.disturb(/GET .*\/notes/, 503, 2);
    await host.putComment(number, shop, "first");
    expect(bodies(gitlab, number)).toEqual([mark("plan", shop, "first")]);
    gitlab.disturb(/GET .*\/merge_requests\/\d+$/, 500, 20);
    await expect(host.readRequest(number)).rejects.toMatchObject({
      message: expect.stringContaining("500"),
      hint: expect.stringContaining("again later"),
    });
  });

  test("a token that may only read, or is not valid, is told", async () => {
    const { gitlab, number } = await open();
    const reader = await connect(gitlab, gitlab.token(own, "read_api"));
    const refused = reader.putComment(number, shop, "m");
    await expect(refused).rejects.toThrow(HostError);
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining("scope `api`") });
    const stranger = await connect(gitlab, "glpat-of-yesterday");
    await expect(stranger.putComment(number, shop, "m")).rejects.toMatchObject({ hint: expect.stringContaining("not valid") });
  });
});

test("links name the file at the revision", async () => {
  const host = await openGitlabHost({ serverUrl: "https://gitlab.example/", projectId: 1, projectPath: "acme/infra/shop", token: "t" });
  expect(host.fileUrl("abc", "a b/main.koine", 3)).toBe("https://gitlab.example/acme/infra/shop/-/blob/abc/a%20b/main.koine#L3");
});
