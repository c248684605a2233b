// What holds for every request: versions, strictness, names, tags, locations, etags, operations in flight, groups, lists and pages.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ArmFixture, location, openArm, subscription } from "../../../test/support/arm-simulator.ts";

let fixture: ArmFixture;
let shift = 0;
const clock = (): number => Date.now() + shift;
beforeEach(async () => {
  shift = 0;
  fixture = await openArm({}, clock);
  await fixture.send("PUT", "/resourceGroups/rg?api-version=2025-04-01", { location });
});
afterEach(() => fixture.close());

const network = "/resourceGroups/rg/providers/Microsoft.Network";
const version = "api-version=2026-01-01";
const space = { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } };
const asg = (name: string, more: object = {}): ReturnType<ArmFixture["send"]> =>
  fixture.send("PUT", `${network}/applicationSecurityGroups/${name}?${version}`, { location, properties: {}, ...more });

describe("strictness", () => {
  test.each([
    ["GET", "/resourceGroups", 400, "MissingApiVersionParameter"],
    ["GET", "/resourceGroups?api-version=2010-01-01", 400, "InvalidApiVersionParameter"],
    ["GET", `${network}/virtualNetworks?api-version=2010-01-01`, 400, "NoRegisteredProviderFound"],
    ["GET", `${network}/virtualNetworks?${version}&colour=red`, 400, "InvalidQueryParameter"],
    ["GET", `${network}/loadBalancers?${version}`, 404, "InvalidResourceType"],
    ["GET", "/resourceGroups/rg/deployments?api-version=2025-04-01", 501, "NotImplementedByTheEmbeddedArm"],
    ["GET", "/subscriptions/mine/resourceGroups?api-version=2025-04-01", 400, "InvalidSubscriptionId"],
    ["GET", `/resourceGroups/none/providers/Microsoft.Network/virtualNetworks/x?${version}`, 404, "ResourceGroupNotFound"],
    ["GET", `${network}/virtualNetworks/x?${version}`, 404, "ResourceNotFound"],
    ["GET", `${network}/virtualNetworks/x/subnets/y?${version}`, 404, "ResourceNotFound"],
    ["DELETE", `${network}/virtualNetworks/x?${version}`, 204, undefined],
    ["DELETE", "/resourceGroups/none?api-version=2025-04-01", 404, "ResourceGroupNotFound"],
  ])("%s %s: %i %s", async (method, path, status, code) => {
    expect(await fixture.send(method, path)).toMatchObject({ status, ...(code === undefined ? {} : { code }) });
  });

  test.each([
    ["an unknown member", { location, properties: { ...space, colour: "red" } }, "InvalidRequestFormat"],
    [
      "a member that is not served",
      { location, properties: { ...space, virtualNetworkPeerings: [{ name: "x" }] } },
      "InvalidRequestFormat",
    ],
    ["a number for text", { location, properties: { addressSpace: { addressPrefixes: [1] } } }, "InvalidRequestFormat"],
    ["no JSON", "{", "InvalidRequestFormat"],
    ["no location", { properties: space }, "LocationRequired"],
    ["no such location", { location: "atlantis", properties: space }, "LocationNotAvailableForResourceType"],
    ["a reserved tag", { location, tags: { "windows-x": "y" }, properties: space }, "TagNamePrefixReserved"],
    ["a tag of reserved characters", { location, tags: { "a/b": "y" }, properties: space }, "InvalidTagNameCharacters"],
    ["a tag twice", { location, tags: { a: "y", A: "z" }, properties: space }, "DuplicateTagNames"],
    [
      "51 tags",
      { location, tags: Object.fromEntries(Array.from({ length: 51 }, (_none, n) => [`t${n}`, ""])), properties: space },
      "TooManyTags",
    ],
  ])("a body with %s is refused", async (_what, body, code) => {
    expect((await fixture.send("PUT", `${network}/virtualNetworks/net?${version}`, body)).code).toBe(code);
  });

  test("names have the vendor's form, and a name has one location", async () => {
    expect((await asg("-x")).code).toBe("InvalidResourceName");
    expect((await asg("x".repeat(81))).code).toBe("InvalidResourceName");
    expect((await asg("x".repeat(80))).status).toBe(201);
    await asg("here");
    expect((await asg("here", { location: "northeurope" })).code).toBe("InvalidResourceLocation");
  });

  test("ids compare without case and keep that of the first", async () => {
    await asg("Mixed");
    const { body, status } = await fixture.send(
      "GET",
      `/RESOURCEGROUPS/RG/providers/microsoft.network/APPLICATIONSECURITYGROUPS/mixed?${version}`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "Mixed", id: `/subscriptions/${subscription}${network}/applicationSecurityGroups/Mixed` });
    expect((await asg("MIXED")).status).toBe(200);
  });
});

describe("etags", () => {
  test("If-Match takes the newest only, If-None-Match: * only what is not there", async () => {
    const path = `${network}/applicationSecurityGroups/x?${version}`;
    const put = (headers: Record<string, string>): ReturnType<ArmFixture["send"]> =>
      fixture.send("PUT", path, { location, properties: {} }, headers);
    const { body } = await put({ "if-none-match": "*" });
    const etag = String(body?.etag);
    expect(await put({ "if-none-match": "*" })).toMatchObject({ status: 412, code: "PreconditionFailed" });
    expect((await put({ "if-match": etag })).status).toBe(200);
    expect((await put({ "if-match": etag })).status).toBe(412);
    expect((await fixture.send("DELETE", path, undefined, { "if-match": etag })).status).toBe(412);
  });
});

describe("operations", () => {
  beforeEach(async () => {
    await fixture.close();
    fixture = await openArm({ delays: "short" }, () => 1_000_000 + shift);
    await fixture.send("PUT", "/resourceGroups/rg?api-version=2025-04-01", { location });
  });

  test("a write is Updating until its operation ends; what is below waits for it, what names it too", async () => {
    const made = await fixture.send("PUT", `${network}/virtualNetworks/net?${version}`, { location, properties: space });
    expect(made).toMatchObject({ status: 201, body: { properties: { provisioningState: "Updating" } } });
    const url = made.headers.get("azure-asyncoperation") ?? "";
    expect((await fixture.send("GET", url)).body).toEqual({ status: "InProgress" });
    const subnet = { properties: { addressPrefix: "10.0.1.0/24" } };
    const path = `${network}/virtualNetworks/net/subnets/a?${version}`;
    const early = await fixture.send("PUT", path, subnet);
    expect(early).toMatchObject({ status: 409, code: "AnotherOperationInProgress" });
    expect(JSON.stringify(early.body)).toContain(url);
    shift += 60_000;
    expect((await fixture.send("GET", url)).body).toEqual({ status: "Succeeded" });
    expect((await fixture.send("PUT", path, subnet)).status).toBe(201);
    const id = `/subscriptions/${subscription}${network}/virtualNetworks/net/subnets/a`;
    const nic = { location, properties: { ipConfigurations: [{ name: "main", properties: { subnet: { id } } }] } };
    const waiting = await fixture.send("PUT", `${network}/networkInterfaces/nic?${version}`, nic);
    expect(waiting).toMatchObject({
      status: 429,
      code: "RetryableError",
      body: { error: { details: [{ code: "ReferencedResourceNotProvisioned" }] } },
    });
    expect(waiting.headers.get("retry-after")).toBe("10");
  });

  test("a deletion is Deleting, answered at Location with 202 until it is over", async () => {
    await asg("x");
    shift += 60_000;
    const gone = await fixture.send("DELETE", `${network}/applicationSecurityGroups/x?${version}`);
    expect(gone.status).toBe(202);
    const url = gone.headers.get("location") ?? "";
    expect((await fixture.send("GET", url)).status).toBe(202);
    expect((await fixture.send("GET", `${network}/applicationSecurityGroups/x?${version}`)).body).toMatchObject({
      properties: { provisioningState: "Deleting" },
    });
    shift += 60_000;
    expect((await fixture.send("GET", url)).status).toBe(204);
    expect((await fixture.send("GET", `${network}/applicationSecurityGroups/x?${version}`)).code).toBe("ResourceNotFound");
  });

  test("a group goes with all that is in it, takes nothing new meanwhile, and stays where others need it", async () => {
    await fixture.send("PUT", "/resourceGroups/other?api-version=2025-04-01", { location });
    await fixture.send("PUT", `${network}/virtualNetworks/net?${version}`, {
      location,
      properties: { ...space, subnets: [{ name: "a", properties: { addressPrefix: "10.0.1.0/24" } }] },
    });
    await asg("x");
    shift += 60_000;
    const id = `/subscriptions/${subscription}${network}/virtualNetworks/net/subnets/a`;
    const nic = "/resourceGroups/other/providers/Microsoft.Network/networkInterfaces/nic";
    await fixture.send("PUT", `${nic}?${version}`, {
      location,
      properties: { ipConfigurations: [{ name: "main", properties: { subnet: { id } } }] },
    });
    shift += 60_000;
    const first = await fixture.send("DELETE", "/resourceGroups/rg?api-version=2025-04-01");
    expect(first).toMatchObject({ status: 202 });
    expect((await asg("late")).code).toBe("ResourceGroupBeingDeleted");
    shift += 60_000;
    expect(await fixture.send("GET", first.headers.get("location") ?? "")).toMatchObject({
      status: 409,
      code: "ResourceGroupDeletionBlocked",
    });
    expect((await fixture.send("GET", `${network}/applicationSecurityGroups/x?${version}`)).status).toBe(404);
    expect((await fixture.send("GET", `${network}/virtualNetworks/net?${version}`)).status).toBe(200);
    await fixture.send("DELETE", `${nic}?${version}`);
    shift += 60_000;
    const second = await fixture.send("DELETE", "/resourceGroups/rg?api-version=2025-04-01");
    shift += 60_000;
    expect((await fixture.send("GET", second.headers.get("location") ?? "")).status).toBe(200);
    expect((await fixture.send("HEAD", "/resourceGroups/rg?api-version=2025-04-01")).status).toBe(404);
  });
});

describe("lists", () => {
  test("pages lead on by nextLink until all was seen", async () => {
    for (let n = 0; n < 5; n += 1) await asg(`g${n}`, { tags: { odd: String(n % 2) } });
    const names: unknown[] = [];
    let url: string | undefined = "/resources?api-version=2025-04-01&$top=2";
    for (; url !== undefined; ) {
      const { body }: { body: Record<string, unknown> | undefined } = await fixture.send("GET", url);
      names.push(...((body?.value as { name: string }[]) ?? []).map(({ name }) => name));
      url = body?.nextLink as string | undefined;
    }
    expect(names).toEqual(["g0", "g1", "g2", "g3", "g4"]);
  });

  test.each([
    ["tagName eq 'owner' and tagValue eq 'me'", ["a"]],
    ["tagName eq 'OWNER'", ["a", "b"]],
    ["startswith(tagName, 'own')", ["a", "b"]],
    ["resourceType eq 'Microsoft.Network/virtualNetworks'", ["net"]],
    ["substringof('A', name) or name eq 'b'", ["a", "b"]],
    ["name ne 'a'", ["b", "net"]],
  ])("filtered by %s", async (filter, wanted) => {
    await asg("a", { tags: { Owner: "me" } });
    await asg("b", { tags: { Owner: "you" } });
    await fixture.send("PUT", `${network}/virtualNetworks/net?${version}`, { location, properties: space });
    const { body } = await fixture.send("GET", `/resourceGroups/rg/resources?api-version=2025-04-01&$filter=${encodeURIComponent(filter)}`);
    const found = body?.value as { name: string; tags?: unknown }[];
    expect(found.map(({ name }) => name).sort()).toEqual(wanted);
    // The vendor's own words: the tags are not returned when they are filtered by.
    if (/tagName/.test(filter)) expect(found.every(({ tags }) => tags === undefined)).toBe(true);
  });

  test("a filter that the vendor does not have is refused", async () => {
    const filter = encodeURIComponent("tagName eq 'a' and resourceType eq 'b'");
    expect((await fixture.send("GET", `/resources?api-version=2025-04-01&$filter=${filter}`)).code).toBe("InvalidFilterInQueryString");
  });
});
