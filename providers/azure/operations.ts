// The requests that Koine makes of Azure Resource Manager, as a table: by which method and path, of which service, in which version. Nothing of
// the SDK exists here at run time; it stands behind client.ts alone, and a test holds this table against the SDK's own sources.

import type { Json } from "./json.ts";

export type Service = "network" | "compute" | "resources";
export type Method = "GET" | "PUT" | "PATCH" | "POST" | "DELETE";

export interface Operation {
  readonly service: Service;
  readonly apiVersion: string;
  readonly method: Method;
  /** Below `/subscriptions/{subscription}`; places in braces are filled in order. */
  readonly path: string;
}

/** The versions that the installed SDKs speak; a body must be read by the version that it was asked for in. */
export const apiVersions = {
  network: "2026-01-01",
  compute: "2026-04-01",
  /** Disks and snapshots have a version of their own. */
  computeDisk: "2026-03-02",
  resources: "2025-04-01",
  /** No installed SDK has it. https://learn.microsoft.com/rest/api/resources/subscriptions/get */
  subscriptions: "2022-12-01",
} as const;

const group = "/resourceGroups/{group}";

interface Naming {
  readonly list: "list" | "listByResourceGroup";
  readonly listAll: "listAll" | "list";
  readonly tags: "updateTags" | "update";
}

const network = { list: "list", listAll: "listAll", tags: "updateTags" } as const satisfies Naming;
const machine = { list: "list", listAll: "listAll", tags: "update" } as const satisfies Naming;
const disk = { list: "listByResourceGroup", listAll: "list", tags: "update" } as const satisfies Naming;

type Standard<Name extends string, Named extends Naming> = Readonly<
  Record<`${Name}.${"get" | "createOrUpdate" | "delete" | Named["list"] | Named["listAll"] | Named["tags"]}`, Operation>
>;

/** What every type of resource that stands in a group has. */
function standard<Name extends string, Named extends Naming>(
  name: Name,
  named: Named,
  service: Service,
  apiVersion: string,
): Standard<Name, Named> {
  const provider = `/providers/Microsoft.${service === "network" ? "Network" : "Compute"}/${name}`;
  const one = `${group}${provider}/{name}`;
  const operation = (method: Method, path: string): Operation => ({ service, apiVersion, method, path });
  return {
    [`${name}.get`]: operation("GET", one),
    [`${name}.createOrUpdate`]: operation("PUT", one),
    [`${name}.delete`]: operation("DELETE", one),
    [`${name}.${named.list}`]: operation("GET", `${group}${provider}`),
    [`${name}.${named.listAll}`]: operation("GET", provider),
    [`${name}.${named.tags}`]: operation("PATCH", one),
  } as Standard<Name, Named>;
}

function child(name: string): readonly [Operation, Operation, Operation] {
  const path = `${group}/providers/Microsoft.Network/${name}/{name}`;
  const operation = (method: Method): Operation => ({ service: "network", apiVersion: apiVersions.network, method, path });
  return [operation("GET"), operation("PUT"), operation("DELETE")];
}

const [getSubnet, putSubnet, deleteSubnet] = child("virtualNetworks/{parent}/subnets");
const [getRule, putRule, deleteRule] = child("networkSecurityGroups/{parent}/securityRules");

function onMachine(method: Method, action: string): Operation {
  const path = `${group}/providers/Microsoft.Compute/virtualMachines/{name}/${action}`;
  return { service: "compute", apiVersion: apiVersions.compute, method, path };
}

function onGroup(method: Method, path: string): Operation {
  return { service: "resources", apiVersion: apiVersions.resources, method, path };
}

export const operations = {
  ...standard("virtualNetworks", network, "network", apiVersions.network),
  ...standard("networkSecurityGroups", network, "network", apiVersions.network),
  ...standard("applicationSecurityGroups", network, "network", apiVersions.network),
  ...standard("publicIPAddresses", network, "network", apiVersions.network),
  ...standard("natGateways", network, "network", apiVersions.network),
  ...standard("networkInterfaces", network, "network", apiVersions.network),
  "subnets.get": getSubnet,
  "subnets.createOrUpdate": putSubnet,
  "subnets.delete": deleteSubnet,
  "securityRules.get": getRule,
  "securityRules.createOrUpdate": putRule,
  "securityRules.delete": deleteRule,
  ...standard("virtualMachines", machine, "compute", apiVersions.compute),
  "virtualMachines.instanceView": onMachine("GET", "instanceView"),
  "virtualMachines.start": onMachine("POST", "start"),
  "virtualMachines.deallocate": onMachine("POST", "deallocate"),
  "virtualMachines.attachDetachDataDisks": onMachine("POST", "attachDetachDataDisks"),
  ...standard("disks", disk, "compute", apiVersions.computeDisk),
  ...standard("snapshots", disk, "compute", apiVersions.computeDisk),
  ...standard("images", disk, "compute", apiVersions.compute),
  "virtualMachineImages.list": {
    service: "compute",
    apiVersion: apiVersions.compute,
    method: "GET",
    path: "/providers/Microsoft.Compute/locations/{location}/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions",
  },
  "resourceGroups.get": onGroup("GET", group),
  "resourceGroups.createOrUpdate": onGroup("PUT", group),
  "resourceGroups.update": onGroup("PATCH", group),
  "resourceGroups.delete": onGroup("DELETE", group),
  "resourceGroups.list": onGroup("GET", "/resourceGroups"),
  "resources.list": onGroup("GET", "/resources"),
  "resources.listByResourceGroup": onGroup("GET", `${group}/resources`),
  "subscriptions.get": { service: "resources", apiVersion: apiVersions.subscriptions, method: "GET", path: "" },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;

/** Types whose resources stand in a group by name, and how their operations are called. */
export const collections = {
  virtualNetworks: { type: "Microsoft.Network/virtualNetworks", ...network },
  networkSecurityGroups: { type: "Microsoft.Network/networkSecurityGroups", ...network },
  applicationSecurityGroups: { type: "Microsoft.Network/applicationSecurityGroups", ...network },
  publicIPAddresses: { type: "Microsoft.Network/publicIPAddresses", ...network },
  natGateways: { type: "Microsoft.Network/natGateways", ...network },
  networkInterfaces: { type: "Microsoft.Network/networkInterfaces", ...network },
  virtualMachines: { type: "Microsoft.Compute/virtualMachines", ...machine },
  disks: { type: "Microsoft.Compute/disks", ...disk },
  snapshots: { type: "Microsoft.Compute/snapshots", ...disk },
  images: { type: "Microsoft.Compute/images", ...disk },
} as const satisfies Readonly<Record<string, Naming & { readonly type: string }>>;

export type Collection = keyof typeof collections;

export interface ArmRequest {
  /** Fills the places of the path: the group and the names, outermost first. */
  readonly at?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ArmAnswer {
  readonly status: number;
  /** Empty where the answer had none. */
  readonly body: Json;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A connection to one subscription. Made by `connectArm`; handlers see no more of the SDK than this. */
export interface Arm {
  readonly subscription: string;
  readonly region: string;
  /**
   * Sends one request, once: nothing is repeated behind the caller's back. Answers 2xx; throws `ProviderError` for everything else.
   * https://learn.microsoft.com/rest/api/azure/
   */
  send(operation: OperationName, request: ArmRequest, signal: AbortSignal): Promise<ArmAnswer>;
  /** Reads what an answer of `operation` pointed to, a next page or the state of what goes on: a path with its query, on the same host. */
  follow(operation: OperationName | "operations.get", address: string, signal: AbortSignal): Promise<ArmAnswer>;
  close(): void;
}
