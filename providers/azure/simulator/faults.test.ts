// Fault plans, persistence and several processes: what goes wrong on the way to the cloud and back, and what the world remembers of it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ArmFixture,
  keyData,
  location,
  makeNetwork,
  openArm,
  type RawAnswer,
  subscription,
} from "../../../test/support/arm-simulator.ts";
import { callWorld, editWorld, populateForeign, readRequests, readWorld } from "./inspect.ts";

let directory = "";
const open: ArmFixture[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "koine-arm-"));
});
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
  rmSync(directory, { recursive: true, force: true });
});

async function start(faults?: unknown, clock?: () => number): Promise<ArmFixture> {
  const fixture = await openArm({ directory, ...(faults === undefined ? {} : { faults }) }, clock);
  open.push(fixture);
  return fixture;
}

const network = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network`;
const groupPath = "/resourceGroups/rg?api-version=2025-04-01";
const asgPath = (name: string): string => `${network}/applicationSecurityGroups/${name}?api-version=2026-01-01`;
const putGroup = (fixture: ArmFixture): Promise<RawAnswer> => fixture.send("PUT", groupPath, { location });
const putAsg = (fixture: ArmFixture, name: string, tags: object = {}): Promise<RawAnswer> =>
  fixture.send("PUT", asgPath(name), { location, tags, properties: {} });
const types = (): readonly string[] => readWorld(directory).map(({ type }) => type.split("/")[1] ?? "");

describe("what a plan does", () => {
  const rule = (effect: object, operation = "applicationSecurityGroups.createOrUpdate"): object => ({
    rules: [{ operation, nth: 1, do: effect }],
  });

  test.each<readonly [string, object, number, string]>([
    ["throttle", { kind: "throttle" }, 429, "TooManyRequests"],
    ["error", { kind: "error" }, 500, "InternalServerError"],
    ["another's operation", { kind: "error", code: "AnotherOperationInProgress", status: 409 }, 409, "AnotherOperationInProgress"],
    ["deny", { kind: "deny" }, 403, "AuthorizationFailed"],
  ])("%s: nothing is done, and the next request is served", async (_what, effect, status, code) => {
    const fixture = await start(rule(effect));
    await putGroup(fixture);
    const answer = await putAsg(fixture, "x");
    expect(answer).toMatchObject({ status, code });
    if (status === 429) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(types()).toEqual(["resourceGroups"]);
    expect((await putAsg(fixture, "x")).status).toBe(201);
  });

  test.each(["before", "after"])("a cut %s the effect", async (when) => {
    const fixture = await start(rule({ kind: "cut", when }));
    await putGroup(fixture);
    await expect(putAsg(fixture, "x")).rejects.toThrow();
    expect(types()).toEqual(when === "after" ? ["resourceGroups", "applicationSecurityGroups"] : ["resourceGroups"]);
    expect(readRequests(directory).at(-1)).toMatchObject({ operation: "applicationSecurityGroups.createOrUpdate", outcome: "cut" });
  });

  test("an effect that lands late, during the next run", async () => {
    let shift = 0;
    const clock = (): number => Date.now() + shift;
    const fixture = await start(rule({ kind: "late", ms: 5_000 }), clock);
    await putGroup(fixture);
    await expect(putAsg(fixture, "x")).rejects.toThrow();
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(404);
    shift = 10_000;
    const other = await start(undefined, clock);
    expect((await other.send("GET", asgPath("x"))).status).toBe(200);
    expect(readRequests(directory).some(({ fault }) => fault === "landed late")).toBe(true);
  });

  test("provisioning that fails leaves the resource Failed, and a second write mends it", async () => {
    const fixture = await start(rule({ kind: "fail", reason: "AllocationFailed" }, "virtualMachines.createOrUpdate"));
    const { nic } = await makeNetwork(fixture);
    const path = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm?api-version=2026-04-01`;
    const body = {
      location,
      properties: {
        hardwareProfile: { vmSize: "Standard_B2s" },
        storageProfile: {
          imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
          osDisk: { name: "system", createOption: "FromImage" },
        },
        osProfile: {
          computerName: "vm",
          adminUsername: "koine",
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            ssh: { publicKeys: [{ path: "/home/koine/.ssh/authorized_keys", keyData }] },
          },
        },
        networkProfile: { networkInterfaces: [{ id: nic }] },
      },
    };
    const begun = await fixture.send("PUT", path, body);
    expect(begun.status).toBe(201);
    const status = await fixture.send("GET", begun.headers.get("azure-asyncoperation") ?? "");
    expect(status.body).toMatchObject({
      status: "Failed",
      error: { code: "AllocationFailed", message: expect.stringContaining("sufficient capacity") },
    });
    expect((await fixture.send("GET", path)).body).toMatchObject({ properties: { provisioningState: "Failed" } });
    expect((await fixture.send("PUT", path, body)).status).toBe(200);
    expect((await fixture.send("GET", path)).body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  });

  test("partial and empty pages lead on", async () => {
    const list = "applicationSecurityGroups.list";
    const rules = [
      { operation: list, nth: 1, do: { kind: "partial-page", keep: 1 } },
      { operation: list, nth: 2, do: { kind: "empty-page" } },
    ];
    const fixture = await start({ rules });
    await putGroup(fixture);
    for (const name of ["a", "b", "c"]) await putAsg(fixture, name);
    const pages: unknown[][] = [];
    let url: string | undefined = `${network}/applicationSecurityGroups?api-version=2026-01-01`;
    while (url !== undefined) {
      const page = await fixture.list(url);
      pages.push(page.items.map(({ name }) => name));
      url = page.next;
    }
    expect(pages).toEqual([["a"], [], ["b", "c"]]);
  });

  test("another hand in between: the answer to the request is as the world then is", async () => {
    const meanwhile = { kind: "meanwhile", operation: "DELETE" };
    const fixture = await start({ rules: [{ operation: "applicationSecurityGroups.get", nth: 2, do: meanwhile }] });
    await putGroup(fixture);
    await putAsg(fixture, "x");
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(200);
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(404);
  });

  test("delivered twice: a PUT by name is one resource", async () => {
    const fixture = await start(rule({ kind: "twice", answer: "second" }));
    await putGroup(fixture);
    expect((await putAsg(fixture, "x")).status).toBe(409);
    expect(types().filter((type) => type === "applicationSecurityGroups")).toHaveLength(1);
  });

  test("indexes that lag: not found, not listed, by the tags of before", async () => {
    let shift = 0;
    const fixture = await start({ lag: { ids: 1_000, lists: 2_000, tags: 3_000 } }, () => 1_000_000 + shift);
    await putGroup(fixture);
    await putAsg(fixture, "x", { a: "b" });
    const tagged = async (filter: string): Promise<number> => {
      return (await fixture.list(`/resources?api-version=2025-04-01&$filter=${encodeURIComponent(filter)}`)).items.length;
    };
    const listed = async (): Promise<number> =>
      (await fixture.list(`${network}/applicationSecurityGroups?api-version=2026-01-01`)).items.length;
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(404);
    shift = 1_500;
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(200);
    expect(await listed()).toBe(0);
    shift = 2_500;
    expect(await listed()).toBe(1);
    expect(await tagged("tagName eq 'a' and tagValue eq 'b'")).toBe(0);
    shift = 3_500;
    expect(await tagged("tagName eq 'a' and tagValue eq 'b'")).toBe(1);
    await fixture.send("PATCH", asgPath("x"), { tags: { a: "c" } });
    expect(await tagged("tagName eq 'a' and tagValue eq 'b'")).toBe(1);
    shift = 7_000;
    expect(await tagged("tagName eq 'a' and tagValue eq 'b'")).toBe(0);
    expect(await tagged("tagName eq 'a' and tagValue eq 'c'")).toBe(1);
  });

  test("the documented buckets: a burst is throttled with Retry-After, and time refills them", async () => {
    let shift = 0;
    const fixture = await start({ throttling: true }, () => 1_000_000 + shift);
    let refused: RawAnswer | undefined;
    let served = 0;
    while (refused === undefined) {
      const answer = await putGroup(fixture);
      if (answer.status === 429) refused = answer;
      else served += 1;
    }
    expect(served).toBe(200);
    expect(refused.headers.get("retry-after")).toBe("1");
    shift = 1_000;
    expect((await putGroup(fixture)).status).toBe(200);
  });

  test("a plan with a mistake is refused", async () => {
    await expect(openArm({ directory, faults: { quotas: { moons: 1 } } })).rejects.toThrow("quotas has no moons");
  });
});

describe("the world", () => {
  test("outlives its server, and two servers see one another's writes", async () => {
    const first = await start();
    const second = await start();
    await putGroup(first);
    await putAsg(second, "x");
    expect((await first.send("GET", asgPath("x"))).status).toBe(200);
    await first.close();
    open.splice(open.indexOf(first), 1);
    const third = await start();
    expect((await third.send("GET", asgPath("x"))).status).toBe(200);
  });

  test("is the same in every run of one seed", async () => {
    const seen: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const folder = mkdtempSync(join(tmpdir(), "koine-arm-"));
      const fixture = await openArm({ directory: folder, seed: 7 }, () => 1_000_000);
      await putGroup(fixture);
      const { body, headers } = await putAsg(fixture, "x");
      seen.push({ body, request: headers.get("x-ms-request-id") });
      await fixture.close();
      rmSync(folder, { recursive: true, force: true });
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  test("is looked into, edited and called from outside the wire", async () => {
    const fixture = await start();
    await putGroup(fixture);
    await putAsg(fixture, "x", { a: "b" });
    expect(readWorld(directory)).toMatchObject([
      { type: "Microsoft.Resources/resourceGroups", living: true },
      { type: "Microsoft.Network/applicationSecurityGroups", tags: { a: "b" }, state: "Succeeded", resource: { name: "x" } },
    ]);
    editWorld(directory, (world) => {
      const row = world.find(asgPath("x").split("?")[0] ?? "");
      if (row !== undefined) world.change(row, { tags: { a: "edited" } });
    });
    expect((await fixture.send("GET", asgPath("x"))).body).toMatchObject({ tags: { a: "edited" } });
    callWorld(directory, "DELETE", asgPath("x"));
    expect((await fixture.send("GET", asgPath("x"))).status).toBe(404);
    expect(() => callWorld(directory, "PUT", asgPath("-"), { location })).toThrow("Resource name - is invalid");
    expect(readRequests(directory).filter(({ fault }) => fault === "out of band")).toHaveLength(2);
  });

  test("keeps no secrets in its log", async () => {
    const fixture = await start();
    const path = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm?api-version=2026-04-01`;
    await fixture.send("PUT", path, { location, properties: { osProfile: { customData: "c2VjcmV0", adminPassword: "hunter2" } } });
    expect(readRequests(directory)[0]?.params.body).toContain('"customData":"(8 characters)","adminPassword":"(7 characters)"');
  });

  test("has room for foreign machines, each whole", async () => {
    populateForeign(directory, 600);
    const fixture = await start();
    const seen = new Map<string, unknown>();
    for await (const machine of fixture.compute.virtualMachines.listAll()) seen.set(machine.id ?? "", machine);
    expect(seen.size).toBe(600);
    const groups = new Set([...seen.keys()].map((id) => id.split("/")[4]));
    expect(groups.size).toBe(4);
    const last = readWorld(directory).findLast(({ type }) => type === "Microsoft.Compute/virtualMachines");
    const nic = /"([^"]+\/networkInterfaces\/[^"]+)"/.exec(JSON.stringify(last?.resource))?.[1];
    const { body } = await fixture.send("GET", `${nic}?api-version=2026-01-01`);
    expect(body).toMatchObject({ properties: { virtualMachine: { id: last?.id } } });
    const addresses = readWorld(directory)
      .filter(({ type }) => type === "Microsoft.Network/networkInterfaces")
      .map(({ row }) => JSON.stringify(row.properties.ipConfigurations).match(/"privateIPAddress":"([^"]+)"/)?.[1]);
    expect(new Set(addresses).size).toBe(600);
  });
});
