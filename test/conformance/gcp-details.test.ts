// What the common suite cannot put to the test of Google Cloud: props that no one rule has together, what holds up a delete, marks that are written where the
// creating request could not.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { firewalls } from "../../providers/gcp/collections.ts";
import { needLocation } from "../../providers/gcp/paths.ts";
import { createExecutor } from "./executor.ts";
import {
  act,
  at,
  freshName,
  gcpCloud,
  makeAddress,
  makeDisk,
  makeInstance,
  makeNetwork,
  makeSubnetwork,
  project,
  region,
  type Stage,
} from "./gcp-surroundings.ts";
import { openSimulated } from "./simulated-world.ts";

let begin: () => Stage;
let stage: Stage;
let stop: () => Promise<void>;

beforeAll(async () => {
  const open = await openSimulated(gcpCloud);
  begin = () => createExecutor(open.world);
  stage = begin();
  stop = open.stop;
});
afterEach(async () => {
  await stage.cleanUp();
  stage = begin();
});
afterAll(() => stop?.());

describe("ranges and tags of a firewall rule", () => {
  it.each([
    ["sourceRanges", "INGRESS", { sourceRanges: ["10.0.0.0/8"] }],
    ["sourceTags", "INGRESS", { sourceTags: ["web"] }],
    ["destinationRanges", "EGRESS", { destinationRanges: ["10.0.0.0/8"] }],
  ] as const)("an edit of %s by somebody else is seen and mended", async (prop, direction, props) => {
    const desired: NativeMap = {
      name: freshName("rule"),
      network: await makeNetwork(stage),
      direction,
      allowed: [{ IPProtocol: "tcp", ports: ["22"] }],
      ...props,
    };
    const made = await stage.make("gcp.compute.Firewall", desired);
    const current = await firewalls.get(stage.call(), needLocation(made.id.id));
    const other = prop === "sourceTags" ? ["by-hand"] : ["192.168.0.0/16"];
    await act(stage, "firewalls.update", { firewall: at(made).name, firewallResource: { ...current, [prop]: other } });
    const seen = await stage.observe(made.id);
    expect(seen?.props[prop]).toEqual(other);
    const change = { action: "update", desired, observed: seen?.props ?? {}, attributes: {}, changed: [prop], id: made.id } as const;
    expect((await stage.carryOut(made.type, made.object, change)).performed).toEqual(["update"]);
    expect((await stage.observe(made.id))?.props[prop]).toEqual(desired[prop]);
  });
});

describe("what holds up a delete", () => {
  const blockersOf = async (type: string, path: string): Promise<readonly string[]> => {
    const place = { type, account: project, region, id: path };
    return (await stage.handlerOf(type).blockers(stage.call(), place)).map((blocker) => blocker.id);
  };

  it("subnetworks and rules of a network, instances of a subnetwork", async () => {
    const instance = await makeInstance(stage);
    const seen = await stage.observe({ type: "gcp.compute.Instance", account: project, region, id: instance });
    const subnetwork = String(seen?.props.subnetwork);
    const inside = await stage.observe({ type: "gcp.compute.Subnetwork", account: project, region, id: subnetwork });
    expect(await blockersOf("gcp.compute.Network", String(inside?.props.network))).toEqual([subnetwork]);
    expect(await blockersOf("gcp.compute.Subnetwork", subnetwork)).toEqual([instance]);
  });

  it("the router that holds an address, the instance that holds a disk", async () => {
    const { network, subnetwork } = await makeSubnetwork(stage);
    const { path } = await makeAddress(stage);
    const nats = [{ name: "nat", natIps: [path], subnetworks: [subnetwork] }];
    const router = await stage.make("gcp.compute.Router", { name: freshName("router"), network, region, nats });
    expect(await blockersOf("gcp.compute.Address", path)).toEqual([router.id.id]);
    const disk = await makeDisk(stage);
    const instance = await makeInstance(stage);
    await stage.make("gcp.compute.AttachedDisk", { instance, disk, deviceName: "data" });
    expect(await blockersOf("gcp.compute.Disk", disk)).toEqual([instance]);
  });
});

it("finds an address that was adopted by its labels: its description never changes", async () => {
  const name = freshName("ip");
  await act(stage, "addresses.insert", { region, addressResource: { name, description: "made by hand" } });
  const id = { type: "gcp.compute.Address", account: project, region, id: `projects/${project}/regions/${region}/addresses/${name}` };
  stage.adopt(id.type, id.id);
  const seen = await stage.observe(id);
  if (seen === undefined) throw new Error("it is not there");
  expect(seen.marks).toEqual({});
  const object = "0".repeat(32);
  const change = {
    action: "update",
    desired: seen.props,
    observed: seen.props,
    attributes: {},
    changed: [],
    id: seen.id,
    marks: true,
  } as const;
  expect((await stage.carryOut(id.type, object, change)).performed).toEqual(["mark"]);
  const found = await stage.handlerOf(id.type).find(stage.call(), { kind: "lineage", lineage: stage.lineage });
  expect(found.map((each) => [each.id.id, each.marks?.object])).toEqual([[id.id, object]]);
});

it("knows an object by its link and by its path", () => {
  const path = `projects/${project}/regions/${region}/addresses/web`;
  const { canonicalId } = stage.handlerOf("gcp.compute.Address");
  expect(canonicalId?.(`https://www.googleapis.com/compute/v1/${path}`)).toBe(path);
  expect(canonicalId?.(path)).toBe(path);
});

it("does not take a new object of an old name for the old one", async () => {
  const made = await stage.make("gcp.compute.Network", { name: freshName("net") });
  await act(stage, "networks.delete", { network: at(made).name });
  await act(stage, "networks.insert", { networkResource: { name: at(made).name, autoCreateSubnetworks: false } });
  const again = await stage.observe(made.id);
  expect(again?.id.id).toBe(made.id.id);
  expect(again?.id.incarnation).not.toBe(made.id.incarnation);
  const [end] = stage
    .handlerOf(made.type)
    .steps({ action: "delete", desired: {}, observed: {}, attributes: {}, changed: [], id: made.id, generation: 1 });
  if (end === undefined) throw new Error("nothing ends it");
  expect(await stage.handlerOf(made.type).poll(stage.call({ id: made.id }), end, { id: made.id })).toEqual({ kind: "done" });
});
