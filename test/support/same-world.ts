// A simulated world as two equal histories leave it: everything that lives there with all its properties, without the ids, times and addresses that a
// cloud draws. Reads the world's own objects; knows nothing of state, journal, or which objects the engine believes in.

import { createHash } from "node:crypto";
import * as aws from "../../providers/aws/simulator/inspect.ts";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import type { CloudName } from "./clouds.ts";

/** One living object. */
export interface Portrait {
  /** Its type with its address mark; where it bears none, with its name or what it looks like. Equal for two that stand for the same thing. */
  readonly label: string;
  readonly id: string;
  /** It bears our lineage, or belongs to a machine that does. */
  readonly ours: boolean;
  /** All there is to it, canonical: equal histories give equal texts. */
  readonly text: string;
}

interface Thing {
  readonly type: string;
  readonly id: string;
  readonly address: string | undefined;
  readonly data: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const readers: Readonly<Record<CloudName, (directory: string) => readonly Thing[]>> = {
  aws: (directory) =>
    aws
      .readWorld(directory)
      .filter((object) => object.living)
      .map(({ type, id, tags, row }) => ({ type, id, address: tags["koine:address"], data: row })),
  gcp: (directory) =>
    gcp.readWorld(directory).map(({ type, id, tags, resource }) => {
      const described = / address=(\S+)/.exec(String(resource.description ?? ""))?.[1];
      return { type, id, address: tags["koine-address"] ?? described, data: resource };
    }),
  azure: (directory) =>
    azure
      .readWorld(directory)
      .filter((object) => object.living)
      .map(({ type, id, tags, row }) => ({ type, id, address: tags["koine-address"], data: row })),
};

/** What a cloud draws, counts or dates, and what the simulators keep for themselves. */
const drawn = new Set([
  ...[
    "n",
    "createdAt",
    "tagsAt",
    "mac",
    "reservationId",
    "clientToken",
    "launchIndex",
    "modification",
    "transitionReason",
    "stateReason",
    "modifiedAt",
    ...["tagsBefore", "labelsBefore", "labelsAt", "busy"],
    "privateDnsName",
    "publicDnsName",
  ],
  ...[
    "creationTimestamp",
    "fingerprint",
    "labelFingerprint",
    "selfLinkWithId",
    "sourceDiskId",
    "lastAttachTimestamp",
    "lastDetachTimestamp",
  ],
  ...["lastStartTimestamp", "lastStopTimestamp", "sourceSnapshotId", "etag", "guid", "operation", "references", "armId"],
]);

/** A snapshot is of its disk as it was then, and stays so when the disk grows. */
const sizesOfSnapshots = new Set(["size", "diskSizeGB", "diskSizeGb", "creationSizeBytes", "downloadBytes", "storageBytes"]);

const times = { from: 1.6e12, to: 2.6e12 };
const mark = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/gi;
const guid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const instant = /\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g;
/** A name from the second generation on says which one it is. */
const generation = /-g\d+(?=$|[-/"_])/g;
const ec2Id = /\b([a-z]+(?:-[a-z]+)*)-0[0-9a-f]{16}\b/g;
const quad = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

/** Everything alive on a cloud of a world, sorted. `said` is the source: addresses that stand in it are properties, others are drawn. */
export function portray(cloud: CloudName, directory: string, said = ""): readonly Portrait[] {
  const things = readers[cloud](directory);
  let labels = new Map(things.map((thing) => [thing.id, nameThing(cloud, thing)]));
  // What bears no mark is told apart by what it refers to; three rounds reach through every chain that a cloud makes by itself.
  for (let round = 0; round < 3; round++) {
    const addresses = listHomes(things, labels, said);
    labels = new Map(
      things.map((thing) => {
        const name = nameThing(cloud, thing);
        if (cloud !== "aws" || thing.address !== undefined) return [thing.id, name];
        return [thing.id, `${name} ${digest(write(thing, labels, addresses))}`];
      }),
    );
  }
  const addresses = listHomes(things, labels, said);
  return things
    .map((thing) => {
      const plain = JSON.stringify(thing.data);
      return {
        label: labels.get(thing.id) ?? thing.id,
        id: thing.id,
        ours: plain.includes("koine"),
        text: write(thing, labels, addresses),
      };
    })
    .sort((a, b) => compare(a.label, b.label) || compare(a.text, b.text));
}

/** An EC2 id says nothing; the others' ids are names. */
function nameThing(cloud: CloudName, { type, id, address }: Thing): string {
  if (address !== undefined) return `${type} ${address}`;
  return cloud === "aws" ? type : `${type} ${scrub(id.toLowerCase())}`;
}

/** Whose each drawn address is, so that a rule which names one is compared by whom it means. */
function listHomes(things: readonly Thing[], labels: ReadonlyMap<string, string>, said: string): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const thing of things) {
    if (!/interface|address|instance$|instances$/i.test(thing.type)) continue;
    const label = labels.get(thing.id) ?? thing.id;
    for (const [found] of JSON.stringify(thing.data).matchAll(quad)) {
      const known = homes.get(found);
      // Several hold it (a machine and its address): the first name in order stands for all.
      if (!said.includes(found) && (known === undefined || label < known)) homes.set(found, label);
    }
  }
  return homes;
}

function write(thing: Thing, labels: ReadonlyMap<string, string>, addresses: ReadonlyMap<string, string>): string {
  const putNames = (text: string): string =>
    scrub(text)
      .replace(ec2Id, (id, kind: string) => (kind === "ami" ? id : `<${labels.get(id) ?? kind}>`))
      .replace(quad, (found) => (addresses.has(found) ? `<address of ${addresses.get(found)}>` : found));
  const isSnapshot = /snapshot/.test(thing.type);
  const isKept = (name: string, value: unknown): boolean =>
    value !== undefined && !drawn.has(name) && !isDrawnId(name, value) && !(isSnapshot && sizesOfSnapshots.has(name));
  const rewrite = (value: unknown): unknown => {
    if (typeof value === "string") return putNames(value);
    if (typeof value === "number") return value > times.from && value < times.to ? "<time>" : value;
    if (Array.isArray(value)) return value.map(rewrite).sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(withReleased(value as Fields, addresses)).filter(([name, item]) => isKept(name, item));
    return Object.fromEntries(kept.map(([name, item]) => [putNames(name), rewrite(item)] as const).sort(([a], [b]) => compare(a, b)));
  };
  return JSON.stringify(rewrite(thing.data));
}

/** An address that the source says no longer is kept as it is (`whenAbsent: "keep"`): on Azure it stays `Static`, though nothing asks for it. */
function withReleased(fields: Fields, addresses: ReadonlyMap<string, string>): Fields {
  const isReleased = fields.privateIPAllocationMethod === "Static" && addresses.has(String(fields.privateIPAddress));
  return isReleased ? { ...fields, privateIPAllocationMethod: "Dynamic" } : fields;
}

/** Of Compute Engine, a number of up to 20 digits. */
function isDrawnId(name: string, value: unknown): boolean {
  return name === "id" && typeof value === "string" && /^\d+$/.test(value);
}

function scrub(text: string): string {
  return text
    .replace(guid, (found) => (found.startsWith("00000000-0000-4000") ? found : "<guid>"))
    .replace(mark, "<mark>")
    .replace(instant, "<time>")
    .replace(/default-route-r-[0-9a-f]+/g, "default-route-r")
    .replace(generation, "");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface Difference {
  /** `orphan`: nothing of that label should be there. `duplicate`: more than should be. `missing`: fewer. `other`: as many, and not alike. */
  readonly kind: "orphan" | "duplicate" | "missing" | "other";
  readonly label: string;
  readonly detail: string;
}

/** How a world differs from the one it should equal; empty when it does not. */
export function compareWorlds(actual: readonly Portrait[], expected: readonly Portrait[]): readonly Difference[] {
  const found = group(actual);
  const wanted = group(expected);
  return [...new Set([...found.keys(), ...wanted.keys()])].sort().flatMap((label): readonly Difference[] => {
    const here = found.get(label) ?? [];
    const there = wanted.get(label) ?? [];
    const detail = `${here.length} instead of ${there.length}: ${here.map((one) => one.id).join(", ")}`;
    if (here.length > there.length) return [{ kind: there.length === 0 ? "orphan" : "duplicate", label, detail }];
    if (here.length < there.length) return [{ kind: "missing", label, detail }];
    return here.flatMap((one, index) => {
      const other = there[index];
      return other && other.text !== one.text ? [{ kind: "other", label, detail: describeChange(one.text, other.text) } as const] : [];
    });
  });
}

function group(portraits: readonly Portrait[]): ReadonlyMap<string, readonly Portrait[]> {
  const groups = new Map<string, Portrait[]>();
  for (const portrait of portraits) {
    const known = groups.get(portrait.label);
    if (known) known.push(portrait);
    else groups.set(portrait.label, [portrait]);
  }
  return groups;
}

/** The properties that differ, of two canonical texts. */
function describeChange(actual: string, expected: string): string {
  const [here, there] = [JSON.parse(actual) as Fields, JSON.parse(expected) as Fields];
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])];
  const changed = names.filter((name) => JSON.stringify(here[name]) !== JSON.stringify(there[name]));
  return changed.map((name) => `${name} is ${JSON.stringify(here[name])}, not ${JSON.stringify(there[name])}`).join("; ");
}

/** For a failure: one line for each difference. */
export function describeDifferences(differences: readonly Difference[]): readonly string[] {
  return differences.map(({ kind, label, detail }) => `${kind}: ${label}: ${detail}`);
}
