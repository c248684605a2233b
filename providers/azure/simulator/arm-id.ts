// ARM ids and their parts. Ids compare without case but keep the case of the request that made them.
// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules

export interface ArmId {
  readonly subscription: string;
  readonly group?: string;
  /** `Microsoft.Network/virtualNetworks/subnets`, as written. */
  readonly type?: string;
  /** One for each part of the type after the namespace. */
  readonly names: readonly string[];
}

/** Reads a resource's id; undefined for text that is not one. */
export function readArmId(id: string): ArmId | undefined {
  const parts = id.split("/");
  if (parts[0] !== "" || parts[1]?.toLowerCase() !== "subscriptions") return undefined;
  const subscription = parts[2];
  if (subscription === undefined || subscription === "") return undefined;
  if (parts.length === 3) return { subscription, names: [] };
  if (parts[3]?.toLowerCase() !== "resourcegroups") return undefined;
  const group = parts[4];
  if (group === undefined || group === "") return undefined;
  if (parts.length === 5) return { subscription, group, type: "Microsoft.Resources/resourceGroups", names: [group] };
  if (parts[5]?.toLowerCase() !== "providers" || parts.length < 9 || parts.length % 2 === 0) return undefined;
  const types = [parts[6] ?? ""];
  const names: string[] = [];
  for (let at = 7; at < parts.length; at += 2) {
    types.push(parts[at] ?? "");
    names.push(parts[at + 1] ?? "");
  }
  if (names.includes("") || types.includes("")) return undefined;
  return { subscription, group, type: types.join("/"), names };
}

export function writeGroupId(subscription: string, group: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

/** The id of a resource of `type`, with the names of those it is below first. */
export function writeArmId(subscription: string, group: string, type: string, names: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  const path = types.map((part, at) => `${part}/${names[at] ?? ""}`).join("/");
  return `${writeGroupId(subscription, group)}/providers/${namespace}/${path}`;
}

/** The key under which an id's row is kept. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

/** The id of what a resource is below; undefined at the top. */
export function parentIdOf(id: string, depth: number): string | undefined {
  return depth < 2 ? undefined : id.split("/").slice(0, -2).join("/");
}
