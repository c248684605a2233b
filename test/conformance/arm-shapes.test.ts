// The bodies of the embedded ARM against the SDKs' own: whatever a client can send is known by name, nothing is accepted that the vendor does not
// have, and the values of enumerations are the vendor's.

import { describe, expect, test } from "vitest";
import { STORAGE_PROFILE } from "../../providers/azure/simulator/machine-shape.ts";
import { type Fields, record, type Shape } from "../../providers/azure/simulator/shape.ts";
import { TYPES } from "../../providers/azure/simulator/types.ts";
import { type ArmModel, readArmModel } from "../support/arm-model.ts";

const network = readArmModel("arm-network");
const compute = readArmModel("arm-compute");

/** By type: whose model, and the function that writes its body; that which reads it is its twin. */
const WRITERS: Readonly<Record<string, readonly [ArmModel, string]>> = {
  "Microsoft.Network/virtualNetworks": [network, "virtualNetworkSerializer"],
  "Microsoft.Network/virtualNetworks/subnets": [network, "subnetSerializer"],
  "Microsoft.Network/networkSecurityGroups": [network, "networkSecurityGroupSerializer"],
  "Microsoft.Network/networkSecurityGroups/securityRules": [network, "securityRuleSerializer"],
  "Microsoft.Network/applicationSecurityGroups": [network, "applicationSecurityGroupSerializer"],
  "Microsoft.Network/publicIPAddresses": [network, "publicIPAddressSerializer"],
  "Microsoft.Network/natGateways": [network, "natGatewaySerializer"],
  "Microsoft.Network/networkInterfaces": [network, "networkInterfaceSerializer"],
  "Microsoft.Compute/virtualMachines": [compute, "virtualMachineSerializer"],
  "Microsoft.Compute/disks": [compute, "diskSerializer"],
  "Microsoft.Compute/snapshots": [compute, "snapshotSerializer"],
  "Microsoft.Compute/images": [compute, "imageSerializer"],
};

/** Members that real answers have, and that the SDKs do not read: taken back and dropped. */
const BEYOND_THE_MODEL = new Set(["kind", "allowPort25Out", "etag", "type", "name", "id"]);

/** All members of these are read only. */
const NOTHING_TO_SEND = new Set(["_applicationSecurityGroupPropertiesSerializer", "userAssignedIdentitiesValueRecordSerializer"]);

function isReference(shape: Shape): boolean {
  return shape.kind === "record" && Object.keys(shape.fields).join() === "id";
}

/** Members that the SDK can send and that the shape does not name. */
function findUnknown(model: ArmModel, writer: string, shape: Shape, path: string): readonly string[] {
  const inner = shape.kind === "list" ? shape.item : shape;
  if (inner.kind === "map") return findUnknown(model, writer, inner.value, path);
  if (inner.kind !== "record" || isReference(inner)) return [];
  const members = model.node(writer)?.members;
  if (members === undefined) return path === "" || !NOTHING_TO_SEND.has(writer) ? [`${path}: the SDK has no ${writer}`] : [];
  return [...members].flatMap(([name, { next }]) => {
    const field = inner.fields[name];
    if (field === undefined) return [`${path}${name}`];
    return next === undefined ? [] : findUnknown(model, next, field, `${path}${name}.`);
  });
}

/** Members of the shape that the SDK neither sends nor reads, and values that its enumerations do not have. */
function findInvented(model: ArmModel, writer: string, shape: Shape, path: string): readonly string[] {
  const inner = shape.kind === "list" ? shape.item : shape;
  if (inner.kind !== "record") return [];
  const sent = model.node(writer)?.members;
  const read = model.node(writer.replace(/Serializer$/, "Deserializer"))?.members;
  return Object.entries(inner.fields).flatMap(([name, field]) => {
    const known = sent?.get(name) ?? read?.get(name);
    if (known === undefined) return BEYOND_THE_MODEL.has(name) ? [] : [`${path}${name}`];
    const choice = field.kind === "list" ? field.item : field;
    const values = choice.kind === "text" && choice.values !== undefined ? model.values(writer, name) : undefined;
    const odd = choice.kind === "text" && values !== undefined ? (choice.values ?? []).filter((value) => !values.includes(value)) : [];
    const next = known.next?.replace(/Deserializer$/, "Serializer");
    return [
      ...odd.map((value) => `${path}${name} = ${value}`),
      ...(next === undefined ? [] : findInvented(model, next, field, `${path}${name}.`)),
    ];
  });
}

function shapeOf(type: string): Shape {
  const found = TYPES.get(type.toLowerCase());
  if (found === undefined) throw new Error(`the embedded ARM has no ${type}`);
  const tracked: Fields = found.tracked ? { location: { kind: "text" }, tags: { kind: "map", value: { kind: "text" } } } : {};
  return record({
    id: { kind: "answered" },
    name: { kind: "answered" },
    type: { kind: "answered" },
    ...tracked,
    ...found.envelope,
    properties: found.properties,
  });
}

/** The SDK's enumerations of skus are of types that share a name with others. */
describe.each(Object.entries(WRITERS))("%s", (type, [model, writer]) => {
  test("whatever the SDK can send is known", () => {
    expect(findUnknown(model, writer, shapeOf(type), "")).toEqual([]);
  });

  test("nothing is accepted that the SDK does not have", () => {
    expect(findInvented(model, writer, shapeOf(type), "")).toEqual([]);
  });
});

test("every type but the group is held against the SDK", () => {
  const types = [...TYPES.values()].map(({ type }) => type).filter((type) => !type.startsWith("Microsoft.Resources/"));
  expect(Object.keys(WRITERS).sort()).toEqual(types.sort());
});

test("the walk sees a member that is missing and one that is invented", () => {
  const { diskSizeGB: _gone, ...fields } = STORAGE_PROFILE.kind === "record" ? STORAGE_PROFILE.fields : {};
  const { osDisk: _missing, ...without } = fields;
  expect(findUnknown(compute, "storageProfileSerializer", record(without), "")).toContain("osDisk");
  expect(findInvented(compute, "storageProfileSerializer", record({ ...fields, colour: { kind: "text" } }), "")).toEqual(["colour"]);
});
