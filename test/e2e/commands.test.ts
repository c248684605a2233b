// Commands as their users meet them: secrets that stay secret, locks, signals, protection, environments, the simulator as a server.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { cleanEnvironment, copyExample, expectKoine, makeScratch, makeStack, root, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects } from "../support/world.ts";

const koine = join(root, "bin", "koine");

const machine = `
stack one
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
`;

describe("secrets", () => {
  test("a secret reaches the machine and stands nowhere else", async () => {
    const word = "correct-horse-battery-staple";
    const folder = makeStack({
      "main.koine": `${machine}
input password: secret string
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, user_data = "#!/bin/sh\\necho ${"${password}"} > /etc/word\\n" }
output word: secret string = password
`,
      "koine.yaml": "inputs_from: { password: env:WORD }\n",
    });
    const environment = { WORD: word };
    const planFile = join(folder, "p");
    const told = [
      await expectKoine(folder, ["plan", "--simulate", "-o", planFile], 0, { environment }),
      await expectKoine(folder, ["lower"], 0, { environment }),
      await expectKoine(folder, ["show", planFile, "--format", "json"], 0, { environment }),
      await expectKoine(folder, ["apply", "--simulate", planFile], 0, { environment }),
      await expectKoine(folder, ["state", "show", "machine.m", "--simulate", "--format", "json"], 0, { environment }),
      await expectKoine(folder, ["output", "--simulate"], 0, { environment }),
      await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0, { environment }),
    ];
    const encoded = Buffer.from(`#!/bin/sh\necho ${word} > /etc/word\n`).toString("base64");
    const kept = [
      planFile,
      ...readdirSync(worldOf(folder))
        .filter((name) => name.startsWith("state.db") || name.endsWith(".lock"))
        .map((name) => join(worldOf(folder), name)),
    ];
    expect(kept.length).toBeGreaterThan(1);
    for (const text of [...told.flatMap((result) => [result.stdout, result.stderr]), ...kept.map((file) => readFileSync(file, "latin1"))]) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(encoded.slice(0, 60));
    }
    // It did arrive, and is told to who asks for it by name.
    const instance = readWorld(worldOf(folder)).find((object) => object.type === "instance");
    const { userData = "" } = (instance?.row ?? {}) as { readonly userData?: string };
    expect(Buffer.from(userData, "base64").toString()).toContain(word);
    const output = await expectKoine(folder, ["output", "word", "--raw", "--simulate"], 0, { environment });
    expect(output.stdout).toBe(word);
    const changed = await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 2, { environment: { WORD: "another" } });
    expect(changed.stdout).toContain("(secret) changes");
  });

  test("an input from an unset variable is an error that names it", async () => {
    const folder = makeStack({
      "main.koine": `${machine}input password: secret string\n`,
      "koine.yaml": "inputs_from: { password: env:WORD }\n",
    });
    const result = await expectKoine(folder, ["plan", "--simulate"], 1);
    expect(result.stderr).toContain("K4008");
    expect(result.stderr).toContain("`WORD`");
  });
});

describe("one run at a time", () => {
  test("a held lock is told with its holder, and `--lock-timeout` waits for it", async () => {
    const folder = copyExample("web");
    const slow = { environment: { KOINE_SIMULATE_DELAYS: "short" } };
    const first = runKoine(folder, ["apply", "--simulate", "--yes"], slow);
    const state = join(folder, ".koine", "simulator", "state.db");
    while (!existsSync(state)) await new Promise((resolve) => setTimeout(resolve, 20));
    let second = await runKoine(folder, ["apply", "--simulate", "--yes"]);
    // The first may not have come as far as the lock yet; then this one found nothing in its way.
    for (let tries = 0; second.status !== 75 && tries < 3; tries++) second = await runKoine(folder, ["apply", "--simulate", "--yes"]);
    expect(second.status).toBe(75);
    expect(second.stderr).toMatch(/locked by .* pid \d+, apply since/);
    const third = await runKoine(folder, ["apply", "--simulate", "--yes", "--lock-timeout", "2m"]);
    expect(third.status).toBe(0);
    expect((await first).status).toBe(0);
  });

  test("Ctrl-C ends what is in flight, records it, exits 130, and the next apply does the rest", async () => {
    const folder = copyExample("web");
    const child = spawn(koine, ["-C", folder, "apply", "--simulate", "--yes"], {
      env: cleanEnvironment({ KOINE_SIMULATE_DELAYS: "short" }),
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (text.includes("✓ create network.main:vpc")) child.kill("SIGINT");
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(told).toContain("Stopping");
    expect(status).toBe(130);
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "instance")).toEqual([]);
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "vpc")).toHaveLength(1);
  });
});

describe("refusals", () => {
  test("a protected resource is not destroyed: exit 5, and nothing was done", async () => {
    const folder = makeStack({ "main.koine": machine.replace("network main", "@protect\nnetwork main") });
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const before = livingObjects(readWorld(worldOf(folder))).length;
    const refused = await expectKoine(folder, ["destroy", "--simulate", "--yes"], 5);
    expect(refused.stderr).toContain("network.main");
    expect(livingObjects(readWorld(worldOf(folder)))).toHaveLength(before);
  });

  test.each([
    [["--env", "prdo", "plan", "--simulate"], 1, "did you mean `prod`"],
    [["plan", "--simulate", "--set", "replicas"], 1, "K4007"],
    [["plan", "--simulate", "--set", "replicas=many"], 1, "replicas"],
    [["plan", "--simulate", "--set", "replicas=900"], 1, "between 1 and 50"],
    [["plan", "--simulate", "--target", "machine.wbe"], 1, "machine.wbe"],
    [["apply", "--simulate", "--yes", "--lock-timeout", "soon"], 64, "soon"],
    [["apply", "--simulate", "no-such-file"], 1, "no-such-file"],
    [["plan", "--frobnicate"], 64, "frobnicate"],
    [["plna"], 64, "Did you mean plan?"],
  ] as const)("koine %j exits %i and says why", async (args, status, words) => {
    const result = await expectKoine(copyExample("web"), args, status);
    expect(result.stderr).toContain(words);
    expect(result.stderr).not.toMatch(/\n\s+at |internal error/);
  });

  test("a koine.yaml with an unknown entry is refused at its place", async () => {
    const folder = makeStack({ "main.koine": machine, "koine.yaml": "state: sqlite:.koine/state.db\ninptus: {}\n" });
    const result = await expectKoine(folder, ["check"], 1);
    expect(result.stderr).toContain("koine.yaml:2:1");
    expect(result.stderr).toContain("did you mean `inputs`?");
  });
});

describe("environments and formats", () => {
  test("each environment has its own state; machine formats stand alone on stdout", async () => {
    const folder = copyExample("web");
    await expectKoine(folder, ["--env", "staging", "apply", "--simulate", "--yes"], 0);
    const prod = await expectKoine(folder, ["--env", "prod", "plan", "--simulate", "--format", "json"], 0);
    const plan = JSON.parse(prod.stdout) as {
      readonly koinePlan: number;
      readonly serial: number;
      readonly changes: readonly { readonly action: string; readonly key: string }[];
    };
    expect(plan.koinePlan).toBe(1);
    expect(plan.serial).toBe(0);
    expect(plan.changes.every((change) => change.action === "create")).toBe(true);
    expect(plan.changes.filter((change) => /^machine\.web/.test(change.key))).toHaveLength(6);
    for (const args of [
      ["check", "--format", "json"],
      ["lower", "--format", "json"],
      ["--env", "staging", "status", "--simulate", "--format", "json"],
      ["--env", "staging", "output", "--simulate", "--json"],
    ]) {
      const { stdout } = await expectKoine(folder, args, 0);
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });

  test("events are complete and in order", async () => {
    const folder = makeStack({ "main.koine": machine });
    const file = join(folder, "events");
    await expectKoine(folder, ["apply", "--simulate", "--yes", "--events", file], 0);
    const events = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly kind: string; readonly operation?: string; readonly operations?: number });
    expect(events[0]?.kind).toBe("run-started");
    expect(events.at(-1)?.kind).toBe("run-ended");
    const of = (kind: string): readonly (string | undefined)[] =>
      events.filter((event) => event.kind === kind).map((event) => event.operation);
    expect(of("operation-done")).toHaveLength(events.find((event) => event.kind === "apply-started")?.operations ?? -1);
    for (const operation of of("operation-done")) {
      const kinds = events.filter((event) => event.operation === operation).map((event) => event.kind);
      expect(kinds[0]).toBe("operation-started");
      expect(kinds.at(-1)).toBe("operation-done");
      expect(kinds.filter((kind) => kind === "step-sent").length).toBe(kinds.filter((kind) => kind === "step-done").length);
    }
  });
});

describe("the embedded clouds as a server", () => {
  test("the vendor's own tools see the world of the simulated runs, until SIGTERM", async () => {
    const folder = makeStack({ "main.koine": machine });
    await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
    const child = spawn(koine, ["-C", folder, "simulate"], { env: cleanEnvironment({}) });
    let told = "";
    const exports = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        told += text;
        if (told.includes("AWS_REGION")) resolve(told);
      });
    });
    const variable = (name: string): string => new RegExp(`export ${name}=(.*)`).exec(exports)?.[1] ?? "";
    const client = new EC2Client({
      endpoint: variable("AWS_ENDPOINT_URL_EC2"),
      region: "eu-west-1",
      credentials: { accessKeyId: variable("AWS_ACCESS_KEY_ID"), secretAccessKey: variable("AWS_SECRET_ACCESS_KEY") },
    });
    const { Vpcs } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:koine:address", Values: ["*"] }] }));
    expect(Vpcs?.map((vpc) => vpc.CidrBlock)).toEqual(["10.0.0.0/16"]);
    client.destroy();
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(143);
  });

  test("`simulate` needs no stack, and `init` none of its questions answered", async () => {
    const folder = makeScratch();
    const result = await expectKoine(folder, ["init"], 0);
    expect(result.stderr).toContain("Wrote");
    const again = await expectKoine(folder, ["init", "--template", "lab"], 1);
    expect(again.stderr).toContain("holds a stack already");
    writeFileSync(join(folder, "web.koine"), "stack");
    const broken = await expectKoine(folder, ["check"], 1);
    expect(broken.stderr).toMatch(/error K11\d\d/);
  });
});
