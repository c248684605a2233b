import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { cleanEnvironment, root } from "../../test/support/koine-process.ts";
import { openChildren, runSome } from "./run-child.ts";

const scratch = mkdtempSync(join(tmpdir(), "koine-child-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("never more at once than allowed, results in the order of the items", async () => {
  let running = 0;
  let most = 0;
  const results = await runSome([5, 1, 4, 2, 3, 0, 6], 3, async (item) => {
    running++;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 0, 60]);
  expect(most).toBe(3);
  expect(await runSome([], 3, () => Promise.resolve(1))).toEqual([]);
});

test("a child's exit code, what it was asked for, and all that it told; it sees only what it is given", async () => {
  const children = openChildren();
  try {
    const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
      children.run({ args, directory: scratch, environment });
    const version = await run(["version"]);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^koine /), output: expect.stringMatching(/^koine /) });
    const wrong = await run(["-C", scratch, "check", "--no-color"]);
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.output).toContain("there is no `*.koine` file here");
  } finally {
    children.end();
  }
});

test("a signal is passed on, and nothing is begun after it", { timeout: 30_000 }, async () => {
  // `koine simulate` ends by a signal only.
  const program = `
    import { openChildren } from ${JSON.stringify(join(root, "cli/ci/run-child.ts"))};
    const children = openChildren();
    const task = { args: ["-C", ${JSON.stringify(scratch)}, "simulate"], directory: ${JSON.stringify(scratch)}, environment: process.env };
    const first = children.run(task);
    console.log("started");
    await first;
    const second = await children.run(task);
    console.log(JSON.stringify({ exit: children.exitCode(), second: second.code }));
    children.end();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    env: cleanEnvironment({}),
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (out === "") child.kill("SIGTERM");
    out += text;
  });
  expect(await ended).toBe(0);
  expect(JSON.parse(out.split("\n")[1] ?? "")).toEqual({ exit: 143, second: 143 });
});
