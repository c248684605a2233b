// Which operation a method and path ask for. Paths compare without case; what no route takes is refused by name.

import { ACTION_PARAMETERS } from "./actions.ts";
import type { ArmId } from "./arm-id.ts";
import { readArmId } from "./arm-id.ts";
import { refuse, refuseUnserved } from "./errors.ts";
import { resourceGroup } from "./resource-group.ts";
import type { ProviderKind, ResourceType } from "./resource-type.ts";
import { TYPES } from "./types.ts";

export type Route =
  | { readonly kind: "subscription" | "locations" | "groups" | "skus"; readonly operation: string }
  | { readonly kind: "resources"; readonly operation: string; readonly group?: string }
  | { readonly kind: "group"; readonly operation: string; readonly verb: Verb; readonly id: ArmId; readonly armId: string }
  | {
      readonly kind: "list";
      readonly operation: string;
      readonly type: ResourceType;
      readonly id: ArmId;
      readonly group?: string;
      readonly parent?: string;
    }
  | {
      readonly kind: "resource";
      readonly operation: string;
      readonly verb: Verb;
      readonly type: ResourceType;
      readonly id: ArmId;
      readonly armId: string;
    }
  | {
      readonly kind: "action" | "view";
      readonly operation: string;
      readonly action: string;
      readonly type: ResourceType;
      readonly id: ArmId;
      readonly armId: string;
    }
  | { readonly kind: "default-rules"; readonly operation: string; readonly id: ArmId; readonly armId: string; readonly name?: string }
  | { readonly kind: "status" | "result"; readonly operation: string; readonly provider: ProviderKind; readonly name: string }
  | { readonly kind: "images"; readonly operation: string; readonly location: string; readonly path: readonly string[] }
  | { readonly kind: "sizes"; readonly operation: string; readonly location: string };

export type Verb = "GET" | "HEAD" | "PUT" | "PATCH" | "DELETE";

/** `subscription` is what the path names. Throws InvalidSubscriptionId, InvalidResourceType, or that it is not served. */
export function findRoute(method: string, path: string): { readonly subscription: string; readonly route: Route } {
  const parts = path.split("/");
  const subscription = parts[2] ?? "";
  if (parts[1]?.toLowerCase() !== "subscriptions" || subscription === "") return refuseUnserved(`${method} ${path}`);
  if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(subscription))
    refuse("InvalidSubscriptionId", `The provided subscription identifier '${subscription}' is malformed or invalid.`);
  const rest = parts.slice(3);
  const route = findBelow(method, path, rest, subscription) ?? refuseUnserved(`${method} ${path}`);
  return { subscription, route };
}

function findBelow(method: string, path: string, rest: readonly string[], subscription: string): Route | undefined {
  const [first = "", second = "", third = ""] = rest.map((part) => part.toLowerCase());
  const reads = method === "GET";
  if (rest.length === 0) return reads ? { kind: "subscription", operation: "subscriptions.get" } : undefined;
  if (rest.length === 1 && first === "locations")
    return reads ? { kind: "locations", operation: "subscriptions.listLocations" } : undefined;
  if (rest.length === 1 && first === "resources") return reads ? { kind: "resources", operation: "resources.list" } : undefined;
  if (rest.length === 2 && first === "operationresults" && reads)
    return { kind: "result", operation: "operations.get", provider: "resources", name: rest[1] ?? "" };
  if (first === "resourcegroups") {
    if (rest.length === 1) return reads ? { kind: "groups", operation: "resourceGroups.list" } : undefined;
    if (rest.length === 2) return findGroup(method, path);
    if (rest.length === 3 && third === "resources")
      return reads ? { kind: "resources", operation: "resources.listByResourceGroup", group: rest[1] ?? "" } : undefined;
    return third === "providers" ? findInGroup(method, path, rest) : undefined;
  }
  if (first !== "providers") return undefined;
  if (third === "locations") return reads ? findInLocation(second, rest.slice(3)) : undefined;
  if (rest.length === 3 && second === "microsoft.compute" && third === "skus")
    return reads ? { kind: "skus", operation: "resourceSkus.list" } : undefined;
  if (rest.length !== 3 || !reads) return undefined;
  const type = requireType(`${rest[1]}/${rest[2]}`);
  return { kind: "list", operation: `${type.noun}.${nameList(type, false)}`, type, id: { subscription, names: [] } };
}

function isVerb(method: string): method is Verb {
  return ["GET", "HEAD", "PUT", "PATCH", "DELETE"].includes(method);
}

const VERBS: Readonly<Record<Verb, string>> = {
  GET: "get",
  HEAD: "checkExistence",
  PUT: "createOrUpdate",
  PATCH: "update",
  DELETE: "delete",
};

function findGroup(method: string, path: string): Route | undefined {
  const id = readArmId(path);
  if (id === undefined || !isVerb(method)) return undefined;
  return { kind: "group", operation: `${resourceGroup.noun}.${VERBS[method]}`, verb: method, id, armId: path };
}

function nameList(type: ResourceType, inGroup: boolean): string {
  const disks = type.provider === "disk" || type.noun === "images";
  if (disks) return inGroup ? "listByResourceGroup" : "list";
  return inGroup ? "list" : "listAll";
}

/** Throws InvalidResourceType: the namespace may be there, the type is not. */
function requireType(name: string): ResourceType {
  const [namespace = "", ...types] = name.split("/");
  return (
    TYPES.get(name.toLowerCase()) ??
    refuse(
      "InvalidResourceType",
      `The resource type '${types.join("/")}' could not be found in the namespace '${namespace}': the embedded ARM does not serve it.`,
      404,
    )
  );
}

/** `rest` is `resourceGroups/{group}/providers/{namespace}/{type}/{name}/…`. */
function findInGroup(method: string, path: string, rest: readonly string[]): Route | undefined {
  const group = rest[1] ?? "";
  const namespace = rest[3] ?? "";
  const pairs = rest.slice(4);
  if (namespace === "" || pairs.length === 0) return undefined;
  const types = pairs.filter((_part, n) => n % 2 === 0);
  const last = pairs.at(-1) ?? "";
  if (pairs.length % 2 === 0) {
    const id = readArmId(path);
    if (id === undefined || !isVerb(method) || method === "HEAD") return undefined;
    if (types.length === 2 && types[1]?.toLowerCase() === "defaultsecurityrules")
      return method === "GET" ? defaultRules(path.split("/").slice(0, -2).join("/"), last) : undefined;
    const type = requireType(`${namespace}/${types.join("/")}`);
    const verb = method === "PATCH" && type.provider === "network" ? "updateTags" : VERBS[method];
    return { kind: "resource", operation: `${type.noun}.${verb}`, verb: method, type, id, armId: path };
  }
  const parent = path.split("/").slice(0, -1).join("/");
  const id = pairs.length === 1 ? undefined : readArmId(parent);
  if (pairs.length > 1 && id === undefined) return undefined;
  const owner = types.slice(0, -1);
  if (id !== undefined && owner.at(-1)?.toLowerCase() === "virtualmachines") {
    const type = requireType(`${namespace}/${owner.join("/")}`);
    const action = last.toLowerCase();
    if (method === "POST" && Object.hasOwn(ACTION_PARAMETERS, action))
      return { kind: "action", operation: `virtualMachines.${ACTION_NAMES[action] ?? action}`, action, type, id, armId: parent };
    if (method === "GET" && action === "instanceview")
      return { kind: "view", operation: "virtualMachines.instanceView", action, type, id, armId: parent };
    if (method === "GET" && action === "vmsizes")
      return { kind: "view", operation: "virtualMachines.listAvailableSizes", action, type, id, armId: parent };
    return undefined;
  }
  if (method !== "GET") return undefined;
  if (id !== undefined && last.toLowerCase() === "defaultsecurityrules") return defaultRules(parent);
  const type = requireType(`${namespace}/${types.join("/")}`);
  return {
    kind: "list",
    operation: `${type.noun}.${nameList(type, true)}`,
    type,
    id: id ?? { subscription: "", group, names: [] },
    group,
    ...(id === undefined ? {} : { parent }),
  };
}

const ACTION_NAMES: Readonly<Record<string, string>> = { poweroff: "powerOff", attachdetachdatadisks: "attachDetachDataDisks" };

function defaultRules(armId: string, name?: string): Route | undefined {
  const id = readArmId(armId);
  if (id === undefined) return undefined;
  const operation = `defaultSecurityRules.${name === undefined ? "list" : "get"}`;
  return { kind: "default-rules", operation, id, armId, ...(name === undefined ? {} : { name }) };
}

/** `rest` is `{location}/…` below a provider's locations. */
function findInLocation(namespace: string, rest: readonly string[]): Route | undefined {
  const [location = "", what = "", name = ""] = rest;
  const key = `${namespace}/${what.toLowerCase()}`;
  const polled = POLLED[key];
  if (polled !== undefined && rest.length === 3) return { ...polled, operation: "operations.get", name };
  if (namespace !== "microsoft.compute") return undefined;
  if (what.toLowerCase() === "vmsizes" && rest.length === 2) return { kind: "sizes", operation: "virtualMachineSizes.list", location };
  return what.toLowerCase() === "publishers" ? findImages(location, rest.slice(1)) : undefined;
}

const POLLED: Readonly<Record<string, { readonly kind: "status" | "result"; readonly provider: ProviderKind }>> = {
  "microsoft.network/operations": { kind: "status", provider: "network" },
  "microsoft.network/operationresults": { kind: "result", provider: "network" },
  "microsoft.compute/operations": { kind: "status", provider: "compute" },
  "microsoft.compute/operationresults": { kind: "result", provider: "compute" },
  "microsoft.compute/diskoperations": { kind: "status", provider: "disk" },
  "microsoft.compute/diskoperationresults": { kind: "result", provider: "disk" },
};

/** `publishers/{p}/artifacttypes/vmimage/offers/{o}/skus/{s}/versions/{v}`, cut anywhere before a name. */
function findImages(location: string, path: readonly string[]): Route | undefined {
  const expected = ["publishers", undefined, "artifacttypes", "vmimage", "offers", undefined, "skus", undefined, "versions", undefined];
  if (path.length > expected.length || !path.every((part, n) => expected[n] === undefined || expected[n] === part.toLowerCase()))
    return undefined;
  const operation = { 1: "listPublishers", 5: "listOffers", 7: "listSkus", 9: "list", 10: "get" }[path.length];
  return operation === undefined ? undefined : { kind: "images", operation: `virtualMachineImages.${operation}`, location, path };
}
