// The protocol: strictness, errors, request ids, filters, pages, partial answers, operations.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  describeMachine,
  type GceFixture,
  type Json,
  makeNetwork,
  openGce,
  REGION,
  reasonOf,
  ZONE,
} from "../../../test/support/gce-simulator.ts";

let gce: GceFixture;
beforeEach(async () => {
  gce = await openGce();
});
afterEach(() => gce.close());

const refusal = async (http: string, path: string, body?: unknown): Promise<string> => {
  const answer = await gce.call(http, path, body);
  return `${answer.status} ${reasonOf(answer.body)}`;
};
const names = (body: Json): string[] => ((body.items ?? []) as { name: string }[]).map((item) => item.name);
const list = async (query: string): Promise<string[]> => names(await gce.get(`global/networks?${query}`));
const insert = (name: string, more: Json = {}) => gce.change("POST", "global/networks", { name, autoCreateSubnetworks: false, ...more });

describe("strictness", () => {
  test.each<[string, string, unknown, string]>([
    ["GET", "global/backendServices", undefined, "404 notFound"],
    ["POST", "global/networks/net/addPeering", {}, "404 notFound"],
    ["GET", "zones/europe-west1-a/instances", undefined, "404 notFound"],
    ["GET", "zones/nowhere1-a", undefined, "404 notFound"],
    ["GET", "regions/nowhere1", undefined, "404 notFound"],
    ["GET", "global/networks?colour=red", undefined, "400 invalidParameter"],
    ["POST", "global/networks", { name: "n", autoCreateSubnetworks: false, colour: "red" }, "400 badRequest"],
    ["POST", "global/networks", { name: "n", autoCreateSubnetworks: "no" }, "400 badRequest"],
    ["POST", "global/networks", { name: "n", autoCreateSubnetworks: false, mtu: "big" }, "400 badRequest"],
    ["POST", "global/networks", { name: "n", autoCreateSubnetworks: false, peerings: [{}] }, "400 badRequest"],
    ["POST", "global/networks", { name: "n", autoCreateSubnetworks: true }, "400 invalid"],
    ["POST", "global/networks", [], "400 badRequest"],
    ["POST", `${REGION}/subnetworks`, { name: "s", network: "networks/n", ipCidrRange: "10.0.0.0/24" }, "400 invalid"],
    ["DELETE", "global/networks/n", { why: "not" }, "400 badRequest"],
  ])("%s %s %j: %s", async (http, path, body, outcome) => {
    expect(await refusal(http, path, body)).toBe(outcome);
  });

  test("output-only fields that are sent back are ignored", async () => {
    expect(await insert("net", { id: "1", kind: "compute#network", selfLink: "x", creationTimestamp: "x" })).toBe("ok");
    expect((await gce.get("global/networks/net")).id).not.toBe("1");
  });

  test("an error is in Google's form; a call without a token is refused; any project is a world of its own", async () => {
    const { status, body } = await gce.call("GET", "global/networks/none");
    const message = "The resource 'projects/test-project/global/networks/none' was not found";
    expect([status, body]).toEqual([404, { error: { code: 404, message, errors: [{ message, domain: "global", reason: "notFound" }] } }]);
    const bare = await fetch(`${gce.endpoint}/compute/v1/projects/test-project/global/networks`);
    expect(bare.status).toBe(401);
    await insert("net");
    const other = await fetch(`${gce.endpoint}/compute/v1/projects/other-project/global/networks/net`, {
      headers: { authorization: "Bearer y" },
    });
    expect(other.status).toBe(404);
  });

  test("projects, zones, regions and types can be looked at", async () => {
    expect(await gce.get("")).toMatchObject({ kind: "compute#project", name: "test-project", defaultNetworkTier: "PREMIUM" });
    expect(await gce.get(ZONE)).toMatchObject({ status: "UP", region: expect.stringMatching(/europe-west1$/) });
    expect(await gce.get(REGION)).toMatchObject({ zones: [1, 2, 3].map(() => expect.stringContaining("europe-west1-")) });
    expect(await gce.get(`${ZONE}/machineTypes/e2-medium`)).toMatchObject({
      guestCpus: 2,
      memoryMb: 4096,
      isSharedCpu: true,
      architecture: "X86_64",
    });
    expect(await gce.get(`${ZONE}/diskTypes/pd-ssd`)).toMatchObject({ validDiskSize: "10GB-65536GB" });
    expect(await refusal("GET", `${ZONE}/machineTypes/e9-large`)).toBe("404 notFound");
    const types = (await gce.get("aggregated/machineTypes?filter=name%3Dt2a-standard-1")) as {
      items: Record<string, { machineTypes?: unknown[]; warning?: { code: string } }>;
    };
    expect(types.items["zones/us-central1-a"]?.machineTypes).toHaveLength(1);
    expect(types.items[ZONE]?.warning?.code).toBe("NO_RESULTS_ON_PAGE");
    expect(names(await gce.get("zones?filter=name%3Aeurope-west1-"))).toEqual(["europe-west1-b", "europe-west1-c", "europe-west1-d"]);
  });
});

describe("request ids", () => {
  const id = "7a1e2c1c-7c6d-4b7c-9df3-0f0f5a5a5a5a";
  const send = (more: Json = {}, requestId = id) =>
    gce.call("POST", `global/networks?requestId=${requestId}`, { name: "net", autoCreateSubnetworks: false, ...more });

  test("the same request again answers the same operation, even when the object is gone", async () => {
    const first = (await send()).body.name;
    expect((await send()).body.name).toBe(first);
    await gce.change("DELETE", "global/networks/net");
    expect((await send()).body).toMatchObject({ name: first, status: "DONE" });
    expect((await gce.call("GET", "global/networks/net")).status).toBe(404);
  });

  test("another request under the same id is a mistake, and after an hour it is forgotten", async () => {
    await send();
    expect(reasonOf((await send({ description: "x" })).body)).toBe("invalid");
    gce.pass(3_600_001);
    expect(reasonOf((await send()).body)).toBe("alreadyExists");
  });

  test("a refused request is not remembered; ids are UUIDs", async () => {
    expect(reasonOf((await send({ name: "N" })).body)).toBe("invalid");
    expect((await send()).status).toBe(200);
    expect(reasonOf((await send({}, "abc")).body)).toBe("invalid");
    expect(reasonOf((await send({}, "00000000-0000-0000-0000-000000000000")).body)).toBe("invalid");
  });
});

describe("lists", () => {
  beforeEach(async () => {
    for (const [name, description] of [
      ["c", "koine lineage=1 object=2"],
      ["a", "koine lineage=2 object=2"],
      ["b", ""],
    ] as const)
      await insert(name, description === "" ? {} : { description });
  });

  test.each([
    ["", ["a", "b", "c"]],
    ["orderBy=creationTimestamp%20desc", ["b", "a", "c"]],
    ["filter=name%3Da", ["a"]],
    ['filter=name%20%3D%20"a"', ["a"]],
    ["filter=name!%3Da", ["b", "c"]],
    ["filter=description%3A%22koine%20lineage%3D1%22", ["c"]],
    ["filter=description%20eq%20.*lineage%3D2.*", ["a"]],
    ["filter=description%20eq%20'.*lineage%3D2.*'", ["a"]],
    ["filter=description%20eq%20lineage%3D2", []],
    ["filter=name%20ne%20[ab]", ["c"]],
    ["filter=description%3A*", ["a", "c"]],
    ["filter=(description%3Aobject%3D2)(name%3Dc)", ["c"]],
    ["filter=description%3Aobject%3D2%20AND%20name%3Dc", ["c"]],
    ["filter=routingConfig.routingMode%3DREGIONAL", ["a", "b", "c"]],
    ["maxResults=0", ["a", "b", "c"]],
  ])("%s", async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test.each([
    "filter=name%3Da%20OR%20name%3Db",
    "filter=NOT%20name%3Da",
    "filter=name%3Da*",
    "filter=name%20%3E%20a",
    "filter=name",
    "filter=(name%3Da",
    "filter=name%3Da%20AND%20name%20eq%20b",
    "filter=name%20eq%20(",
    "orderBy=name%20desc",
    "maxResults=501",
    "maxResults=-1",
    "pageToken=mine",
  ])("%s is refused", async (query) => {
    expect(await refusal("GET", `global/networks?${query}`)).toBe("400 invalid");
  });

  test("pages follow one another, whatever comes and goes between them", async () => {
    const first = await gce.get("global/networks?maxResults=2");
    expect(names(first)).toEqual(["a", "b"]);
    await gce.change("DELETE", "global/networks/a");
    const second = await gce.get(`global/networks?maxResults=2&pageToken=${first.nextPageToken}`);
    expect([names(second), second.nextPageToken]).toEqual([["c"], undefined]);
  });

  test("aggregated lists name every scope, and warn of the empty ones", async () => {
    await makeNetwork(gce);
    for (const name of ["one", "two"]) await gce.change("POST", `${ZONE}/instances`, describeMachine(name, { labels: { env: name } }));
    const all = (await gce.get("aggregated/instances")) as { items: Record<string, { instances?: Json[]; warning?: Json }> };
    expect(all.items[ZONE]?.instances?.map((instance) => instance.name)).toEqual(["one", "two"]);
    expect(all.items["zones/us-central1-a"]).toMatchObject({
      warning: { code: "NO_RESULTS_ON_PAGE", data: [{ key: "scope", value: "zones/us-central1-a" }] },
    });
    const filtered = (await gce.get("aggregated/instances?filter=labels.env%3Dtwo&returnPartialSuccess=true")) as typeof all;
    expect(filtered.items[ZONE]?.instances?.map((instance) => instance.name)).toEqual(["two"]);
    for (const [collection, scope] of [
      ["subnetworks", REGION],
      ["disks", ZONE],
    ] as const)
      expect(((await gce.get(`aggregated/${collection}`)) as { items: Json }).items[scope]).toHaveProperty(collection);
    for (const collection of ["addresses", "routers"]) expect(await gce.get(`aggregated/${collection}`)).toHaveProperty("items");
  });

  test("answers hold the fields that are asked for", async () => {
    expect(await gce.get("global/networks/a?fields=name,routingConfig/routingMode")).toEqual({
      name: "a",
      routingConfig: { routingMode: "REGIONAL" },
    });
    expect(await gce.get("global/networks?fields=items(name,mtu),nextPageToken")).toEqual({
      items: ["a", "b", "c"].map((name) => ({ name, mtu: 1460 })),
    });
    expect(await gce.get("global/networks?fields=items/name&maxResults=1")).toEqual({ items: [{ name: "a" }] });
    expect(await refusal("GET", "global/networks?fields=items(name")).toBe("400 invalid");
  });
});

describe("operations", () => {
  test("are listed by scope, found by name and number, and 404 otherwise", async () => {
    const { body } = await gce.call("POST", "global/networks", { name: "net", autoCreateSubnetworks: false });
    expect(body).toMatchObject({
      kind: "compute#operation",
      operationType: "insert",
      status: "PENDING",
      progress: 0,
      targetId: expect.stringMatching(/^\d+$/),
    });
    expect(names(await gce.get("global/operations?filter=status%3DDONE"))).toEqual([body.name]);
    expect(await gce.get(`global/operations/${body.id}`)).toMatchObject({ status: "DONE", name: body.name });
    expect(await refusal("GET", "global/operations/none")).toBe("404 notFound");
    expect(await refusal("GET", `${REGION}/operations/${body.name}`)).toBe("404 notFound");
  });

  test("wait answers when they are done", async () => {
    const slow = await openGce({ delays: "short", running: true });
    const { body } = await slow.call("POST", "global/networks", { name: "net", autoCreateSubnetworks: false });
    const start = performance.now();
    expect((await slow.call("POST", `global/operations/${body.name}/wait`)).body).toMatchObject({ status: "DONE" });
    expect(performance.now() - start).toBeGreaterThan(50);
    await slow.close();
  });

  test("an object is busy until its operation is done, and changes only then", async () => {
    const slow = await openGce({ delays: "realistic" });
    await slow.call("POST", "global/networks", { name: "net", autoCreateSubnetworks: false });
    const patch = () => slow.call("PATCH", "global/networks/net", { routingConfig: { routingMode: "GLOBAL" } });
    expect(reasonOf((await patch()).body)).toBe("resourceNotReady");
    expect(
      reasonOf(
        (await slow.call("POST", `${REGION}/subnetworks`, { name: "s", network: "global/networks/net", ipCidrRange: "10.0.0.0/24" })).body,
      ),
    ).toBe("resourceNotReady");
    slow.pass(5_000);
    expect((await patch()).status).toBe(200);
    expect(await slow.get("global/networks/net")).toMatchObject({ routingConfig: { routingMode: "REGIONAL" } });
    slow.pass(5_000);
    expect(await slow.get("global/networks/net")).toMatchObject({ routingConfig: { routingMode: "GLOBAL" } });
    await slow.close();
  });
});
