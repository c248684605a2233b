// Small cost: observing a thousand machines among ten thousand foreign ones takes calls in proportion to pages, on each cloud.

import { expect, test } from "vitest";
import { cloudNames, clouds } from "../support/clouds.ts";
import { expectKoine, makeStack, worldOf } from "../support/run-koine.ts";

/**
 * The most calls of one list: EC2 and GCE filter by the mark, so that only pages of ours come (1,000 and 500 on one; volumes of ours are asked for by
 * the ids of their machines, of which EC2 takes 200 in a filter); ARM tells the power state of
 * machines by pages of the whole subscription alone, here 250 on one.
 */
const most = { aws: 1_000 / 200 + 1, gcp: 4, azure: 11_000 / 250 + 2 } as const;

test.each(cloudNames)("%s: 1,000 of ours among 10,000 foreign ones", { timeout: 600_000 }, async (cloud) => {
  const folder = makeStack({
    "main.koine": `
stack fleet
${clouds[cloud].block}
network main { cidr = 10.0.0.0/16, internet = false }
subnet a { network = main, cidr = 10.0.0.0/20, public = false }
machine m[i in 0..1000] { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }
`,
  });
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  const world = worldOf(folder);
  clouds[cloud].populate(world, 10_000);
  const before = clouds[cloud].requests(world).length;
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  const calls = clouds[cloud].requests(world).slice(before);
  expect(calls.filter((call) => call.mutating)).toEqual([]);
  const byOperation = Map.groupBy(calls, (call) => call.operation);
  // None is made for each machine.
  for (const [operation, made] of byOperation)
    expect({ operation, calls: Math.max(made.length, most[cloud]) }).toEqual({ operation, calls: most[cloud] });
});
