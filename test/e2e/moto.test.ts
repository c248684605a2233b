// The real path without an account: no `--simulate`, credentials and endpoint by the environment, and moto, a third party's EC2, as the cloud.
// The stack holds only what moto does as EC2 documents; what it does otherwise is listed in test/conformance/moto-deviations.ts.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTagsCommand, DescribeImagesCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isMotoInstalled, type MotoServer, startMoto } from "../conformance/moto-server.ts";
import { expectKoine, makeScratch, type Result } from "../support/run-koine.ts";
import { type MotoFront, startMotoFront } from "./moto-front.ts";

const region = "eu-west-1";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const isInstalled = isMotoInstalled();
if (!isInstalled) console.warn("moto_server is not installed: the command line was not tried against it");

// - moto takes only a root disk whose size is written, as no EC2 asks for.
// - moto knows no alias of Canonical's images beyond 2017: the image is one of its own, by id.
// What moto does otherwise than EC2 in requests is put right before it, in moto-front.ts.
const writeStack = (image: string, device: string): string => `stack real
cloud aws { region = "${region}" }
network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }
firewall web {
  network = main
  allow tcp 80 from any
}
key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFbxwgoK4vjVjH1KGUrVNBDKilOVZjg/iuyPtzNJJje6 me" }
address front {}
machine m {
  cpu      = 2
  memory   = 4GiB
  image    = "${image}"
  subnet   = a
  firewall = web
  key      = admin
  public   = front
  disk root { size = 20GiB }
  on aws { root_device = "${device}" }
}
output ip = front.ip
`;

describe.runIf(isInstalled)("koine against moto, without --simulate", () => {
  let moto: MotoServer | undefined;
  let front: MotoFront | undefined;
  let client: EC2Client | undefined;
  const folder = makeScratch();

  beforeAll(async () => {
    moto = await startMoto();
    client = new EC2Client({ endpoint: moto.endpoint, region, credentials });
    front = await startMotoFront(moto.endpoint, client);
    const { Images = [] } = await client.send(new DescribeImagesCommand({}));
    const image = Images.find(({ Name, Architecture }) => Name?.startsWith("ubuntu/") && Architecture === "x86_64");
    writeFileSync(join(folder, "main.koine"), writeStack(image?.ImageId ?? "", image?.RootDeviceName ?? ""));
  });

  afterAll(async () => {
    await front?.stop();
    client?.destroy();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const koine = (args: readonly string[], status: number): Promise<Result> => {
    const endpoint = front?.endpoint ?? "";
    return expectKoine(folder, args, status, {
      environment: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ENDPOINT_URL_EC2: endpoint,
        AWS_ENDPOINT_URL_STS: endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
      timeout: 60_000,
    });
  };

  test("plan, apply, an empty plan, drift and its mending, destroy", { timeout: 180_000 }, async () => {
    const file = join(folder, "plan");
    const planned = await koine(["plan", "-o", file], 0);
    expect(planned.stdout).toContain("real → aws eu-west-1    ");
    expect(planned.stdout).not.toContain("simulated");
    await koine(["apply", file], 0);
    await koine(["plan", "--detailed-exitcode"], 0);
    expect((await koine(["output", "ip", "--raw"], 0)).stdout).toMatch(/^\d+\.\d+\.\d+\.\d+$/);

    const ours = async () =>
      (await client?.send(new DescribeVpcsCommand({ Filters: [{ Name: "cidr", Values: ["10.0.0.0/16"] }] })))?.Vpcs ?? [];
    const Vpcs = await ours();
    expect(Vpcs).toHaveLength(1);
    await client?.send(new CreateTagsCommand({ Resources: [Vpcs[0]?.VpcId ?? ""], Tags: [{ Key: "Name", Value: "renamed" }] }));
    expect((await koine(["plan", "--detailed-exitcode"], 2)).stdout).toContain("drifted from what was applied");
    expect((await koine(["status", "--drift"], 0)).stdout).toContain("Drift in 1 object");
    await koine(["apply", "--yes"], 0);
    await koine(["plan", "--detailed-exitcode"], 0);

    await koine(["destroy", "--yes"], 0);
    expect((await koine(["state", "list"], 0)).stdout).toBe("Nothing is under management.\n");
    expect(await ours()).toEqual([]);
  });
});
