// What each portable kind becomes in the in-process cloud: one or two objects each, in the simplest form that keeps its references. Pure.

import type { NativeValue } from "../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../engine/provider/provider.ts";
import type { PortablePeer, PortableResource } from "../../grammar/graph/resource-graph.ts";
import { isRef, type PropValue } from "../../grammar/graph/value.ts";

const nameLimit = { length: 60, alphabet: /[a-z0-9-]/ };

const lowerNetwork: Lowering = (resource, context) => {
  const network = context.object(
    "network",
    "memory.Network",
    { Cidr: native(resource, context, "cidr"), Tags: context.tags },
    { from: { Cidr: "cidr", Tags: "tags" } },
  );
  const outputs = { id: network.ref("Id") };
  if (resource.props.internet === false) return { objects: [network.object], outputs };
  const gateway = context.object("gateway", "memory.Gateway", {
    Name: context.name(nameLimit),
    NetworkId: network.ref("Id"),
    Tags: context.tags,
  });
  return { objects: [network.object, gateway.object], outputs };
};

const lowerSubnet: Lowering = (resource, context) => {
  const network = resource.props.network;
  const subnet = context.object(
    "subnet",
    "memory.Subnet",
    {
      NetworkId: native(resource, context, "network"),
      Cidr: native(resource, context, "cidr"),
      Zone: native(resource, context, "zone"),
      Public: native(resource, context, "public"),
      Tags: context.tags,
    },
    { from: { NetworkId: "network", Cidr: "cidr", Zone: "zone", Public: "public", Tags: "tags" } },
  );
  const gateway = resource.props.public === true && isRef(network) ? context.objectOf(network.address, "gateway") : undefined;
  const route = gateway && context.object("route", "memory.Route", { SubnetId: subnet.ref("Id"), GatewayId: gateway.ref("Id") });
  const nat =
    context.referrers(resource.address, "nat").length > 0 ? context.object("nat", "memory.Address", { Tags: context.tags }) : undefined;
  return {
    objects: [subnet, route, nat].filter((each) => each !== undefined).map((each) => each.object),
    outputs: { id: subnet.ref("Id"), zone: subnet.ref("Zone"), ...(nat && { nat_ip: nat.ref("Ip") }) },
  };
};

const lowerFirewall: Lowering = (resource, context) => {
  const firewall = context.object(
    "firewall",
    "memory.Firewall",
    { NetworkId: native(resource, context, "network"), Rules: describeRules(resource), Tags: context.tags },
    { from: { NetworkId: "network", Rules: "allow", Tags: "tags" } },
  );
  return { objects: [firewall.object], outputs: { id: firewall.ref("Id") } };
};

/** Rules as text: a peer that is a resource stands by its address, so each is known before anything is made. */
function describeRules(resource: PortableResource): readonly string[] {
  return resource.rules.flatMap((rule) => {
    const ports = rule.ports.length === 0 ? ["all"] : rule.ports.map(({ from, to }) => `${from}-${to}`);
    return ports.flatMap((range) => rule.peers.map((peer) => `${rule.protocol}/${range}/${rule.direction}/${describePeer(peer)}`));
  });
}

function describePeer(peer: PortablePeer): string {
  switch (peer.kind) {
    case "any":
      return "any";
    case "cidr":
      return peer.cidr;
    case "resource":
      return peer.address;
    case "deferred":
      return "deferred";
  }
}

const lowerKey: Lowering = (resource, context) => {
  const key = context.object(
    "key",
    "memory.Key",
    { Name: context.name(nameLimit), PublicKey: native(resource, context, "public_key"), Tags: context.tags },
    { from: { PublicKey: "public_key", Tags: "tags" } },
  );
  return { objects: [key.object], outputs: { id: key.ref("Id"), fingerprint: key.ref("Fingerprint") } };
};

const lowerMachine: Lowering = (resource, context) => {
  const { props } = resource;
  const permanent = isRef(props.public) ? props.public.address : undefined;
  const machine = context.object(
    "machine",
    "memory.Machine",
    {
      SubnetId: native(resource, context, "subnet"),
      Image: native(resource, context, "image"),
      Size: sizeOf(props.cpu, props.memory),
      Keys: list(resource, context, "key"),
      Firewalls: list(resource, context, "firewall"),
      UserData: native(resource, context, "user_data") ?? native(resource, context, "cloud_init"),
      Power: native(resource, context, "power"),
      Public: props.public === true,
      PrivateIp: native(resource, context, "private_ip"),
      Tags: context.tags,
    },
    {
      from: {
        SubnetId: "subnet",
        Image: "image",
        Size: "cpu",
        Keys: "key",
        Firewalls: "firewall",
        UserData: props.user_data === undefined ? "cloud_init" : "user_data",
        Power: "power",
        Public: "public",
        PrivateIp: "private_ip",
        Tags: "tags",
      },
    },
  );
  const objects: NativeObjectHandle[] = [machine];
  const outputs: Record<string, NativeValue> = {
    id: machine.ref("Id"),
    name: machine.ref("Name"),
    private_ip: machine.ref("PrivateIp"),
    public_ip: permanent === undefined ? machine.ref("PublicIp") : context.output(permanent, "ip"),
    ssh_user: "root",
    instance_type: sizeOf(props.cpu, props.memory) ?? "",
    zone: isRef(props.subnet) ? context.output(props.subnet.address, "zone") : "a",
  };
  if (permanent !== undefined)
    objects.push(context.object("binding", "memory.Binding", { AddressId: context.output(permanent, "id"), MachineId: machine.ref("Id") }));
  for (const [label, block] of Object.entries(resource.blocks.disk ?? {})) {
    const disk = context.object(`disk-${label}`, "memory.Disk", {
      Size: number(block.props.size),
      Type: plain(block.props.type),
      Tags: context.tags,
    });
    const attachment = context.object(`attachment-${label}`, "memory.Attachment", { DiskId: disk.ref("Id"), MachineId: machine.ref("Id") });
    objects.push(disk, attachment);
    outputs[`disk.${label}.id`] = disk.ref("Id");
    outputs[`disk.${label}.device`] = attachment.ref("Device");
  }
  return { objects: objects.map((each) => each.object), outputs };
};

const lowerDisk: Lowering = (resource, context) => {
  const disk = context.object(
    "disk",
    "memory.Disk",
    {
      Size: native(resource, context, "size"),
      Type: native(resource, context, "type"),
      Zone: native(resource, context, "zone"),
      Tags: context.tags,
    },
    { from: { Size: "size", Type: "type", Zone: "zone", Tags: "tags" } },
  );
  const attach = resource.props.attach;
  const attachment =
    attach === undefined
      ? undefined
      : context.object(
          "attachment",
          "memory.Attachment",
          { DiskId: disk.ref("Id"), MachineId: context.native(attach) },
          { from: { MachineId: "attach" } },
        );
  return {
    objects: attachment ? [disk.object, attachment.object] : [disk.object],
    outputs: { id: disk.ref("Id"), ...(attachment && { device: attachment.ref("Device") }) },
  };
};

const lowerAddress: Lowering = (_, context) => {
  const address = context.object("address", "memory.Address", { Tags: context.tags });
  return { objects: [address.object], outputs: { id: address.ref("Id"), ip: address.ref("Ip") } };
};

/** By kind. */
export const memoryLowerings: Readonly<Record<string, Lowering>> = {
  network: lowerNetwork,
  subnet: lowerSubnet,
  firewall: lowerFirewall,
  key: lowerKey,
  machine: lowerMachine,
  disk: lowerDisk,
  address: lowerAddress,
};

function native(resource: PortableResource, context: LoweringContext, prop: string): NativeValue | undefined {
  const value = resource.props[prop];
  return value === undefined ? undefined : context.native(value);
}

function list(resource: PortableResource, context: LoweringContext, prop: string): NativeValue | undefined {
  const value = native(resource, context, prop);
  return value === undefined || Array.isArray(value) ? value : [value];
}

/** Cores and GiB in one family: a change of size is made in place. */
function sizeOf(cpu: PropValue | undefined, memory: PropValue | undefined): string | undefined {
  return typeof cpu === "number" && typeof memory === "number" ? `m.${cpu}x${Math.ceil(memory / 2 ** 30)}` : undefined;
}

function number(value: PropValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function plain(value: PropValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
