// Plan files as the laws handle them: what a file shows, how one is altered, and what an apply sent of it.

import { digestBasis, digestChangeData } from "../../engine/plan/digest.ts";
import { type PlanFile, parsePlanFile, serialisePlanFile } from "../../engine/plan/plan-file.ts";
import type { Outcome } from "./engine-rig.ts";

/** `<key> <step> <request>` of everything that a file shows: the rest of a create that was cut short goes on as an update. */
export function listShown(file: PlanFile): ReadonlySet<string> {
  return new Set(
    file.changes.flatMap((change) =>
      change.operations.flatMap((operation) => operation.steps.map((step) => `${change.key} ${step.key} ${step.operation}`)),
    ),
  );
}

/** The same of what a run sent; what settle repeated goes by another name and is left out. */
export function listSent({ events }: Outcome): readonly string[] {
  return events.flatMap((event) =>
    event.kind === "step-sent" && event.operation.includes("@") ? [`${event.key} ${event.step} ${event.request}`] : [],
  );
}

/** What a run left out with a proof: `<key> <step>`. */
export function listOmitted({ events }: Outcome): ReadonlySet<string> {
  return new Set(events.flatMap((event) => (event.kind === "step-omitted" ? [`${event.key} ${event.step}`] : [])));
}

/** Written and read again, as by `koine plan -o` and `koine apply`. */
export function passThroughText(file: PlanFile): PlanFile | undefined {
  const parsed = parsePlanFile(serialisePlanFile(file));
  return "file" in parsed ? parsed.file : undefined;
}

export const alterations = ["a step less", "a change less", "another body", "another target", "another basis", "other digests"] as const;
export type Alteration = (typeof alterations)[number];

/** Somebody edits the file; with `sealed` the digests as well, so that it agrees with itself. Undefined: there is nothing of that kind to alter. */
export function alterFile(file: PlanFile, alteration: Alteration, sealed: boolean): PlanFile | undefined {
  const altered = alter(file, alteration);
  if (!altered || !sealed || alteration === "other digests") return altered;
  return { ...altered, digest: { changes: digestChangeData(altered), basis: digestBasis(altered.basis) } };
}

function alter(file: PlanFile, alteration: Alteration): PlanFile | undefined {
  const [first, ...rest] = file.changes;
  const [operation, ...others] = first?.operations ?? [];
  if (alteration === "another basis")
    return { ...file, basis: { ...file.basis, sources: { ...file.basis.sources, "law.koine": "sha256:0" } } };
  if (alteration === "other digests") return { ...file, digest: { ...file.digest, changes: `sha256:${"0".repeat(64)}` } };
  if (!first || !operation) return undefined;
  const withOperation = (changed: typeof operation): PlanFile => ({
    ...file,
    changes: [{ ...first, operations: [changed, ...others] }, ...rest],
  });
  const [step, ...steps] = operation.steps;
  switch (alteration) {
    case "a change less":
      return { ...file, changes: rest };
    case "another target":
      return withOperation({ ...operation, objectId: "memory-account/here/network-9999" });
    case "a step less":
      return step && withOperation({ ...operation, steps });
    case "another body":
      return step && withOperation({ ...operation, steps: [{ ...step, body: { Cidr: "0.0.0.0/0" } }, ...steps] });
  }
}
