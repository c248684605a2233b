// Image aliases of a catalog: what every cloud says of one that it does not have, and the key of one in koine.lock. Pure.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { Span } from "../../grammar/source/span.ts";
import { problem, unknownName } from "./problems.ts";

/** The key of an alias in the lock: `ubuntu-24.04/eu-west-1/x86_64`. */
export function imageKey(alias: string, place: string, arch: string): string {
  return `${alias}/${place}/${arch}`;
}

export interface ImageAliases {
  /** As in messages: "EC2". */
  readonly cloud: string;
  readonly aliases: readonly string[];
  /** How an image that has no alias is named: "an AMI by its id". */
  readonly otherwise: string;
}

/** An alias that the cloud does not have, or not for the architecture. */
export function reportUnknownImage(name: string, arch: string, { cloud, aliases, otherwise }: ImageAliases, place: Span): Diagnostic {
  const known = aliases.map((alias) => `"${alias}"`).join(", ");
  if (aliases.includes(name)) {
    const message = `the image \`${name}\` does not exist for ${arch} on ${cloud}`;
    return problem("K3030", place, message, { hint: `write another \`arch\`; known are ${known}, or ${otherwise}` });
  }
  return unknownName("K3030", place, `${cloud} has no image \`${name}\` that Koine knows`, {
    name,
    known: aliases,
    otherwise: `known are ${known}, or ${otherwise}`,
  });
}
