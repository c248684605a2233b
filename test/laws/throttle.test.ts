// An apply of 500 objects against an embedded cloud with the documented token buckets, on a virtual clock: no answer says "throttled", and the time taken
// is close to what no scheduler could beat. That floor is computed here, from the request log and the vendor's page, not by the code that is judged.

import { expect, test } from "vitest";
import { clouds } from "../support/clouds.ts";
import { createPacedTime, type PaceOptions } from "../support/paced-time.ts";
import { openStackRig } from "../support/stack-rig.ts";

/** On EC2: a network, subnets with a table each, machines, and for half of them a disk and its attachment. */
const wide = (machines: number) => `
stack wide
${clouds.aws.block}
network main { cidr = 10.0.0.0/16, internet = false }
subnet s[i in 0..10] { network = main, cidr = subnet(10.0.0.0/16, 8, i), public = false }
firewall web {
  network = main
  allow tcp 80 from 10.0.0.0/8
}
machine m[i in 0..${machines}] { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = s[i % 10], firewall = web }
disk d[i in 0..${Math.ceil(machines / 2)}] { size = 10GiB, attach = m[i] }
`;

/**
 * Tokens at most and tokens a second, of every operation that an apply of the stack above sends more often than its bucket is deep.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html#throttling-limits-rate-based
 */
const documented: Readonly<Record<string, readonly [burst: number, rate: number]>> = {
  RunInstances: [5, 2],
  CreateVolume: [100, 5],
  AttachVolume: [50, 5],
};

interface Run {
  readonly objects: number;
  /** Virtual milliseconds from the first event to the last. */
  readonly took: number;
  readonly sent: ReadonlyMap<string, number>;
  readonly throttled: number;
}

async function apply(machines: number, pacing: PaceOptions): Promise<Run> {
  const rig = await openStackRig({
    pace: createPacedTime(pacing),
    delays: "realistic",
    faults: { throttling: true },
    requestDeadline: 60_000,
  });
  try {
    const { plan, result, events } = await rig.apply(wide(machines));
    expect(result.failed.map(({ error }) => error.message)).toEqual([]);
    expect(result.kind).toBe("done");
    const sent = new Map<string, number>();
    for (const { operation } of rig.requests()) sent.set(operation, (sent.get(operation) ?? 0) + 1);
    return {
      objects: plan.changes.length,
      took: (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0),
      sent,
      throttled: rig.requests().filter((request) => request.outcome === "RequestLimitExceeded").length,
    };
  } finally {
    await rig.close();
  }
}

/** Milliseconds that the slowest bucket needs for what was sent: a full bucket at first, its rate from then on. */
function floorOfBuckets(sent: ReadonlyMap<string, number>): number {
  const floors = [...sent].flatMap(([operation, times]) => {
    const [burst, rate] = documented[operation] ?? [times, 1];
    return ((times - burst) / rate) * 1000;
  });
  return Math.max(0, ...floors);
}

/** 200 ms there and back, log-normal: the median call takes that, one in twenty more than half a second. */
const logNormal = (random: () => number): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return 100 * Math.exp(0.6 * normal);
};

test.each([
  ["without latency", { seed: 1 }],
  ["with 200 ms of log-normal latency", { seed: 2, latency: logNormal }],
] as const)("500 objects %s: never throttled, and within a tenth of the floor", { timeout: 300_000 }, async (_, pacing) => {
  const one = await apply(1, pacing);
  const all = await apply(236, pacing);
  expect(all.objects).toBeGreaterThanOrEqual(500);
  expect(all.throttled).toBe(0);
  // What one machine of the stack takes, one request after another, is the longest path: the others hang beside it.
  const floor = Math.max(one.took, floorOfBuckets(all.sent));
  expect(all.took / floor).toBeLessThanOrEqual(1.1);
});
