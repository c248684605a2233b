import { expect, it } from "vitest";
import { matchLimits } from "../../engine/apply/rate-limit.ts";
import { ec2Limits } from "./limits.ts";

const sizes = (operation: string) => matchLimits(ec2Limits, operation).map(({ capacity, refillPerSecond }) => [capacity, refillPerSecond]);

it.each([
  [
    "ec2:RunInstances",
    [
      [5, 2],
      [1_000, 2],
    ],
  ],
  [
    "ec2:TerminateInstances",
    [
      [100, 5],
      [1_000, 20],
    ],
  ],
  [
    "ec2:StopInstances",
    [
      [50, 5],
      [1_000, 20],
    ],
  ],
  ["ec2:CreateNatGateway", [[10, 1]]],
  ["ec2:CreateVpc", [[50, 5]]],
  ["ec2:AuthorizeSecurityGroupIngress", [[50, 5]]],
  ["ec2:DescribeInstances", [[100, 20]]],
] as const)("%s has the documented buckets", (operation, expected) => {
  expect(sizes(operation)).toEqual(expected);
});

it("evaluates each operation by itself", () => {
  const buckets = ec2Limits.map((limit) => limit.bucket);
  expect(new Set(buckets).size).toBe(buckets.length);
});
