// The query of a request: the version that it asks for, and the parameters that its operation takes. Others are refused by name.

import { ACTION_PARAMETERS } from "./actions.ts";
import {
  COMPUTE_VERSIONS,
  checkApiVersion,
  DISK_VERSIONS,
  NETWORK_VERSIONS,
  RESOURCES_VERSIONS,
  SKU_VERSIONS,
  SUBSCRIPTION_VERSIONS,
} from "./api-versions.ts";
import { refuse } from "./errors.ts";
import type { Route } from "./route.ts";

const EXTRA: Readonly<Partial<Record<Route["kind"], readonly string[]>>> = {
  groups: ["$filter", "$top", "$skiptoken"],
  resources: ["$filter", "$expand", "$top", "$skiptoken"],
  list: ["$skiptoken"],
  skus: ["$filter", "includeExtendedLocations"],
  images: ["$top", "$orderby", "$expand"],
  group: ["forceDeletionTypes"],
};

/** Throws for a version that is not spoken, and for a query parameter that is not served. */
export function checkParameters(route: Route, method: string, query: URLSearchParams): void {
  const version = query.get("api-version") ?? undefined;
  checkApiVersion(version, ...versionsOf(route));
  const allowed = new Set(["api-version", ...(EXTRA[route.kind] ?? [])]);
  if (route.kind === "list" && route.type.noun === "virtualMachines") allowed.add("statusOnly");
  if (route.kind === "resource" && route.type.noun === "virtualMachines") {
    if (method === "GET") allowed.add("$expand");
    if (method === "DELETE") allowed.add("forceDeletion");
  }
  if (route.kind === "action") for (const name of ACTION_PARAMETERS[route.action] ?? []) allowed.add(name);
  for (const name of query.keys())
    if (!allowed.has(name) && !allowed.has(name.toLowerCase()))
      refuse("InvalidQueryParameter", `The query parameter '${name}' of ${route.operation} is not implemented by the embedded ARM.`);
}

function versionsOf(route: Route): readonly [readonly string[], string | undefined] {
  switch (route.kind) {
    case "subscription":
    case "locations":
      return [SUBSCRIPTION_VERSIONS, undefined];
    case "groups":
    case "group":
    case "resources":
      return [RESOURCES_VERSIONS, undefined];
    case "skus":
      return [SKU_VERSIONS, "skus"];
    case "images":
    case "sizes":
      return [COMPUTE_VERSIONS, "locations"];
    case "default-rules":
      return [NETWORK_VERSIONS, "networkSecurityGroups/defaultSecurityRules"];
    case "status":
    case "result":
      if (route.provider === "resources") return [RESOURCES_VERSIONS, undefined];
      return [
        route.provider === "network" ? NETWORK_VERSIONS : route.provider === "disk" ? DISK_VERSIONS : COMPUTE_VERSIONS,
        "locations/operations",
      ];
    default:
      return [route.type.apiVersions, route.type.type.split("/").slice(1).join("/")];
  }
}
