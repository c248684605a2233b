// A merge queue asks before it merges; an apply that dies in the middle is run again and goes on with what was approved.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRunner } from "../support/github/jobs.ts";
import { openGithub } from "../support/github/open-github.ts";
import { expectKoine } from "../support/run-koine.ts";

const shop = (network: string): string => `stack shop {}

cloud aws { region = "us-east-1" }
${network}`;

const network = `
network main { cidr = 10.20.0.0/16 }

subnet app[zone in ["a", "b"]] { network = main, cidr = subnet(main.cidr, 8, zone == "a" ? 0 : 1), zone = zone }

machine web[zone in ["a", "b"]] { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app[zone] }
`;

test("what a merge queue lets through is applied, and an apply that was killed is resumed", { timeout: 240_000 }, async () => {
  const github = await openGithub({ files: { "shop/shop.koine": shop(""), "shop/koine.yaml": "require: review\n" } });
  const runner = openRunner(github);
  github.pushBranch("begin", { "shop/shop.koine": shop(network) });
  const { number } = github.openPull({ branch: "begin" });
  const planned = await runner.run({ kind: "pull_request", number, action: "opened" }, ["plan"]);
  expect(planned.status, planned.stderr).toBe(0);

  // Nobody has approved yet: the queue is told no, and nothing is done.
  const early = github.enqueue(number, "squash");
  const refused = await runner.run({ kind: "merge_group", queued: early }, ["apply"]);
  expect(refused.status, refused.stderr).toBe(5);

  github.review(number, "reviewer", "APPROVED");
  const queued = github.enqueue(number, "squash");
  const allowed = await runner.run({ kind: "merge_group", queued }, ["apply"]);
  expect(allowed.status, allowed.stderr).toBe(0);
  // It only asked: there is no state yet.
  const stack = join(runner.workspace, "shop");
  expect(allowed.run.outputs().changes).toBe("false");
  expect(existsSync(join(stack, ".koine", "simulator", "state.db"))).toBe(false);

  // The job's machine dies when a few objects are there.
  const landed = github.landQueued(queued);
  const shown = github.comments(number)[0]?.body;
  const killed = await runner.run({ kind: "push", ...landed }, ["apply"], {
    job: "apply",
    dieAfter: 12,
  });
  expect(killed.signal, killed.stderr).toBe("SIGKILL");
  expect(existsSync(join(stack, ".koine", "simulator", "state.db"))).toBe(true);
  expect(github.comments(number)[0]?.body).toBe(shown);

  // What is left has another digest than what was approved, and is carried out all the same: it is the rest of that run.
  const again = await runner.run({ kind: "push", ...landed }, ["apply"], {
    job: "apply",
    attempt: 2,
  });
  expect(again.status, again.stderr).toBe(0);
  const [comment, ...more] = github.comments(number);
  expect(more).toEqual([]);
  expect(comment?.body).toContain("Done: the rest of what was approved.");
  expect((await expectKoine(stack, ["--simulate", "plan", "--detailed-exitcode"], 0)).stdout).toContain("0 to create");
});
