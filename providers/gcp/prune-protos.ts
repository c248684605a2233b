// The SDK's description of Compute Engine has more than two thousand types, and making them all takes most of a second. Koine uses a few services:
// what they need, and nothing else, is picked out of the description before it is made into types. Pure.

/** A node of the description: a namespace, a message, an enum or a service. */
export interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>;
  readonly fields?: Readonly<Record<string, { readonly type: string }>>;
  readonly methods?: Readonly<Record<string, { readonly requestType: string; readonly responseType: string }>>;
}

const path = ["google", "cloud", "compute", "v1"] as const;

/** The same description with only these services of `google.cloud.compute.v1`, and the types that their methods lead to. */
export function pruneProtos(root: ProtoNode, services: readonly string[]): ProtoNode {
  const all = path.reduce<ProtoNode | undefined>((node, name) => node?.nested?.[name], root)?.nested ?? {};
  const kept: Record<string, ProtoNode> = {};
  const open = [...services];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = all[name];
    if (node === undefined || kept[name] !== undefined) continue;
    kept[name] = node;
    for (const type of typesOf(node)) open.push(lastOwner(type));
  }
  return replaceAt(root, path, kept);
}

/** Types that a node names, those of its inner types included. */
function typesOf(node: ProtoNode): readonly string[] {
  return [
    ...Object.values(node.fields ?? {}).map((field) => field.type),
    ...Object.values(node.methods ?? {}).flatMap((method) => [method.requestType, method.responseType]),
    ...Object.values(node.nested ?? {}).flatMap(typesOf),
  ];
}

/** The outermost type of a name: `Operation` for `.google.cloud.compute.v1.Operation.Status`. */
function lastOwner(type: string): string {
  return type.replace(/^\.?google\.cloud\.compute\.v1\./, "").split(".")[0] ?? type;
}

function replaceAt(node: ProtoNode, names: readonly string[], nested: Readonly<Record<string, ProtoNode>>): ProtoNode {
  const [first, ...rest] = names;
  if (first === undefined) return { ...node, nested };
  return { ...node, nested: { ...node.nested, [first]: replaceAt(node.nested?.[first] ?? {}, rest, nested) } };
}
