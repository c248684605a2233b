// What a resource type of the embedded ARM is: its names, the bodies it takes, its rules, and how long its operations take. Data and pure rules;
// the flow of a request is in put-resource.ts, delete-resource.ts and actions.ts.

import type { ArmId } from "./arm-id.ts";
import type { Passage } from "./delays.ts";
import { refuse } from "./errors.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import type { Fields, Shape } from "./shape.ts";
import type { World } from "./world.ts";

export type ProviderKind = "network" | "compute" | "disk" | "resources";

export interface WriteRequest {
  readonly world: World;
  readonly id: ArmId;
  /** As the request wrote it. */
  readonly armId: string;
  readonly name: string;
  readonly location: string;
  readonly parent: ResourceRow | undefined;
  /** What is there under the name already. */
  readonly old: ResourceRow | undefined;
  /** As its shape reads it. */
  readonly body: JsonMap;
  /** `body.properties`. */
  readonly properties: JsonMap;
}

/** What a write leaves behind. */
export interface Draft {
  readonly properties: JsonMap;
  /** What of the body stands beside the properties; absent: as sent. */
  readonly envelope?: JsonMap;
  /** Ids of the resources it names, in any case. */
  readonly references: readonly string[];
  /** Acts on other rows once this one is stored. */
  readonly after?: (row: ResourceRow) => void;
  readonly passage?: Passage;
  /** Given to `finished`. */
  readonly detail?: JsonMap;
}

export interface ResourceType {
  /** In the vendor's case. */
  readonly type: string;
  /** As operations are named: `virtualNetworks`. */
  readonly noun: string;
  /** As the provider's operations are titled: `VirtualNetwork`. */
  readonly title: string;
  readonly provider: ProviderKind;
  /** Those that the installed SDK sends. */
  readonly apiVersions: readonly string[];
  /** The body beside `properties`. */
  readonly envelope: Fields;
  readonly properties: Shape;
  /** False for what lives inside another resource: no location, no tags. */
  readonly tracked: boolean;
  readonly names: { readonly pattern: RegExp; readonly most: number };
  readonly statuses: { readonly create: 201 | 202; readonly update: 200 | 202; readonly patch: 200 | 202 };
  readonly passages: { readonly create: Passage; readonly update: Passage; readonly remove: Passage };
  readonly creating: "Creating" | "Updating";
  /** Bodies carry an etag and If-Match is honoured. */
  readonly etags: boolean;
  draft(request: WriteRequest): Draft;
  /** PATCH beyond tags; absent: tags only. */
  readonly patch?: { readonly body: Shape; draft(request: WriteRequest): Draft };
  /** `properties` as GET answers them, without the provisioning state. */
  render(world: World, row: ResourceRow): JsonMap;
  /** What stands beside the properties besides the usual; absent: the row's envelope. */
  renderEnvelope?(world: World, row: ResourceRow): JsonMap;
  /** Throws while something else needs it. */
  refuseRemoval(world: World, row: ResourceRow): void;
  /** When a write has settled. */
  finished?(world: World, row: ResourceRow, detail: JsonMap): void;
  /** When its deletion is over, just before the row goes. */
  removed?(world: World, row: ResourceRow, detail: JsonMap): void;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
export const NETWORK_NAMES = { pattern: /^[a-zA-Z0-9](?:[\w.-]*\w)?$/, most: 80 };

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute */
export const DISK_NAMES = { pattern: /^[\w](?:[\w.-]*\w)?$/, most: 80 };

/** What the types of Microsoft.Network have in common. */
export const NETWORK_PART = {
  provider: "network",
  apiVersions: ["2026-01-01"],
  names: NETWORK_NAMES,
  statuses: { create: 201, update: 200, patch: 200 },
  creating: "Updating",
  etags: true,
} as const;

/** What disks and snapshots have in common. */
export const DISK_PART = {
  provider: "disk",
  apiVersions: ["2026-03-02"],
  tracked: true,
  names: DISK_NAMES,
  statuses: { create: 202, update: 202, patch: 202 },
  creating: "Creating",
  etags: false,
} as const;

/**
 * A resource that a body names, of the type it must be of. Throws InvalidResourceReference when it is not there, or elsewhere than `location`.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found
 */
export function requireReferenced(request: WriteRequest, id: string, type: string): ResourceRow {
  const { world } = request;
  const row = world.find(id);
  if (row !== undefined && row.type.toLowerCase() !== type.toLowerCase())
    refuse(
      "LinkedInvalidPropertyId",
      `Property id '${id}' is invalid. Expect fully qualified resource Id of type '${type}' that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    );
  const where = row?.location ?? (row?.parent === undefined ? undefined : world.find(row.parent)?.location);
  if (row === undefined || row.state === "Deleting" || (where !== undefined && where !== request.location)) {
    if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\//i.test(id))
      refuse(
        "LinkedInvalidPropertyId",
        `Property id '${id}' at path 'properties' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
      );
    return refuse(
      "InvalidResourceReference",
      `Resource ${id} referenced by resource ${request.armId} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      400,
    );
  }
  return row;
}

/** Throws InvalidParameter: Microsoft.Compute's word for a value that it does not take. */
export function refuseParameter(target: string, message: string): never {
  refuse("InvalidParameter", message, 400, { target });
}
