import { expect, test } from "vitest";
import type { RunRow } from "../state/store.ts";
import { findApprovedRun, judgePlanUse } from "./plan-use.ts";

const run = (id: string, basis: string, serialBefore: number, result?: RunRow["result"]): RunRow => ({
  id,
  command: "apply",
  startedAt: 1,
  serialBefore,
  basis,
  changes: "",
  ...(result && { endedAt: 2, result }),
});
const wrote = (serial: number, cause: string) => ({ serial, at: 1, cause });

test("a plan that no run was begun of is fresh, whatever others did", () => {
  expect(judgePlanUse("b", [])).toEqual({ kind: "fresh" });
  expect(judgePlanUse("b", [run("1", "other", 1), run("0", "other", 0, "done")])).toEqual({ kind: "fresh" });
});

test.each(["done", "partial", "failed"] as const)("one whose run ended as %s is used, also after its run was killed before", (result) => {
  const ended = run("2", "b", 4, result);
  expect(judgePlanUse("b", [run("3", "other", 5, "done"), ended, run("1", "b", 3)])).toEqual({ kind: "used", run: ended });
});

test("killed or interrupted it goes on, on the serial that it was made for", () => {
  const killed = run("2", "b", 4);
  expect(judgePlanUse("b", [killed, run("1", "b", 3, "interrupted")])).toEqual({ kind: "resume", run: killed, serial: 3 });
  // An apply that settled and was killed before it was a run.
  expect(judgePlanUse("b", [killed], [wrote(6, "apply"), wrote(5, "apply")])).toEqual({ kind: "resume", run: killed, serial: 4 });
});

test("not after another run, nor after a command that wrote to the state", () => {
  const killed = run("1", "b", 3);
  expect(judgePlanUse("b", [run("2", "other", 4, "done"), killed])).toEqual({ kind: "overtaken", run: killed, by: "another run" });
  expect(judgePlanUse("b", [killed], [wrote(5, "mv"), wrote(4, "apply")])).toEqual({
    kind: "overtaken",
    run: killed,
    by: "`koine state mv`",
  });
});

test("an approved run goes on where it is the latest, was cut short, and kept what its plan showed", () => {
  const killed: RunRow = { ...run("1", "b", 3), approved: "d", requests: ["r"] };
  const again: RunRow = { ...killed, id: "2", serialBefore: 4 };
  expect(findApprovedRun(["x", "d"], [again, killed])).toEqual({ kind: "resume", run: again, serial: 3 });
  expect(findApprovedRun(["d"], [{ ...killed, endedAt: 2, result: "interrupted" }])).toMatchObject({ kind: "resume", serial: 3 });
  const { requests: _, ...bare } = killed;
  for (const runs of [[], [bare], [{ ...killed, endedAt: 2, result: "partial" as const }], [run("3", "other", 4), killed]])
    expect(findApprovedRun(["d"], runs)).toBeUndefined();
  expect(findApprovedRun(["x"], [killed])).toBeUndefined();
  expect(findApprovedRun(["d"], [killed], [wrote(5, "mv")])).toBeUndefined();
});
