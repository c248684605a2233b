import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../test/support/koine-process.ts";
import type { PlanReport } from "../report/report.ts";
import type { Host, Subject } from "./host.ts";
import { postPlan, renderComment, retireComments } from "./post-plans.ts";

function load(name: string): PlanReport {
  return JSON.parse(readFileSync(join(root, "test/reports", `${name}.json`), "utf8")) as PlanReport;
}

/** Keeps what it is asked, in order. */
function record(subjects: readonly Subject[] = []): { readonly host: Host; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const refuse = (): never => {
    throw new Error("not to be asked");
  };
  const host: Host = {
    name: "github",
    commentLimit: 60_000,
    fileUrl: (sha, file, line) => `https://host.example.com/${sha}/${encodeURIComponent(file)}#L${line ?? 0}`,
    readRequest: refuse,
    findMerged: refuse,
    findByHead: refuse,
    listReviews: refuse,
    mayWrite: refuse,
    putComment: (number, subject, markdown) => {
      asked.push({ comment: number, subject, markdown });
      return Promise.resolve({ url: "" });
    },
    listComments: () => Promise.resolve(subjects.map((subject) => ({ subject, url: "" }))),
    putPlanRecord: (plan, verdict) => {
      asked.push({ plan, conclusion: verdict.conclusion });
      return Promise.resolve();
    },
    listPlanRecords: refuse,
    putIssue: refuse,
  };
  return { host, asked };
}

const subject: Subject = { folder: "shop", environment: "prod" };
const sha = "a".repeat(40);

test("the comment stands before the record says that it was shown", async () => {
  const { host, asked } = record();
  const report = load("replace-data-loss");
  await postPlan(host, { number: 3, sha }, { subject, report, code: 0, markdown: "text" });
  expect(asked).toEqual([
    { comment: 3, subject, markdown: "text" },
    { plan: { subject, sha, destructive: true, digest: report.digest?.changes }, conclusion: "success" },
  ]);
});

test("without a plan, and of a comparison, nothing is recorded as shown", async () => {
  for (const report of [load("failed"), { ...load("against"), digest: { changes: `sha256:${"0".repeat(64)}`, basis: "" } }]) {
    const { host, asked } = record();
    await postPlan(host, { sha }, { subject, report, code: report.problems.length, markdown: "" });
    expect(asked).toEqual([{ plan: expect.not.objectContaining({ digest: expect.anything() }), conclusion: expect.any(String) }]);
  }
});

test("a comment links places at the revision that reviewers see, and stays below the host's limit", () => {
  const { host } = record();
  const report = load("create");
  expect(renderComment(report, { host, sha })).toContain(`https://host.example.com/${sha}/`);
  expect(renderComment(report, { sha })).not.toContain("https://host.example.com");
  const most = 1_500;
  expect(Buffer.byteLength(renderComment(report, { host: { ...host, commentLimit: most }, sha }))).toBeLessThanOrEqual(most);
});

test("comments of what is no longer touched are replaced, those of other runs' environments are not", async () => {
  const gone = { folder: "`old` @everyone", environment: "prod" };
  const { host, asked } = record([subject, gone, { folder: "shop", environment: "staging" }]);
  const found = await retireComments(host, 3, [subject], {
    isOurs: ({ environment }) => environment === "prod",
    say: (name) => `no more ${name}`,
  });
  expect(found).toEqual([gone]);
  expect(asked).toEqual([{ comment: 3, subject: gone, markdown: "no more ``` `old` @everyone @ prod ```".replaceAll("```", "``") }]);
});
