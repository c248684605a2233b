// What AWS cases stand on, and the edits that somebody else makes behind Koine's back. Requests here bypass the handlers.

import { connectEc2 } from "../../providers/aws/client.ts";
import { markKeys } from "../../providers/aws/marks.ts";
import type { Ec2 } from "../../providers/aws/operations.ts";
import { aws } from "../../providers/aws/provider.ts";
import type { Edit, Elsewhere } from "./conformance-case.ts";
import { withProp } from "./conformance-case.ts";
import type { Executor, Made } from "./executor.ts";
import type { ConnectedCloud } from "./simulated-world.ts";

export type Stage = Executor<Ec2>;

/** Looks that a step may take before its one request: only that for EC2's own rule of a new group. */
export function isRead(operation: string): boolean {
  return operation === "ec2:DescribeSecurityGroupRules";
}

export const awsCloud: ConnectedCloud<Ec2> = {
  provider: aws,
  isRead,
  connect: (endpoint, onRequest) => connectEc2({ region: "eu-west-1", endpoint, simulated: true, koineVersion: "test", onRequest }),
};

/** What a server has to start with, and what of EC2 it lacks. */
export interface Surroundings {
  /** Of one compatibility class. */
  readonly instanceType: string;
  readonly otherType: string;
  readonly zone: string;
  readonly zoneId: string;
  /** Volumes can be put into a zone by its id, and say so. */
  readonly volumesByZoneId: boolean;
  /** A rule whose peer is a group keeps its description. */
  readonly describesGroupPeers: boolean;
  image(client: Ec2): Promise<Image>;
}

export interface Image {
  readonly id: string;
  readonly rootDevice: string;
}

/** The newest image of a publisher under a name. */
export async function findImage(client: Ec2, owner: string, name: string): Promise<Image> {
  const Filters = [
    { Name: "name", Values: [name] },
    { Name: "owner-id", Values: [owner] },
  ];
  const images = (await client.send("DescribeImages", { Filters }, signal())).Images ?? [];
  const newest = [...images].sort((a, b) => (b.CreationDate ?? "").localeCompare(a.CreationDate ?? ""))[0];
  if (newest?.ImageId === undefined || newest.RootDeviceName === undefined) throw new Error(`there is no image ${name} of ${owner}`);
  return { id: newest.ImageId, rootDevice: newest.RootDeviceName };
}

export const signal = (): AbortSignal => AbortSignal.timeout(30_000);

/** A range per test, so that two VPCs never meet. */
export function rangeOf(n: number): string {
  return `10.${n % 250}.0.0/16`;
}

export async function makeVpc(stage: Stage, n: number): Promise<string> {
  return (await stage.make("aws.ec2.Vpc", { CidrBlock: rangeOf(n) })).id.id;
}

export async function makeSubnet(
  stage: Stage,
  n: number,
  zone: string,
  vpc?: string,
): Promise<{ readonly vpc: string; readonly subnet: string }> {
  const VpcId = vpc ?? (await makeVpc(stage, n));
  const made = await stage.make("aws.ec2.Subnet", { VpcId, CidrBlock: `10.${n % 250}.1.0/24`, AvailabilityZone: zone });
  return { vpc: VpcId, subnet: made.id.id };
}

/** With a route to the internet, which public addresses and NAT gateways ask for. */
export async function makePublicSubnet(stage: Stage, n: number, zone: string): Promise<{ readonly vpc: string; readonly subnet: string }> {
  const placed = await makeSubnet(stage, n, zone);
  await makeGateway(stage, placed.vpc);
  return placed;
}

export async function makeGateway(stage: Stage, vpc: string): Promise<string> {
  const InternetGatewayId = (await stage.make("aws.ec2.InternetGateway", {})).id.id;
  await stage.make("aws.ec2.GatewayAttachment", { InternetGatewayId, VpcId: vpc });
  return InternetGatewayId;
}

export async function makeTable(stage: Stage, VpcId: string): Promise<string> {
  return (await stage.make("aws.ec2.RouteTable", { VpcId })).id.id;
}

export async function makeEip(stage: Stage): Promise<string> {
  return (await stage.make("aws.ec2.Eip", { Domain: "vpc" })).id.id;
}

export async function makeGroup(stage: Stage, VpcId: string, name: string): Promise<string> {
  return (await stage.make("aws.ec2.SecurityGroup", { VpcId, GroupName: name, Description: "conformance", UnmanagedRules: [] })).id.id;
}

export async function makeInterface(stage: Stage, SubnetId: string): Promise<string> {
  return (await stage.make("aws.ec2.NetworkInterface", { SubnetId })).id.id;
}

/** Another id of the same form, which nothing has. */
export function otherId(id: string): string {
  return `${id.slice(0, -4)}${id.endsWith("0000") ? "ffff" : "0000"}`;
}

export const tags = { Name: "conformance", team: "koine" } as const;

/** One key changes, one goes, one comes. */
export const editTags: Edit<Ec2> = {
  name: "Tags",
  changed: ["Tags"],
  to: (_stage, made) => withProp(made.desired, "Tags", { Name: "changed", stage: "test" }),
  steps: ["tag", "untag"],
};

export const tagsElsewhere: Elsewhere<Ec2> = {
  prop: "Tags",
  async change(stage, made) {
    await stage.world.client.send("CreateTags", { Resources: [made.id.id], Tags: [{ Key: "Name", Value: "by hand" }] }, signal());
  },
};

export function joined(made: Made): readonly [string, string] {
  const at = made.id.id.indexOf("|");
  return [made.id.id.slice(0, at), made.id.id.slice(at + 1)];
}

/** Takes the marks off; the user's tags stay. */
export async function stripMarks(stage: Stage, made: Made): Promise<void> {
  const Tags = Object.values(markKeys).map((Key) => ({ Key }));
  await stage.world.client.send("DeleteTags", { Resources: [made.id.id], Tags }, signal());
}
