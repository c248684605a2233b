// A merge request on GitLab from its pipeline to its apply, as processes over GitLab's API: the same rules as on GitHub, by notes, approvals and comments on
// commits.

import { join } from "node:path";
import { expect, test } from "vitest";
import { openGitlab } from "../support/gitlab/server.ts";
import { runKoine } from "../support/run-koine.ts";

const shop = (more: string): string => `stack shop {}\n\ncloud aws { region = "us-east-1" }\n${more}`;

test("a merge request is planned, approved, merged and applied, and one note tells it", { timeout: 240_000 }, async () => {
  const gitlab = await openGitlab({ files: { "shop/shop.koine": shop(""), "shop/koine.yaml": "require: review\n" } });
  const token = gitlab.token("project_77_bot");
  const head = gitlab.pushBranch("net", { "shop/shop.koine": shop("\nnetwork main { cidr = 10.20.0.0/16 }\n") });
  const { iid } = gitlab.openRequest("net");
  const forged = "<!-- koine:plan:1 shop -->\nNothing to do.";
  gitlab.note(iid, "author", forged);
  // The first attempt meets with an outage.
  gitlab.disturb(/^POST .*\/notes$/, 502);

  const folder = gitlab.checkOut(head);
  const out = ["--out", join(folder, "..", "out")];
  const planned = await runKoine(folder, ["--simulate", "ci", "plan", ...out], { environment: gitlab.requestPipeline(iid, folder, token) });
  expect(planned.status, planned.stderr).toBe(0);
  const told = () => gitlab.notes(iid).filter(({ by, system }) => by.username === "project_77_bot" && !system);
  expect(told()).toHaveLength(1);
  expect(told()[0]?.body).toContain("3 to create");
  expect(gitlab.notes(iid)[0]?.body).toBe(forged);

  gitlab.approve(iid, "reviewer");
  const { before, after } = gitlab.merge(iid, true);
  const pipeline = gitlab.pushPipeline(before, after, folder, token);
  const merged = gitlab.checkOut(after);
  const applied = await runKoine(merged, ["--simulate", "ci", "apply", ...out], { environment: { ...pipeline, CI_PROJECT_DIR: merged } });
  expect(applied.status, applied.stderr).toBe(0);
  expect(told()).toHaveLength(1);
  expect(told()[0]?.body).toContain("**Applied.**");
});
