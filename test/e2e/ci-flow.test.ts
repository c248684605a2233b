// A pull request from its opening to its apply, as the jobs of the workflow that `koine init --ci github` writes: real processes, real git, GitHub's API
// over the wire. Its comments are kept as golden files beside this one (`vitest run test/e2e/ci-flow -u` writes them anew).

import { expect, test } from "vitest";
import { openRunner } from "../support/github/jobs.ts";
import { openGithub } from "../support/github/open-github.ts";
import { makeStable } from "../support/github/stable-text.ts";

/** Of production, with what is declared beside the network. */
const shop = (more: string): string => `stack shop { tags = { team = "web" } }

cloud aws { region = "us-east-1" }

network main { cidr = 10.20.0.0/16 }

subnet app {
  network = main
  cidr    = 10.20.1.0/24
  zone    = "a"
}

firewall http {
  network = main
  allow tcp 80 from any
}
${more}`;

const machines = `
machine web[i in 0..2] {
  cpu      = 2
  memory   = 4GiB
  image    = "ubuntu-24.04"
  subnet   = app
  firewall = http
}

output addresses = [for m in web: m.private_ip]
`;

const forged = "<!-- koine:plan:1 shop -->\n### `shop`: nothing to do\n\nApproved already.";

test("a pull request is planned, planned anew, approved, merged and applied, and one comment tells it all", {
  timeout: 240_000,
}, async () => {
  const github = await openGithub({
    files: { "shop/shop.koine": shop(""), "shop/koine.yaml": "require: review\n", "README.md": "# Shop\n" },
  });
  const runner = openRunner(github);
  const first = github.pushBranch("servers", { "shop/shop.koine": shop(machines.replace("0..2", "0..1")) });
  const { number } = github.openPull({ branch: "servers", title: "Servers for the shop" });
  // Somebody else uses our marker, before us.
  const stranger = github.comment(number, "stranger", forged);

  const opened = await runner.run({ kind: "pull_request", number, action: "opened" }, ["plan"]);
  expect(opened.status, opened.stderr).toBe(0);
  const [ours, ...more] = github.comments(number).filter((one) => one.by.login === "github-actions[bot]");
  expect(more).toEqual([]);
  expect(ours?.body ?? "").toContain("11 to create");
  await expect(makeStable(ours?.body ?? "")).toMatchFileSnapshot("ci-flow/1-opened.md");
  expect(github.repository.comments.get(stranger.id)?.body).toBe(forged);
  const check = github.checks(first)[0];
  expect(check).toMatchObject({ name: "koine: shop", conclusion: "neutral" });
  expect(opened.run.outputs()).toMatchObject({ changes: "true", subjects: '["shop"]' });

  // Somebody with write access writes over our comment; the next push puts it right again.
  github.editComment(ours?.id ?? 0, "reviewer", forged);
  github.pushBranch("servers", { "shop/shop.koine": shop(machines) });
  const pushed = await runner.run({ kind: "pull_request", number, action: "synchronize", before: first }, ["plan"]);
  expect(pushed.status, pushed.stderr).toBe(0);
  const updated = github.repository.comments.get(ours?.id ?? 0);
  expect(github.comments(number)).toHaveLength(2);
  expect(updated?.body ?? "").toContain("12 to create");
  await expect(makeStable(updated?.body ?? "")).toMatchFileSnapshot("ci-flow/2-pushed.md");

  github.review(number, "reviewer", "APPROVED");
  const landed = github.merge(number, "squash");
  const applied = await runner.run({ kind: "push", ...landed }, ["apply"], { job: "apply" });
  expect(applied.status, applied.stderr).toBe(0);
  const told = github.repository.comments.get(ours?.id ?? 0)?.body ?? "";
  await expect(makeStable(told)).toMatchFileSnapshot("ci-flow/3-applied.md");
  expect(github.comments(number)).toHaveLength(2);

  // The same job again: nothing is left to do, and the comment still tells what was done.
  const again = await runner.run({ kind: "push", ...landed }, ["apply"], { job: "apply", attempt: 2 });
  expect(again.status, again.stderr).toBe(0);
  expect(again.run.outputs().changes).toBe("false");
  expect(github.repository.comments.get(ours?.id ?? 0)?.body).toBe(told);
});
