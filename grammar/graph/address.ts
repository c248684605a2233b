// Addresses of resources as text and as parts: `machine.web[0]`, `subnet.app["a"]`, `cluster.db/machine.node[0]`.

export interface AddressStep {
  /** A kind, or a component. */
  readonly kind: string;
  readonly name: string;
  readonly key?: string | number;
}

/** The last step is the resource; those before it are uses of components. */
export type Address = readonly AddressStep[];

const WORD = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const INDEX = /\[(0|[1-9][0-9]{0,15})\]/y;
const QUOTED = /\[("(?:[^"\\]|\\.)*")\]/y;

export function formatStep(kind: string, name: string, key?: string | number): string {
  if (key === undefined) return `${kind}.${name}`;
  return typeof key === "number" ? `${kind}.${name}[${key}]` : `${kind}.${name}[${JSON.stringify(key)}]`;
}

export function formatAddress(address: Address): string {
  return address.map((step) => formatStep(step.kind, step.name, step.key)).join("/");
}

/** Parts of an address, or undefined when the text is none. `formatAddress` gives the same text back. */
export function parseAddress(text: string): Address | undefined {
  const steps: AddressStep[] = [];
  let at = 0;
  for (;;) {
    const kind = match(WORD, text, at);
    if (kind === undefined || text[at + kind.length] !== ".") return undefined;
    at += kind.length + 1;
    const name = match(WORD, text, at);
    if (name === undefined) return undefined;
    at += name.length;
    const key = parseKey(text, at);
    if (key === "malformed") return undefined;
    at += key?.length ?? 0;
    steps.push(key === undefined ? { kind, name } : { kind, name, key: key.value });
    if (at === text.length) return steps;
    if (text[at] !== "/") return undefined;
    at += 1;
  }
}

function parseKey(text: string, at: number): { readonly value: string | number; readonly length: number } | undefined | "malformed" {
  if (text[at] !== "[") return undefined;
  const index = match(INDEX, text, at);
  if (index !== undefined) return { value: Number(index.slice(1, -1)), length: index.length };
  const quoted = match(QUOTED, text, at);
  if (quoted === undefined) return "malformed";
  try {
    const value: unknown = JSON.parse(quoted.slice(1, -1));
    // Only the canonical spelling is an address, so that text and parts are one to one.
    return typeof value === "string" && JSON.stringify(value) === quoted.slice(1, -1) ? { value, length: quoted.length } : "malformed";
  } catch {
    return "malformed";
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
