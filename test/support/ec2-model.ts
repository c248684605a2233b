// EC2's API model as the vendor publishes it for its older SDK: a source besides the newer SDK's, which the embedded EC2's protocol is made from.

import { readFileSync } from "node:fs";

export interface ModelShape {
  readonly type?: string;
  readonly shape?: string;
  readonly members?: Readonly<Record<string, ModelShape>>;
  readonly member?: ModelShape;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly required?: readonly string[];
}

export interface ModelOperation {
  readonly input?: ModelShape;
  readonly output?: ModelShape;
}

export interface Ec2Model {
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

export interface ModelExample {
  readonly id: string;
  readonly title: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../node_modules/aws-sdk/apis/${file}`, import.meta.url), "utf8"));

export function readEc2Model(): Ec2Model {
  return read("ec2-2016-11-15.min.json") as Ec2Model;
}

/** The model's worked examples, by operation. */
export function readEc2Examples(): Readonly<Record<string, readonly ModelExample[]>> {
  return (read("ec2-2016-11-15.examples.json") as { examples: Record<string, ModelExample[]> }).examples;
}

/** A shape with its reference followed; what stands at the reference (its names) stays. */
export function resolveShape(model: Ec2Model, shape: ModelShape): ModelShape {
  return shape.shape === undefined ? shape : { ...model.shapes[shape.shape], ...shape };
}

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html: a query name is given, or the location's with a capital, or the member's. */
export function nameInQuery(member: string, shape: ModelShape): string {
  const location = shape.locationName;
  return shape.queryName ?? (location === undefined ? member : location.charAt(0).toUpperCase() + location.slice(1));
}

export function nameInXml(member: string, shape: ModelShape): string {
  return shape.locationName ?? member;
}

/** Values of the enumerations that the SDK declares, by structure and member: `InstanceState.Name`. Read from its type declarations. */
export function readEnumerations(): ReadonlyMap<string, ReadonlySet<string>> {
  const folder = new URL("../../node_modules/@aws-sdk/client-ec2/dist-types/models/", import.meta.url);
  const enums = new Map<string, ReadonlySet<string>>();
  const enumText = readFileSync(new URL("enums.d.ts", folder), "utf8");
  for (const [, name = "", body = ""] of enumText.matchAll(/export declare const (\w+): \{([^}]*)\}/g)) {
    enums.set(name, new Set([...body.matchAll(/readonly [^:]+: "([^"]*)"/g)].map(([, value = ""]) => value)));
  }
  const members = new Map<string, ReadonlySet<string>>();
  for (let n = 0; n <= 8; n++) {
    const text = readFileSync(new URL(`models_${n}.d.ts`, folder), "utf8");
    for (const [, struct = "", body = ""] of text.matchAll(/export interface (\w+) \{(.*?)\n\}/gs)) {
      for (const [, member = "", type = ""] of body.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])? \| undefined;/gm)) {
        const values = enums.get(type);
        if (values !== undefined) members.set(`${struct}.${member}`, values);
      }
    }
  }
  return members;
}

/** Filters that the SDK's documentation lists for an operation. */
export function readDocumentedFilters(operation: string): readonly string[] {
  const folder = new URL("../../node_modules/@aws-sdk/client-ec2/dist-types/models/", import.meta.url);
  for (let n = 0; n <= 8; n++) {
    const text = readFileSync(new URL(`models_${n}.d.ts`, folder), "utf8");
    const body = new RegExp(`export interface ${operation}Request \\{(.*?)\\n\\}`, "s").exec(text)?.[1];
    if (body === undefined) continue;
    const doc = /\/\*\*((?:(?!\*\/).)*)\*\/\s*(?:Filters|Filter)\?: Filter\[\]/s.exec(body)?.[1] ?? "";
    return [...doc.matchAll(/<li>\s*\*?\s*<p>\s*\*?\s*<code>([^<]+)<\/code>/g)].map(([, name = ""]) => name.trim());
  }
  throw new Error(`the SDK declares no ${operation}Request`);
}
