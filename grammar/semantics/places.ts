// Where each written part of a resource stands, under the keys that diagnostics of later phases use. Shared by all instances.

import type { Span } from "../source/span.ts";
import type { CheckedResource } from "./model.ts";

/** `cidr`, `disk.data`, `disk.data.size`, `allow.0`, `on.aws`, `on.aws.instance_type`; labels are the author's, kept apart by dots. */
export function collectPlaces({ body }: CheckedResource): Readonly<Record<string, Span>> {
  const places: Record<string, Span> = Object.create(null);
  for (const [name, attribute] of body.attributes) places[name] = attribute.value.span;
  for (const [word, labelled] of body.blocks) {
    for (const [label, { block, attributes }] of labelled) {
      places[`${word}.${label}`] = block.label?.span ?? block.name.span;
      for (const [name, attribute] of attributes) places[`${word}.${label}.${name}`] = attribute.value.span;
    }
  }
  body.rules.forEach((rule, index) => {
    places[`allow.${index}`] = rule.span;
  });
  for (const [provider, { refinement, attributes }] of body.refinements) {
    places[`on.${provider}`] = refinement.provider.span;
    for (const [name, attribute] of attributes) places[`on.${provider}.${name}`] = attribute.value.span;
  }
  return places;
}
