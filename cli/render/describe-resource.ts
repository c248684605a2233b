// A resource in a few words, for the plan: what the author required of it and whatever differs from the defaults.

import type { PortableResource } from "../../grammar/graph/resource-graph.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import { formatBytes, formatProp } from "./format-value.ts";

/** `2 cpu, memory 4 GiB, image ubuntu-24.04, subnet app["a"], disk data 100 GiB`. */
export function describeResource(resource: PortableResource): string {
  const kind = kinds.get(resource.kind);
  if (!kind) return "";
  const words: string[] = [];
  for (const [name, schema] of Object.entries(kind.props)) {
    const value = resource.props[name];
    if (value === undefined || name === "tags" || name === "public_key" || name === "user_data" || name === "cloud_init") continue;
    const isDefault = schema.default !== undefined && JSON.stringify(schema.default) === JSON.stringify(value);
    if (!schema.required && isDefault) continue;
    if (value === true) words.push(name);
    else words.push(`${name} ${formatProp(value, schema.type.kind)}`);
  }
  for (const [block, uses] of Object.entries(resource.blocks)) {
    for (const [label, use] of Object.entries(uses)) {
      const size = use.props.size;
      words.push(`${block} ${label}${typeof size === "number" ? ` ${formatBytes(size)}` : ""}`);
    }
  }
  if (resource.rules.length > 0) words.push(`${resource.rules.length} ${resource.rules.length === 1 ? "rule" : "rules"}`);
  return words.join(", ");
}
