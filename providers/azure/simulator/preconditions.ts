// If-Match and If-None-Match, where a type's bodies carry etags; elsewhere the headers are without effect, as on the real cloud.
// https://learn.microsoft.com/azure/architecture/best-practices/api-design#optimistic-concurrency

import { refuse } from "./errors.ts";
import { quoteEtag } from "./render.ts";
import type { ResourceType } from "./resource-type.ts";
import type { ResourceRow } from "./rows.ts";

export interface Preconditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** Throws PreconditionFailed, 412. */
export function checkPrecondition(type: ResourceType, old: ResourceRow | undefined, { ifMatch, ifNoneMatch }: Preconditions): void {
  if (!type.etags) return;
  const fail = (header: string, value: string): never =>
    refuse("PreconditionFailed", `Precondition failed. Header '${header}' is '${value}'; the resource ${describe(old)}.`, 412);
  if (ifNoneMatch !== undefined && (ifNoneMatch === "*" ? old !== undefined : old !== undefined && matches(ifNoneMatch, old)))
    fail("If-None-Match", ifNoneMatch);
  if (ifMatch !== undefined && (old === undefined || (ifMatch !== "*" && !matches(ifMatch, old)))) fail("If-Match", ifMatch);
}

function matches(header: string, row: ResourceRow): boolean {
  return header.split(",").some((one) => one.trim().replace(/^W\//, "") === `"${row.etag}"`);
}

function describe(row: ResourceRow | undefined): string {
  return row === undefined ? "does not exist" : `has the etag ${quoteEtag(row.etag)}`;
}
