// Random stacks of resources that keep who they are through renames: each has an identity, carried by an ordinary tag that says nothing to the
// engine, and an address that may change. The expectation of a world is the graph of the identities.

import fc from "fast-check";
import type { NativeGraph, NativeObject } from "../../engine/lower/native-graph.ts";
import { isNativeRef, type NativeMap, type NativeValue, nativeRef } from "../../engine/lower/native-value.ts";
import { orderObjects } from "../../engine/lower/order-objects.ts";
import type { Annotations } from "../../grammar/graph/resource-graph.ts";
import { tag } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { memoryTypes } from "../../providers/memory/types.ts";
import type { World } from "../../providers/memory/world.ts";
import type { WorldObject } from "../../providers/memory/world-object.ts";

interface Base {
  /** Who it is: `m0`. Never changes. */
  readonly uid: string;
  /** What its address is made of: `web["a"]`. */
  readonly name: string;
  readonly annotations: Annotations;
}

export interface NetworkThing extends Base {
  readonly kind: "network";
  readonly cidr: string;
  readonly dns: boolean;
  readonly gateway: boolean;
}
export interface FirewallThing extends Base {
  readonly kind: "firewall";
  readonly network: string;
  readonly rules: readonly string[];
}
export interface SubnetThing extends Base {
  readonly kind: "subnet";
  readonly network: string;
  readonly block: number;
  readonly zone: string;
  readonly public: boolean;
}
export interface KeyThing extends Base {
  readonly kind: "key";
  readonly text: string;
}
export interface MachineThing extends Base {
  readonly kind: "machine";
  readonly subnet: string;
  readonly firewall: string | null;
  readonly key: string | null;
  readonly size: string;
  readonly image: string;
  readonly power: string;
  readonly password: string | null;
}
export interface DiskThing extends Base {
  readonly kind: "disk";
  readonly size: number;
  readonly machine: string | null;
}

export type Thing = NetworkThing | FirewallThing | SubnetThing | KeyThing | MachineThing | DiskThing;

const index = fc.nat({ max: 5 });

const machineProps = {
  firewall: fc.option(index),
  key: fc.option(index),
  size: fc.constantFrom("m.1x1", "m.2x4"),
  image: fc.constantFrom("image-1", "image-2"),
  power: fc.constantFrom("on", "off"),
  password: fc.constantFrom(null, "one", "two"),
};

/** One to a dozen resources; what they refer to stands before them. */
export const anyThings: fc.Arbitrary<readonly Thing[]> = fc
  .record({
    networks: fc.array(fc.record({ cidr: fc.constantFrom("10.0.0.0/16", "10.1.0.0/16"), dns: fc.boolean(), gateway: fc.boolean() }), {
      minLength: 1,
      maxLength: 2,
    }),
    firewalls: fc.array(fc.record({ network: index, rules: fc.subarray(["tcp/22", "tcp/80", "udp/53"]) }), { maxLength: 2 }),
    subnets: fc.array(fc.record({ network: index, zone: fc.constantFrom("a", "b"), public: fc.boolean() }), { maxLength: 3 }),
    keys: fc.array(fc.record({ text: fc.constantFrom("ssh one", "ssh two") }), { maxLength: 2 }),
    machines: fc.array(fc.record({ subnet: index, ...machineProps }), { maxLength: 3 }),
    disks: fc.array(fc.record({ size: fc.constantFrom(10, 20), machine: fc.option(index) }), { maxLength: 2 }),
  })
  .map(({ networks, firewalls, subnets, keys, machines, disks }) => {
    const base = (letter: string, position: number) => ({ uid: `${letter}${position}`, name: `${letter}${position}`, annotations: {} });
    const choose = (letter: string, count: number, at: number | null): string | null =>
      count === 0 || at === null ? null : `${letter}${at % count}`;
    const hosts = subnets.length === 0 ? [] : machines;
    return [
      ...networks.map((one, n): Thing => ({ kind: "network", ...base("n", n), ...one })),
      ...firewalls.map((one, n): Thing => ({ kind: "firewall", ...base("f", n), ...one, network: `n${one.network % networks.length}` })),
      ...subnets.map(
        (one, n): Thing => ({ kind: "subnet", ...base("s", n), ...one, block: n, network: `n${one.network % networks.length}` }),
      ),
      ...keys.map((one, n): Thing => ({ kind: "key", ...base("k", n), ...one })),
      ...hosts.map(
        (one, n): Thing => ({
          kind: "machine",
          ...base("m", n),
          ...one,
          subnet: `s${one.subnet % subnets.length}`,
          firewall: choose("f", firewalls.length, one.firewall),
          key: choose("k", keys.length, one.key),
        }),
      ),
      ...disks.map((one, n): Thing => ({ kind: "disk", ...base("d", n), ...one, machine: choose("m", hosts.length, one.machine) })),
    ];
  });

/** Uids that a resource refers to. */
export function parentsOf(thing: Thing): readonly string[] {
  switch (thing.kind) {
    case "firewall":
    case "subnet":
      return [thing.network];
    case "machine":
      return [thing.subnet, thing.firewall, thing.key].filter((uid) => uid !== null);
    case "disk":
      return thing.machine === null ? [] : [thing.machine];
    default:
      return [];
  }
}

/** These and all that stand on them, over any number of references. */
export function withDependents(uids: Iterable<string>, things: readonly Thing[]): ReadonlySet<string> {
  const reached = new Set(uids);
  for (const thing of things) if (parentsOf(thing).some((uid) => reached.has(uid))) reached.add(thing.uid);
  return reached;
}

/** These and all that they stand on. */
export function withParents(uids: Iterable<string>, things: readonly Thing[]): ReadonlySet<string> {
  const reached = new Set(uids);
  for (const thing of [...things].reverse()) if (reached.has(thing.uid)) for (const uid of parentsOf(thing)) reached.add(uid);
  return reached;
}

export function addressOf(thing: Thing): string {
  return `${thing.kind}.${thing.name}`;
}

/** The tag by which the law knows an object: `machine.m0:machine`, whatever its address is. */
export function whoOf(thing: Thing, role: string = thing.kind): string {
  return `${thing.kind}.${thing.uid}:${role}`;
}

const nowhere: Span = { file: "law.koine", start: 0, end: 0 };

interface Part {
  readonly role: string;
  readonly type: string;
  readonly props: NativeMap;
  readonly from: Readonly<Record<string, string>>;
}

/** The objects of a resource; references name keys by `keyOf`. */
function partsOf(thing: Thing, keyOf: (uid: string, role: string) => string): readonly Part[] {
  const id = (uid: string, role: string): NativeValue => nativeRef(keyOf(uid, role), "Id");
  const part = (role: string, type: string, props: NativeMap, from: Part["from"] = {}): Part => ({ role, type, props, from });
  switch (thing.kind) {
    case "network": {
      const own = part("network", "memory.Network", { Cidr: thing.cidr, Dns: thing.dns }, { Cidr: "cidr", Dns: "dns" });
      const gateway = part("gateway", "memory.Gateway", { Name: `gateway-${thing.uid}`, NetworkId: id(thing.uid, "network") });
      return thing.gateway ? [own, gateway] : [own];
    }
    case "firewall":
      return [part("firewall", "memory.Firewall", { NetworkId: id(thing.network, "network"), Rules: thing.rules }, { Rules: "allow" })];
    case "subnet": {
      const block = `10.${thing.network.slice(1)}.${thing.block}.0/24`;
      const props = { NetworkId: id(thing.network, "network"), Cidr: block, Zone: thing.zone, Public: thing.public };
      return [part("subnet", "memory.Subnet", props, { Cidr: "cidr", Zone: "zone", Public: "public" })];
    }
    case "key":
      return [part("key", "memory.Key", { Name: `key-${thing.uid}`, PublicKey: thing.text }, { PublicKey: "public_key" })];
    case "machine": {
      const secret = (value: string): NativeValue => ({ [tag]: "secret", value });
      const props = {
        SubnetId: id(thing.subnet, "subnet"),
        Image: thing.image,
        Size: thing.size,
        Power: thing.power,
        ...(thing.key !== null && { Keys: [id(thing.key, "key")] }),
        ...(thing.firewall !== null && { Firewalls: [id(thing.firewall, "firewall")] }),
        ...(thing.password !== null && { Password: secret(thing.password), UserData: secret(`boot ${thing.image}`) }),
      };
      return [
        part("machine", "memory.Machine", props, {
          Image: "image",
          Size: "size",
          Power: "power",
          Firewalls: "firewall",
          Password: "password",
        }),
      ];
    }
    case "disk": {
      const own = part("disk", "memory.Disk", { Size: thing.size }, { Size: "size" });
      if (thing.machine === null) return [own];
      return [own, part("attachment", "memory.Attachment", { DiskId: id(thing.uid, "disk"), MachineId: id(thing.machine, "machine") })];
    }
  }
}

/** As lowering would make it: `@adopt` and `@existing` are for the main object, `@after` is for each with each. */
export function toGraph(things: readonly Thing[], { asIdentities = false } = {}): NativeGraph {
  const byUid = new Map(things.map((thing) => [thing.uid, thing]));
  const addressIn = (thing: Thing): string => (asIdentities ? `${thing.kind}.${thing.uid}` : addressOf(thing));
  const keyOf = (uid: string, role: string): string => {
    const thing = byUid.get(uid);
    return thing ? `${addressIn(thing)}:${role}` : `gone.${uid}:${role}`;
  };
  const objects = new Map<string, NativeObject>();
  const keysOf = new Map<string, string[]>();
  for (const thing of things) {
    const parts = partsOf(thing, keyOf);
    const { adopt, existing, ...shared } = asIdentities ? {} : thing.annotations;
    const kept = thing.annotations.existing === undefined ? parts : parts.slice(0, 1);
    for (const [position, { role, type, props, from }] of kept.entries()) {
      const tagged = memoryTypes[type]?.schema.props.Tags ? { ...props, Tags: { name: whoOf(thing, role) } } : props;
      const named = position === 0 ? { ...(adopt !== undefined && { adopt }), ...(existing !== undefined && { existing }) } : {};
      const key = `${addressIn(thing)}:${role}`;
      keysOf.set(addressIn(thing), [...(keysOf.get(addressIn(thing)) ?? []), key]);
      objects.set(key, {
        key,
        address: addressIn(thing),
        role,
        type,
        cloud: "memory",
        provider: "memory",
        props: tagged,
        after: refsIn(tagged),
        from,
        places: { "*": nowhere, ...(existing !== undefined && { Cidr: { ...nowhere, end: 1 } }) },
        annotations: { ...shared, ...named },
      });
    }
  }
  for (const object of objects.values()) {
    const waits = (object.annotations.after ?? []).flatMap((address) => keysOf.get(address) ?? []);
    if (waits.length > 0) objects.set(object.key, { ...object, after: [...new Set([...object.after, ...waits])].sort() });
  }
  return {
    stack: "laws",
    objects: new Map(orderObjects(objects).ordered.map((object) => [object.key, object])),
    outputs: new Map(),
    stackOutputs: new Map(),
    asserts: [],
    clouds: new Map([["memory", { provider: "memory", settings: {} }]]),
    pinRequests: [],
    choices: [],
  };
}

/** What the world must hold when these are in force: `compareWorld` finds each by its identity. */
export function toIdentities(things: readonly Thing[]): NativeGraph {
  return toGraph(things, { asIdentities: true });
}

function refsIn(value: NativeValue): readonly string[] {
  const found = new Set<string>();
  const visit = (each: NativeValue): void => {
    if (isNativeRef(each)) found.add(each.object);
    else if (Array.isArray(each)) each.forEach(visit);
    else if (typeof each === "object" && each !== null) Object.values(each).forEach((item) => void visit(item as NativeValue));
  };
  visit(value);
  return [...found].sort();
}

/** Physical ids of the living by who they are; what hangs on a disk is known by the disk. */
export function idsOf(world: World): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const object of world.living()) ids.set(nameOf(object), object.id);
  return ids;
}

function nameOf(object: WorldObject): string {
  const named = (object.props.Tags as { readonly name?: string } | undefined)?.name;
  return named ?? `${object.type} ${String(object.props.DiskId ?? object.id)}`;
}

/** An object as nothing but its own history can change it. */
export function describeObject({ props, marks, endedAt, stopped }: WorldObject): string {
  return JSON.stringify([props, marks, endedAt ?? null, stopped]);
}
