// A server before moto that puts right the two requests in which moto does not do as EC2 documents, so that whole stacks can be removed.
// The provider knows nothing of this; the reasons are those of test/conformance/moto-deviations.ts.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeKeyPairsCommand, type EC2Client } from "@aws-sdk/client-ec2";

export interface MotoFront {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startMotoFront(moto: string, client: EC2Client): Promise<MotoFront> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
      try {
        const own = await answerItself(form, client);
        const authorization = request.headers.authorization ?? "";
        const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
        const answer = own ?? (await fetch(moto, { method: "POST", headers, body: form.toString() }));
        response.writeHead(answer.status, { "content-type": "text/xml" });
        response.end(await answer.text());
      } catch {
        response.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerItself(form: URLSearchParams, client: EC2Client): Promise<Response | undefined> {
  const action = form.get("Action");
  if (action === "DescribeNetworkInterfaceAttribute" && form.get("Attribute") === "associatePublicIpAddress") {
    const card = form.get("NetworkInterfaceId") ?? "";
    return new Response(
      `<DescribeNetworkInterfaceAttributeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>front</requestId><networkInterfaceId>${card}</networkInterfaceId><associatePublicIpAddress>false</associatePublicIpAddress></DescribeNetworkInterfaceAttributeResponse>`,
    );
  }
  const key = action === "DeleteKeyPair" ? form.get("KeyPairId") : null;
  if (key !== null) {
    const { KeyPairs } = await client.send(new DescribeKeyPairsCommand({ Filters: [{ Name: "key-pair-id", Values: [key] }] }));
    form.delete("KeyPairId");
    form.set("KeyName", KeyPairs?.[0]?.KeyName ?? "");
  }
  return undefined;
}
