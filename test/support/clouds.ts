// The three simulated clouds under one view: what lives there with which mark, and what was sent. For tests that say the same of every cloud.

import * as aws from "../../providers/aws/simulator/inspect.ts";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import type { LoggedRequest } from "../../providers/simulation/store.ts";

export const cloudNames = ["aws", "gcp", "azure"] as const;

export type CloudName = (typeof cloudNames)[number];

/** A living object, without ids and times that differ between two equal histories. */
export interface Seen {
  readonly type: string;
  readonly id: string;
  /** The address mark; undefined for what bears none. */
  readonly address: string | undefined;
  readonly state: string | undefined;
}

interface CloudView {
  /** Its block in a stack. */
  readonly block: string;
  readonly see: (directory: string) => readonly Seen[];
  readonly requests: (directory: string) => readonly LoggedRequest[];
  readonly populate: (directory: string, count: number) => void;
}

type Fields = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

const project = "koine-tests";

export const clouds: Readonly<Record<CloudName, CloudView>> = {
  aws: {
    block: 'cloud aws { region = "eu-west-1" }',
    see: (directory) =>
      aws
        .readWorld(directory)
        .filter((object) => object.living)
        .map(({ type, id, tags, state }) => ({ type, id, address: tags["koine:address"], state })),
    requests: aws.readRequests,
    populate: (directory, count) => aws.populateForeign(directory, count),
  },
  gcp: {
    block: `cloud gcp { project = "${project}", region = "europe-west1" }`,
    see: (directory) =>
      gcp
        .readWorld(directory)
        .filter((object) => object.living)
        .map(({ type, id, resource }) => {
          const { labels, description, status } = fieldsOf(resource);
          const described = / address=(\S+)/.exec(textOf(description) ?? "")?.[1];
          return { type, id, address: textOf(fieldsOf(labels)["koine-address"]) ?? described, state: textOf(status) };
        }),
    requests: gcp.readRequests,
    populate: (directory, count) => gcp.populateForeign(directory, count, { account: project }),
  },
  azure: {
    block: 'cloud azure { subscription = "00000000-0000-4000-8000-000000000000", region = "westeurope" }',
    see: (directory) =>
      azure
        .readWorld(directory)
        .filter((object) => object.living)
        .map(({ type, id, resource }) => {
          const { tags, properties } = fieldsOf(resource);
          return {
            type,
            id,
            address: textOf(fieldsOf(tags)["koine-address"]),
            state: textOf(fieldsOf(properties).provisioningState),
          };
        }),
    requests: azure.readRequests,
    populate: (directory, count) => azure.populateForeign(directory, count),
  },
};

/** How many living objects there are of each type, mark and state, on all clouds of a world: equal histories give equal tallies. */
export function tallyClouds(directory: string): Readonly<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const cloud of cloudNames) {
    for (const { type, address, state } of clouds[cloud].see(directory)) {
      const name = `${cloud} ${type} ${address ?? ""} ${state ?? ""}`.trim();
      tally[name] = (tally[name] ?? 0) + 1;
    }
  }
  return Object.fromEntries(Object.entries(tally).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Mutating requests that reached a cloud, in order; those of tests that reach in from outside are left out. */
export function mutationsOn(cloud: CloudName, directory: string): readonly LoggedRequest[] {
  return clouds[cloud]
    .requests(directory)
    .filter((request) => request.mutating && request.fault !== "out of band" && request.fault !== "foreign");
}

/** What bears our marks. */
export function ownedOn(cloud: CloudName, directory: string): readonly Seen[] {
  return clouds[cloud].see(directory).filter((object) => object.address !== undefined);
}
