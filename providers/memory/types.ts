// The native types of the in-process cloud. Between them they have every trait that a real cloud's types have: all four replay
// classes, marks and none, names, claims, parents, asynchrony, members, props that cannot be read, props that only a read each shows.

import type { NativeProp, NativeSchema } from "../../engine/provider/native-schema.ts";
import type { MemoryType } from "./memory-type.ts";

const minute = 60_000;
const tags: NativeProp = { type: "tags", default: {}, doc: "Owned key by key." };
const text: NativeProp = { type: "string" };
const fixed: NativeProp = { type: "string", required: true, immutable: true };

function schema(name: string, rest: Pick<NativeSchema, "props" | "marks"> & Partial<NativeSchema>): NativeSchema {
  return {
    type: `memory.${name}`,
    version: 1,
    timeouts: { create: 10 * minute, update: 10 * minute, delete: 10 * minute },
    attributes: { Id: { type: "string" } },
    lateEffect: 5 * minute,
    ...rest,
  };
}

const address = (random: () => number): string => `198.51.100.${1 + Math.floor(random() * 254)}`;

/** Nothing but the mark tells a second create from the first. `Dns` is seen only by reading each. */
const network: MemoryType = {
  noun: "Network",
  schema: schema("Network", {
    marks: "tags",
    props: { Cidr: fixed, Dns: { type: "bool", default: false, observed: "each" }, Tags: tags },
  }),
  creation: { replay: "marked" },
  parents: {},
  later: ["Dns"],
};

/** Made by name: a second request of the same owner changes nothing, another's is refused. */
const gateway: MemoryType = {
  noun: "Gateway",
  schema: schema("Gateway", {
    marks: "tags",
    naturalKey: ["Name"],
    nameBound: "Name",
    exclusive: [["Name"]],
    props: { Name: fixed, NetworkId: fixed, Tags: tags },
  }),
  creation: { replay: "idempotent" },
  parents: { NetworkId: "memory.Network" },
};

const subnet: MemoryType = {
  noun: "Subnet",
  schema: schema("Subnet", {
    marks: "tags",
    naturalKey: ["NetworkId", "Cidr"],
    exclusive: [["NetworkId", "Cidr"]],
    props: {
      NetworkId: fixed,
      Cidr: fixed,
      Zone: { ...text, immutable: true, default: "a" },
      Public: { type: "bool", default: false },
      Tags: tags,
    },
    attributes: { Id: { type: "string" }, Zone: { type: "string" } },
  }),
  creation: { replay: "natural" },
  parents: { NetworkId: "memory.Network" },
  gives: () => ({}),
};

/** Without marks: its subnet is who it is. */
const route: MemoryType = {
  noun: "Route",
  schema: schema("Route", {
    marks: "none",
    naturalKey: ["SubnetId"],
    exclusive: [["SubnetId"]],
    lockedBy: ["SubnetId"],
    props: { SubnetId: fixed, GatewayId: { ...text, required: true } },
  }),
  creation: { replay: "natural" },
  parents: { SubnetId: "memory.Subnet", GatewayId: "memory.Gateway" },
  idOf: ["SubnetId"],
};

/** Rules are members, each a request of its own. */
const firewall: MemoryType = {
  noun: "Firewall",
  schema: schema("Firewall", {
    marks: "tags",
    props: { NetworkId: fixed, Rules: { type: "set", default: [] }, Tags: tags },
  }),
  creation: { replay: "marked" },
  parents: { NetworkId: "memory.Network" },
  memberwise: ["Rules"],
};

const key: MemoryType = {
  noun: "Key",
  schema: schema("Key", {
    marks: "tags",
    naturalKey: ["Name"],
    nameBound: "Name",
    exclusive: [["Name"]],
    props: { Name: fixed, PublicKey: fixed, Tags: tags },
    attributes: { Id: { type: "string" }, Fingerprint: { type: "string" } },
  }),
  creation: { replay: "natural" },
  parents: {},
  gives: (random) => ({ Fingerprint: `SHA256:${Math.floor(random() * 1e9).toString(36)}` }),
};

/** Made by a long-running operation under a client token; changes size only while stopped; lingers in lists when it ends. */
const machine: MemoryType = {
  noun: "Machine",
  schema: schema("Machine", {
    marks: "tags",
    tokenValid: 60 * minute,
    props: {
      SubnetId: fixed,
      Image: fixed,
      Size: {
        type: "string",
        required: true,
        replaceWhen: (from, to) => (familyOf(from) === familyOf(to) ? undefined : "another family of sizes"),
      },
      Keys: { type: "set", default: [], immutable: true },
      Firewalls: { type: "set", default: [] },
      UserData: { type: "string", writeOnly: true, observed: "never", immutable: true },
      Password: { type: "string", writeOnly: true, observed: "never", secret: true },
      Power: { type: "string", default: "on" },
      Public: { type: "bool", default: false, immutable: true },
      PrivateIp: { type: "string", immutable: true, whenAbsent: "keep" },
      Tags: tags,
    },
    attributes: {
      Id: { type: "string" },
      Name: { type: "string" },
      PrivateIp: { type: "string" },
      PublicIp: { type: "string", changesWith: ["Size", "Power"] },
    },
  }),
  creation: { replay: "token", takes: [2_000, 40_000], handle: true },
  deletion: { takes: [1_000, 30_000] },
  parents: { SubnetId: "memory.Subnet", Keys: "memory.Key", Firewalls: "memory.Firewall" },
  later: ["Password"],
  whileStopped: ["Size"],
  gives: (random) => ({ PrivateIp: `10.0.${Math.floor(random() * 256)}.${4 + Math.floor(random() * 250)}`, PublicIp: address(random) }),
};

function familyOf(size: unknown): string {
  return String(size).split(".")[0] ?? "";
}

const disk: MemoryType = {
  noun: "Disk",
  schema: schema("Disk", {
    marks: "tags",
    tokenValid: 60 * minute,
    dataBearing: true,
    props: {
      Size: { type: "int", required: true, replaceWhen: (from, to) => (Number(to) < Number(from) ? "disks do not shrink" : undefined) },
      Type: { ...text, default: "ssd" },
      Zone: { ...text, immutable: true, default: "a" },
      Tags: tags,
    },
  }),
  creation: { replay: "token", takes: [500, 10_000] },
  parents: {},
};

const attachment: MemoryType = {
  noun: "Attachment",
  schema: schema("Attachment", {
    marks: "none",
    naturalKey: ["DiskId"],
    exclusive: [["DiskId"]],
    lockedBy: ["MachineId"],
    props: { DiskId: fixed, MachineId: fixed },
    attributes: { Id: { type: "string" }, Device: { type: "string" } },
  }),
  creation: { replay: "natural", takes: [200, 5_000] },
  deletion: { takes: [200, 5_000] },
  parents: { DiskId: "memory.Disk", MachineId: "memory.Machine" },
  idOf: ["DiskId"],
  gives: () => ({ Device: "/dev/sdb" }),
};

const publicAddress: MemoryType = {
  noun: "Address",
  schema: schema("Address", { marks: "tags", props: { Tags: tags }, attributes: { Id: { type: "string" }, Ip: { type: "string" } } }),
  creation: { replay: "marked" },
  parents: {},
  gives: (random) => ({ Ip: address(random) }),
};

const binding: MemoryType = {
  noun: "Binding",
  schema: schema("Binding", {
    marks: "none",
    naturalKey: ["AddressId"],
    exclusive: [["AddressId"]],
    props: { AddressId: fixed, MachineId: fixed },
  }),
  creation: { replay: "natural" },
  parents: { AddressId: "memory.Address", MachineId: "memory.Machine" },
  idOf: ["AddressId"],
};

/** Known by its name, and changed only as a whole: a request that leaves something out takes it away. */
const record: MemoryType = {
  noun: "Record",
  schema: schema("Record", {
    marks: "tags",
    naturalKey: ["Name"],
    exclusive: [["Name"]],
    props: { Name: fixed, Value: { ...text, required: true }, Ttl: { type: "int", default: 60 }, Tags: tags },
  }),
  creation: { replay: "natural" },
  parents: {},
  idOf: ["Name"],
  whole: true,
  incarnations: true,
};

/** By native type. */
export const memoryTypes: Readonly<Record<string, MemoryType>> = Object.fromEntries(
  [network, gateway, subnet, route, firewall, key, machine, disk, attachment, publicAddress, binding, record].map((type) => [
    type.schema.type,
    type,
  ]),
);
