import { expect, test } from "vitest";
import { parse } from "yaml";
import { isLocalState, judgeState, makeTrustedProject } from "./trusted-project.ts";

const base = `# ours
state: postgres://ci@db.example.com/koine?state=shop
budget: { max_destroy: 3 }
require: review
inputs: { size: small }
environments:
  prod: { inputs: { replicas: 2 }, inputs_from: { password: env:SHOP_PASSWORD }, allow_env: [SHOP_PASSWORD] }
`;

test("what was not edited stays letter by letter", () => {
  expect(makeTrustedProject(base, base)).toEqual({ text: base, notices: [] });
  expect(makeTrustedProject(base, `${base}# a comment\n`)).toEqual({ text: base, notices: [] });
  expect(makeTrustedProject(undefined, undefined)).toEqual({ text: "", notices: [] });
});

test("inputs come from the change, without a word: they are data as sources are", () => {
  const { text, notices } = makeTrustedProject(base, base.replace("replicas: 2", "replicas: 5").replace("size: small", 'size: "no"'));
  expect(notices).toEqual([]);
  expect(parse(text)).toEqual({
    ...parse(base),
    inputs: { size: "no" },
    environments: { prod: { ...parse(base).environments.prod, inputs: { replicas: 5 } } },
  });
  expect(parse(text).inputs.size).toBe("no");
});

test("all that decides about trust stays the base's, and each edit is told", () => {
  const evil = `state: postgres://me:secret@evil.example.com/x?state=shop
budget: { max_destroy: 1000 }
require: none
inputs: { size: small }
ci: { environments: [prod] }
endpoints: { aws: ["https://evil.example.com"] }
environments:
  prod: { inputs: { replicas: 2 }, inputs_from: { password: env:AWS_SECRET_ACCESS_KEY }, allow_env: [SHOP_PASSWORD, AWS_SECRET_ACCESS_KEY] }
`;
  const { text, notices } = makeTrustedProject(base, evil);
  expect(text).toBe(base);
  expect(notices).toEqual([
    "koine.yaml: `state` goes from `postgres://…@db.example.com/koine?state=shop` to `postgres://…@evil.example.com/x?state=shop`",
    "koine.yaml: `budget.max_destroy` goes from 3 to 1000 (weaker)",
    "koine.yaml: `require` goes from `review` to `none` (weaker)",
    "koine.yaml: `endpoints.aws` becomes `https://evil.example.com`",
    "koine.yaml: `inputs_from.password` of `prod` goes from `env:SHOP_PASSWORD` to `env:AWS_SECRET_ACCESS_KEY`",
    "koine.yaml: `allow_env` of `prod` goes from `SHOP_PASSWORD` to `SHOP_PASSWORD`, `AWS_SECRET_ACCESS_KEY`",
    "koine.yaml: `ci.environments` goes from all to prod",
    "Until the merge, what the koine.yaml of the base says of these holds",
  ]);
});

test("a limit that goes is weaker, one that comes or falls is not", () => {
  const said = (before: string, after: string): string => makeTrustedProject(before, after).notices[0] ?? "";
  expect(said("budget: { max_destroy: 3 }", "budget: {}")).toBe("koine.yaml: `budget.max_destroy` is removed, it was 3 (weaker)");
  expect(said("{}", "budget: { max_destroy: 3 }")).toBe("koine.yaml: `budget.max_destroy` becomes 3");
  expect(said("budget: { max_monthly_increase: 30 }", "budget: { max_monthly_increase: 20 }")).toBe(
    "koine.yaml: `budget.max_monthly_increase` goes from 30 to 20",
  );
  expect(said("require: review-destroys", "require: review")).toBe("koine.yaml: `require` goes from `review-destroys` to `review`");
});

test("a new environment brings its inputs and nothing else", () => {
  const added = `${base}  dev: { state: "postgres://evil.example.com/x?state=dev", inputs: { replicas: 1 }, inputs_from: { password: env:HOME } }\n`;
  const { text, notices } = makeTrustedProject(base, added);
  expect(parse(text).environments).toEqual({ ...parse(base).environments, dev: { inputs: { replicas: 1 } } });
  expect(notices[0]).toBe("koine.yaml: environment `dev` is new");
  expect(notices).toContain("koine.yaml: `inputs_from.password` of `dev` becomes `env:HOME`");
});

test("a new file gives inputs alone; one that goes changes nothing until the merge", () => {
  expect(parse(makeTrustedProject(undefined, base).text)).toEqual({
    inputs: { size: "small" },
    environments: { prod: { inputs: { replicas: 2 } } },
  });
  const gone = makeTrustedProject(base, undefined);
  expect(parse(gone.text)).toMatchObject({
    state: parse(base).state,
    budget: { max_destroy: 3 },
    environments: { prod: { allow_env: ["SHOP_PASSWORD"] } },
  });
  expect(gone.notices).toContain(
    "koine.yaml: environment `prod` is removed; what it manages stays, and nobody plans it any more: destroy it first",
  );
});

test("the list of environments can only grow before the merge", () => {
  const one = "environments: { a: {}, b: {} }\nci: { environments: [a] }\n";
  const other = "environments: { a: {}, b: {} }\nci: { environments: [b] }\n";
  expect(parse(makeTrustedProject(one, other).text).ci).toEqual({ environments: ["a", "b"] });
});

test("a file of the change that has mistakes is a problem, one of the base is left to the plan", () => {
  expect(makeTrustedProject(base, "stat: x")).toMatchObject({
    text: base,
    problem: { message: expect.stringContaining("no entry `stat`") },
  });
  expect(makeTrustedProject("stat: x", base)).toMatchObject({ text: "stat: x", notices: [expect.stringContaining("has mistakes")] });
});

test("whether the state is a file on this machine", () => {
  expect(isLocalState(base, "prod")).toBe(false);
  expect(isLocalState(base, undefined)).toBe(false);
  expect(isLocalState(undefined, undefined)).toBe(true);
  expect(isLocalState("state: sqlite:x.db", "prod")).toBe(true);
  expect(isLocalState("state: postgres://h/d?state=s\nenvironments: { prod: { state: 'sqlite:x.db' } }", "prod")).toBe(true);
  expect(isLocalState("environments: { prod: { state: 'postgres://h/d?state=s' } }", "prod")).toBe(false);
});

test("where the state is decides the base; what only the change knows has none yet", () => {
  const server = "state: postgres://h/d?state=s\nenvironments: { prod: {} }";
  const file = "state: sqlite:x.db\nenvironments: { prod: {} }";
  expect(judgeState(server, file, "prod")).toBe("server");
  expect(judgeState(file, server, "prod")).toBe("file");
  expect(judgeState(undefined, server, "prod")).toBe("new");
  expect(judgeState(undefined, file, "prod")).toBe("file");
  expect(judgeState(undefined, undefined, undefined)).toBe("file");
  expect(judgeState("environments: {}", "environments: { dev: { state: 'postgres://h/d?state=s' } }", "dev")).toBe("new");
  expect(judgeState("state: postgres://h/d?state=s", "environments: { dev: { state: 'postgres://h/d?state=t' } }", "dev")).toBe("server");
});
