// What the events of an apply say went wrong, for the comment of its subject. The whole story is in the log and in the events themselves.

import { readFileSync } from "node:fs";
import type { RunEvent } from "../render/events.ts";

/** Among the artefacts of a subject. */
export const eventsFile = "events.ndjson";

/** Most that a comment lists. */
const most = 10;

/** One sentence for each object: `subnet.app:subnet: no room (choose another range)`. Empty where there are no events. */
export function readFailures(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const sentences = text.split("\n").flatMap(describeFailure);
  return sentences.length > most ? [...sentences.slice(0, most), `And ${sentences.length - most} more.`] : sentences;
}

/** A process that was killed leaves half a line. */
function describeFailure(line: string): readonly string[] {
  let event: RunEvent;
  try {
    event = JSON.parse(line) as RunEvent;
  } catch {
    return [];
  }
  if (event.kind !== "operation-failed") return [];
  const { key, failure, unresolved } = event;
  const hint = failure.hint === undefined ? "" : ` (${failure.hint})`;
  return [`${key}: ${failure.message}${hint}${unresolved ? ". Whether it had an effect is not known; the next run finds out" : ""}`];
}
