// The scheduled look at the world, and a change that is applied before it is merged. What a person clicked away is told in one issue, which is kept up to
// date and closed when the world is as the source says.

import { join } from "node:path";
import { expect, test } from "vitest";
import * as aws from "../../providers/aws/simulator/inspect.ts";
import { type JobResult, openRunner } from "../support/github/jobs.ts";
import { openGithub } from "../support/github/open-github.ts";
import { expectKoine } from "../support/run-koine.ts";

const files = {
  "shop/shop.koine": `stack shop {}

cloud aws { region = "us-east-1" }

network main { cidr = 10.20.0.0/16 }

address www {}
`,
  "shop/koine.yaml": "require: review\napply: before-merge\n",
};

test("drift: one issue, opened, brought up to date and closed; before a merge: applied by who may, and once", {
  timeout: 240_000,
}, async () => {
  const github = await openGithub({ files });
  const runner = openRunner(github);
  const stack = join(runner.workspace, "shop");
  const world = join(stack, ".koine", "simulator");
  const drift = async (status: number): Promise<void> => {
    const look = await runner.run({ kind: "schedule", schedule: "17 4 * * *" }, ["drift", "--detailed-exitcode"], { job: "drift" });
    expect(look.status, look.stderr).toBe(status);
  };
  const issues = (): readonly (readonly [string, string])[] => github.issues().map(({ title, state }) => [title, state]);

  // Never applied: all of it is missing.
  await drift(2);
  expect(issues()).toEqual([["Koine: shop is not as its source says (4 to create, 0 to replace, 0 to destroy, 0 unchanged)", "open"]]);
  await expectKoine(stack, ["--simulate", "apply", "--yes"], 0);
  await drift(0);
  expect(issues().map(([, state]) => state)).toEqual(["closed"]);

  // A hand released the address.
  const address = aws.readWorld(world).find(({ type, living }) => type === "address" && living);
  aws.callWorld(world, "ReleaseAddress", { AllocationId: address?.id ?? "" }, { region: "us-east-1" });
  await drift(2);
  expect(issues().filter(([, state]) => state === "open")).toEqual([
    ["Koine: shop is not as its source says (1 to create, 0 to replace, 0 to destroy, 3 unchanged)", "open"],
  ]);
  await expectKoine(stack, ["--simulate", "apply", "--yes"], 0);
  await drift(0);

  // Before a merge: on a word, by who may write, of what somebody else approved as it is now.
  github.pushBranch("second", { "shop/more.koine": "address second {}\n" });
  const { number } = github.openPull({ branch: "second" });
  expect((await runner.run({ kind: "pull_request", number, action: "opened" }, ["plan"])).status).toBe(0);
  const count = (): number => aws.readWorld(world).filter(({ type, living }) => type === "address" && living).length;
  const say = async (by: string, text = "/koine apply"): Promise<JobResult> =>
    runner.run({ kind: "issue_comment", comment: github.comment(number, by, text).id }, ["apply"], {
      job: "apply",
      checkOut: github.pull(number).testMerge ?? "",
    });
  const unapproved = await say("author");
  expect(unapproved.status, unapproved.stderr).toBe(5);
  github.review(number, "reviewer", "APPROVED");
  const stranger = await say("stranger");
  expect(stranger.status, stranger.stderr).toBe(5);
  expect(count()).toBe(1);
  const early = await say("author");
  expect(early.status, early.stderr).toBe(0);
  expect(count()).toBe(2);
  const merged = await runner.run({ kind: "push", ...github.merge(number) }, ["apply"], { job: "apply" });
  expect(merged.status, merged.stderr).toBe(0);
  expect(count()).toBe(2);
});
