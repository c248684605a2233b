// Reading EC2 page by page and filter by filter. Calls are in proportion to the pages of our own objects: the server filters, and many ids
// go into one call. Makes no change.

import type { Filter } from "@aws-sdk/client-ec2";
import { chunk, readAllPages } from "../handlers/pages.ts";
import type { Ec2, OperationName, Operations } from "./operations.ts";

/** Describe operations that page by `MaxResults` and `NextToken`. */
export type PagedOperation = {
  [Name in OperationName]: Operations[Name] extends {
    input: { MaxResults?: number | undefined; NextToken?: string | undefined };
    output: { NextToken?: string | undefined };
  }
    ? Name
    : never;
}[OperationName];

/** Values that one filter may hold. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html#Filtering_Resources_CLI */
export const valuesPerFilter = 200;

/** All rows of a describe operation. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination */
export async function readPages<Name extends PagedOperation, Row>(
  client: Ec2,
  operation: Name,
  input: Operations[Name]["input"],
  rowsOf: (output: Operations[Name]["output"]) => readonly Row[] | undefined,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  return readAllPages(operation, async (token) => {
    const output = await client.send(operation, token === undefined ? input : { ...input, NextToken: token }, signal);
    return { rows: rowsOf(output) ?? [], next: (output as { readonly NextToken?: string }).NextToken };
  });
}

/** Reads rows by the values of one filter, as many values per call as EC2 takes, calls at once. */
export async function readByValues<Row>(
  values: readonly string[],
  read: (filter: Filter) => Promise<readonly Row[]>,
  name: string,
): Promise<readonly Row[]> {
  const chunks = chunk([...new Set(values)], valuesPerFilter);
  return (await Promise.all(chunks.map((Values) => read({ Name: name, Values })))).flat();
}

export function filter(name: string, ...values: string[]): Filter {
  return { Name: name, Values: values };
}
