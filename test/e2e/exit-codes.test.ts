// Every exit code of docs/cli.md, each brought about by a command as a process, and the tables of the documents against the numbers in code.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCode } from "../../cli/exit-codes.ts";
import { programHelp } from "../../cli/help-texts.ts";
import { followKoine } from "../support/follow-koine.ts";
import { expectKoine, makeStack, root } from "../support/run-koine.ts";

const source = `stack coded
cloud aws { region = "eu-west-1" }
@protect
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`;

test("the tables name each code, and no other", () => {
  const codes = Object.values(exitCode).map(String);
  const table = /## Exit codes\n([\s\S]*?)\n## /.exec(readFileSync(join(root, "docs", "cli.md"), "utf8"))?.[1] ?? "";
  const named = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, numbers = ""]) => numbers.split(", "));
  expect(named).toEqual(codes);
  expect([...programHelp.matchAll(/^ {2}(\d+) +\S|\((\d+): /gm)].map(([, first, second]) => first ?? second)).toEqual(codes);
});

test("a life in which each comes about", { timeout: 180_000 }, async () => {
  const folder = makeStack({ "main.koine": source });
  const plan = join(folder, "p");
  const faults = join(folder, "faults.yaml");
  const environment = { KOINE_SIMULATE_FAULTS: faults };
  const seen = new Set<number>();
  const demand = async (status: number, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> => {
    await expectKoine(folder, [...args, "--simulate"], status, { environment: more });
    seen.add(status);
  };
  await demand(exitCode.usage, ["plan", "--refresh-only", "--offline"]);
  await demand(exitCode.failed, ["plan", "--target", "x.y"]);
  await demand(exitCode.changes, ["plan", "-o", plan, "--detailed-exitcode"]);
  writeFileSync(faults, "rules:\n  - { operation: AssociateRouteTable, do: { kind: deny } }\n");
  await demand(exitCode.partial, ["apply", "--yes"], environment);
  await demand(exitCode.stale, ["apply", plan]);

  writeFileSync(faults, "rules:\n  - { operation: AssociateRouteTable, do: { kind: latency, ms: 60000 } }\n");
  for (const [signal, status] of [
    ["SIGINT", exitCode.interrupted],
    ["SIGTERM", exitCode.terminated],
  ] as const) {
    const run = followKoine(folder, ["apply", "--simulate", "--yes", "--events", join(folder, "events")], environment);
    await run.until("subnet.a");
    if (signal === "SIGINT") await demand(exitCode.lockHeld, ["apply", "--yes"]);
    run.child.kill(signal);
    await run.until("Stopping");
    run.child.kill(signal);
    expect((await run.end).status).toBe(status);
    seen.add(status);
  }
  await demand(exitCode.done, ["apply", "--yes"]);
  await demand(exitCode.refused, ["destroy", "--yes"]);
  expect([...seen].sort((a, b) => a - b)).toEqual(Object.values(exitCode));
});
