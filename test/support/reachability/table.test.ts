// The comparison of tables, with oracles made up: a difference is found and readable, and what the portable meaning leaves open is not compared.

import { expect, test } from "vitest";
import { closed, type Oracle, open, type Probe, type Verdict } from "./oracle.ts";
import { compareTables, describeDifference } from "./table.ts";

const probes: readonly Probe[] = [80, 81, 82].map((port) => ({
  from: { kind: "internet", ip: "198.51.100.7" },
  to: { kind: "public", name: "law-a" },
  traffic: { protocol: "tcp", port },
}));

function oracle(name: string, verdicts: readonly Verdict[]): Oracle {
  return { name, judge: ({ traffic }) => verdicts[(traffic.port ?? 0) - 80] ?? closed("nothing") };
}

const portable = oracle("portable", [open("a rule"), closed("no rule"), { answer: "unpromised", why: "mail" }]);

test("equal tables have no difference", () => {
  const same = oracle("aws", [open("sg-1"), closed("no rule of sg-1"), open("sg-1")]);
  expect(compareTables(probes, [portable, same])).toEqual({ cells: 3, unpromised: 1, open: 1, differences: [] });
});

test("a difference of any cloud is found, and shows what decided everywhere", () => {
  const same = oracle("aws", [open("sg-1"), closed("no rule of sg-1"), open("sg-1")]);
  const other = oracle("gcp", [open("rule-a"), open("rule-b"), closed("implied")]);
  const { differences } = compareTables(probes, [portable, same, other]);
  expect(differences.map(describeDifference)).toEqual([
    [
      "198.51.100.7 on the internet → law-a by its public address tcp 81",
      "  portable  closed  no rule",
      "  aws       closed  no rule of sg-1",
      "  gcp       open    rule-b",
    ].join("\n"),
  ]);
});
