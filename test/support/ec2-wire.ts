// EC2's protocol by hand: a request as a form over HTTP, the answer as a tree of elements. Reads XML without any of the code under test.

import { encodeForm } from "../../providers/aws/simulator/protocol-client.ts";

export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

/** The little of XML that EC2 speaks: elements, text, the five entities; no attributes but a namespace. */
export function parseXml(xml: string): Element {
  const pattern = /<\?[^>]*\?>|<(\/?)([\w.:-]+)[^>]*?(\/?)>|([^<]+)/g;
  const root: { name: string; text: string; children: Element[] } = { name: "", text: "", children: [] };
  const open = [root];
  for (const [whole, closing, name, empty, text] of xml.matchAll(pattern)) {
    const top = open[open.length - 1];
    if (top === undefined) throw new Error("more ends than beginnings");
    if (text !== undefined) top.text += decodeEntities(text);
    else if (whole.startsWith("<?")) continue;
    else if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends what it did not begin`);
    } else {
      const element = { name: name ?? "", text: "", children: [] };
      top.children.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || only === undefined || root.children.length !== 1)
    throw new Error(`not one whole document: ${xml.slice(0, 200)}`);
  return only;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9A-Fa-f]+)|(\w+));/g, (_all, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES[name ?? ""] ?? "") : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}

/** The text of the first element of a name, depth first. */
export function textOf(element: Element, name: string): string {
  return findElement(element, name)?.text ?? "";
}

export function findElement(element: Element, name: string): Element | undefined {
  for (const child of element.children) {
    const found = child.name === name ? child : findElement(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly body: Element;
  /** The error's code; empty for a success. */
  readonly code: string;
}

const AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0";

/** Sends an input in the SDK's names. */
export async function callWire(endpoint: string, operation: string, input: Readonly<Record<string, unknown>> = {}): Promise<WireAnswer> {
  const response = await fetch(endpoint, { method: "POST", headers: { authorization: AUTHORIZATION }, body: encodeForm(operation, input) });
  const body = parseXml(await response.text());
  return { status: response.status, body, code: response.ok ? "" : textOf(body, "Code") };
}
