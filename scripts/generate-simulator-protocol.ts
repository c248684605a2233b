// Writes providers/aws/simulator/protocol.generated.ts: parameter and response shapes of the operations that the embedded EC2
// serves, taken from the schemas in the vendor's SDK. test/conformance/ec2-model.test.ts holds the result against the vendor's other publication.

import { readFileSync, writeFileSync } from "node:fs";
import * as sdk from "@aws-sdk/client-ec2";
import { NormalizedSchema } from "@smithy/core/schema";
import { OPERATION_NAMES } from "../providers/aws/simulator/operation-names.ts";

interface Member {
  /** [query name, XML name, type]; the names are left out where all three agree. */
  readonly names: readonly [string, string];
  readonly type: string;
}

const structs = new Map<string, { required: string[]; members: Record<string, Member> }>();

/** Names of list items matter in answers only: a request flattens its lists. */
function describeType(schema: NormalizedSchema, direction: "input" | "output"): string {
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const wrapper = item.getMergedTraits().xmlName ?? "member";
    if (direction === "output" && wrapper !== "item" && wrapper !== "member")
      throw new Error(`list items of ${schema.getName()} are called ${String(wrapper)}`);
    return `${direction === "output" && wrapper === "member" ? "<" : "["}${describeType(item, direction)}`;
  }
  if (schema.isStructSchema()) {
    const name = schema.getName() ?? "";
    addStruct(name, schema, direction);
    return `{${name}`;
  }
  if (schema.isTimestampSchema()) return "timestamp";
  if (schema.isBooleanSchema()) return "boolean";
  if (schema.isBlobSchema()) return "blob";
  if (schema.isStringSchema()) return "string";
  if (schema.isNumericSchema()) return "number";
  throw new Error(`no rule for ${schema.getName()}`);
}

function addStruct(name: string, schema: NormalizedSchema, direction: "input" | "output"): void {
  if (structs.has(name)) return;
  const raw = schema.getSchema() as unknown as readonly [number, string, string, unknown, readonly string[], readonly unknown[], number?];
  const struct = { required: raw[4].slice(0, raw[6] ?? 0), members: {} as Record<string, Member> };
  structs.set(name, struct);
  for (const [member, type] of schema.structIterator()) {
    const traits = type.getMergedTraits();
    const xml = (traits.xmlName as string | undefined) ?? member;
    const query = (traits.ec2QueryName as string | undefined) ?? xml.charAt(0).toUpperCase() + xml.slice(1);
    struct.members[member] = { names: [query, xml], type: describeType(type, direction) };
  }
}

const operations: Record<string, readonly [string, string]> = {};
const commands = sdk as unknown as Record<string, new (input: object) => { schema?: readonly unknown[] }>;
for (const name of OPERATION_NAMES) {
  const Command = commands[`${name}Command`];
  if (Command === undefined) throw new Error(`the SDK has no ${name}`);
  const schema = new Command({}).schema as readonly never[];
  const [input, output] = [NormalizedSchema.of(schema[4] as never), NormalizedSchema.of(schema[5] as never)];
  operations[name] = [describeType(input, "input"), output.isUnitSchema() ? "" : describeType(output, "output")];
}

const lines = [
  "// Made by scripts/generate-simulator-protocol.ts from the vendor's SDK; do not edit.",
  'import type { ProtocolShapes } from "./protocol-shapes.ts";',
  "",
  "export const SHAPES: ProtocolShapes = {",
  "  operations: {",
  ...Object.entries(operations).map(([name, [input, output]]) => `    ${name}: [${JSON.stringify(input)}, ${JSON.stringify(output)}],`),
  "  },",
  "  structs: {",
  ...[...structs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, struct]) => {
      const members = Object.entries(struct.members).map(([member, { names, type }]) => {
        const plain = names[0] === member && names[1] === member;
        return `${JSON.stringify(member)}: ${JSON.stringify(plain ? [type] : [type, ...names])}`;
      });
      return `    ${JSON.stringify(name)}: { required: ${JSON.stringify(struct.required)}, members: { ${members.join(", ")} } },`;
    }),
  "  },",
  "};",
  "",
];
const file = new URL("../providers/aws/simulator/protocol.generated.ts", import.meta.url);
const text = lines.join("\n");
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("providers/aws/simulator/protocol.generated.ts is stale: run node scripts/generate-simulator-protocol.ts");
  process.exitCode = 1;
}
