// What a look at many objects costs: calls in proportion to the pages of our own, whatever else the account holds.

import { afterAll, beforeAll, expect, it } from "vitest";
import { handlers } from "../../providers/aws/objects/handlers.ts";
import { awsCloud, findImage, makeSubnet, makeTable, makeVpc, type Stage, signal } from "./aws-surroundings.ts";
import { createExecutor, type Made } from "./executor.ts";
import { countRequests, openSimulated } from "./simulated-world.ts";

let stop: () => Promise<void>;
let stage: Stage;

beforeAll(async () => {
  const open = await openSimulated(awsCloud);
  stage = createExecutor(open.world);
  stop = open.stop;
});
afterAll(() => stop?.());

it("reads route tables past one page of 100", async () => {
  const vpc = await makeVpc(stage, 1);
  const made: string[] = [];
  for (let n = 0; n < 105; n++) made.push(await makeTable(stage, vpc));
  let found: readonly string[] = [];
  const counts = await countRequests(stage.world.wire, async () => {
    const by = { kind: "lineage", lineage: stage.lineage } as const;
    const seen = await handlers["aws.ec2.RouteTable"]?.find(stage.call(), by);
    found = seen?.map((each) => each.id.id) ?? [];
  });
  expect(counts).toEqual({ "ec2:DescribeRouteTables": 2 });
  expect(found.toSorted()).toEqual(made.toSorted());
});

it("sweeps 300 machines of ours among 2,000 of others by the pages of ours", async () => {
  const VpcId = await makeVpc(stage, 2);
  const subnet = (await stage.make("aws.ec2.Subnet", { VpcId, CidrBlock: "10.2.0.0/20", AvailabilityZone: "eu-west-1a" })).id.id;
  const { client } = stage.world;
  const image = await findImage(client, "099720109477", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*");
  const launch = { ImageId: image.id, InstanceType: "t3.micro" as const, SubnetId: subnet };
  for (const ClientToken of ["one", "two", "three", "four"]) {
    await client.send("RunInstances", { ...launch, MinCount: 500, MaxCount: 500, ClientToken }, signal());
  }
  const desired = { ImageId: image.id, InstanceType: "t3.micro", SubnetId: subnet };
  const steps = handlers["aws.ec2.Instance"]?.steps({
    action: "create",
    desired,
    observed: {},
    attributes: {},
    changed: [],
    generation: 1,
  });
  const [create] = steps ?? [];
  if (create === undefined) throw new Error("nothing is created");
  for (let n = 0; n < 300; n++) {
    const token = `${n}`.padStart(32, "0");
    const marks = { lineage: stage.lineage, object: token, operation: token, address: `machine.web[${n}]:instance` };
    await handlers["aws.ec2.Instance"]?.perform(stage.call({ token, marks }), create, create.body);
  }
  let count = 0;
  const counts = await countRequests(stage.world.wire, async () => {
    const seen = await handlers["aws.ec2.Instance"]?.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    count = seen?.length ?? 0;
  });
  expect(count).toBe(300);
  // One page of instances, and their volumes 200 instances a call.
  expect(counts).toEqual({ "ec2:DescribeInstances": 1, "ec2:DescribeVolumes": 2 });
});

it("polls what starts together in one call", async () => {
  const { subnet } = await makeSubnet(stage, 3, "eu-west-1a");
  const cards: Made[] = [];
  for (let n = 0; n < 20; n++) cards.push(await stage.make("aws.ec2.NetworkInterface", { SubnetId: subnet }));
  const handler = handlers["aws.ec2.NetworkInterface"];
  const [create] = handler?.steps({ action: "create", desired: {}, observed: {}, attributes: {}, changed: [], generation: 1 }) ?? [];
  if (handler === undefined || create === undefined) throw new Error("nothing is created");
  const counts = await countRequests(stage.world.wire, async () => {
    const looks = await Promise.all(cards.map((card) => handler.poll(stage.call(), create, { id: card.id })));
    expect(looks.map((look) => look.kind === "done" && look.observed?.id.id)).toEqual(cards.map((card) => card.id.id));
  });
  expect(counts).toEqual({ "ec2:DescribeNetworkInterfaces": 1 });
});
