// Looks into and reaches into a persisted world from outside the wire: for tests, and for `koine simulate`. Never part of the protocol.
// Each call opens the world, plays what is due, acts in one transaction, and closes it; servers of the same world see the result at once.

import { type Inspection, lookAtWorld, withWorld } from "../../simulation/inspection.ts";
import type { LoggedRequest } from "../../simulation/store.ts";
import { type Caller, performRequest, prepareRequest } from "./dispatch.ts";
import { listPublicImages } from "./image-catalog.ts";
import { lateRequest } from "./late-request.ts";
import { encodeForm } from "./protocol-client.ts";
import type { AnyRow, Kind, Row } from "./rows.ts";
import { readEc2Settings, type Settings } from "./settings.ts";
import { makeTransitions } from "./transitions.ts";
import { advanceWorld, viewWorld, WORLD_FORMAT, type World } from "./world.ts";

export type { LoggedRequest } from "../../simulation/store.ts";
export type { World } from "./world.ts";

export interface WorldObject {
  readonly type: Exclude<Kind, "token">;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The vendor's state, for objects that have one: `running`, `available`. */
  readonly state?: string;
  /** False for what is ended and only shown for a while: terminated instances, deleted or failed NAT gateways. */
  readonly living: boolean;
  /** All there is to it. */
  readonly row: Row;
}

const INSPECTION: Inspection<AnyRow, Settings> = {
  format: WORLD_FORMAT,
  settings: () => readEc2Settings("none", {}),
  advance: (view, now) => advanceWorld(view, makeTransitions(lateRequest(view)), now),
};

/** Every object of every account and region, in order of creation. */
export function readWorld(directory: string): readonly WorldObject[] {
  return lookAtWorld(
    INSPECTION,
    directory,
    ({ store }) => [...store.memory.everything()].sort((a, b) => a.n - b.n).flatMap(describeRow),
    [],
  );
}

function describeRow(row: AnyRow): readonly WorldObject[] {
  if (row.kind === "token" || row.kind === "timer") return [];
  const [account = "", region = ""] = row.realm.split("/");
  const state = "state" in row ? row.state : row.kind === "network-interface" ? row.status : undefined;
  const ended =
    (row.kind === "instance" && row.state === "terminated") ||
    (row.kind === "nat-gateway" && (row.state === "deleted" || row.state === "failed"));
  return [{ type: row.kind, id: row.id, account, region, tags: row.tags, ...(state === undefined ? {} : { state }), living: !ended, row }];
}

/** The log of requests, oldest first: each with its outcome (`ok`, an error's code, or `cut` where the caller never got the answer). */
export function readRequests(directory: string): readonly LoggedRequest[] {
  return lookAtWorld(INSPECTION, directory, ({ store }) => store.readLog(), []);
}

export interface Realm {
  /** By default the account of every simulated credential, 111122223333. */
  readonly account?: string;
  /** By default eu-west-1. */
  readonly region?: string;
}

function readRealm(realm: Realm): Caller {
  return { account: realm.account ?? "111122223333", region: realm.region ?? "eu-west-1" };
}

/** Changes rows behind everybody's back: no rule is checked, nothing is logged. */
export function editWorld<T>(directory: string, edit: (world: World) => T, realm: Realm = {}): T {
  const { account, region } = readRealm(realm);
  const now = Date.now();
  return withWorld(INSPECTION, directory, (view) => view.store.write(() => edit(viewWorld(view, account, region, now))), now);
}

/**
 * Another hand's request by EC2's own rules: `callWorld(dir, "TerminateInstances", { InstanceIds: ["i-…"] })`. Input in the SDK's names; it is logged
 * with the fault `out of band`. Throws an Error with the vendor's code when EC2 refuses.
 */
export function callWorld(directory: string, operation: string, input: Readonly<Record<string, unknown>>, realm: Realm = {}): void {
  const now = Date.now();
  const caller = readRealm(realm);
  withWorld(
    INSPECTION,
    directory,
    (view) => {
      const form = encodeForm(operation, input);
      const { body } = performRequest(view, caller, prepareRequest(form, caller), form, now, { fault: "out of band" });
      if (typeof body !== "string") throw body;
      // Its passages are over when it returns.
      advanceWorld(view, makeTransitions(lateRequest(view)), now);
    },
    now,
  );
}

/** Fills a region with running instances that bear none of our marks, in a VPC of their own. A few hundred a second and more. */
export function populateForeign(directory: string, count: number, realm: Realm = {}): void {
  const now = Date.now();
  const caller = readRealm(realm);
  withWorld(
    INSPECTION,
    directory,
    (view) => {
      view.store.write(() => {
        const run = (operation: string, input: Readonly<Record<string, unknown>>): void => {
          const form = encodeForm(operation, input);
          const { body } = performRequest(view, caller, prepareRequest(form, caller), form, now, { fault: "foreign" });
          if (typeof body !== "string") throw body;
        };
        run("CreateVpc", {
          CidrBlock: "172.20.0.0/16",
          TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "foreign" }] }],
        });
        const world = viewWorld(view, caller.account, caller.region, now);
        const newest = (kind: "vpc" | "subnet"): string => [...world.all(kind)].sort((a, b) => b.n - a.n)[0]?.id ?? "";
        run("CreateSubnet", { VpcId: newest("vpc"), CidrBlock: "172.20.0.0/16" });
        const SubnetId = newest("subnet");
        const ImageId = [...listPublicImages(caller.region).values()].find((image) => image.architecture === "x86_64")?.id;
        for (let left = count; left > 0; left -= 1000) {
          const size = Math.min(left, 1000);
          const Tags = [{ Key: "Name", Value: `foreign-${left}` }];
          run("RunInstances", {
            ImageId,
            InstanceType: "t3.micro",
            MinCount: size,
            MaxCount: size,
            SubnetId,
            TagSpecifications: [{ ResourceType: "instance", Tags }],
          });
        }
      });
      advanceWorld(view, makeTransitions(lateRequest(view)), now);
    },
    now,
  );
}
