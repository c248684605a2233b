// The describe call behind route tables, their routes and their associations.

import type { Filter, RouteTable } from "@aws-sdk/client-ec2";
import type { Ec2Call } from "../operations.ts";
import { readPages } from "../sweep.ts";

/** Pages hold 100 tables at most. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html */
export function readRouteTables(call: Ec2Call, Filters: Filter[]): Promise<readonly RouteTable[]> {
  return readPages(call.client, "DescribeRouteTables", { Filters, MaxResults: 100 }, (page) => page.RouteTables, call.signal);
}
