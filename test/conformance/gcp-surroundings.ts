// What gcp cases stand on, and the edits that somebody else makes behind Koine's back. Requests here bypass the handlers.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import { connectGce } from "../../providers/gcp/client.ts";
import { addresses, disks, firewalls, images, instances, routers, snapshots } from "../../providers/gcp/collections.ts";
import { readLabels } from "../../providers/gcp/marks.ts";
import type { Gce, GceCall, Operation, OperationName, Operations } from "../../providers/gcp/operations.ts";
import { locate, needLocation, pathOf } from "../../providers/gcp/paths.ts";
import { gcp } from "../../providers/gcp/provider.ts";
import type { Edit, Elsewhere } from "./conformance-case.ts";
import { withProp } from "./conformance-case.ts";
import type { Executor, Made } from "./executor.ts";
import type { ConnectedCloud } from "./simulated-world.ts";

export type Stage = Executor<Gce>;

export const project = "shop-1";
export const region = "europe-west1";
export const zone = "europe-west1-b";

export const signal = (): AbortSignal => AbortSignal.timeout(30_000);

/** The requests that change nothing: one may go before a request that needs a fingerprint. */
export function isRead(operation: string): boolean {
  return /\.(get|list|aggregatedList|getFromFamily)$/.test(operation);
}

export const gcpCloud: ConnectedCloud<Gce> = {
  provider: gcp,
  connect: (endpoint, onRequest) => connectGce({ project, region, endpoint, simulated: true, koineVersion: "test", onRequest }),
  isRead,
};

/** Labels as long and odd as they may be: https://cloud.google.com/compute/docs/labeling-resources#requirements */
export const awkwardLabels: NativeMap = {
  ["k".repeat(63)]: "v".repeat(63),
  größe: "東京",
  empty: "",
  "with-hyphen_and_line": "0-1_2",
};

/** Carries out a change as somebody else would, and waits until it is done. */
export async function act<Name extends OperationName>(stage: Stage, operation: Name, input: Operations[Name]["input"]): Promise<void> {
  const started = (await stage.world.client.send(operation, input, signal())) as Operation;
  const handle = pathOf(started.selfLink ?? "");
  for (let looks = 0; looks < 500; looks++) {
    const now = await readOperation(stage.world.client, handle);
    const [fault] = now.error?.errors ?? [];
    if (fault) throw new Error(`${operation}: ${fault.code} ${fault.message}`);
    if (now.status === "DONE") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${operation} does not end`);
}

function readOperation(client: Gce, handle: string): Promise<Operation> {
  const { zone: in_, region: of, name } = needLocation(handle);
  if (in_) return client.send("zoneOperations.get", { zone: in_, operation: name }, signal());
  return of
    ? client.send("regionOperations.get", { region: of, operation: name }, signal())
    : client.send("globalOperations.get", { operation: name }, signal());
}

/** Name and zone of an object, as requests about it want them. */
export function at(made: Pick<Made, "id">): { readonly name: string; readonly zone: string; readonly region: string } {
  const { name, zone: in_ = zone, region: of = region } = needLocation(made.id.id);
  return { name, zone: in_, region: of };
}

export function nameOf(sort: string, n: number): string {
  return `t-${sort}-${n}`;
}

let count = 0;

/** A name that no test used yet. */
export function freshName(sort: string): string {
  return `s-${sort}-${++count}`;
}

export async function makeNetwork(stage: Stage): Promise<string> {
  return (await stage.make("gcp.compute.Network", { name: freshName("net"), autoCreateSubnetworks: false })).id.id;
}

export async function makeSubnetwork(
  stage: Stage,
): Promise<{ readonly network: string; readonly subnetwork: string; readonly range: string }> {
  const network = await makeNetwork(stage);
  const range = `10.${count % 250}.0.0/24`;
  const made = await stage.make("gcp.compute.Subnetwork", { name: freshName("sub"), network, region, ipCidrRange: range });
  return { network, subnetwork: made.id.id, range };
}

export async function makeAddress(stage: Stage): Promise<{ readonly path: string; readonly ip: string }> {
  const made = await stage.make("gcp.compute.Address", { name: freshName("ip"), region });
  return { path: made.id.id, ip: String(made.observed.attributes.address) };
}

export async function makeDisk(stage: Stage, props: NativeMap = {}): Promise<string> {
  return (await stage.make("gcp.compute.Disk", { name: freshName("disk"), zone, sizeGb: 10, type: "pd-balanced", ...props })).id.id;
}

export async function makeSnapshot(stage: Stage): Promise<string> {
  return (await stage.make("gcp.compute.Snapshot", { name: freshName("snap"), sourceDisk: await makeDisk(stage) })).id.id;
}

/** The newest Debian, as a pin would be. */
export async function findImage(client: Gce): Promise<string> {
  const image = await client.send("images.getFromFamily", { project: "debian-cloud", family: "debian-12" }, signal());
  return pathOf(image.selfLink ?? "");
}

export async function bootDisk(client: Gce): Promise<NativeMap> {
  return { deviceName: "boot", boot: true, sizeGb: 20, type: "pd-balanced", sourceImage: await findImage(client) };
}

export async function makeInstance(stage: Stage): Promise<string> {
  const { subnetwork } = await makeSubnetwork(stage);
  const disks_ = [await bootDisk(stage.world.client)];
  const made = await stage.make("gcp.compute.Instance", {
    name: freshName("vm"),
    zone,
    machineType: "e2-medium",
    subnetwork,
    disks: disks_,
  });
  return made.id.id;
}

/** Another path of the same form, which nothing has. */
export function otherPath(path: string): string {
  return `${path.slice(0, -1)}${path.endsWith("z") ? "y" : "z"}`;
}

export const labels = { env: "test", team: "koine" } as const;

/** One key changes, one goes, one comes. */
export function editLabels(steps: readonly string[] = ["label"]): Edit<Gce> {
  return {
    name: "labels",
    changed: ["labels"],
    to: (_stage, made) => withProp(made.desired, "labels", { env: "changed", stage: "new" }),
    steps,
  };
}

export const labelsElsewhere: Elsewhere<Gce> = {
  prop: "labels",
  change: (stage, made) => writeLabels(stage, made, (own) => ({ ...own, env: "by-hand" })),
};

/** Takes the marks off; the user's labels stay. */
export async function stripMarks(stage: Stage, made: Made): Promise<void> {
  const { name, region: of } = at(made);
  const call = stage.call();
  switch (locate(made.id.id)?.collection) {
    case "firewalls": {
      const { description: _, ...firewallResource } = await firewalls.get(call, needLocation(made.id.id));
      return act(stage, "firewalls.update", { firewall: name, firewallResource });
    }
    case "routers": {
      const { description: _, ...routerResource } = await routers.get(call, needLocation(made.id.id));
      return act(stage, "routers.update", { region: of, router: name, routerResource });
    }
    default:
      return writeLabels(stage, made, (all) => readLabels(all).user as Record<string, string>);
  }
}

type Labels = Record<string, string>;

async function writeLabels(stage: Stage, made: Made, edit: (labels: Labels) => Labels): Promise<void> {
  const { name, zone: in_, region: of } = at(made);
  const call: GceCall = stage.call();
  const place = needLocation(made.id.id);
  const written = async (row: Promise<{ labels?: Labels | null; labelFingerprint?: string | null }>) => {
    const { labels: own, labelFingerprint } = await row;
    return { labels: edit(own ?? {}), labelFingerprint: labelFingerprint ?? null };
  };
  switch (place.collection) {
    case "addresses":
      return act(stage, "addresses.setLabels", {
        region: of,
        resource: name,
        regionSetLabelsRequestResource: await written(addresses.get(call, place)),
      });
    case "disks":
      return act(stage, "disks.setLabels", {
        zone: in_,
        resource: name,
        zoneSetLabelsRequestResource: await written(disks.get(call, place)),
      });
    case "instances":
      return act(stage, "instances.setLabels", {
        zone: in_,
        instance: name,
        instancesSetLabelsRequestResource: await written(instances.get(call, place)),
      });
    case "snapshots":
      return act(stage, "snapshots.setLabels", {
        resource: name,
        globalSetLabelsRequestResource: await written(snapshots.get(call, place)),
      });
    case "images":
      return act(stage, "images.setLabels", { resource: name, globalSetLabelsRequestResource: await written(images.get(call, place)) });
    default:
      throw new Error(`${made.id.id} has no labels`);
  }
}
