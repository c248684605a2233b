// `koine check` for machines of a host: SARIF for code scanning, workflow commands for annotations; and that nothing which a user named is a command.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyExample, expectKoine, makeStack } from "../support/run-koine.ts";

const wrong = 'stack shop\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\nlet a = mian\n';
const hostile = "##[set-output name=a]b.koine";
const commands = /^\s*::|##\[/m;

function makeWrong(): string {
  const root = makeStack({ [`infra/${hostile}`]: wrong });
  mkdirSync(join(root, ".git"));
  return join(root, "infra");
}

test("sarif: places from the repository's root, exit codes as for text", async () => {
  const { stdout } = await expectKoine(makeWrong(), ["check", "--format", "sarif"], 1);
  const log = JSON.parse(stdout) as {
    readonly runs: readonly [
      { readonly automationDetails: unknown; readonly results: readonly { readonly ruleId: string; readonly locations: unknown }[] },
    ];
  };
  const [run] = log.runs;
  expect(run.automationDetails).toEqual({ id: "koine/infra/" });
  expect(run.results.map((result) => result.ruleId)).toEqual(["K1201"]);
  expect(JSON.stringify(run.results[0]?.locations)).toContain("infra/%23%23%5Bset-output%20name%3Da%5Db.koine");
  const sound = await expectKoine(copyExample("anywhere"), ["check", "--format", "sarif"], 0);
  expect((JSON.parse(sound.stdout) as typeof log).runs[0].results).toEqual([]);
});

test("github: one annotation a line, and stderr tells how many", async () => {
  const { stdout, stderr } = await expectKoine(makeWrong(), ["check", "--format", "github"], 1, {
    environment: { GITHUB_ACTIONS: "true" },
  });
  expect(stdout).toMatch(
    /^::error file=infra\/##\[set-output name=a\]b\.koine,line=4,endLine=4,col=9,title=K1201::`mian` is not declared%0A.*\n$/,
  );
  expect(stderr).toContain("1 error");
  expect(await expectKoine(copyExample("lab"), ["check", "--format", "github"], 0)).toMatchObject({ stdout: "" });
});

test("in a workflow's log no text of a user is a command; elsewhere it is shown as it is", async () => {
  const folder = makeWrong();
  const inWorkflow = await expectKoine(folder, ["check"], 1, { environment: { GITHUB_ACTIONS: "true" } });
  expect(inWorkflow.stderr).toContain("##\\u005bset-output name=a]b.koine");
  expect(inWorkflow.stderr).not.toMatch(commands);
  const json = await expectKoine(folder, ["check", "--format", "json"], 1, { environment: { GITHUB_ACTIONS: "true" } });
  expect(json.stdout).not.toMatch(commands);
  expect(JSON.stringify(JSON.parse(json.stdout))).toContain(hostile);
  expect((await expectKoine(folder, ["check"], 1)).stderr).toContain(hostile);
});
