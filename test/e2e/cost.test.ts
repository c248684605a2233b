// What a stack costs, as the command line says it: the last line of a plan, the report, and the table of clouds. Figures are checked by hand against the
// catalog: m5.large 0.096 and m5.xlarge 0.192 USD an hour in us-east-1, gp3 0.08 USD a GiB-month.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectKoine, makeStack } from "../support/run-koine.ts";

const source = `stack shop
input n: int = 1
input type: string = "m5.large"
cloud aws { region = "us-east-1" }
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
machine web[i in 0..n] {
  cpu = 2
  memory = 8GiB
  image = "debian-12"
  subnet = app
  disk root { size = 20GiB }
  on aws { instance_type = type }
}
`;

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

test("a plan ends with what it makes of the bill, before and after the first apply", async () => {
  const folder = makeStack({ "main.koine": source });
  const said = async (...args: readonly string[]): Promise<string> =>
    lastLine((await expectKoine(folder, ["plan", "--simulate", ...args], 0)).stdout);
  // 0.096 × 730 + 20 × 0.08
  expect(await said()).toBe("≈ +71.68 USD/month (estimate, prices of 2026-08)");
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  const path = join(folder, "report.json");
  // Two of 0.192 × 730 + 1.60, less the one of before
  expect(await said("--set", "n=2", "--set", "type=m5.xlarge", "--report", path)).toBe("≈ +211.84 USD/month (estimate, prices of 2026-08)");
  expect((JSON.parse(readFileSync(path, "utf8")) as { readonly cost: unknown }).cost).toEqual({
    currency: "USD",
    pricedAt: "2026-08",
    before: 71.68,
    after: 283.52,
    byCloud: [{ cloud: "aws", before: 71.68, after: 283.52 }],
    lines: [
      { address: "machine.web[1]", cloud: "aws", before: 0, after: 141.76, what: "gp3 20 GiB, m5.xlarge" },
      { address: "machine.web[0]", cloud: "aws", before: 71.68, after: 141.76, what: "m5.large → m5.xlarge" },
    ],
    unpriced: [],
  });
  expect(await said("--destroy")).toBe("≈ −71.68 USD/month (estimate, prices of 2026-08)");
});

test("lower --prices compares the clouds, as text and as JSON; it asks none of them", async () => {
  const folder = makeStack({ "main.koine": source.replace("20GiB", "30GiB") });
  const { stdout, stderr } = await expectKoine(folder, ["lower", "--prices"], 0);
  expect(stderr).toBe("");
  const rows = stdout.split("\n").map((line) => line.trim().split(/ {2,}/));
  expect(rows).toContainEqual(["aws us-east-1", "azure eastus2", "gcp us-east4"]);
  expect(rows).toContainEqual(["machine.web[0]", "72.48", "66.28 + ?", "58.39"]);
  expect(stdout).toContain("settings for its own cloud alone do not count there: machine.web[0]");
  const data = JSON.parse((await expectKoine(folder, ["lower", "--prices", "--format", "json"], 0)).stdout) as {
    readonly version: number;
    readonly objects: object;
    readonly prices: readonly { readonly title: string; readonly monthly: number }[];
  };
  expect(data.version).toBe(1);
  expect(Object.keys(data.objects)).toContain("machine.web[0]:instance");
  expect(data.prices.map(({ title, monthly }) => [title, monthly])).toEqual([
    ["aws us-east-1", 72.48],
    ["azure eastus2", 66.28],
    ["gcp us-east4", 58.39],
  ]);
});
