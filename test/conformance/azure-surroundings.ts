// What Azure cases stand on, and the edits that somebody else makes behind Koine's back. Requests here bypass the handlers.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { canonicalId, namesIn } from "../../providers/azure/arm-id.ts";
import { connectArm } from "../../providers/azure/client.ts";
import type { Json } from "../../providers/azure/json.ts";
import { type Arm, type Collection, collections, type OperationName, operations } from "../../providers/azure/operations.ts";
import { azure } from "../../providers/azure/provider.ts";
import { type ConformanceCase, type Edit, type Elsewhere, withProp } from "./conformance-case.ts";
import type { Executor, Made } from "./executor.ts";
import type { ConnectedCloud } from "./simulated-world.ts";

export type Stage = Executor<Arm>;
export type Case = ConformanceCase<Arm>;

export const location = "westeurope";
export const subscription = "00000000-0000-0000-0000-00000000c0de";

export const signal = (): AbortSignal => AbortSignal.timeout(30_000);

/** ARM is read before it is written to; only what writes counts as the request of a step. */
export function isRead(operation: string): boolean {
  const known: Readonly<Record<string, { readonly method: string }>> = operations;
  return (known[operation.slice("azure:".length)]?.method ?? "GET") === "GET";
}

export const azureCloud: ConnectedCloud<Arm> = {
  provider: azure,
  connect: (endpoint, onRequest) =>
    connectArm({ subscription, region: location, endpoint, simulated: true, koineVersion: "test", onRequest }),
  isRead,
};

/** A name that no other test uses. */
export function nameOf(stage: Stage, what: string, n = 0): string {
  return `${what}-${stage.lineage.slice(0, 8)}-${n}`;
}

export async function makeGroup(stage: Stage, n: number): Promise<string> {
  const made = await stage.make("azure.resources.ResourceGroup", { name: nameOf(stage, "group", n), location });
  return String(made.observed.attributes.name);
}

/** The props that every resource in a group has. */
export async function place(stage: Stage, what: string, n: number): Promise<NativeMap> {
  return { name: nameOf(stage, what, n), resourceGroup: await makeGroup(stage, n), location };
}

async function make(stage: Stage, type: string, props: NativeMap): Promise<string> {
  return (await stage.make(type, props)).id.id;
}

export async function makeNetwork(stage: Stage, resourceGroup: NativeValue, n: number): Promise<string> {
  const props = { name: nameOf(stage, "net", n), resourceGroup, location, addressPrefixes: ["10.0.0.0/16"] };
  return make(stage, "azure.network.VirtualNetwork", props);
}

export async function makeSubnet(stage: Stage, resourceGroup: NativeValue, n: number): Promise<string> {
  const virtualNetwork = await makeNetwork(stage, resourceGroup, n);
  return make(stage, "azure.network.Subnet", { virtualNetwork, name: "front", addressPrefix: "10.0.1.0/24" });
}

export async function makeSecurityGroup(stage: Stage, resourceGroup: NativeValue, name: string): Promise<string> {
  return make(stage, "azure.network.NetworkSecurityGroup", { name, resourceGroup, location, unmanagedRules: [] });
}

export async function makeAsg(stage: Stage, resourceGroup: NativeValue, name: string): Promise<string> {
  return make(stage, "azure.network.ApplicationSecurityGroup", { name, resourceGroup, location });
}

export async function makeAddress(stage: Stage, resourceGroup: NativeValue, name: string): Promise<string> {
  return make(stage, "azure.network.PublicIPAddress", { name, resourceGroup, location, zones: ["1"] });
}

export async function makeNat(stage: Stage, resourceGroup: NativeValue, name: string): Promise<string> {
  const address = await makeAddress(stage, resourceGroup, `${name}-address`);
  return make(stage, "azure.network.NatGateway", { name, resourceGroup, location, zones: ["1"], publicIpAddresses: [address] });
}

export async function makeInterface(stage: Stage, resourceGroup: NativeValue, n: number): Promise<string> {
  const subnet = await makeSubnet(stage, resourceGroup, n);
  return make(stage, "azure.network.NetworkInterface", { name: nameOf(stage, "card", n), resourceGroup, location, subnet });
}

export async function makeDisk(stage: Stage, resourceGroup: NativeValue, name: string): Promise<string> {
  return make(stage, "azure.compute.Disk", { name, resourceGroup, location, zones: ["1"], diskSizeGB: 32, sku: "Premium_LRS" });
}

/** The group that an object stands in. */
export function groupOf(made: Made): string {
  return namesIn(made.id.id.split("|")[0] ?? "")[0] ?? "";
}

/** Another id of the same form, which nothing has. */
export function otherId(id: string): string {
  return `${id}-other`;
}

export const tags = { Name: "conformance", team: "koine" } as const;

/** The resource as ARM has it. */
export async function rawOf(stage: Stage, collection: string, id: string): Promise<Json> {
  return (await stage.world.client.send(`${collection}.get` as OperationName, { at: namesIn(id) }, signal())).body;
}

/** Sends one request and waits until its effect is there. */
export async function act(stage: Stage, operation: OperationName, id: string, body?: Json): Promise<void> {
  const { client } = stage.world;
  const answer = await client.send(operation, { at: namesIn(id), ...(body === undefined ? {} : { body }) }, signal());
  const address = answer.headers["azure-asyncoperation"] ?? (answer.status === 202 ? answer.headers.location : undefined);
  for (let looks = 0; address !== undefined && looks < 200; looks++) {
    const state = await client.follow("operations.get", address, signal());
    const status = state.body.status;
    if (typeof status === "string" ? status === "Succeeded" : state.status !== 202) return;
    if (status === "Failed") throw new Error(`${operation} failed: ${JSON.stringify(state.body)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Somebody else changes `properties` with a PUT of the whole. */
export async function rewrite(stage: Stage, collection: string, id: string, change: (properties: Json) => Json): Promise<void> {
  const raw = await rawOf(stage, collection, id);
  const properties = change((raw.properties ?? {}) as Json);
  await act(stage, `${collection}.createOrUpdate` as OperationName, id, { ...raw, properties });
}

/** One key changes, one goes, one comes. */
export const editTags: Edit<Arm> = {
  name: "tags",
  changed: ["tags"],
  to: (_stage, made) => withProp(made.desired, "tags", { Name: "changed", stage: "test" }),
  steps: ["tag"],
};

export function tagsElsewhere(collection: Collection | "resourceGroups"): Elsewhere<Arm> {
  return {
    prop: "tags",
    change: (stage, made) => patchTags(stage, collection, made.id.id, (present) => ({ ...present, Name: "by hand" })),
  };
}

export async function patchTags(
  stage: Stage,
  collection: Collection | "resourceGroups",
  id: string,
  change: (tags: Json) => Json,
): Promise<void> {
  const operation =
    collection === "resourceGroups" ? "resourceGroups.update" : (`${collection}.${collections[collection].tags}` as OperationName);
  const raw = await rawOf(stage, collection, id);
  await act(stage, operation, id, { tags: change((raw.tags ?? {}) as Json) });
}

/** Takes the marks off; the user's tags stay. */
export async function stripMarks(stage: Stage, made: Made): Promise<void> {
  const collection = collectionOf(made.id.id);
  await patchTags(stage, collection, made.id.id, (present) =>
    Object.fromEntries(Object.entries(present).filter(([key]) => !key.startsWith("koine-"))),
  );
}

function collectionOf(id: string): Collection | "resourceGroups" {
  const found = Object.entries(collections).find(([, { type }]) => canonicalId(id).includes(`/providers/${type}/`));
  return (found?.[0] ?? "resourceGroups") as Collection | "resourceGroups";
}

/** Why nobody can change these on a resource that exists. */
export const fixedPlace = { name: "immutable", resourceGroup: "immutable", location: "immutable" } as const;

/**
 * As long as tags may be, and with what they may hold: names without `<>%&\?/`.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export const awkwardTags: NativeMap = {
  ["k".repeat(512)]: "ü".repeat(256),
  "über größe": "naïve — 東京 🚀",
  empty: "",
  spaces: " leading and trailing ",
  markup: `<a href="x">&amp;'</a>`,
  "plus+1=2 :@.-_'\"": "1+1=2 %20 /@:._-?#\\",
};
