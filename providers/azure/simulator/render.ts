// A resource as GET answers it: the envelope that all types share around the properties of its own.

import { refuse } from "./errors.ts";
import { compact } from "./json.ts";
import type { ResourceType } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

export type Render = (world: World, row: ResourceRow) => JsonMap;

export function renderResource(types: ReadonlyMap<string, ResourceType>): Render {
  return (world, row) => {
    const type = types.get(row.type.toLowerCase()) ?? refuse("InvalidResourceType", `The resource type '${row.type}' is not known.`, 404);
    return compact({
      name: row.name,
      id: row.armId,
      etag: type.etags ? quoteEtag(row.etag) : undefined,
      type: row.type,
      location: row.location,
      tags: row.tags,
      ...(type.renderEnvelope?.(world, row) ?? row.envelope),
      properties: compact({ provisioningState: row.state, ...type.render(world, row) }),
    });
  };
}

/** Weak etags of a GUID, as the providers write them. */
export function quoteEtag(etag: string): string {
  return `W/"${etag}"`;
}

/** How children stand in the body of what they are below: no location, no tags. */
export function renderChild(row: ResourceRow, properties: JsonMap): JsonMap {
  return {
    name: row.name,
    id: row.armId,
    etag: quoteEtag(row.etag),
    type: row.type,
    properties: compact({ provisioningState: row.state, ...properties }),
  };
}
