// Signals and failures at every stage of a run: what is under way is finished or journaled, nothing else is begun, and the next apply ends with the
// world that a calm one makes.

import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { followKoine, readEvents } from "../support/follow-koine.ts";
import { cleanEnvironment, expectKoine, makeStack, root, worldOf } from "../support/run-koine.ts";
import { livingObjects, mutatingRequests, tallyWorld } from "../support/world.ts";

const files = {
  "main.koine": `stack stopped
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
subnet b { network = main, cidr = 10.0.1.0/24 }
`,
};

let calm: Readonly<Record<string, number>>;
beforeAll(async () => {
  const folder = makeStack(files);
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  calm = tallyWorld(worldOf(folder));
});

function writeFaults(folder: string, ...rules: readonly string[]): Readonly<Record<string, string>> {
  const path = join(folder, "faults.yaml");
  writeFileSync(path, `rules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`);
  return { KOINE_SIMULATE_FAULTS: path };
}

const slow = (operation: string, ms: number): string => `{ operation: "${operation}", do: { kind: latency, ms: ${ms} } }`;

/** The next apply does the rest, and the world is that of a calm run. */
async function demandRest(folder: string): Promise<void> {
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  expect(tallyWorld(worldOf(folder))).toEqual(calm);
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
}

describe("once", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGHUP", 143],
  ] as const)(
    "%s while a request is out: it is finished, nothing new starts, exit %i, and it says what is left",
    async (signal, status) => {
      const folder = makeStack(files);
      const events = join(folder, "events");
      const run = followKoine(folder, ["apply", "--simulate", "--yes", "--events", events], writeFaults(folder, slow("CreateVpc", 1500)));
      await run.until("create network.main:gateway");
      run.child.kill(signal);
      const end = await run.end;
      expect(end.status).toBe(status);
      expect(end.stderr).toContain("Stopping: nothing new is started");
      expect(end.stderr).toContain("✓ create network.main:vpc");
      expect(end.stderr).toMatch(/Stopped; what was done is recorded\. Run apply again for the rest: 2 done, \d+ skipped\./);
      expect(
        mutatingRequests(worldOf(folder))
          .map((request) => request.operation)
          .sort(),
      ).toEqual([
        "CreateInternetGateway",
        "CreateVpc",
        // The second step of what was under way.
        "ModifyVpcAttribute",
      ]);
      const told = readEvents(events);
      expect(told.at(-1)).toMatchObject({ kind: "run-ended", exit: status });
      expect(told.filter((event) => /^operation-(done|failed|skipped)$/.test(event.kind))).toHaveLength(
        told.find((event) => event.kind === "apply-started")?.operations ?? -1,
      );
      await demandRest(folder);
    },
  );

  test("while it plans, and while a plan is made: it leaves, and nothing was begun", async () => {
    const folder = makeStack(files);
    const faults = writeFaults(folder, slow("Describe*", 20_000));
    const events = join(folder, "events");
    const run = followKoine(folder, ["apply", "--simulate", "--yes", "--events", events], faults);
    while (!existsSync(events) || !readEvents(events).some((event) => event.kind === "lock-taken"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    run.child.kill("SIGTERM");
    const end = await run.end;
    expect(end.status).toBe(143);
    expect(end.stderr).toContain("Stopped before anything was begun.");
    expect(end.stderr).not.toMatch(/internal error|error:/);
    expect(readEvents(events).at(-1)).toMatchObject({ kind: "run-ended", result: "terminated" });

    const fresh = makeStack(files);
    const plan = followKoine(fresh, ["plan", "--simulate"], faults);
    while (!existsSync(join(fresh, ".koine", "simulator", "aws.db"))) await new Promise((resolve) => setTimeout(resolve, 20));
    plan.child.kill("SIGINT");
    expect((await plan.end).status).toBe(130);
    await demandRest(folder);
  });

  test("while it waits for the lock: it leaves, and who holds the lock is not disturbed", async () => {
    const folder = makeStack(files);
    const first = followKoine(folder, ["apply", "--simulate", "--yes"], writeFaults(folder, slow("CreateVpc", 3000)));
    await first.until("create network.main:gateway");
    const second = followKoine(folder, ["apply", "--simulate", "--yes", "--lock-timeout", "5m"]);
    await second.until("Waiting for the lock of");
    second.child.kill("SIGINT");
    expect((await second.end).status).toBe(130);
    expect((await first.end).status).toBe(0);
    expect(tallyWorld(worldOf(folder))).toEqual(calm);
  });

  test.runIf(existsSync("/usr/bin/script"))("at the question: Ctrl-C and `n` do nothing, `y` applies", async () => {
    const folder = makeStack(files);
    const answer = async (keys: string): Promise<{ readonly status: number | null; readonly stderr: string }> => {
      // A terminal of its own: without one nobody is asked.
      const command = `${join(root, "bin", "koine")} -C ${folder} apply --simulate`;
      const child = spawn("/usr/bin/script", ["-qec", command, "/dev/null"], { env: { ...cleanEnvironment({}), CI: "" } });
      let told = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const asked = told.includes("[y/N]");
        told += text;
        if (!asked && told.includes("[y/N]")) child.stdin.write(keys);
      });
      const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
      return { status, stderr: told };
    };
    expect(await answer("\u0003")).toMatchObject({ status: 130 });
    expect(await answer("n\r")).toMatchObject({ status: 1 });
    expect(mutatingRequests(worldOf(folder))).toEqual([]);
    expect(await answer("y\r")).toMatchObject({ status: 0 });
    expect(tallyWorld(worldOf(folder))).toEqual(calm);
  });
});

test("twice: it leaves at once, what was out is named, and the next apply settles it", async () => {
  const folder = makeStack(files);
  const events = join(folder, "events");
  const run = followKoine(folder, ["apply", "--simulate", "--yes", "--events", events], writeFaults(folder, slow("CreateVpc", 30_000)));
  await run.until("create network.main:gateway");
  run.child.kill("SIGINT");
  await run.until("Stopping");
  run.child.kill("SIGINT");
  const end = await run.end;
  expect(end.status).toBe(130);
  expect(end.stderr).toContain("1 left in flight");
  expect(end.stderr).toContain("in flight network.main:vpc: the next apply settles it");
  const told = readEvents(events);
  expect(told.at(-1)).toMatchObject({ kind: "run-ended", exit: 130 });
  expect(told.find((event) => event.kind === "operation-failed")).toMatchObject({ key: "network.main:vpc" });
  await demandRest(folder);
  expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "vpc")).toHaveLength(1);
});

describe("a request that fails", () => {
  test("branches beside it go on, what depends on it is skipped and says why, exit 4; the plan shows the rest", async () => {
    const folder = makeStack(files);
    const environment = writeFaults(folder, "{ operation: CreateSubnet, where: { CidrBlock: 10.0.0.0/24 }, do: { kind: deny } }");
    const { stderr } = await expectKoine(folder, ["apply", "--simulate", "--yes"], 4, { environment });
    expect(stderr).toContain("✓ create subnet.b:association");
    expect(stderr).toMatch(/✗ create subnet\.a:subnet: .*UnauthorizedOperation/);
    expect(stderr).toContain("skipped subnet.a:association: it depends on `subnet.a:subnet`, which was not done");
    expect(stderr).toContain("Partly done; what was done is recorded. Run apply again for the rest");
    const { stdout } = await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 2);
    expect(stdout).toContain("subnet.a");
    expect(stdout).not.toContain("subnet.b");
    await demandRest(folder);
  });

  test("the very first: nothing was changed, exit 1", async () => {
    const folder = makeStack(files);
    const { stderr } = await expectKoine(folder, ["apply", "--simulate", "--yes"], 1, {
      environment: writeFaults(folder, "{ operation: mutating, do: { kind: deny } }"),
    });
    expect(stderr).toContain("Failed, and nothing was changed: 0 done, 2 failed");
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.tags["koine:address"])).toEqual([]);
    await demandRest(folder);
  });
});
