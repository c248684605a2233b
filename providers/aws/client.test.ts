import { describe, expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import { type Answer, answerWith, cutOff, serveAnswer } from "../../test/support/scripted-server.ts";
import { connectEc2 } from "./client.ts";

/** Serves every request the same; gives the client and what came over the wire. */
async function connectTo(answer: Answer) {
  const { endpoint, seen } = await serveAnswer(answer);
  const operations: string[] = [];
  const client = connectEc2({
    region: "eu-west-1",
    endpoint,
    simulated: true,
    koineVersion: "9.9.9",
    onRequest: (operation) => operations.push(operation),
  });
  return { client, seen, operations };
}

const reply = (status: number, body: string, headers: Record<string, string> = { "content-type": "text/xml" }): Answer =>
  answerWith(status, body, headers);

const ec2Error = (code: string, message = "as it is"): string =>
  `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`;

async function failureOf(answer: Answer, signal = AbortSignal.timeout(10_000)) {
  const { client, seen, operations } = await connectTo(answer);
  const error: unknown = await client.send("CreateVpc", { CidrBlock: "10.0.0.0/16" }, signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`);
  return { error, requests: seen.length, operations };
}

describe("one send is one request", () => {
  it.each([
    ["a server error", reply(500, ec2Error("InternalError"))],
    ["a throttle", reply(503, ec2Error("RequestLimitExceeded"))],
    ["a cut", cutOff],
    ["a web page", reply(502, "<html><br></html>", { "content-type": "text/html" })],
  ] as const)("after %s", async (_name, answer) => {
    const { requests, operations } = await failureOf(answer);
    expect(requests).toBe(1);
    expect(operations).toEqual(["ec2:CreateVpc"]);
  });

  it("says who calls", async () => {
    const { client, seen } = await connectTo(reply(200, "<DescribeVpcsResponse/>"));
    await client.send("DescribeVpcs", {}, AbortSignal.timeout(10_000));
    expect(seen[0]?.headers["user-agent"]).toContain("koine/9.9.9");
  });

  it("sends nothing once it is broken off, and says so", async () => {
    const { error, requests } = await failureOf(reply(200, ""), AbortSignal.abort());
    expect(requests).toBe(0);
    expect(error.details).toMatchObject({ code: "timeout", effect: "none" });
  });
});

describe("what the answer says of the effect", () => {
  it.each([
    ["a refusal", reply(400, ec2Error("VpcLimitExceeded")), { code: "quota", effect: "none", vendorCode: "VpcLimitExceeded" }],
    [
      "a throttle",
      reply(503, ec2Error("RequestLimitExceeded"), { "retry-after": "3" }),
      { code: "throttled", effect: "none", retryAfter: 3_000 },
    ],
    ["no capacity, which comes as a 5xx", reply(500, ec2Error("InsufficientInstanceCapacity")), { code: "quota", effect: "none" }],
    ["a server error", reply(500, ec2Error("InternalError")), { code: "unavailable", effect: "unknown" }],
    ["an unknown server error", reply(503, ec2Error("SomethingNew")), { code: "unavailable", effect: "unknown" }],
    ["an unknown client error", reply(400, ec2Error("SomethingNew")), { code: "invalid", effect: "none" }],
    ["a web page with 200", reply(200, "<html><body><br></body>"), { code: "unavailable", effect: "unknown" }],
    ["a web page with 403", reply(403, "<html><body><br></body>"), { code: "unavailable", effect: "unknown" }],
    ["JSON with 400", reply(400, "{}"), { code: "unavailable", effect: "unknown" }],
    ["nothing with 502", reply(502, ""), { code: "unavailable", effect: "unknown" }],
    ["a document cut short", reply(200, "<CreateVpcResponse><vpc><vpcId>vpc-1</v"), { code: "unavailable", effect: "unknown" }],
    ["a cut connection", cutOff, { code: "unavailable", effect: "unknown" }],
  ] as const)("%s", async (_name, answer, details) => {
    expect((await failureOf(answer as Answer)).error.details).toMatchObject(details);
  });

  it("nothing at all, until it is broken off", async () => {
    const { error } = await failureOf(() => undefined, AbortSignal.timeout(100));
    expect(error.details).toMatchObject({ code: "timeout", effect: "unknown" });
  });

  it("keeps EC2's words and its request id", async () => {
    const answer = reply(400, ec2Error("DependencyViolation", "The vpc has dependencies"), { "x-amzn-requestid": "abc-1" });
    const { error } = await failureOf(answer);
    expect(error.message).toBe("The vpc has dependencies");
    expect(error.details).toEqual({ code: "dependency", effect: "none", vendorCode: "DependencyViolation", requestId: "abc-1" });
  });
});
