import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { actionInputs, readActionInputs } from "./action-inputs.ts";
import { describeProgram } from "./command-line.ts";
import { packageRoot } from "./version.ts";

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const metadata = parse(readFileSync(join(packageRoot(), "action.yml"), "utf8")) as Metadata;

/** As the runner gives them: all that are declared, with their defaults. */
function given(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const all = {
    ...Object.fromEntries(Object.entries(metadata.inputs).map(([name, input]) => [name, input.default])),
    token: "t0ken",
    ...inputs,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]));
}

const call = (inputs: Readonly<Record<string, string>>) => {
  const read = readActionInputs(given(inputs));
  if ("mistake" in read) throw new Error(read.mistake);
  return read;
};

test("action.yml declares each input that is read, and no other", () => {
  expect(Object.keys(metadata.inputs).sort()).toEqual([...actionInputs].sort());
  expect(metadata.runs).toEqual({ using: "node24", main: "dist/action.js" });
  for (const input of Object.values(metadata.inputs)) expect(typeof input.default).toBe("string");
});

test("defaults plan the whole repository", () => {
  expect(call({}).args).toEqual(["ci", "plan"]);
  expect(call({ command: "" }).args).toEqual(["ci", "plan"]);
});

test("inputs become flags, global ones before the command", () => {
  expect(
    call({
      command: "apply",
      "working-directory": "infra",
      environment: "prod",
      simulate: "true",
      "ephemeral-state": "TRUE",
      approve: " sha256:a\nsha256:b, sha256:c ",
      "lock-timeout": "5m",
      parallel: "3",
      out: "x",
    }).args,
  ).toEqual([
    ...["-C", "infra", "--env", "prod", "--simulate", "ci", "apply", "--out", "x", "--parallel", "3", "--lock-timeout", "5m"],
    ...["--ephemeral-state", "--approve", "sha256:a", "--approve", "sha256:b", "--approve", "sha256:c"],
  ]);
  expect(call({ command: "comment", from: "/r/x" }).args).toEqual(["ci", "comment", "--from", "/r/x"]);
});

test("every flag that is made is one of the command line", () => {
  const program = describeProgram(() => {});
  const ci = program.commands.find((command) => command.name() === "ci");
  const flagsOf = (command: Command | undefined): readonly string[] =>
    (command?.options ?? []).flatMap(({ long, short }) => [long ?? "", short ?? ""]);
  const inputs = {
    "working-directory": "w",
    environment: "e",
    out: "o",
    from: "f",
    base: "b",
    parallel: "2",
    "lock-timeout": "1m",
    approve: "d",
  };
  for (const name of ["plan", "apply", "comment", "drift"]) {
    const own = Object.entries({ ...inputs, "ephemeral-state": "true", simulate: "true" }).filter(
      ([input, value]) => !("mistake" in readActionInputs(given({ command: name, [input]: value }))),
    );
    const { args } = call({ command: name, ...Object.fromEntries(own) });
    const known = [...flagsOf(program), ...flagsOf(ci?.commands.find((command) => command.name() === name))];
    const flags = args.filter((arg) => arg.startsWith("-"));
    expect([name, flags.filter((flag) => !known.includes(flag))]).toEqual([name, []]);
    expect(flags).toContain("--simulate");
  }
});

test("the token is handed over as GITHUB_TOKEN, inputs go, and without comments there is none", () => {
  const { environment } = call({});
  expect(environment.GITHUB_TOKEN).toBe("t0ken");
  expect(Object.entries(environment).filter(([name, value]) => name.startsWith("INPUT_") && value !== undefined)).toEqual([]);
  expect(Object.keys(environment)).toContain("INPUT_TOKEN");
  expect(readActionInputs({ ...given({ comment: "false" }), GITHUB_TOKEN: "other" })).toMatchObject({
    environment: { GITHUB_TOKEN: undefined },
  });
  expect(readActionInputs({ ...given({ token: "" }), GITHUB_TOKEN: "other" })).toMatchObject({ environment: { GITHUB_TOKEN: "other" } });
});

test.each([
  [{ command: "destroy" }, "none of plan, apply, comment, drift"],
  [{ simulate: "yes" }, "neither true nor false"],
  [{ comment: "0" }, "neither true nor false"],
  [{ approve: "sha256:a" }, "not for `plan`"],
  [{ from: "x" }, "not for `plan`"],
  [{ command: "comment", "ephemeral-state": "true" }, "not for `comment`"],
])("%o is refused: %s", (inputs, words) => {
  expect(readActionInputs(given(inputs))).toEqual({ mistake: expect.stringContaining(words) });
});
