import { describe, expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import { type Answer, answerWith, cutOff, serveAnswer } from "../../test/support/scripted-server.ts";
import { connectArm } from "./client.ts";

const subscription = "00000000-0000-0000-0000-000000000001";

/** Serves every request the same; gives the client and what came over the wire. */
async function connectTo(answer: Answer) {
  const { endpoint, seen } = await serveAnswer(answer);
  const operations: string[] = [];
  const client = connectArm({
    subscription,
    region: "westeurope",
    endpoint,
    simulated: true,
    koineVersion: "9.9.9",
    onRequest: (operation) => operations.push(operation),
  });
  return { client, seen, operations };
}

const reply = (status: number, body: string, headers: Record<string, string> = { "content-type": "application/json" }): Answer =>
  answerWith(status, body, headers);

const armError = (code: string, message = "as it is"): string => JSON.stringify({ error: { code, message } });

const network = { at: ["group", "net"], body: { location: "westeurope", properties: { unknownToKoine: { kept: [1, "ü"] } } } };

async function failureOf(answer: Answer, signal = AbortSignal.timeout(10_000)) {
  const { client, seen, operations } = await connectTo(answer);
  const error: unknown = await client.send("virtualNetworks.createOrUpdate", network, signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`);
  return { error, requests: seen.length, operations };
}

describe("one send is one request", () => {
  it.each([
    ["a server error", reply(500, armError("InternalServerError"))],
    ["unavailability", reply(503, armError("ServiceUnavailable"), { "content-type": "application/json", "retry-after": "0" })],
    ["a throttle", reply(429, armError("TooManyRequests"), { "content-type": "application/json", "retry-after": "1" })],
    ["a redirect", reply(307, "", { location: "/elsewhere" })],
    ["a challenge", reply(401, armError("InvalidAuthenticationToken"), { "www-authenticate": 'Bearer error="insufficient_claims"' })],
    ["a cut", cutOff],
    ["a web page", reply(502, "<html><br></html>", { "content-type": "text/html" })],
  ] as const)("after %s", async (_name, answer) => {
    const { requests, operations } = await failureOf(answer);
    expect(requests).toBe(1);
    expect(operations).toEqual(["azure:virtualNetworks.createOrUpdate"]);
  });

  it("sends nothing once it is broken off, and says so", async () => {
    const { error, requests, operations } = await failureOf(reply(200, "{}"), AbortSignal.abort());
    expect(requests).toBe(0);
    expect(operations).toEqual([]);
    expect(error.details).toMatchObject({ code: "timeout", effect: "none" });
  });

  it("keeps the bytes of both bodies, and says who calls, for whom and in which version", async () => {
    const stored = { name: "net", properties: { provisioningState: "Updating", futureField: { deep: [null, { a: 1 }] } } };
    const { client, seen } = await connectTo(
      reply(201, JSON.stringify(stored), {
        "content-type": "application/json; charset=utf-8",
        "azure-asyncoperation": "https://management.azure.com/subscriptions/s/operations/1?api-version=2026-01-01",
      }),
    );
    const answer = await client.send(
      "virtualNetworks.createOrUpdate",
      { ...network, headers: { "If-Match": 'W/"1"' } },
      AbortSignal.timeout(10_000),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual(stored);
    expect(answer.headers["azure-asyncoperation"]).toContain("/operations/1");
    const [first] = seen;
    expect(first?.method).toBe("PUT");
    expect(first?.url).toBe(
      `/subscriptions/${subscription}/resourceGroups/group/providers/Microsoft.Network/virtualNetworks/net?api-version=2026-01-01`,
    );
    expect(JSON.parse(first?.body ?? "")).toEqual(network.body);
    expect(first?.headers).toMatchObject({ "if-match": 'W/"1"', "content-type": "application/json" });
    expect(first?.headers["user-agent"]).toContain("koine/9.9.9");
    expect(first?.headers.authorization).toBeUndefined();
    expect(Object.keys(first?.headers ?? {}).filter((name) => name.startsWith("x-koine"))).toEqual([]);
  });

  it("follows a link on its own host only", async () => {
    const { client, seen, operations } = await connectTo(reply(200, "[]"));
    const answer = await client.follow(
      "disks.list",
      "https://evil.example/subscriptions/s/disks?$skiptoken=2",
      AbortSignal.timeout(10_000),
    );
    expect(answer.body).toEqual({ value: [] });
    expect(seen.map((each) => each.url)).toEqual(["/subscriptions/s/disks?$skiptoken=2"]);
    expect(operations).toEqual(["azure:disks.list"]);
  });

  it("writes a filter so that the server reads it as it was meant", async () => {
    const { client, seen } = await connectTo(reply(200, "{}"));
    await client.send("resources.list", { query: { $filter: "tagName eq 'a' and tagValue eq 'b+c&d'" } }, AbortSignal.timeout(10_000));
    const url = new URL(seen[0]?.url ?? "", "http://localhost");
    expect(url.searchParams.get("$filter")).toBe("tagName eq 'a' and tagValue eq 'b+c&d'");
    expect(url.search).not.toContain("+");
  });
});

describe("what the answer says of the effect", () => {
  it.each([
    ["a refusal", reply(409, armError("QuotaExceeded")), { code: "quota", effect: "none", vendorCode: "QuotaExceeded" }],
    [
      "a throttle",
      reply(429, armError("SubscriptionRequestsThrottled"), { "retry-after": "3", "content-type": "application/json" }),
      { code: "throttled", effect: "none", retryAfter: 3_000 },
    ],
    ["another operation", reply(429, armError("RetryableError")), { code: "throttled", effect: "none" }],
    ["something on the way there", reply(409, armError("AnotherOperationInProgress")), { code: "not_ready", effect: "none" }],
    ["a changed etag", reply(412, armError("PreconditionFailed")), { code: "conflict", effect: "none" }],
    ["a subscription that is not seen", reply(404, armError("SubscriptionNotFound")), { code: "denied", effect: "none" }],
    ["a missing group", reply(404, armError("ResourceGroupNotFound")), { code: "not_found", effect: "none" }],
    ["a 404 of somebody else", reply(404, "<html></html>", { "content-type": "text/html" }), { code: "unavailable", effect: "unknown" }],
    ["a server error", reply(500, armError("InternalServerError")), { code: "unavailable", effect: "unknown" }],
    ["an unknown server error", reply(503, armError("SomethingNew")), { code: "unavailable", effect: "unknown" }],
    ["an unknown client error", reply(400, armError("SomethingNew")), { code: "invalid", effect: "none" }],
    ["a web page with 200", reply(200, "<html></html>", { "content-type": "text/html" }), { code: "unavailable", effect: "unknown" }],
    ["a document cut short", reply(200, '{"name": "ne'), { code: "unavailable", effect: "unknown" }],
    ["a cut connection", cutOff, { code: "unavailable", effect: "unknown" }],
  ] as const)("%s", async (_name, answer, details) => {
    expect((await failureOf(answer as Answer)).error.details).toMatchObject(details);
  });

  it("nothing at all, until it is broken off", async () => {
    const { error } = await failureOf(() => undefined, AbortSignal.timeout(200));
    expect(error.details).toMatchObject({ code: "timeout", effect: "unknown" });
  });

  it("keeps Azure's words and its request id", async () => {
    const answer = reply(400, armError("InUseSubnetCannotBeDeleted", "Subnet a is in use"), {
      "x-ms-request-id": "abc-1",
      "content-type": "application/json",
    });
    const { error } = await failureOf(answer);
    expect(error.message).toBe("Subnet a is in use");
    expect(error.details).toEqual({ code: "dependency", effect: "none", vendorCode: "InUseSubnetCannotBeDeleted", requestId: "abc-1" });
  });
});
