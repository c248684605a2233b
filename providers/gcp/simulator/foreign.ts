// Fills a project with somebody else's machines. The first is made by GCE's own rules; the others are copies of it under other names, addresses and
// ids, without an operation each, since ten thousand must take seconds.

import { prepareRequest } from "./dispatch.ts";
import { readName, writeLink } from "./links.ts";
import { parseRange, writeAddress } from "./ranges.ts";
import type { ResourceRow } from "./rows.ts";
import { writeRequest } from "./server.ts";
import { viewWorld, type World, type WorldView } from "./world.ts";

const RANGE = "172.16.0.0/12";

/** Adds `count` running instances of another owner. Within a write. `advance` ends the operations that were begun. */
export function addForeign(
  view: WorldView,
  project: string,
  zone: string,
  count: number,
  now: number,
  advance: (view: WorldView, now: number) => void,
): void {
  if (count <= 0) return;
  const world = viewWorld(view, project, now, "populate");
  const region = zone.slice(0, zone.lastIndexOf("-"));
  const run = (id: string, parameters: Readonly<Record<string, unknown>>): void => {
    const { method, scope, route, body } = prepareRequest(writeRequest(id, project, parameters));
    method.run(world, { scope, route, query: {}, body: body as never });
    advance(view, now);
  };
  const subnetwork = `projects/${project}/regions/${region}/subnetworks/foreign`;
  if (world.get("networks", `projects/${project}/global/networks/foreign`) === undefined)
    run("networks.insert", { body: { name: "foreign", autoCreateSubnetworks: false } });
  if (world.get("subnetworks", subnetwork) === undefined)
    run("subnetworks.insert", { region, body: { name: "foreign", network: "global/networks/foreign", ipCidrRange: RANGE } });
  const first = world.count("instances");
  const name = nameForeign(first);
  run("instances.insert", {
    zone,
    body: {
      name,
      machineType: `zones/${zone}/machineTypes/e2-micro`,
      labels: { owner: "somebody-else" },
      disks: [{ boot: true, autoDelete: true, initializeParams: { sourceImage: "projects/debian-cloud/global/images/family/debian-12" } }],
      networkInterfaces: [{ subnetwork }],
    },
  });
  const instance = world.get("instances", `projects/${project}/zones/${zone}/instances/${name}`);
  const disk = world.get("disks", `projects/${project}/zones/${zone}/disks/${name}`);
  if (instance === undefined || disk === undefined) throw new Error("the first foreign instance was not made");
  for (let n = 1; n < count; n++) copyForeign(world, instance, disk, first + n);
}

/** Names that sort as they were made. */
function nameForeign(n: number): string {
  return `foreign-${String(n).padStart(6, "0")}`;
}

function copyForeign(world: World, instance: ResourceRow<"instances">, disk: ResourceRow<"disks">, n: number): void {
  const name = nameForeign(n);
  const rename = (path: string): string => path.slice(0, path.length - readName(path).length) + name;
  const source = writeLink(rename(disk.id));
  const basics = (row: ResourceRow<"instances"> | ResourceRow<"disks">) => ({
    name,
    id: world.newId(),
    selfLink: writeLink(rename(row.id)),
  });
  const base = parseRange(RANGE)?.base ?? 0;
  world.add("disks", { ...rowOf(disk, name, rename(disk.id)), resource: { ...disk.resource, ...basics(disk) } } as never);
  world.add("instances", {
    ...rowOf(instance, name, rename(instance.id)),
    resource: {
      ...instance.resource,
      ...basics(instance),
      disks: instance.resource.disks.map((one) => ({ ...one, source })),
      networkInterfaces: instance.resource.networkInterfaces.map((one) => ({ ...one, networkIP: writeAddress(base + 2 + n) })),
    },
  } as never);
}

function rowOf(row: ResourceRow<"instances"> | ResourceRow<"disks">, name: string, id: string): object {
  const { kind: _kind, realm: _realm, n: _n, createdAt: _at, busy: _busy, ...rest } = row;
  return { ...rest, id, name };
}
