import { expect, it } from "vitest";
import { type Answer, answerWith, cutOff, serveAnswer } from "../../test/support/scripted-server.ts";
import { connectGce } from "./client.ts";

/** Serves every request the same; gives the client and what came over the wire. */
async function connectTo(answer: Answer) {
  const { endpoint, seen, close } = await serveAnswer(answer);
  const wire: string[] = [];
  const client = connectGce({
    project: "shop-1",
    region: "europe-west1",
    endpoint,
    simulated: true,
    koineVersion: "1.2.3",
    onRequest: (operation) => wire.push(operation),
  });
  return { seen, wire, client, close };
}

const patience = (): AbortSignal => AbortSignal.timeout(30_000);
const reply = (status: number, body: unknown): Answer => answerWith(status, JSON.stringify(body), { "content-type": "application/json" });
const refusal = (code: number, reason: string, message: string) => ({
  error: { code, message, errors: [{ reason, message, domain: "global" }] },
});

it("sends one request, written and read by the SDK", async () => {
  const { client, seen, wire } = await connectTo(reply(200, { name: "operation-1", status: "RUNNING", targetId: "42" }));
  const input = {
    zone: "europe-west1-b",
    requestId: "00000000-0000-4000-8000-000000000001",
    instanceResource: { name: "web", labels: { a: "b" }, disks: [{ boot: true, diskSizeGb: "10" }] },
  };
  const operation = await client.send("instances.insert", input, patience());
  expect(operation).toMatchObject({ name: "operation-1", status: "RUNNING", targetId: "42" });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    method: "POST",
    url: "/compute/v1/projects/shop-1/zones/europe-west1-b/instances?requestId=00000000-0000-4000-8000-000000000001",
  });
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ name: "web", labels: { a: "b" }, disks: [{ boot: true, diskSizeGb: "10" }] });
  expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer simulated", "user-agent": "koine/1.2.3" });
  expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith("x-koine"))).toEqual([]);
  expect(wire).toEqual(["gcp:instances.insert"]);
});

it("loads no client for what is not used, and asks for no token over the network", async () => {
  const { client, seen } = await connectTo(reply(200, { name: "shop-1" }));
  await client.send("projects.get", {}, patience());
  await client.send("projects.get", {}, patience());
  expect(seen.map((each) => each.url)).toEqual(["/compute/v1/projects/shop-1?", "/compute/v1/projects/shop-1?"]);
});

it.each([500, 502, 503, 429])("repeats nothing after HTTP %d", async (status) => {
  const { client, seen } = await connectTo(reply(status, refusal(status, "backendError", "try again")));
  await expect(client.send("networks.get", { network: "n" }, patience())).rejects.toMatchObject({ name: "ProviderError" });
  expect(seen).toHaveLength(1);
});

it("repeats nothing after a 401, whatever the token", async () => {
  const { client, seen } = await connectTo(reply(401, refusal(401, "authError", "Invalid Credentials")));
  const sent = client.send("networks.get", { network: "n" }, patience());
  await expect(sent).rejects.toMatchObject({ details: { code: "denied", effect: "none", vendorCode: "authError" } });
  expect(seen).toHaveLength(1);
});

it("follows no redirect", async () => {
  const { client, seen } = await connectTo(answerWith(307, "", { location: "/elsewhere" }));
  await expect(client.send("networks.delete", { network: "n" }, patience())).rejects.toMatchObject({ name: "ProviderError" });
  expect(seen).toHaveLength(1);
});

it("does not know what became of a request whose connection is cut", async () => {
  const { client, seen } = await connectTo(cutOff);
  const sent = client.send("networks.delete", { network: "n" }, patience());
  await expect(sent).rejects.toMatchObject({ details: { code: "unavailable", effect: "unknown" } });
  expect(seen).toHaveLength(1);
});

it("knows that nothing happened where nobody listens", async () => {
  const { client, close } = await connectTo(() => undefined);
  await close();
  const sent = client.send("networks.delete", { network: "n" }, patience());
  await expect(sent).rejects.toMatchObject({ details: { code: "unavailable", effect: "none" } });
});

it("is broken off while it waits for the answer", async () => {
  const { client, seen } = await connectTo(() => undefined);
  const abort = new AbortController();
  const sent = client.send("networks.delete", { network: "n" }, abort.signal);
  setTimeout(() => abort.abort(), 300);
  await expect(sent).rejects.toMatchObject({ details: { code: "timeout", effect: "unknown" } });
  expect(seen).toHaveLength(1);
});

it("sends nothing once it was broken off", async () => {
  const { client, seen } = await connectTo(reply(200, {}));
  const sent = client.send("networks.delete", { network: "n" }, AbortSignal.abort());
  await expect(sent).rejects.toMatchObject({ details: { code: "timeout", effect: "none" } });
  expect(seen).toEqual([]);
});

it("calls what is no answer of Google's by its name", async () => {
  const { client } = await connectTo(answerWith(502, "<html>Bad gateway</html>", { "content-type": "text/html" }));
  const sent = client.send("networks.delete", { network: "n" }, patience());
  await expect(sent).rejects.toMatchObject({
    message: "networks.delete was answered with HTTP 502 and no error document of Google's; a proxy may stand in between",
    details: { code: "unavailable", effect: "unknown" },
  });
});

it("does not take an answer that breaks off for one", async () => {
  const { client } = await connectTo((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"name": "oper');
    setTimeout(() => response.destroy(), 20);
  });
  const sent = client.send("networks.delete", { network: "n" }, patience());
  await expect(sent).rejects.toMatchObject({ details: { code: "unavailable", effect: "unknown" } });
});
