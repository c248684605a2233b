// The describe call behind Elastic IPs and their associations.

import type { Address, Filter } from "@aws-sdk/client-ec2";
import type { Ec2Call } from "../operations.ts";

/** DescribeAddresses has no pages. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html */
export async function readAddresses(call: Ec2Call, Filters: Filter[]): Promise<readonly Address[]> {
  return (await call.client.send("DescribeAddresses", { Filters }, call.signal)).Addresses ?? [];
}
