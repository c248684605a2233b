// The embedded EC2's protocol against the vendor's published model: the same parameters, the same names on the wire, the same things required.

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { OPERATION_NAMES } from "../../providers/aws/simulator/operation-names.ts";
import { OPERATIONS } from "../../providers/aws/simulator/operations.ts";
import { SHAPES } from "../../providers/aws/simulator/protocol.generated.ts";
import { type ModelShape, nameInQuery, nameInXml, readEc2Model, resolveShape } from "../support/ec2-model.ts";

const model = readEc2Model();

type Direction = "input" | "output";

/** Where the newer publication relaxed what the older one required. */
const RELAXED = new Set([
  // A zone may be named by its id instead.
  "CreateVolumeRequest.AvailabilityZone",
  // A regional NAT gateway has a VPC instead.
  "CreateNatGatewayRequest.SubnetId",
]);

/** Operations that answer more than their request id only since the older publication. */
const ANSWERING_SINCE = new Set(["DeleteSecurityGroup", "DeregisterImage"]);

/** The older publication calls this list by its item; the embedded EC2 never sends it. */
const NEVER_SENT = "InferenceAcceleratorInfo.Accelerators";

/** Every difference between the two publications in one direction, as sentences. Members that only the newer one has are none. */
function compareShapes(
  type: string,
  published: ModelShape,
  direction: Direction,
  path: string,
  seen = new Set<string>(),
): readonly string[] {
  const shape = resolveShape(model, published);
  if (type.startsWith("[") || type.startsWith("<")) {
    if (shape.type !== "list" || shape.member === undefined) return [`${path}: a list, published as ${shape.type ?? "string"}`];
    const item = type.startsWith("[") ? "item" : "member";
    const named = shape.member.locationName ?? "member";
    const wrong = direction === "output" && named !== item ? [`${path}: items called ${item}, published as ${named}`] : [];
    return [...wrong, ...compareShapes(type.slice(1), shape.member, direction, `${path}[]`, seen)];
  }
  if (!type.startsWith("{")) return compareScalar(type, shape, path);
  const name = type.slice(1);
  if (seen.has(name)) return [];
  seen.add(name);
  const struct = SHAPES.structs[name];
  if (struct === undefined || shape.type !== "structure") return [`${path}: a structure ${name}, published as ${shape.type ?? "string"}`];
  const differences: string[] = [];
  for (const [member, inner] of Object.entries(shape.members ?? {})) {
    const ours = struct.members[member];
    if (ours === undefined) {
      differences.push(`${path}.${member}: missing`);
      continue;
    }
    const wire = direction === "input" ? (ours[1] ?? member) : (ours[2] ?? member);
    const expected = direction === "input" ? nameInQuery(member, inner) : nameInXml(member, inner);
    if (wire !== expected) differences.push(`${path}.${member}: ${wire} on the wire, published as ${expected}`);
    differences.push(...compareShapes(ours[0], inner, direction, `${path}.${member}`, seen));
  }
  if (direction === "input") {
    const required = new Set(struct.required);
    for (const member of shape.required ?? []) {
      if (!required.has(member) && !RELAXED.has(`${name}.${member}`)) differences.push(`${path}.${member}: not required`);
    }
    for (const member of required)
      if (shape.members?.[member] !== undefined && !shape.required?.includes(member)) differences.push(`${path}.${member}: required`);
  }
  return differences;
}

const SCALARS: Readonly<Record<string, readonly string[]>> = {
  string: ["string"],
  number: ["integer", "long", "float", "double"],
  boolean: ["boolean"],
  timestamp: ["timestamp"],
  blob: ["blob"],
};

function compareScalar(type: string, shape: ModelShape, path: string): readonly string[] {
  const published = shape.type ?? "string";
  return SCALARS[type]?.includes(published) === true ? [] : [`${path}: ${type}, published as ${published}`];
}

/** The type that a dotted path of members leads to. */
function followPath(type: string, path: string): string | undefined {
  return path.split(".").reduce<string | undefined>((at, member) => {
    const struct = at?.replace(/^\[+/, "");
    return struct?.startsWith("{") === true ? SHAPES.structs[struct.slice(1)]?.members[member]?.[0] : undefined;
  }, type);
}

describe.each(OPERATION_NAMES)("%s", (name) => {
  const [input = "", output = ""] = SHAPES.operations[name] ?? [];
  const published = model.operations[name];

  test("takes what the model says", () => {
    expect(published).toBeDefined();
    expect(compareShapes(input, published?.input ?? { type: "structure" }, "input", name)).toEqual([]);
  });

  test("answers what the model says", () => {
    if (output === "" || ANSWERING_SINCE.has(name)) expect(published?.output).toBeUndefined();
    else expect(compareShapes(output, published?.output ?? {}, "output", name).filter((line) => !line.includes(NEVER_SENT))).toEqual([]);
  });

  test("honours only parameters that exist, and all that are required", () => {
    const accepts = OPERATIONS[name].accepts;
    expect(accepts.filter((path) => followPath(input, path) === undefined)).toEqual([]);
    const required = SHAPES.structs[input.slice(1)]?.required ?? [];
    expect(required.filter((member) => !accepts.some((path) => path === member || path.startsWith(`${member}.`)))).toEqual([]);
  });

  test("says whether it changes anything", () => {
    expect(OPERATIONS[name].mutating).toBe(!name.startsWith("Describe"));
  });
});

test("every operation that has shapes is served, and the other way round", () => {
  expect(Object.keys(OPERATIONS).sort()).toEqual([...OPERATION_NAMES].sort());
  expect(Object.keys(SHAPES.operations).sort()).toEqual([...OPERATION_NAMES].sort());
});

test("the generated protocol is what its script makes today", () => {
  const run = spawnSync(process.execPath, [new URL("../../scripts/generate-simulator-protocol.ts", import.meta.url).pathname, "--check"], {
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});
