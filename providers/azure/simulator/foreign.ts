// Machines of other people: one is made by ARM's own rules, the rest are its likeness, so that ten thousand take seconds.

import { makeCidr } from "../../../grammar/net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../../../grammar/net/ipv4.ts";
import { keyOf, writeArmId } from "./arm-id.ts";
import { DISK_TYPE } from "./disk.ts";
import { INTERFACE_TYPE } from "./network-interface.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { MACHINE_TYPE } from "./virtual-machine.ts";
import type { World } from "./world.ts";

const GROUPS = 4;
const LOCATION = "westeurope";
const FIRST = "foreign-000001";

/** `put` writes by a path below the subscription. */
export function fillWithForeign(world: World, count: number, put: (path: string, body: JsonMap) => void): void {
  if (count < 1) return;
  const batch =
    [...world.by("resource", "type", "Microsoft.Resources/resourceGroups")].filter(({ name }) => name.startsWith("foreign-")).length /
      GROUPS +
    1;
  const groups = Array.from({ length: GROUPS }, (_none, n) => `foreign-${batch}-${n + 1}`);
  const [home = ""] = groups;
  for (const group of groups) put(`/resourceGroups/${group}`, { location: LOCATION, tags: { owner: "somebody" } });
  const network = `/resourceGroups/${home}/providers/Microsoft.Network/virtualNetworks/foreign`;
  put(network, {
    location: LOCATION,
    properties: {
      addressSpace: { addressPrefixes: ["172.16.0.0/12"] },
      subnets: [{ name: "all", properties: { addressPrefix: "172.16.0.0/12" } }],
    },
  });
  const id = (type: string): string => writeArmId(world.subscription, home, type, [FIRST]);
  put(id(INTERFACE_TYPE).replace(`/subscriptions/${world.subscription}`, ""), {
    location: LOCATION,
    tags: { owner: "somebody" },
    properties: {
      ipConfigurations: [{ name: "main", properties: { subnet: { id: `/subscriptions/${world.subscription}${network}/subnets/all` } } }],
    },
  });
  put(id(MACHINE_TYPE).replace(`/subscriptions/${world.subscription}`, ""), describeMachine(id(INTERFACE_TYPE)));
  const samples = [INTERFACE_TYPE, DISK_TYPE, MACHINE_TYPE]
    .map((type) => world.find(id(type)))
    .flatMap((row) => (row === undefined ? [] : [{ row, text: JSON.stringify(row) }]));
  const subnet = makeCidr(parseIpv4("172.16.0.0") ?? 0, 12);
  for (let n = 2; n <= count; n += 1) {
    const group = groups[n % GROUPS] ?? home;
    for (const { row, text } of samples) copyRow(world, row, text, group, n, formatIpv4(subnet.start + 3 + n));
  }
}

function describeMachine(nic: string): JsonMap {
  return {
    location: LOCATION,
    tags: { owner: "somebody" },
    properties: {
      hardwareProfile: { vmSize: "Standard_B2s" },
      storageProfile: {
        imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
        osDisk: { name: FIRST, createOption: "FromImage", managedDisk: { storageAccountType: "Premium_LRS" }, deleteOption: "Delete" },
      },
      osProfile: {
        computerName: FIRST,
        adminUsername: "somebody",
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          ssh: {
            publicKeys: [
              { path: "/home/somebody/.ssh/authorized_keys", keyData: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNvbWVib2R5 somebody" },
            ],
          },
        },
      },
      networkProfile: { networkInterfaces: [{ id: nic, properties: { deleteOption: "Delete" } }] },
    },
  };
}

/** The row under another name and in another group, with an address and a guid of its own. `text` is the row as JSON. */
function copyRow(world: World, sample: ResourceRow, text: string, group: string, n: number, address: string): void {
  const name = `foreign-${String(n).padStart(6, "0")}`;
  // The network stays in the first group.
  const moved = text
    .replace(HOME, (_whole, before: string, after: string) => `${before}${group}${after}`)
    .replaceAll(FIRST, name)
    .replaceAll('"172.16.0.4"', `"${address}"`);
  const row = JSON.parse(moved) as ResourceRow;
  const guid = `${sample.guid.slice(0, 24)}${n.toString(16).padStart(12, "0")}`;
  world.add("resource", { ...row, id: keyOf(row.armId), group, etag: guid, guid });
}

/** Ids of what is copied: their group, whatever its case. */
const HOME = new RegExp(`(/resourceGroups/)[^/"]+(/[^"]*/${FIRST}")`, "gi");
