// The mistakes that only show once a stack has become native objects. Each says where it stands and the way out.

import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { Span } from "../../grammar/source/span.ts";
import type { NativeObject } from "./native-graph.ts";
import { readOrigins, visitNative } from "./walk-native.ts";

export function reportUnsupported(resource: PortableResource): Diagnostic {
  return {
    code: "K3001",
    severity: "error",
    message: `\`${resource.provider}\` cannot make a \`${resource.kind}\``,
    span: resource.span,
    hint: `place \`${resource.address}\` on another cloud with \`on\``,
  };
}

/** `cycle`: keys, each waiting for the next and the last for the first. */
export function reportCycle(cycle: readonly string[], objects: ReadonlyMap<string, NativeObject>): Diagnostic {
  const first = cycle[0] as string;
  const hops = cycle.map((key, position) => ({ from: objects.get(key), to: cycle[(position + 1) % cycle.length] as string }));
  const related = hops.flatMap(({ from, to }) =>
    from ? [{ span: placeOfWait(from, to), message: `\`${from.key}\` waits for \`${to}\`` }] : [],
  );
  const [primary, ...others] = related;
  return {
    code: "K3002",
    severity: "error",
    message: `objects wait for each other: ${[...cycle, first].map((key) => `\`${key}\``).join(" → ")}`,
    ...(primary ? { span: primary.span, label: primary.message } : {}),
    related: others,
    hint: "give one of these props a value that does not depend on the others, or drop an `@after`",
  };
}

export function reportNoOutput(address: string, attribute: string, span: Span, graph: ResourceGraph): Diagnostic {
  const owner = graph.resources.get(address);
  return {
    code: "K3003",
    severity: "error",
    message: `\`${address}\` has no \`${attribute}\`${owner ? ` on \`${owner.provider}\`` : ""}`,
    span,
    hint: "leave it out, or read it only where the cloud gives it",
    ...(owner ? { related: [{ span: owner.span, message: `\`${address}\` is declared here` }] } : {}),
  };
}

/** Where the resource behind an object is declared. */
export function declared(object: NativeObject): Span {
  return object.places["*"] ?? { file: "", start: 0, end: 0 };
}

export function reportMissing(object: NativeObject, owner: PortableResource, key: string): Diagnostic {
  return {
    code: "K3004",
    severity: "error",
    message: `\`${object.key}\` needs \`${key}\`, but \`${owner.address}\` is \`@existing\` and only its main object is known`,
    span: declared(object),
    related: [{ span: owner.span, message: `\`${owner.address}\` is declared here` }],
    hint: `manage \`${owner.address}\` with Koine (\`@adopt\` takes it over), or do without what needs this object`,
  };
}

/** Where the prop stands that makes `object` wait for `key`. */
function placeOfWait(object: NativeObject, key: string): Span {
  const address = key.slice(0, key.lastIndexOf(":"));
  for (const name of Object.keys(object.props)) {
    let makesIt = false;
    visitNative(object.props[name] ?? null, {
      reference: (ref) => {
        makesIt ||= ref.object === key;
      },
      deferred: (deferred) => {
        makesIt ||= readOrigins(deferred.value).some(([origin]) => origin === address);
      },
    });
    const place = object.places[name];
    if (makesIt && place) return place;
  }
  return declared(object);
}
