// Small edits of a random stack: what a person changes between two applies. One thing more, one less, one changed, two exclusive claims
// swapped, a reference moved.

import fc from "fast-check";
import {
  type MachineSpec,
  machineSpec,
  type NetworkSpec,
  networkSpec,
  recordSpec,
  type StackSpec,
  type SubnetSpec,
  subnetSpec,
} from "./engine-stacks.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** `network`, `subnet` and `machine` choose by share of those that there are. */
export const anyEdit = fc.record({
  at: fc.record({ network: share, subnet: share, machine: share }),
  deed: fc.oneof(
    fc.record({ kind: fc.constant("machine" as const), machine: machineSpec, field: fc.constantFrom(...machineFields()) }),
    fc.record({ kind: fc.constant("add machine" as const), machine: machineSpec }),
    fc.record({ kind: fc.constant("add subnet" as const), subnet: subnetSpec }),
    fc.record({ kind: fc.constant("add network" as const), network: networkSpec }),
    fc.record({ kind: fc.constantFrom("remove machine" as const, "remove subnet" as const, "remove network" as const) }),
    fc.record({ kind: fc.constantFrom("swap blocks" as const, "swap names" as const, "move" as const) }),
    fc.record({
      kind: fc.constant("subnet" as const),
      subnet: subnetSpec,
      field: fc.constantFrom("zone" as const, "public" as const, "routed" as const),
    }),
    fc.record({
      kind: fc.constant("network" as const),
      network: networkSpec,
      field: fc.constantFrom("dns" as const, "gateway" as const, "rules" as const, "cidr" as const, "moving" as const),
    }),
    fc.record({ kind: fc.constant("record" as const), record: fc.option(recordSpec) }),
  ),
});

export type Edit = typeof anyEdit extends fc.Arbitrary<infer Value> ? Value : never;

function machineFields(): readonly (keyof MachineSpec)[] {
  return ["size", "image", "key", "firewalled", "password", "power", "address", "disk", "follow"];
}

function changeAt<Item>(items: readonly Item[], at: number, change: (item: Item) => readonly Item[]): readonly Item[] {
  const chosen = Math.min(items.length - 1, Math.floor(at * items.length));
  return items.flatMap((item, index) => (index === chosen ? change(item) : [item]));
}

/** The stack after an edit; an edit of something that is not there changes nothing. */
export function editStack(stack: StackSpec, { at, deed }: Edit): StackSpec {
  const onNetwork = (change: (network: NetworkSpec) => readonly NetworkSpec[]): StackSpec => changeAt(stack, at.network, change);
  const onSubnet = (change: (subnet: SubnetSpec) => readonly SubnetSpec[]): StackSpec =>
    onNetwork((network) => [{ ...network, subnets: changeAt(network.subnets, at.subnet, change) }]);
  const onMachine = (change: (machine: MachineSpec) => readonly MachineSpec[]): StackSpec =>
    onSubnet((subnet) => [{ ...subnet, machines: changeAt(subnet.machines, at.machine, change) }]);
  switch (deed.kind) {
    case "machine":
      return onMachine((machine) => [{ ...machine, [deed.field]: deed.machine[deed.field] }]);
    case "subnet":
      return onSubnet((subnet) => [{ ...subnet, [deed.field]: deed.subnet[deed.field] }]);
    case "network":
      return onNetwork((network) => [{ ...network, [deed.field]: deed.network[deed.field] }]);
    case "record":
      return onNetwork((network) => [{ ...network, record: deed.record }]);
    case "add machine":
      return onSubnet((subnet) => [{ ...subnet, machines: [...subnet.machines, deed.machine].slice(0, 3) }]);
    case "add subnet":
      return onNetwork((network) => [{ ...network, subnets: [...network.subnets, deed.subnet].slice(0, 3) }]);
    case "add network":
      return [...stack, deed.network].slice(0, 3);
    case "remove machine":
      return onMachine(() => []);
    case "remove subnet":
      return onSubnet(() => []);
    case "remove network":
      return onNetwork(() => []);
    case "move":
      return onNetwork((network) => [{ ...network, moving: (network.moving ?? 0) + 1 }]);
    case "swap blocks":
      return onNetwork((network) => [{ ...network, subnets: swapSlots(network.subnets) }]);
    case "swap names":
      return swapNames(stack);
  }
}

/** The first two change places. */
function swapSlots(subnets: readonly SubnetSpec[]): readonly SubnetSpec[] {
  const slots = subnets.map((subnet, index) => subnet.slot ?? index);
  return subnets.map((subnet, index) => ({
    ...subnet,
    slot: (index === 0 ? slots[1] : index === 1 ? slots[0] : undefined) ?? slots[index] ?? index,
  }));
}

function swapNames(stack: StackSpec): StackSpec {
  const slots = stack.map((network, index) => network.record?.slot ?? index);
  return stack.map((network, index) => {
    const slot = (index === 0 ? slots[1] : index === 1 ? slots[0] : undefined) ?? slots[index] ?? index;
    return network.record ? { ...network, record: { ...network.record, slot } } : network;
  });
}
