// `koine init --ci` in repositories as people have them: where it writes, what it finds out, what it never overwrites.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { expectKoine, makeScratch, makeStack } from "../support/run-koine.ts";

const stack = "stack shop\n";
const workflow = ".github/workflows/koine.yml";

function makeRepository(files: Readonly<Record<string, string>>, branch = "main"): string {
  const root = makeStack(files);
  execFileSync("git", ["init", "--quiet", "-b", branch, root]);
  return root;
}

/** Names of the hosts' environments, with those of koine.yaml. */
function deploymentsOf(root: string): unknown {
  const { jobs } = parse(readFileSync(join(root, workflow), "utf8")) as {
    readonly jobs: { readonly apply: { readonly strategy: { readonly matrix: { readonly include: unknown } } } };
  };
  return jobs.apply.strategy.matrix.include;
}

test("from a stack's folder: the workflow at the root, nothing else, and nothing overwritten", async () => {
  const root = makeRepository(
    {
      "infra/shop/shop.koine": stack,
      "infra/shop/koine.yaml": "environments: { staging: {}, prod: {} }\n",
      "infra/mail/mail.koine": stack,
      "infra/mail/koine.yaml": "environments: { prod: {}, test: {} }\nci: { environments: [prod] }\n",
      ".gitignore": "vendor\n",
      "vendor/copied/other.koine": stack,
    },
    "master",
  );
  const { stderr } = await expectKoine(join(root, "infra", "shop"), ["init", "--ci", "github", "--koine", "acme/koine@v1"], 0);
  expect(stderr).toContain(workflow);
  expect(readdirSync(root).sort()).toEqual([".git", ".github", ".gitignore", "infra", "vendor"]);
  expect(readdirSync(join(root, "infra", "shop")).sort()).toEqual(["koine.yaml", "shop.koine"]);
  expect(deploymentsOf(root)).toEqual([
    { deployment: "prod", koine: "prod" },
    { deployment: "staging", koine: "staging" },
  ]);
  const text = readFileSync(join(root, workflow), "utf8");
  expect(text).toContain("uses: acme/koine@v1\n");
  expect(text).toContain('branches: ["master"]');
  // The same again is no conflict; what a person changed is.
  await expectKoine(root, ["init", "--ci", "github", "--koine", "acme/koine@v1"], 0);
  writeFileSync(join(root, workflow), `${text}# mine\n`);
  const refused = await expectKoine(root, ["init", "--ci", "github", "--koine", "acme/koine@v2"], 1);
  expect(refused.stderr).toContain("--force");
  expect(readFileSync(join(root, workflow), "utf8")).toBe(`${text}# mine\n`);
  await expectKoine(root, ["init", "--ci", "github", "--koine", "acme/koine@v2", "--force"], 0);
  expect(readFileSync(join(root, workflow), "utf8")).toContain("acme/koine@v2");
});

test("a stack without environments is left out of nothing; GitLab has its own file", async () => {
  const root = makeRepository({ "a/a.koine": stack, "a/koine.yaml": "environments: { prod: {} }\n", "b/b.koine": stack });
  await expectKoine(root, ["init", "--ci", "github"], 0);
  expect(deploymentsOf(root)).toEqual([{ deployment: "production", koine: "" }]);
  await expectKoine(root, ["init", "--ci", "gitlab", "--koine", "koine@0.1.0"], 0);
  expect(parse(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"))).toMatchObject({ variables: { KOINE_PACKAGE: "koine@0.1.0" } });
});

test("with a template too: a stack and its workflow; what is not a name is refused, and links are not followed", async () => {
  const root = makeRepository({});
  await expectKoine(join(root, "infra"), ["init", "--template", "lab", "--ci", "github"], 0);
  expect(existsSync(join(root, "infra", "lab.koine"))).toBe(true);
  expect(existsSync(join(root, workflow))).toBe(true);
  await expectKoine(root, ["init", "--ci", "github", "--koine", "acme/koine@v1\n      - run: curl"], 64);
  await expectKoine(root, ["init", "--ci", "gitlab", "--koine", 'koine"; rm'], 64);
  await expectKoine(root, ["init", "--koine", "acme/koine@v1"], 64);
  const outside = makeScratch();
  const linked = makeRepository({});
  mkdirSync(join(linked, ".github"));
  symlinkSync(outside, join(linked, ".github", "workflows"));
  const refused = await expectKoine(linked, ["init", "--ci", "github"], 1);
  expect(refused.stderr).toContain("is a link");
  expect(readdirSync(outside)).toEqual([]);
});
