// The table that oracles are compared by: one cell for each pair of ends and each kind of traffic. Knows no cloud.

import type { Endpoint, Oracle, Probe, Traffic, Verdict } from "./oracle.ts";

export interface Difference {
  readonly probe: Probe;
  /** The opinion of each oracle, in their order. */
  readonly verdicts: readonly { readonly oracle: string; readonly verdict: Verdict }[];
}

export interface Comparison {
  readonly cells: number;
  /** Cells that the portable meaning leaves open; there the clouds may differ. */
  readonly unpromised: number;
  /** Cells that all called open: a table of refusals alone proves little. */
  readonly open: number;
  /** In the order of the probes, which begin with the plainest. */
  readonly differences: readonly Difference[];
}

/** Asks all oracles for every cell. The first is the portable one, whose `unpromised` cells are not compared. */
export function compareTables(probes: readonly Probe[], oracles: readonly Oracle[]): Comparison {
  const [first, ...others] = oracles;
  if (!first) throw new Error("there is nothing to compare");
  const differences: Difference[] = [];
  let unpromised = 0;
  let open = 0;
  for (const probe of probes) {
    const expected = first.judge(probe).answer;
    if (expected === "unpromised") unpromised += 1;
    else if (others.some((oracle) => oracle.judge(probe).answer !== expected)) {
      differences.push({ probe, verdicts: oracles.map((oracle) => ({ oracle: oracle.name, verdict: oracle.judge(probe) })) });
    } else if (expected === "open") open += 1;
  }
  return { cells: probes.length, unpromised, open, differences };
}

/** ```
 * law-a → law-b tcp 80
 *   portable  open    firewall.f allows tcp 80 from any
 *   aws       closed  no egress rule of sg-1
 * ``` */
export function describeDifference({ probe, verdicts }: Difference): string {
  const width = Math.max(...verdicts.map(({ oracle }) => oracle.length));
  const lines = verdicts.map(({ oracle, verdict }) => `  ${oracle.padEnd(width)}  ${verdict.answer.padEnd(6)}  ${verdict.why}`);
  return [describeProbe(probe), ...lines].join("\n");
}

export function describeProbe({ from, to, traffic }: Probe): string {
  return `${describeEndpoint(from)} → ${describeEndpoint(to)} ${describeTraffic(traffic)}`;
}

export function describeTraffic({ protocol, port }: Traffic): string {
  return port === undefined ? protocol : `${protocol} ${port}`;
}

function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "machine":
      return endpoint.name;
    case "public":
      return `${endpoint.name} by its public address`;
    case "internet":
      return `${endpoint.ip} on the internet`;
    case "metadata":
      return "the metadata service";
  }
}
