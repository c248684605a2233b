// docs/schemas against the program: what commands print as processes fits them, and what is altered is judged alike by a schema and by the code that reads
// the same format. Ajv in strict mode reads the schemas, so that none of them says what a validator would pass over.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseProjectFile } from "../../cli/project/project-file.ts";
import { parseReport } from "../../cli/report/parse-report.ts";
import { parsePlanFile } from "../../engine/plan/plan-file.ts";
import { makeSchemas } from "../../scripts/schemas.ts";
import { copyExample, expectKoine, makeStack, root } from "../support/run-koine.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
const validators = new Map<string, ValidateFunction>(
  [...makeSchemas()].map(([name, text]) => [name.replace(".schema.json", ""), ajv.compile(JSON.parse(text) as object)]),
);

function expectFit(name: string, value: unknown): void {
  const validate = validators.get(name);
  if (!validate) throw new Error(`there is no schema ${name}`);
  expect([name, validate(value), validate.errors ?? []]).toEqual([name, true, []]);
}

const fits = (name: string, value: unknown): boolean => validators.get(name)?.(value) === true;

test("each schema has an id of its version, and says what it is of", () => {
  for (const [name, text] of makeSchemas()) {
    const schema = JSON.parse(text) as { readonly $id: string; readonly title: string; readonly description: string };
    expect(schema.$id).toMatch(/^https:\/\/koine\.dev\/schemas\/v\d+\/[a-z]+\.schema\.json$/);
    expect(schema.$id).toContain(name);
    expect(schema.title.length * schema.description.length).toBeGreaterThan(0);
  }
});

test("the schema of events, which is written by hand, is sound in strict mode", () => {
  const schema = JSON.parse(readFileSync(join(root, "docs", "schemas", "events.schema.json"), "utf8")) as object;
  // A field that is required in one alternative is described beside it.
  expect(() => new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema)).not.toThrow();
});

interface Step {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Every place of a value, its root first; of lists the first element. */
function* walk(value: unknown, path: readonly (string | number)[] = []): Generator<Step> {
  yield { path, value };
  if (Array.isArray(value)) for (const [index, item] of value.slice(0, 1).entries()) yield* walk(item, [...path, index]);
  else if (typeof value === "object" && value !== null)
    for (const [name, item] of Object.entries(value)) yield* walk(item, [...path, name]);
}

const others: readonly unknown[] = [null, true, -1, 1.5, "../x", [], ["x"], [null], {}, { x: 1 }];

/** The same value with another at one place, or with a name more or less there. */
function* alter(
  whole: unknown,
): Generator<{ readonly what: string; readonly path: readonly (string | number)[]; readonly altered: unknown }> {
  for (const { path, value } of walk(whole)) {
    for (const other of others)
      yield { what: `${path.join(".")} = ${JSON.stringify(other)}`, path, altered: replaceAt(whole, path, () => other) };
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    yield {
      what: `${path.join(".")} with one more`,
      path,
      altered: replaceAt(whole, path, (at) => ({ ...(at as object), moreThanKnown: 1 })),
    };
    for (const name of Object.keys(value)) {
      const without = (at: unknown): unknown => Object.fromEntries(Object.entries(at as object).filter(([other]) => other !== name));
      yield { what: `${path.join(".")} without ${name}`, path: [...path, name], altered: replaceAt(whole, path, without) };
    }
  }
}

function replaceAt(value: unknown, path: readonly (string | number)[], change: (at: unknown) => unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? replaceAt(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [name, name === first ? replaceAt(item, rest, change) : item]),
  );
}

/** Which alterations the two judge differently; and that both refuse some and take some. */
function compareJudges(whole: unknown, schema: string, isSound: (altered: unknown) => boolean, except: (path: string) => boolean): void {
  const differences: string[] = [];
  let refused = 0;
  let taken = 0;
  for (const { what, path, altered } of alter(whole)) {
    if (except(path.join("."))) continue;
    const bySchema = fits(schema, altered);
    if (bySchema) taken++;
    else refused++;
    if (bySchema !== isSound(altered)) differences.push(`${what}: the schema ${bySchema ? "takes" : "refuses"} it`);
  }
  expect(differences.slice(0, 10)).toEqual([]);
  expect(refused).toBeGreaterThan(20);
  expect(taken).toBeGreaterThan(0);
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

async function planInto(folder: string): Promise<{ readonly plan: unknown; readonly report: unknown }> {
  const files = { plan: join(folder, "p"), report: join(folder, "r") };
  await expectKoine(folder, ["plan", "--simulate", "-o", files.plan, "--report", files.report], 0);
  return { plan: read(files.plan), report: read(files.report) };
}

test("a stack on three clouds, and one whose cloud an input chooses", async () => {
  const folder = copyExample("mixed");
  const { plan, report } = await planInto(folder);
  expectFit("plan", plan);
  expectFit("report", report);
  for (const stack of [folder, copyExample("anywhere")])
    expectFit("lower", JSON.parse((await expectKoine(stack, ["lower", "--prices", "--format", "json"], 0)).stdout));
});

test("of an applied stack everything fits, and what is altered is judged by the schemas as by the readers", async () => {
  const stack = (cidr: string) =>
    `stack one\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = ${cidr} }\noutput id = main.id\noutput word: secret string = "s3cret"\n`;
  const folder = makeStack({ "main.koine": stack("10.0.0.0/16") });
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  const jobs: readonly (readonly [string, readonly string[]])[] = [
    ["status", ["status", "--simulate", "--drift", "--format", "json"]],
    ["output", ["output", "--simulate", "--json"]],
    ["state", ["state", "pull", "--simulate"]],
  ];
  for (const [schema, args] of jobs) expectFit(schema, JSON.parse((await expectKoine(folder, args, 0)).stdout));
  writeFileSync(join(folder, "main.koine"), stack("10.1.0.0/16"));
  const { plan, report } = await planInto(folder);
  expectFit("plan", plan);
  expectFit("report", report);
  compareJudges(
    plan,
    "plan",
    (altered) => "file" in parsePlanFile(JSON.stringify(altered)),
    () => false,
  );
  // That edges are pairs of indices that exist is beyond a schema.
  const isEdge = (path: string): boolean => /^graph\.(?:edges|nodes)/.test(path);
  compareJudges(report, "report", (altered) => "report" in parseReport(JSON.stringify(altered)), isEdge);
});

test("mistakes fit, with their fixes, and so does the report of a plan that could not be made", async () => {
  const folder = makeStack({
    "main.koine": `stack one\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\nsubnet a { network = mian, cidr = 10.0.0.0/24 }\nkey k { public_key = "-----BEGIN OPENSSH PRIVATE KEY-----" }\n`,
  });
  const { stdout } = await expectKoine(folder, ["check", "--format", "json"], 1);
  expectFit("check", JSON.parse(stdout));
  expect(stdout).toContain('"fix"');
  const report = join(folder, "r");
  await expectKoine(folder, ["plan", "--simulate", "--report", report], 1);
  expectFit("report", read(report));
});

test("koine.yaml: the schema and the reader judge alike", () => {
  const common = {
    state: "sqlite:.koine/state.db",
    inputs: { replicas: 2 },
    inputs_from: { password: "env:WORD" },
    budget: { max_destroy: 10, max_monthly_increase: 500.5 },
    require: "review-destroys",
    apply: "before-merge",
    endpoints: { aws: ["https://ec2.example.com"] },
    allow_env: ["WORD"],
  };
  const whole = { ...common, environments: { staging: common, prod: {} }, ci: { environments: ["staging"] } };
  const isSound = (altered: unknown): boolean =>
    parseProjectFile({ path: "koine.yaml", text: stringify(altered, { aliasDuplicateObjects: false }) }).diagnostics.length === 0;
  expect(isSound(whole)).toBe(true);
  expectFit("koine", whole);
  // That `ci` names environments that are declared is beyond a schema.
  compareJudges(whole, "koine", isSound, (path) => /^(?:ci\.environments|environments$|environments\.(?:staging|prod)$|$)/.test(path));
  for (const text of [
    null,
    { environments: { "a b": {} } },
    { environments: null },
    { environments: { a: null } },
    { ci: null },
    { ci: { environments: [] } },
  ])
    expect([text, fits("koine", text)]).toEqual([text, isSound(text)]);
});
