// A disk made from a snapshot is what the snapshot is: as large, and encrypted as it was.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { writeSize } from "../../functions/value-text.ts";
import type { PortableResource } from "../../graph/resource-graph.ts";
import type { PropMap } from "../../graph/value.ts";
import { sourceOfSnapshot } from "../image-origin.ts";
import type { CheckContext, KindCheck } from "../kind.ts";
import { follow, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkRestoredDisk: KindCheck = (disk, context) =>
  judgeRestored(
    { resource: disk, props: disk.props, path: "", what: `disk \`${nameOf(disk)}\`` },
    follow(context, disk.props.snapshot),
    context,
  );

/** A disk that is made from a snapshot: of its own, or the root of a machine. */
export interface Restored {
  readonly resource: PortableResource;
  readonly props: PropMap;
  /** Before the names of its props in the places: `disk.root.`. */
  readonly path: string;
  /** For messages. */
  readonly what: string;
}

export function judgeRestored(restored: Restored, snapshot: PortableResource | undefined, context: CheckContext): readonly Diagnostic[] {
  const source = snapshot && sourceOfSnapshot(context.graph, snapshot);
  if (!snapshot || !source) return [];
  const { resource, props, path, what } = restored;
  const named = `snapshot \`${nameOf(snapshot)}\``;
  const related = [relatedProp(snapshot, "disk", `${named} is of this disk`)];
  if (props.encrypted === false && source.props.encrypted !== false) {
    const message = `${what} cannot be unencrypted: ${named} is of a disk that is encrypted`;
    const hint = "remove `encrypted = false`, or write it for the disk that the snapshot is of";
    return [makeError("K2503", placeOf(resource, `${path}encrypted`), message, { related, hint })];
  }
  const { size } = props;
  const { size: needed } = source.props;
  if (typeof size !== "number" || typeof needed !== "number" || size >= needed) return [];
  const message = `${what} has ${writeSize(size)}, and ${named} is of a disk with ${writeSize(needed)}`;
  const hint = `write ${writeSize(needed)} or more, unless the disk grew after the snapshot was made`;
  // The snapshot may be older than what the source says now.
  return [{ ...makeError("K2502", placeOf(resource, `${path}size`), message, { related, hint }), severity: "warning" }];
}
