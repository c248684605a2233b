// The requests that a plan shows, by name: what the rest of a killed run is held against, with the plan file or with what the run itself
// kept of it. Pure.

import { createHash } from "node:crypto";
import type { ObjectId } from "../provider/provider.ts";

/** What a plan and a plan file have in common, as far as requests go. */
export interface ShowsRequests {
  readonly changes: readonly {
    readonly key: string;
    readonly operations: readonly {
      /** `account/region/id` in a file. */
      readonly objectId?: ObjectId | string;
      readonly steps: readonly { readonly key: string; readonly operation: string; readonly deletes?: true }[];
    }[];
  }[];
}

interface NamedRequest {
  readonly name: string;
  readonly key: string;
  readonly operation: string;
}

/**
 * One name for each request. A body is not part of it: what was deferred when the plan was shown is known in the rest of the run, and sources, inputs
 * and lock are compared by the basis. What is ended is part of it: a delete that was shown permits that of no other object.
 */
function nameRequests({ changes }: ShowsRequests): readonly NamedRequest[] {
  return changes.flatMap(({ key, operations }) =>
    operations.flatMap(({ objectId, steps }) =>
      steps.map((step) => {
        const ended = step.deletes && objectId !== undefined ? `\n${textOf(objectId)}` : "";
        return { name: `${key}\n${step.operation}\n${step.key}${ended}`, key, operation: step.operation };
      }),
    ),
  );
}

function textOf(id: ObjectId | string): string {
  return typeof id === "string" ? id : `${id.account}/${id.region}/${id.id}`;
}

/** 96 bits: enough that no two requests of a stack's life meet; who could look for a second one has to edit the sources, which the basis tells. */
function shorten(name: string): string {
  return createHash("sha256").update(name, "utf8").digest().subarray(0, 12).toString("base64url");
}

/** The names as short digests, sorted, each once: 19 bytes of JSON for a request. */
export function digestRequests(plan: ShowsRequests): readonly string[] {
  return [...new Set(nameRequests(plan).map(({ name }) => shorten(name)))].sort();
}

/** In sentences without a final period: requests of `rest` that were not shown. `by` is what should have shown them: `the file`. */
export function findAdditions(shown: ShowsRequests | readonly string[], rest: ShowsRequests, by: string): readonly string[] {
  const known = new Set("changes" in shown ? digestRequests(shown) : shown);
  const added = nameRequests(rest).filter(({ name }) => !known.has(shorten(name)));
  return [...new Set(added.map(({ key, operation }) => `\`${key}\` now needs ${operation}, which ${by} does not show`))];
}
