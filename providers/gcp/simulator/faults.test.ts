// Each fault of a plan, played once on the wire; and the world's durability, which they are made to test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  describeMachine,
  GCE_PROJECT,
  type GceFixture,
  type GceFixtureOptions,
  makeNetwork,
  openGce,
  reasonOf,
  ZONE,
} from "../../../test/support/gce-simulator.ts";
import { callWorld, editWorld, populateForeign, readRequests, readWorld } from "./inspect.ts";
import { findMethod } from "./methods.ts";
import { createThrottle } from "./throttle.ts";

let directory: string;
const opened: GceFixture[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "koine-gce-"));
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(directory, { recursive: true, force: true });
});

const open = async (rule?: object, more: GceFixtureOptions = {}): Promise<GceFixture> => {
  const gce = await openGce({ directory, ...(rule === undefined ? {} : { faults: { rules: [rule] } }), ...more });
  opened.push(gce);
  return gce;
};
const NETWORK = { name: "net", autoCreateSubnetworks: false };
const insert = (gce: GceFixture, name = "net", query = "") => gce.call("POST", `global/networks${query}`, { ...NETWORK, name });
const realm = { account: GCE_PROJECT };
const networks = () => readWorld(directory).filter((object) => object.type === "networks").length;

describe("faults", () => {
  test("nothing is done by a throttle, an error, a denial or a cut before; the next request is served", async () => {
    for (const [effect, status, reason] of [
      [{ kind: "throttle" }, 403, "rateLimitExceeded"],
      [{ kind: "error" }, 503, "backendError"],
      [{ kind: "error", status: 500, code: "internalError" }, 500, "internalError"],
      [{ kind: "deny" }, 403, "forbidden"],
    ] as const) {
      const gce = await open({ operation: "networks.insert", nth: 1, do: effect });
      const answer = await insert(gce);
      expect([answer.status, reasonOf(answer.body)]).toEqual([status, reason]);
    }
    const gce = await open({ operation: "mutating", nth: 1, do: { kind: "cut", when: "before" } });
    await expect(insert(gce)).rejects.toThrow("fetch failed");
    expect(networks()).toBe(0);
    await insert(gce);
    expect(networks()).toBe(1);
    expect(readRequests(directory).map((request) => request.outcome)).toEqual([
      "rateLimitExceeded",
      "backendError",
      "internalError",
      "forbidden",
      "cut",
      "ok",
    ]);
  });

  test("a cut after has its effect; the same request id finds it", async () => {
    const gce = await open({ operation: "networks.*", nth: 1, do: { kind: "cut", when: "after" } });
    const query = "?requestId=7a1e2c1c-7c6d-4b7c-9df3-0f0f5a5a5a5a";
    await expect(insert(gce, "net", query)).rejects.toThrow("fetch failed");
    expect((await insert(gce, "net", query)).status).toBe(200);
    expect(networks()).toBe(1);
  });

  test("a late request lands in its time, even with another process serving then, or is refused then", async () => {
    const first = await open({ operation: "networks.insert", do: { kind: "late", ms: 60_000 } });
    await expect(insert(first)).rejects.toThrow("fetch failed");
    const second = await open();
    second.pass(59_000);
    expect((await second.call("GET", "global/networks/net")).status).toBe(404);
    second.pass(2_000);
    expect((await second.call("GET", "global/networks/net")).status).toBe(200);
    await expect(insert(first)).rejects.toThrow("fetch failed");
    second.pass(120_000);
    await second.get("global/networks/net");
    expect(
      readRequests(directory)
        .filter((request) => request.fault === "landed late")
        .map((request) => request.outcome),
    ).toEqual(["cut", "alreadyExists"]);
  });

  test.each(["networks.insert", "firewalls.insert", "instances.setTags", "instances.delete", "instances.stop"])(
    "%s fails in its operation and changes nothing",
    async (operation) => {
      const gce = await open({ operation, do: { kind: "fail", reason: "QUOTA_EXCEEDED" } });
      if (operation === "networks.insert") {
        expect(await gce.change("POST", "global/networks", NETWORK)).toBe("QUOTA_EXCEEDED");
        expect(readWorld(directory)).toEqual([]);
        return;
      }
      await makeNetwork(gce);
      await gce.change("POST", `${ZONE}/instances`, describeMachine("web"));
      const before = JSON.stringify(readWorld(directory));
      const calls: Readonly<Record<string, [string, string, unknown?]>> = {
        "firewalls.insert": ["POST", "global/firewalls", { name: "f", network: "global/networks/net", allowed: [{ IPProtocol: "tcp" }] }],
        "instances.setTags": ["POST", `${ZONE}/instances/web/setTags`, { items: ["a"], fingerprint: "42WmSpB8rSM=" }],
        "instances.delete": ["DELETE", `${ZONE}/instances/web`],
        "instances.stop": ["POST", `${ZONE}/instances/web/stop`],
      };
      const [http = "", path = "", body] = calls[operation] ?? [];
      expect(await gce.change(http, path, body)).toBe("QUOTA_EXCEEDED");
      expect(JSON.stringify(readWorld(directory))).toBe(before);
    },
  );

  test("pages come short, or empty with a token, and nothing is lost by following it", async () => {
    const gce = await open();
    for (const name of ["a", "b", "c", "d", "e"]) await insert(gce, name);
    for (const [effect, expected] of [
      [{ kind: "partial-page", keep: 1 }, [1, 3, 1]],
      [{ kind: "empty-page" }, [0, 3, 0, 2]],
    ] as const) {
      const faulty = await open({ operation: "networks.list", nth: [1, 3], do: effect });
      const sizes: number[] = [];
      let token: unknown = "";
      do {
        const page = await faulty.get(`global/networks?maxResults=3&pageToken=${token}`);
        sizes.push(((page.items ?? []) as object[]).length);
        token = page.nextPageToken;
      } while (token !== undefined);
      expect(sizes).toEqual(expected);
    }
  });

  test("a zone that does not answer is named, and what it holds is not in the list", async () => {
    const gce = await open({ operation: "instances.aggregatedList", nth: 1, do: { kind: "fail", reason: ZONE } });
    await makeNetwork(gce);
    await gce.change("POST", `${ZONE}/instances`, describeMachine("web"));
    const partial = (await gce.get("aggregated/instances")) as { items: Record<string, object>; unreachables: string[] };
    expect([partial.unreachables, partial.items[ZONE]]).toMatchObject([[ZONE], { warning: { code: "UNREACHABLE" } }]);
    expect(partial.items[ZONE]).not.toHaveProperty("instances");
    const whole = (await gce.get("aggregated/instances")) as typeof partial;
    expect(whole.items[ZONE]).toHaveProperty("instances");
    expect(whole).not.toHaveProperty("unreachables");
  });

  test("twice: the second is alreadyExists, or the same operation by its id; meanwhile another hand deletes", async () => {
    const twice = await open({ operation: "networks.insert", do: { kind: "twice", answer: "second" } });
    expect(reasonOf((await insert(twice)).body)).toBe("alreadyExists");
    expect((await insert(twice, "other", "?requestId=7a1e2c1c-7c6d-4b7c-9df3-0f0f5a5a5a5a")).status).toBe(200);
    const meanwhile = { kind: "meanwhile", operation: "networks.delete", parameters: { network: "@newest:networks" } };
    const gce = await open({ operation: "networks.patch", nth: 1, do: meanwhile });
    expect(reasonOf((await gce.call("PATCH", "global/networks/other", { routingConfig: { routingMode: "GLOBAL" } })).body)).toBe(
      "notFound",
    );
    expect(networks()).toBe(1);
  });

  test("indexes trail: a fresh object is not found, not listed, and not under its new labels", async () => {
    const gce = await open(undefined, { faults: { lag: { ids: 1_000, lists: 2_000, tags: 3_000 } } });
    await makeNetwork(gce);
    gce.pass(10_000);
    await insert(gce, "fresh");
    expect((await gce.call("GET", "global/networks/fresh")).status).toBe(404);
    gce.pass(1_100);
    expect((await gce.call("GET", "global/networks/fresh")).status).toBe(200);
    expect(JSON.stringify(await gce.get("global/networks"))).not.toContain("fresh");
    gce.pass(1_000);
    expect(JSON.stringify(await gce.get("global/networks"))).toContain("fresh");
    await gce.call("POST", `${ZONE}/disks`, { name: "data", labels: { a: "1" } });
    gce.pass(5_000);
    const { labelFingerprint } = await gce.get(`${ZONE}/disks/data`);
    await gce.call("POST", `${ZONE}/disks/data/setLabels`, { labels: { a: "2" }, labelFingerprint });
    const listed = async (value: string) =>
      ((await gce.get(`${ZONE}/disks?filter=labels.a%3D${value}`)) as { items?: object[] }).items?.length ?? 0;
    expect([await listed("1"), await listed("2")]).toEqual([1, 0]);
    gce.pass(3_000);
    expect([await listed("1"), await listed("2")]).toEqual([0, 1]);
  });

  test("the documented rates hold, each on its own, until the next minute", () => {
    const throttle = createThrottle();
    const [list, insert] = ["instances.list", "instances.insert"].map((id) => findMethod(id));
    if (list === undefined || insert === undefined) throw new Error("no such methods");
    const minute = 60_000_000;
    for (let n = 0; n < 1_500; n++) throttle.spend(GCE_PROJECT, ZONE, list, minute + n);
    expect(() => throttle.spend(GCE_PROJECT, "zones/europe-west1-c", list, minute)).toThrow("ListRequestsPerMinutePerProject");
    for (const [project, scope, method, now] of [
      ["other-project", ZONE, list, minute],
      [GCE_PROJECT, "zones/us-central1-a", list, minute],
      [GCE_PROJECT, ZONE, insert, minute],
      [GCE_PROJECT, ZONE, list, minute + 60_000],
    ] as const)
      throttle.spend(project, scope, method, now);
  });

  test("a plan turns them on", async () => {
    const gce = await open(undefined, { directory: ":memory:", faults: { throttling: true } });
    expect((await gce.call("GET", "global/networks")).status).toBe(200);
  });
});

describe("the world", () => {
  test("two servers and a hand from outside see each other's changes at once", async () => {
    const [a, b] = [await open(), await open()];
    await makeNetwork(a);
    expect(await b.change("POST", `${ZONE}/instances`, describeMachine("web"))).toBe("ok");
    const [instance] = readWorld(directory).filter((object) => object.type === "instances");
    expect(instance).toMatchObject({
      id: `projects/${GCE_PROJECT}/${ZONE}/instances/web`,
      account: GCE_PROJECT,
      region: "europe-west1",
      state: "RUNNING",
      living: true,
    });
    expect(instance?.resource).toEqual(await a.get(`${ZONE}/instances/web`));
    editWorld(
      directory,
      (world) => {
        const row = world.get("instances", instance?.id ?? "");
        if (row !== undefined) world.change(row, { resource: { ...row.resource, labels: { by: "hand" } } });
      },
      realm,
    );
    expect(await a.get(`${ZONE}/instances?filter=labels.by%3Dhand`)).toHaveProperty("items");
    callWorld(directory, "instances.delete", { zone: "europe-west1-b", instance: "web" }, realm);
    expect((await b.call("GET", `${ZONE}/instances/web`)).status).toBe(404);
    expect(() => callWorld(directory, "instances.delete", { zone: "europe-west1-b", instance: "web" }, realm)).toThrow("was not found");
    callWorld(
      directory,
      "firewalls.insert",
      { body: { name: "f", network: "global/networks/net", allowed: [{ IPProtocol: "tcp" }] } },
      realm,
    );
    expect((await a.get("global/firewalls/f")).name).toBe("f");
  });

  test("a family answers with its newest image that is not deprecated", async () => {
    const gce = await open();
    await gce.change("POST", `${ZONE}/disks`, { name: "data" });
    const image = (name: string) => gce.change("POST", "global/images", { name, family: "own", sourceDisk: `${ZONE}/disks/data` });
    await image("older");
    gce.pass(1_000);
    await image("newer");
    expect((await gce.get("global/images/family/own")).name).toBe("newer");
    editWorld(
      directory,
      (world) => {
        const row = world.get("images", `projects/${GCE_PROJECT}/global/images/newer`);
        if (row !== undefined) world.change(row, { resource: { ...row.resource, deprecated: { state: "DEPRECATED" } } });
      },
      realm,
    );
    expect((await gce.get("global/images/family/own")).name).toBe("older");
  });

  test("outlives its process, with what was in flight", async () => {
    const first = await openGce({ directory, delays: "realistic" });
    const { body } = await insert(first);
    await first.close();
    const second = await open();
    expect((await second.get(`global/operations/${body.name}`)).status).not.toBe("DONE");
    second.pass(10_000);
    expect((await second.get(`global/operations/${body.name}`)).status).toBe("DONE");
  });

  test("nobody's world is empty, and one in memory cannot be looked into", () => {
    expect(readWorld(join(directory, "none"))).toEqual([]);
    expect(readRequests(join(directory, "none"))).toEqual([]);
    expect(() => readWorld(":memory:")).toThrow("own process");
  });

  test("foreign machines fill pages, and are one's own kind of instance", async () => {
    populateForeign(directory, 1_200, realm);
    populateForeign(directory, 10, realm);
    const gce = await open();
    const first = (await gce.get("aggregated/instances")) as { items: Record<string, { instances?: object[] }>; nextPageToken: string };
    expect(first.items[ZONE]?.instances).toHaveLength(500);
    const last = (await gce.get(`${ZONE}/instances/foreign-001209`)) as { networkInterfaces: { networkIP: string }[] };
    expect(last).toMatchObject({ status: "RUNNING", disks: [{ source: expect.stringMatching(/disks\/foreign-001209$/) }] });
    expect(await gce.change("DELETE", `${ZONE}/instances/foreign-001209`)).toBe("ok");
    expect((await gce.call("GET", `${ZONE}/disks/foreign-001209`)).status).toBe(404);
    const addresses = readWorld(directory).flatMap((object) =>
      object.type === "instances" ? [JSON.stringify((object.resource as typeof last).networkInterfaces[0]?.networkIP)] : [],
    );
    expect(new Set(addresses).size).toBe(1_209);
  });

  test("metadata is not in the log", async () => {
    const gce = await open();
    await makeNetwork(gce);
    await gce.change(
      "POST",
      `${ZONE}/instances`,
      describeMachine("web", { metadata: { items: [{ key: "user-data", value: "password" }] } }),
    );
    const text = JSON.stringify(readRequests(directory));
    expect(text).toContain("instances.insert");
    expect(text).not.toContain("password");
  });

  test("a run is the same from the same seed", async () => {
    const ids: unknown[] = [];
    for (const seed of [1, 1, 2]) {
      const gce = await openGce({ seed });
      await insert(gce);
      ids.push((await gce.get("global/networks/net")).id);
      await gce.close();
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});
