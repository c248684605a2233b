// `--events`: complete, ordered, in the shape of its schema, and in step with what went over the wire, however a run ends.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EventLine, readEvents } from "../support/follow-koine.ts";
import { describeSchemaMistake, type Schema } from "../support/json-schema.ts";
import { cleanEnvironment, expectKoine, makeStack, root, runKoine, worldOf } from "../support/run-koine.ts";
import { mutatingRequests } from "../support/world.ts";

const schema = JSON.parse(readFileSync(join(root, "docs", "schemas", "events.schema.json"), "utf8")) as Schema;

const files = {
  "main.koine": `stack told
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }
`,
};

const ends = ["operation-done", "operation-failed", "operation-skipped"];

/** Every line fits the schema, and all that holds of any run holds. `killed`: the run could not tell its end. */
function judgeEvents(path: string, killed = false): readonly EventLine[] {
  const events = readEvents(path);
  for (const event of events) expect(describeSchemaMistake(schema, event), JSON.stringify(event)).toBeUndefined();
  expect(events[0]?.kind).toBe("run-started");
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  for (const [index, event] of events.entries()) if (index > 0) expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? 0);
  if (killed) return events;
  expect(events.at(-1)?.kind).toBe("run-ended");
  expect(events.filter((event) => event.kind === "run-ended")).toHaveLength(1);
  const begun = events.find((event) => event.kind === "apply-started");
  const ended = events.filter((event) => ends.includes(event.kind)).map((event) => event.operation);
  expect(ended).toHaveLength(begun?.operations ?? 0);
  expect(new Set(ended).size).toBe(ended.length);
  for (const done of events.filter((event) => event.kind === "step-done")) {
    const sent = events.find((event) => event.kind === "step-sent" && event.operation === done.operation && event.step === done.step);
    expect(sent?.seq ?? Number.POSITIVE_INFINITY).toBeLessThan(done.seq);
  }
  return events;
}

/** Requests that the events tell of, beginning at the n-th of the world's log, are those that the cloud logged. */
function demandWire(events: readonly EventLine[], folder: string, from = 0): void {
  const told = events.filter((event) => event.kind === "step-sent").map((event) => event.request?.replace("ec2:", ""));
  const logged = mutatingRequests(worldOf(folder))
    .slice(from)
    .map((request) => request.operation);
  expect(told.toSorted()).toEqual([...logged].sort());
}

function writeFaults(folder: string, rules: string): { readonly environment: Readonly<Record<string, string>> } {
  const path = join(folder, "faults.yaml");
  writeFileSync(path, `rules:\n${rules}`);
  return { environment: { KOINE_SIMULATE_FAULTS: path } };
}

test("a run through cut, throttled and failing requests tells each of them, and each operation's end", async () => {
  const folder = makeStack(files);
  const path = join(folder, "events");
  writeFileSync(path, "what an earlier run wrote\n");
  const faults = writeFaults(
    folder,
    `  - { operation: CreateVpc, nth: 1, do: { kind: cut, when: after } }
  - { operation: AttachInternetGateway, nth: 1, do: { kind: throttle } }
  - { operation: CreateSubnet, do: { kind: deny } }
`,
  );
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", path], 4, faults);
  const events = judgeEvents(path);
  demandWire(events, folder);
  expect(events.filter((event) => event.kind === "step-sent" && event.request === "ec2:CreateVpc")).toHaveLength(1);
  expect(events.filter((event) => event.kind === "waiting").length).toBeGreaterThan(0);
  expect(events.find((event) => event.kind === "operation-failed")?.key).toBe("subnet.a:subnet");
  const skipped = events.filter((event) => event.kind === "operation-skipped");
  expect(skipped.map((one) => one.key)).toContain("machine.m:instance");
  for (const one of skipped) expect(one.reason).toBe("it depends on `subnet.a:subnet`, which was not done");
  expect(events.at(-1)).toMatchObject({ result: "partial", exit: 4 });

  // Nothing left but the rest; then nothing at all. Both are runs, and say so.
  const before = mutatingRequests(worldOf(folder)).length;
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", path], 0);
  demandWire(judgeEvents(path), folder, before);
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", path], 0);
  expect(judgeEvents(path).map((event) => event.kind)).toEqual(["run-started", "lock-taken", "run-ended"]);
  const { stdout, stderr } = await expectKoine(folder, ["destroy", "--simulate", "--yes", "--events", "-"], 0);
  expect(stderr).toContain("Done");
  writeFileSync(path, stdout);
  expect(judgeEvents(path).at(-1)).toMatchObject({ result: "done", exit: 0 });
});

test("a refused run tells why; what a kill left is settled in the events of the next run, resends included", async () => {
  const folder = makeStack(files);
  const path = join(folder, "events");
  const plan = join(folder, "p");
  await expectKoine(folder, ["plan", "--simulate", "-o", plan], 0);
  const killing = writeFaults(folder, "  - { operation: RunInstances, nth: 1, do: { kind: kill, when: before } }\n");
  const killed = await runKoine(folder, ["apply", "--simulate", "--events", path, plan], killing);
  expect(killed.signal).toBe("SIGKILL");
  const first = judgeEvents(path, true);
  expect(first.at(-1)).toMatchObject({ kind: "step-sent", request: "ec2:RunInstances" });

  const before = mutatingRequests(worldOf(folder)).length;
  await expectKoine(folder, ["apply", "--simulate", "--events", path, plan], 0);
  const second = judgeEvents(path);
  demandWire(second, folder, before);
  const settled = second.find((event) => event.kind === "entry-settled");
  expect(settled).toMatchObject({ key: "machine.m:instance", request: "ec2:RunInstances", outcome: "happened" });
  expect(second.find((event) => event.kind === "step-sent")).toMatchObject({ operation: settled?.operation, resend: true });
  expect(second.find((event) => event.kind === "apply-started")).toHaveProperty("resumes");

  await expectKoine(folder, ["apply", "--simulate", "--events", path, plan], 3);
  expect(judgeEvents(path).at(-1)).toMatchObject({ result: "stale", exit: 3, reasons: ["the plan was applied already"] });
  writeFileSync(join(folder, "main.koine"), "stack {");
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", path], 1);
  expect(judgeEvents(path).at(-1)).toMatchObject({ result: "failed", exit: 1 });
});

test("a reader of `--events -` may leave: the apply goes on to its end", async () => {
  const folder = makeStack(files);
  const child: ChildProcess = spawn(join(root, "bin", "koine"), ["-C", folder, "apply", "--simulate", "--yes", "--events", "-"], {
    env: cleanEnvironment({}),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  child.stdout?.once("data", () => child.stdout?.destroy());
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  expect(told).toContain("events are no longer written to stdout");
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
});

test("a place that cannot be written is refused before anything is done; a usage error leaves the file alone", async () => {
  const folder = makeStack(files);
  await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", join(folder, "no", "events")], 1);
  expect(existsSync(join(folder, ".koine"))).toBe(false);
  const path = join(folder, "events");
  writeFileSync(path, "kept\n");
  await expectKoine(folder, ["apply", "--simulate", "--events", path], 64);
  expect(readFileSync(path, "utf8")).toBe("kept\n");
});
