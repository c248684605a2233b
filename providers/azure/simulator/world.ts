// One subscription of the world as a request sees it: its resources, its clock, and what is to happen later. The only way to rows for rules.

import type { Delays } from "../../simulation/delays.ts";
import type { FaultPlan } from "../../simulation/faults.ts";
import { createEntryLister, type Indexes } from "../../simulation/indexes.ts";
import { readSettings as readShared, type SettingsOf } from "../../simulation/settings.ts";
import type { Store, WorldFormat } from "../../simulation/store.ts";
import {
  advanceRealms,
  type TimerHandlers as HandlersOf,
  type RequestFaults,
  type WorldView as ViewOf,
  viewRealm,
  type WorldOf,
} from "../../simulation/world.ts";
import { keyOf } from "./arm-id.ts";
import type { ResourceRow, Row, TimerRow } from "./rows.ts";

export interface Quotas {
  /** Resource groups of a subscription. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
  readonly resourceGroups: number;
  readonly virtualNetworks: number;
  readonly publicIPAddresses: number;
  readonly virtualMachines: number;
  /** vCPUs of a subscription in one region. */
  readonly cores: number;
  readonly securityRules: number;
}

/** Generous: a simulated subscription has had its limits raised, except where the vendor raises none. */
const QUOTAS: Quotas = {
  resourceGroups: 980,
  virtualNetworks: 1_000,
  publicIPAddresses: 5_000,
  virtualMachines: 100_000,
  cores: 1_000_000,
  securityRules: 1_000,
};

export type Settings = SettingsOf<Quotas>;

export function readSettings(delays: Delays, plan: FaultPlan): Settings {
  return readShared(delays, plan, { quotas: QUOTAS, tokenWindow: 0 });
}

export const WORLD_FILE = "azure.sqlite";

const INDEXES: Indexes<Row> = {
  resource: {
    type: (row) => [row.type],
    group: (row) => [row.group],
    "group-type": (row) => [`${row.group}/${row.type}`],
    parent: (row) => [row.parent],
    reference: (row) => row.references,
    address: (row) => addressesOf(row),
    // A lagging tag index still answers by the old tags, so they stay findable.
    tag: (row) => [...listTags(row.tags), ...listTags(row.tagsBefore)],
  },
};

function listTags(tags: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(tags).map(([name, value]) => tagKey(name, value));
}

/** Tag names compare without case, values with. https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */
export function tagKey(name: string, value: string): string {
  return `${name.toLowerCase()}\u0000${value}`;
}

/** The private addresses that an interface holds, each with its subnet. */
function addressesOf(row: ResourceRow): readonly string[] {
  const { ipConfigurations } = row.properties;
  if (!Array.isArray(ipConfigurations)) return [];
  return (ipConfigurations as readonly { properties: { subnet: { id: string }; privateIPAddress: string } }[]).map(({ properties }) =>
    addressKey(properties.subnet.id, properties.privateIPAddress),
  );
}

export function addressKey(subnet: string, address: string): string {
  return `${keyOf(subnet)} ${address}`;
}

export const WORLD_FORMAT: WorldFormat<Row> = { file: WORLD_FILE, listEntries: createEntryLister(INDEXES) };

export interface World extends WorldOf<Row, Settings> {
  /** The subscription's id as the request wrote it. */
  readonly subscription: string;
  /** A resource by its id, in any case. */
  find(id: string): ResourceRow | undefined;
  /** Those whose bodies name the resource of this id. */
  referrersOf(id: string): readonly ResourceRow[];
  newGuid(purpose: string): string;
}

export type WorldView = ViewOf<Row, Settings>;

/** The world of one subscription at one moment. */
export function viewWorld(view: WorldView, subscription: string, now: number, faults?: RequestFaults): World {
  const realm = viewRealm(view, subscription.toLowerCase(), now, faults);
  return {
    ...realm,
    subscription,
    find: (id) => realm.get("resource", keyOf(id)),
    referrersOf: (id) => [...realm.by("resource", "reference", keyOf(id))].sort((a, b) => a.n - b.n),
    newGuid: (purpose) => asGuid(realm.drawHex(purpose)),
  };
}

/** A UUID's form for a hex digest. */
export function asGuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export type TimerHandlers = HandlersOf<World, TimerRow>;

/** Plays everything that is due. */
export function advanceWorld(view: WorldView, handlers: TimerHandlers, now: number): void {
  advanceRealms(view.store as Store<Row>, (realm, at) => viewWorld(view, realm, at), handlers, now);
}
