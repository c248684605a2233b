// An embedded EC2 for one test, called through the vendor's SDK, with a clock that the test moves.

import { EC2 } from "@aws-sdk/client-ec2";
import { startEc2Simulator } from "../../providers/aws/simulator/start.ts";

export interface Ec2Fixture {
  readonly ec2: EC2;
  readonly endpoint: string;
  /** Moves the simulator's clock. */
  pass(milliseconds: number): void;
  close(): Promise<void>;
}

export interface Ec2FixtureOptions {
  readonly directory?: string;
  readonly seed?: number;
  readonly delays?: "realistic" | "short" | "none";
  readonly faults?: unknown;
  readonly region?: string;
  readonly account?: string;
}

/** Starts one; in memory and without delays unless told. */
export async function openEc2(options: Ec2FixtureOptions = {}): Promise<Ec2Fixture> {
  let shift = 0;
  const simulator = await startEc2Simulator(
    {
      directory: options.directory ?? ":memory:",
      delays: options.delays ?? "none",
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    },
    () => Date.now() + shift,
  );
  const ec2 = connectTo(simulator.endpoint, options.region, options.account);
  return {
    ec2,
    endpoint: simulator.endpoint,
    pass: (milliseconds) => {
      shift += milliseconds;
    },
    close: async () => {
      ec2.destroy();
      await simulator.close();
    },
  };
}

/** A client of the SDK that repeats nothing. */
export function connectTo(endpoint: string, region = "eu-west-1", account = ""): EC2 {
  return new EC2({ endpoint, region, maxAttempts: 1, credentials: { accessKeyId: `AKIA${account}`, secretAccessKey: "simulated" } });
}

/** The vendor's code of a refusal; fails when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  throw new Error("the call was not refused");
}

export interface Network {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly groupId: string;
  readonly gatewayId: string;
  readonly imageId: string;
}

/** A VPC 10.0.0.0/16 with an internet gateway, a subnet 10.0.1.0/24 and a group, and an image to launch. */
export async function makeNetwork(ec2: EC2): Promise<Network> {
  const vpcId = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc?.VpcId ?? "";
  const gatewayId = (await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId ?? "";
  await ec2.attachInternetGateway({ InternetGatewayId: gatewayId, VpcId: vpcId });
  const subnetId = (await ec2.createSubnet({ VpcId: vpcId, CidrBlock: "10.0.1.0/24" })).Subnet?.SubnetId ?? "";
  const groupId = (await ec2.createSecurityGroup({ VpcId: vpcId, GroupName: "web", Description: "web" })).GroupId ?? "";
  const images = await ec2.describeImages({ Owners: ["136693071363"], Filters: [{ Name: "name", Values: ["debian-12-amd64-*"] }] });
  return { vpcId, subnetId, groupId, gatewayId, imageId: images.Images?.[0]?.ImageId ?? "" };
}
