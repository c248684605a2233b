// `encrypted = false` on a cloud that encrypts every disk, whatever one asks for. Pure.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { problem } from "./problems.ts";

/** `what` names the disk in messages, `cloud` is as in "Azure encrypts every disk". */
export function checkEncryption(props: PropMap, what: string, cloud: string, place: Span): readonly Diagnostic[] {
  if (props.encrypted !== false) return [];
  return [
    problem("K3035", place, `${cloud} encrypts every disk at rest, ${what} cannot be without`, {
      hint: "leave `encrypted` out, or write encrypted = true",
    }),
  ];
}
