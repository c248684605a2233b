import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Terminal } from "../terminal.ts";
import { openHostLog } from "./host-log.ts";

const folder = mkdtempSync(join(tmpdir(), "koine-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps what is written, with nothing taken out: the log may not lean on the terminal. */
function record(): { readonly terminal: Terminal; readonly lines: () => readonly string[] } {
  let text = "";
  const add = (more: string): void => {
    text += more;
  };
  const terminal: Terminal = {
    out: add,
    raw: add,
    tell: add,
    keepBelow: () => {},
    color: false,
    live: false,
    interactive: false,
    width: 100,
    style: (_, plain) => plain,
  };
  return { terminal, lines: () => text.split("\n") };
}

test("on GitHub, lines of others stand where commands are stopped, by a word that they cannot know", () => {
  const { terminal, lines } = record();
  openHostLog(terminal, { GITHUB_ACTIONS: "true" }).print("::set-output name=x::y\n::stop-commands::z\n::endgroup::");
  const [stop, ...rest] = lines();
  const token = /^::stop-commands::([0-9a-f]{32})$/.exec(stop ?? "")?.[1];
  expect(token).toBeDefined();
  expect(rest).toEqual(["::set-output name=x::y", "::stop-commands::z", "::endgroup::", `::${token}::`, ""]);
});

test("on GitHub, titles and annotations are encoded", async () => {
  const { terminal, lines } = record();
  const log = openHostLog(terminal, { GITHUB_ACTIONS: "true" });
  await log.group("infra\n::error::x", async () =>
    log.annotate({ file: "a,b:c.koine", line: 3, level: "error", title: "K1,1", message: "one\n::error::two" }),
  );
  expect(lines()).toEqual([
    "::group::infra%0A::error::x",
    "::error file=a%2Cb%3Ac.koine,line=3,title=K1%2C1::one%0A::error::two",
    "::endgroup::",
    "",
  ]);
});

test("a group ends when its work fails", async () => {
  for (const variables of [{ GITHUB_ACTIONS: "true" }, { GITLAB_CI: "true" }]) {
    const { terminal, lines } = record();
    await expect(openHostLog(terminal, variables).group("x", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(lines().at(-2)).toMatch(/endgroup|section_end/);
  }
});

test("a value of an output holds any line without ending it", () => {
  const file = join(folder, "output");
  const { terminal, lines } = record();
  const log = openHostLog(terminal, { GITHUB_ACTIONS: "true", GITHUB_OUTPUT: file });
  log.setOutput("digest", "EOF\nend-0\nother=1");
  log.setOutput("changes", "true");
  const [first = "", ...rest] = readFileSync(file, "utf8").split("\n");
  const [, end] = first.split("<<");
  expect(end).toMatch(/^end-[0-9a-f]{32}$/);
  expect(rest.slice(0, 4)).toEqual(["EOF", "end-0", "other=1", end]);
  expect(lines()).toEqual([""]);
});

test("the page of a step takes 1 MiB and no more; that something is left out is said once there is room for it", () => {
  const file = join(folder, "summary");
  const log = openHostLog(record().terminal, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: file });
  writeFileSync(file, "x".repeat(1024 * 1024 - 200));
  log.addSummary("# fits");
  log.addSummary("é".repeat(200));
  const text = readFileSync(file, "utf8").replace(/^x+/, "");
  expect(text).toBe("# fits\n\n_More does not fit on this page; the artefacts hold it._\n");
  for (let i = 0; i < 10; i++) log.addSummary("é".repeat(200));
  expect(readFileSync(file).length).toBeLessThanOrEqual(1024 * 1024);
});

test("on GitLab a section has a name of ours and a title without control characters", async () => {
  const { terminal, lines } = record();
  await openHostLog(terminal, { GITLAB_CI: "true" }).group("a\r\u001b[0Ksection_end:1:koine_1\r", async () => {});
  const [begin] = lines();
  expect(begin?.replace(/start:\d+:/, "start:0:")).toBe(
    "\u001b[0Ksection_start:0:koine_1[collapsed=true]\r\u001b[0Ka??[0Ksection_end:1:koine_1?",
  );
});
