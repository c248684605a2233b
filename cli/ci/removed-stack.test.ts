import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ScopedSubject } from "./plan-scope.ts";
import { findLeftovers, type LeftoverRun } from "./removed-stack.ts";
import type { ChildTask } from "./run-child.ts";

const scratch = mkdtempSync(join(tmpdir(), "koine-removed-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const scoped: ScopedSubject = {
  subject: { folder: "infra/old-shop", environment: "prod" },
  because: [],
  removed: true,
  project: {
    text: `state: postgres://h/d?state=s
inputs_from: { password: env:GONE }
environments: { prod: { state: "postgres://h/d?state=p", inputs: { a: 1 } }, dev: {} }
`,
    notices: [],
  },
  state: "server",
  files: { base: "", head: undefined },
  notices: [],
};

/** Looks with a child that answers so, and keeps what it was asked. */
async function look(answer: { readonly code: number; readonly stdout: string }, how: Partial<LeftoverRun> = {}, state = scoped.state) {
  const stand = mkdtempSync(join(scratch, "stand-"));
  const projectFile = join(stand, "0.yaml");
  writeFileSync(projectFile, "x");
  const asked: ChildTask[] = [];
  let kept = "";
  const run: LeftoverRun = {
    children: {
      run: (task) => {
        asked.push(task);
        const directory = task.args[task.args.indexOf("-C") + 1] ?? "";
        expect(readFileSync(join(directory, "main.koine"), "utf8")).toBe("stack removed\n");
        kept = readFileSync(join(directory, "state.yaml"), "utf8");
        return Promise.resolve({ ...answer, output: `told\n${answer.stdout}` });
      },
    },
    root: scratch,
    variables: {},
    simulate: false,
    ephemeralState: false,
    ...how,
  };
  return { found: await findLeftovers({ ...scoped, state }, run, projectFile), asked, kept };
}

test("an empty state lets the sources go", async () => {
  const { found, asked, kept } = await look({ code: 0, stdout: '{"version": 1, "objects": []}' });
  expect(found).toEqual({ warning: "The change removes all sources of infra/old-shop @ prod; it manages nothing any more", output: "" });
  expect(asked[0]?.args.slice(2)).toEqual([
    "--no-color",
    "--ci-child",
    "--project-file",
    join(asked[0]?.args[1] ?? "", "state.yaml"),
    "--env",
    "prod",
    "state",
    "list",
    "--format",
    "json",
  ]);
  expect(JSON.parse(kept)).toEqual({
    state: "postgres://h/d?state=s",
    environments: { prod: { state: "postgres://h/d?state=p" }, dev: {} },
  });
  expect(existsSync(join(scratch, "infra"))).toBe(false);
});

test("objects that would stay, and a state that cannot be read, keep them", async () => {
  const two = await look({ code: 0, stdout: '{"objects": [{}, {}]}' });
  expect(two.found.problem?.message).toContain("2 objects that it manages would stay");
  expect(two.found.problem?.hint).toContain("`stack old_shop`");
  for (const answer of [
    { code: 1, stdout: "" },
    { code: 0, stdout: "{}" },
    { code: 0, stdout: '{"objects": [' },
  ])
    expect((await look(answer)).found.problem?.message).toContain("its state could not be looked at");
});

test("from a fork nothing is asked; a state on this machine is not to be known", async () => {
  const fork = await look({ code: 0, stdout: "" }, { against: "a".repeat(40) });
  expect([fork.asked, fork.found.problem]).toEqual([[], undefined]);
  const file = await look({ code: 0, stdout: "" }, {}, "file");
  expect([file.asked, file.found.problem?.message]).toEqual([[], expect.stringContaining("what its state holds would stay")]);
  expect((await look({ code: 0, stdout: "" }, { ephemeralState: true }, "file")).found.problem).toBeUndefined();
});
