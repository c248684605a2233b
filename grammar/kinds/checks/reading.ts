// How a check reads resources and words what it found. Follows references only to resources that are in the graph; a value
// that only a cloud can give, or a secret, is never judged.

import type { Code } from "../../diagnostics/codes.ts";
import type { Diagnostic, RelatedSpan } from "../../diagnostics/diagnostic.ts";
import type { PortableResource } from "../../graph/resource-graph.ts";
import { isRef, type PropValue, tagOf } from "../../graph/value.ts";
import type { Span } from "../../source/span.ts";
import type { CheckContext } from "../kind.ts";

/** Where a prop (`cidr`), block (`disk.data`) or rule (`allow.0`) stands; the declaration when the source does not write it. */
export function placeOf(resource: PortableResource, path: string): Span {
  return resource.places[path] ?? resource.span;
}

export function isWritten(resource: PortableResource, path: string): boolean {
  return resource.places[path] !== undefined;
}

/** The resource that a prop refers to, or undefined when it refers to none of this graph. */
export function follow(context: CheckContext, value: PropValue | undefined): PortableResource | undefined {
  return isRef(value) ? context.graph.resources.get(value.address) : undefined;
}

/** All that a list of references leads to. */
export function followAll(context: CheckContext, value: PropValue | undefined): readonly PortableResource[] {
  if (!isPropList(value)) return [];
  return value.flatMap((item) => follow(context, item) ?? []);
}

export function isPropList(value: PropValue | undefined): value is readonly PropValue[] {
  return Array.isArray(value);
}

/** A map of props; not a reference, a deferred value or a secret. */
export function isPropMap(value: PropValue | undefined): value is { readonly [name: string]: PropValue } {
  return typeof value === "object" && !Array.isArray(value) && tagOf(value) === undefined;
}

/** A text that is known now. */
export function knownText(value: PropValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The network that a machine's subnet belongs to. */
export function networkOfMachine(context: CheckContext, machine: PortableResource): PortableResource | undefined {
  return follow(context, follow(context, machine.props.subnet)?.props.network);
}

/** As the author names it: `app["a"]`. The kind is left out, except inside a component. */
export function nameOf(resource: PortableResource): string {
  if (resource.address.includes("/")) return resource.address;
  return resource.address.startsWith(`${resource.kind}.`) ? resource.address.slice(resource.kind.length + 1) : resource.address;
}

/** "declared here", at a resource's declaration. */
export function declaredHere(resource: PortableResource): RelatedSpan {
  return { span: resource.span, message: `${resource.kind} \`${nameOf(resource)}\` is declared here` };
}

/** Points at the prop of another resource, or at its declaration when the source does not write the prop. */
export function relatedProp(resource: PortableResource, path: string, message: string): RelatedSpan {
  return { span: placeOf(resource, path), message };
}

export function makeError(
  code: Code,
  span: Span,
  message: string,
  more: Omit<Diagnostic, "code" | "severity" | "span" | "message"> = {},
): Diagnostic {
  return { code, severity: "error", span, message, ...more };
}
