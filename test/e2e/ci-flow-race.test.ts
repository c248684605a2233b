// Two pull requests that were planned side by side. The first is applied as it was shown; what the second would do is another thing then, so it is shown
// anew and waits for a person: nothing is applied that no one saw.

import { join } from "node:path";
import { expect, test } from "vitest";
import { type JobResult, openRunner } from "../support/github/jobs.ts";
import { openGithub } from "../support/github/open-github.ts";
import { makeStable } from "../support/github/stable-text.ts";
import { expectKoine } from "../support/run-koine.ts";

const files = {
  "shop/shop.koine": `stack shop {}

cloud aws { region = "us-east-1" }

network main { cidr = 10.20.0.0/16 }

subnet app { network = main, cidr = 10.20.1.0/24, zone = "a" }

machine web[i in 0..count] {
  cpu    = 2
  memory = 4GiB
  image  = image
  subnet = app
}
`,
  "shop/count.koine": "let count = 1\n",
  "shop/image.koine": 'let image = "ubuntu-22.04"\n',
  "shop/koine.yaml": "require: none\n",
};

test("of two pull requests that race, the second is planned anew and waits for a person", { timeout: 240_000 }, async () => {
  const github = await openGithub({ files });
  const runner = openRunner(github);
  const stack = join(runner.workspace, "shop");
  await expectKoine(stack, ["--simulate", "apply", "--yes"], 0);
  const status = async (): Promise<string> => (await expectKoine(stack, ["--simulate", "status"], 0)).stdout;
  const planPull = async (branch: string, changed: Readonly<Record<string, string>>): Promise<number> => {
    github.pushBranch(branch, changed);
    const { number } = github.openPull({ branch });
    const planned = await runner.run({ kind: "pull_request", number, action: "opened" }, ["plan"]);
    expect(planned.status, planned.stderr).toBe(0);
    return number;
  };
  const commentOf = (number: number): string => {
    const [only, ...more] = github.comments(number);
    expect(more).toEqual([]);
    return only?.body ?? "";
  };
  const apply = (after: { readonly before: string; readonly after: string }): Promise<JobResult> =>
    runner.run({ kind: "push", ...after }, ["apply"], { job: "apply" });

  const more = await planPull("more", { "shop/count.koine": "let count = 2\n" });
  const newer = await planPull("newer", { "shop/image.koine": 'let image = "ubuntu-24.04"\n' });
  await expect(makeStable(commentOf(newer))).toMatchFileSnapshot("ci-flow/4-race-shown.md");

  // Rebased onto the branch, the first does what was shown.
  const first = await apply(github.merge(more, "rebase"));
  expect(first.status, first.stderr).toBe(0);
  expect(commentOf(more)).toContain("**Applied.**");

  // The second would replace two machines now; one was shown.
  const world = await status();
  const landed = github.merge(newer);
  const stale = await apply(landed);
  expect(stale.status, stale.stderr).toBe(3);
  expect(await status()).toBe(world);
  const waiting = commentOf(newer);
  await expect(makeStable(waiting)).toMatchFileSnapshot("ci-flow/5-race-waits.md");

  // A person who saw the new plan gives its digest.
  const digest = JSON.parse(stale.run.outputs().digests ?? "{}").shop as string;
  expect(waiting).toContain(digest);
  const approved = await runner.run(
    { kind: "workflow_dispatch", inputs: { approve: digest }, by: "reviewer" },
    ["apply", "--approve", digest],
    {
      job: "apply",
    },
  );
  expect(approved.status, approved.stderr).toBe(0);
  await expect(makeStable(commentOf(newer))).toMatchFileSnapshot("ci-flow/6-race-applied.md");
});
