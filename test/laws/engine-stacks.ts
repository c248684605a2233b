// Random small stacks of the in-process cloud, and what the world must hold when one of them is in force. The expectation knows
// nothing of marks, state or journal: it finds objects by a tag that is an ordinary prop to the engine.

import fc from "fast-check";
import type { NativeGraph, NativeObject } from "../../engine/lower/native-graph.ts";
import { isNativeRef, type NativeMap, type NativeSecret, type NativeValue, nativeRef } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import { tag, tagOf } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { memoryTypes } from "../../providers/memory/types.ts";
import type { World } from "../../providers/memory/world.ts";
import type { WorldObject } from "../../providers/memory/world-object.ts";

export interface MachineSpec {
  readonly size: string;
  readonly image: string;
  readonly key: boolean;
  readonly firewalled: boolean;
  readonly password: string | null;
  readonly power: string;
  readonly address: boolean;
  readonly disk: number | null;
  /** What takes the machine's public address, which it has only while it runs: a record that follows it, or a key that is made anew. */
  readonly follow?: "record" | "key" | null | undefined;
}

export interface SubnetSpec {
  readonly zone: string;
  readonly public: boolean;
  readonly routed: boolean;
  readonly machines: readonly MachineSpec[];
  /** Which of the network's blocks it claims; its place in the list unless said otherwise, and the next free one when that is taken. */
  readonly slot?: number;
}

export interface NetworkSpec {
  readonly cidr: string;
  readonly dns: boolean;
  readonly gateway: boolean;
  readonly rules: readonly string[] | null;
  readonly subnets: readonly SubnetSpec[];
  /** A record whose name, like a subnet's block, no other may have. */
  readonly record?: { readonly slot: number; readonly value: string; readonly ttl: number } | null | undefined;
  /** An address and a disk that hang on one of the machines, by its place among them all. */
  readonly moving?: number | null | undefined;
}

export type StackSpec = readonly NetworkSpec[];

export const machineSpec: fc.Arbitrary<MachineSpec> = fc.record({
  size: fc.constantFrom("m.1x1", "m.2x4", "x.2x4"),
  image: fc.constantFrom("image-1", "image-2"),
  key: fc.boolean(),
  firewalled: fc.boolean(),
  password: fc.constantFrom(null, "one", "two"),
  power: fc.constantFrom("on", "off"),
  address: fc.boolean(),
  disk: fc.constantFrom(null, 10, 20),
  follow: fc.constantFrom(null, null, "record" as const, "key" as const),
});

export const subnetSpec: fc.Arbitrary<SubnetSpec> = fc.record({
  zone: fc.constantFrom("a", "b"),
  public: fc.boolean(),
  routed: fc.boolean(),
  machines: fc.array(machineSpec, { maxLength: 2 }),
});

export const recordSpec = fc.record({
  slot: fc.constantFrom(0, 1),
  value: fc.constantFrom("one", "two"),
  ttl: fc.constantFrom(60, 300),
});

export const networkSpec: fc.Arbitrary<NetworkSpec> = fc.record({
  cidr: fc.constantFrom("10.0.0.0/16", "10.1.0.0/16"),
  dns: fc.boolean(),
  gateway: fc.boolean(),
  rules: fc.option(fc.subarray(["tcp/22", "tcp/80", "udp/53"])),
  subnets: fc.array(subnetSpec, { maxLength: 2 }),
  record: fc.option(recordSpec),
  moving: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 2 }),
});

/** Stacks of one or two networks with what hangs on them. */
export const anyStack: fc.Arbitrary<StackSpec> = fc.array(networkSpec, { minLength: 1, maxLength: 2 });

const nowhere: Span = { file: "law.koine", start: 0, end: 0 };

/** The native graph of a stack. Every object that can carry tags has its key in the tag `name`. */
export function toGraph(stack: StackSpec): NativeGraph {
  const objects = new Map<string, NativeObject>();
  const add = (address: string, role: string, type: string, props: NativeMap): string => {
    const key = `${address}:${role}`;
    const tagged = memoryTypes[type]?.schema.props.Tags ? { ...props, Tags: { name: key } } : props;
    objects.set(key, {
      key,
      address,
      role,
      type,
      cloud: "memory",
      provider: "memory",
      props: tagged,
      after: [...new Set(refsIn(tagged))].sort(),
      from: {},
      places: { "*": nowhere },
      annotations: {},
    });
    return key;
  };
  const id = (key: string): NativeValue => nativeRef(key, "Id");

  const names = chooseSlots(stack.map((network, n) => network.record?.slot ?? n));
  stack.forEach((network, n) => {
    const net = add(`network.n${n}`, "network", "memory.Network", { Cidr: network.cidr, Dns: network.dns });
    const gateway = network.gateway
      ? add(`network.n${n}`, "gateway", "memory.Gateway", { Name: `gateway-${n}`, NetworkId: id(net) })
      : undefined;
    const wall = network.rules
      ? add(`firewall.f${n}`, "firewall", "memory.Firewall", { NetworkId: id(net), Rules: network.rules })
      : undefined;
    if (network.record)
      add(`record.n${n}`, "record", "memory.Record", { Name: `name-${names[n]}`, Value: network.record.value, Ttl: network.record.ttl });
    const slots = chooseSlots(network.subnets.map((subnet, s) => subnet.slot ?? s));
    const machines: string[] = [];
    network.subnets.forEach((subnet, s) => {
      const sub = add(`subnet.s${n}${s}`, "subnet", "memory.Subnet", {
        NetworkId: id(net),
        Cidr: `10.${n}.${slots[s]}.0/24`,
        Zone: subnet.zone,
        Public: subnet.public,
      });
      if (gateway && subnet.routed) add(`subnet.s${n}${s}`, "route", "memory.Route", { SubnetId: id(sub), GatewayId: id(gateway) });
      subnet.machines.forEach((machine, m) => {
        machines.push(addMachine(machine, `machine.m${n}${s}${m}`, sub, wall));
      });
    });
    const host = typeof network.moving === "number" ? machines[network.moving % machines.length] : undefined;
    if (host !== undefined) {
      const ip = add(`address.moving${n}`, "address", "memory.Address", {});
      add(`address.moving${n}`, "binding", "memory.Binding", { AddressId: id(ip), MachineId: id(host) });
      const disk = add(`disk.moving${n}`, "disk", "memory.Disk", { Size: 5 });
      add(`disk.moving${n}`, "attachment", "memory.Attachment", { DiskId: id(disk), MachineId: id(host) });
    }
  });

  function addMachine(spec: MachineSpec, address: string, subnet: string, wall: string | undefined): string {
    const follow = spec.power === "on" ? spec.follow : undefined;
    const key = spec.key
      ? add(`key.${address.slice(8)}`, "key", "memory.Key", { Name: `key-${address.slice(8)}`, PublicKey: `ssh ${spec.image}` })
      : undefined;
    const machine = add(address, "machine", "memory.Machine", {
      SubnetId: id(subnet),
      Image: spec.image,
      Size: spec.size,
      Power: spec.power,
      ...(follow && { Public: true }),
      ...(key && { Keys: [id(key)] }),
      ...(wall && spec.firewalled && { Firewalls: [id(wall)] }),
      ...(spec.password !== null && { Password: secret(spec.password), UserData: secret(`boot ${spec.image}`) }),
    });
    if (spec.address) {
      const ip = add(`address.${address.slice(8)}`, "address", "memory.Address", {});
      add(address, "binding", "memory.Binding", { AddressId: id(ip), MachineId: id(machine) });
    }
    if (spec.disk !== null) {
      const disk = add(`disk.${address.slice(8)}`, "disk", "memory.Disk", { Size: spec.disk });
      add(`disk.${address.slice(8)}`, "attachment", "memory.Attachment", { DiskId: id(disk), MachineId: id(machine) });
    }
    const name = `follow-${address.slice(8)}`;
    const value = nativeRef(machine, "PublicIp");
    if (follow === "record") add(`record.${name}`, "record", "memory.Record", { Name: name, Value: value });
    if (follow === "key") add(`key.${name}`, "key", "memory.Key", { Name: name, PublicKey: value });
    return machine;
  }

  return {
    stack: "laws",
    objects,
    outputs: new Map(),
    stackOutputs: new Map(),
    asserts: [],
    clouds: new Map([["memory", { provider: "memory", settings: {} }]]),
    pinRequests: [],
    choices: [],
  };
}

/** As wished, and the lowest free one where two wish for the same: no two of a stack claim one thing. */
function chooseSlots(wishes: readonly number[]): readonly number[] {
  const taken = new Set<number>();
  return wishes.map((wish) => {
    let slot = wish;
    for (let next = 0; taken.has(slot); next++) slot = next;
    taken.add(slot);
    return slot;
  });
}

function secret(value: string): NativeValue {
  return { [tag]: "secret", value };
}

function refsIn(value: NativeValue): readonly string[] {
  if (isNativeRef(value)) return [value.object];
  if (Array.isArray(value)) return value.flatMap((item: NativeValue) => refsIn(item));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((item: NativeValue) => refsIn(item)) : [];
}

/** What is wrong with the world when `graph` should be in force: empty when nothing is. `foreign` are ids that were there before. */
export function compareWorld(world: World, graph: NativeGraph, foreign: ReadonlySet<string> = new Set()): readonly string[] {
  const wrong: string[] = [];
  const living = world.living().filter((object) => !foreign.has(object.id));
  const matched = new Map<string, WorldObject>();
  const taken = new Set<string>();
  for (const object of graph.objects.values()) {
    const wanted = resolveValue(object.props, matched) as NativeMap;
    const candidates = living.filter((each) => each.type === object.type && isMeant(each, object, wanted));
    const [first, second] = candidates;
    if (!first) {
      wrong.push(`${object.key} is missing`);
      continue;
    }
    if (second) wrong.push(`${object.key} is there ${candidates.length} times: ${candidates.map((each) => each.id).join(", ")}`);
    for (const each of candidates) taken.add(each.id);
    matched.set(object.key, first);
    if (first.willFail) wrong.push(`${object.key} is broken`);
    wrong.push(...compareProps(object.key, first, wanted));
  }
  for (const each of living) if (!taken.has(each.id)) wrong.push(`${each.id} (${JSON.stringify(each.props)}) is an orphan`);
  return wrong;
}

function isMeant(each: WorldObject, object: NativeObject, wanted: NativeMap): boolean {
  const tags = each.props.Tags as NativeMap | undefined;
  if (memoryTypes[object.type]?.schema.props.Tags) return tags?.name === object.key;
  const names = memoryTypes[object.type]?.schema.naturalKey ?? [];
  return names.every((name) => each.props[name] === wanted[name]);
}

export function compareProps(key: string, found: WorldObject, wanted: NativeMap): readonly string[] {
  const wrong: string[] = [];
  for (const [name, spec] of Object.entries(memoryTypes[found.type]?.schema.props ?? {})) {
    if (spec.whenAbsent === "keep" && wanted[name] === undefined) continue;
    const seen = name === "Name" && typeof found.props.Name === "string" ? found.props.Name.replace(/-g\d+$/, "") : found.props[name];
    if (!isSameProp(spec, wanted[name], seen))
      wrong.push(`${key}.${name} is ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted[name])}`);
  }
  const stopped = found.props.Power === "off";
  if (found.type === "memory.Machine" && found.stopped !== stopped) wrong.push(`${key} is ${found.stopped ? "stopped" : "running"}`);
  return wrong;
}

export function resolveValue(value: NativeValue, matched: ReadonlyMap<string, WorldObject>): NativeValue {
  if (isNativeRef(value)) return matched.get(value.object)?.attributes[value.attribute] ?? `missing ${value.object}`;
  if (Array.isArray(value)) return value.map((item: NativeValue) => resolveValue(item, matched));
  if (typeof value !== "object" || value === null) return value;
  if (tagOf(value) === "secret") return (value as NativeSecret).value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolveValue(item as NativeValue, matched)]));
}
