import type { DescribeVpcsCommandInput, DescribeVpcsCommandOutput, Filter } from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import type { Ec2 } from "./operations.ts";
import { readByValues, readPages } from "./sweep.ts";

/** Answers DescribeVpcs with these pages, whatever is asked. */
function serve(pages: readonly Partial<DescribeVpcsCommandOutput>[]) {
  const asked: DescribeVpcsCommandInput[] = [];
  const send = async (_operation: string, input: DescribeVpcsCommandInput) => {
    asked.push(input);
    return { $metadata: {}, ...pages[asked.length - 1] };
  };
  return { asked, client: { region: "eu-west-1", send } as unknown as Ec2 };
}

const signal = AbortSignal.timeout(5_000);

it("follows page tokens, over an empty page too", async () => {
  const { client, asked } = serve([
    { Vpcs: [{ VpcId: "vpc-1" }], NextToken: "a" },
    { Vpcs: [], NextToken: "b" },
    { Vpcs: [{ VpcId: "vpc-2" }] },
  ]);
  const rows = await readPages(client, "DescribeVpcs", { MaxResults: 5 }, (page) => page.Vpcs, signal);
  expect(rows.map((row) => row.VpcId)).toEqual(["vpc-1", "vpc-2"]);
  expect(asked).toEqual([{ MaxResults: 5 }, { MaxResults: 5, NextToken: "a" }, { MaxResults: 5, NextToken: "b" }]);
});

it("does not go round in circles", async () => {
  const { client, asked } = serve(Array.from({ length: 10 }, () => ({ Vpcs: [], NextToken: "again" })));
  await expect(readPages(client, "DescribeVpcs", {}, (page) => page.Vpcs, signal)).rejects.toMatchObject({
    details: { code: "unavailable" },
  });
  expect(asked).toHaveLength(2);
});

it("asks for 200 values a call, each once", async () => {
  const asked: Filter[] = [];
  const values = Array.from({ length: 450 }, (_, n) => `vpc-${n}`);
  const rows = await readByValues(
    [...values, ...values],
    async (by) => {
      asked.push(by);
      return by.Values ?? [];
    },
    "vpc-id",
  );
  expect(asked.map((by) => by.Values?.length)).toEqual([200, 200, 50]);
  expect(rows).toEqual(values);
});

it("asks nothing for nothing", async () => {
  expect(await readByValues([], () => Promise.reject(new Error("asked")), "vpc-id")).toEqual([]);
});
