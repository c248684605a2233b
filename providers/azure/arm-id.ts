// ARM ids: written, taken apart, and brought to one form. ARM compares them without case and gives them back in any, so the form that Koine
// records has small letters in the names and the vendor's spelling of the types.
// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules

import type { NativeValue } from "../../engine/lower/native-value.ts";

/** The vendor's spelling of what ids are made of besides names. */
const spellings: ReadonlyMap<string, string> = new Map(
  [
    "subscriptions",
    "resourceGroups",
    "providers",
    "Microsoft.Network",
    "Microsoft.Compute",
    "Microsoft.ManagedIdentity",
    "virtualNetworks",
    "subnets",
    "networkSecurityGroups",
    "securityRules",
    "applicationSecurityGroups",
    "publicIPAddresses",
    "natGateways",
    "networkInterfaces",
    "ipConfigurations",
    "virtualMachines",
    "disks",
    "snapshots",
    "images",
    "galleries",
    "versions",
    "userAssignedIdentities",
  ].map((spelling) => [spelling.toLowerCase(), spelling]),
);

/** The form in which an id is recorded and compared. Parts joined by `|` are ids each. Text that is no ARM id keeps its letters but for case. */
export function canonicalId(id: string): string {
  return id.split("|").map(spell).join("|");
}

function spell(id: string): string {
  const parts = id.toLowerCase().split("/");
  // Odd places hold what is spelled, even ones what is named; below `providers` the namespace shifts them by one.
  const provider = parts.indexOf("providers");
  return parts
    .map((part, at) => {
      const isName = provider < 0 || at <= provider ? at % 2 === 0 : at !== provider + 1 && (at - provider) % 2 === 1;
      return isName ? part : (spellings.get(part) ?? part);
    })
    .join("/");
}

/** Normal form of a prop that holds an id. */
export function normaliseId(value: NativeValue): NativeValue {
  return typeof value === "string" ? canonicalId(value) : value;
}

/** Normal form of a prop that holds several ids. */
export function normaliseIds(value: NativeValue): NativeValue {
  return Array.isArray(value) ? value.map(normaliseId) : value;
}

/** Names compare without case. */
export function normaliseName(value: NativeValue): NativeValue {
  return typeof value === "string" ? value.toLowerCase() : value;
}

/** `West Europe` and `westeurope` are one place. */
export function normaliseLocation(value: NativeValue): NativeValue {
  return typeof value === "string" ? value.toLowerCase().replaceAll(" ", "") : value;
}

/** The id of a resource of `type` (`Microsoft.Network/virtualNetworks/subnets`), with the names of those it is below first, in normal form. */
export function writeId(subscription: string, type: string, group: string, names: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  const path = types.map((part, at) => `${part}/${names[at] ?? ""}`).join("/");
  return canonicalId(`${writeGroupId(subscription, group)}/providers/${namespace}/${path}`);
}

export function writeGroupId(subscription: string, group: string): string {
  return canonicalId(`/subscriptions/${subscription}/resourceGroups/${group}`);
}

/** The group and the names in an id, outermost first: what the path of a request is filled with. Throws on what is no id of a resource. */
export function namesIn(id: string): readonly string[] {
  const parts = id.split("/");
  const group = parts[4];
  if (parts[1]?.toLowerCase() !== "subscriptions" || parts[3]?.toLowerCase() !== "resourcegroups" || group === undefined || group === "") {
    throw new Error(`\`${id}\` is not the id of an ARM resource in a group`);
  }
  return [group, ...parts.slice(8).filter((_, at) => at % 2 === 0)];
}

export function groupIn(id: string): string {
  return namesIn(id)[0] ?? "";
}

/** The last name in an id. */
export function nameIn(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The id of what a resource is below. */
export function parentId(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}
