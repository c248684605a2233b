// Each fault of a plan, played once on the wire; and the world's durability, which they are made to test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectTo, type Ec2FixtureOptions, makeNetwork, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";
import { readFaultPlan } from "../../simulation/faults.ts";
import { callWorld, editWorld, populateForeign, readRequests, readWorld } from "./inspect.ts";
import { startEc2Simulator } from "./start.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "koine-ec2-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (rule?: object, more: Ec2FixtureOptions = {}) =>
  openEc2({ directory, ...(rule === undefined ? {} : { faults: { rules: [rule] } }), ...more });
const vpcs = () => readWorld(directory).filter((object) => object.type === "vpc").length;
const CidrBlock = "10.0.0.0/16";

describe("faults", () => {
  test("nothing is done by a throttle, an error, a denial or a cut before; the next request is served", async () => {
    for (const [effect, code] of [
      [{ kind: "throttle" }, "RequestLimitExceeded"],
      [{ kind: "error" }, "InternalError"],
      [{ kind: "error", status: 503, code: "Unavailable" }, "Unavailable"],
      [{ kind: "deny" }, "UnauthorizedOperation"],
    ] as const) {
      const { ec2, close } = await open({ operation: "CreateVpc", nth: 1, do: effect });
      expect(await refusal(ec2.createVpc({ CidrBlock }))).toBe(code);
      await close();
    }
    const { ec2, close } = await open({ operation: "mutating", nth: 1, do: { kind: "cut", when: "before" } });
    await expect(ec2.createVpc({ CidrBlock })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(vpcs()).toBe(0);
    await ec2.createVpc({ CidrBlock });
    expect(vpcs()).toBe(1);
    await close();
    expect(readRequests(directory).map((request) => [request.operation, request.outcome, request.mutating])).toEqual([
      ["CreateVpc", "RequestLimitExceeded", true],
      ["CreateVpc", "InternalError", true],
      ["CreateVpc", "Unavailable", true],
      ["CreateVpc", "UnauthorizedOperation", true],
      ["CreateVpc", "cut", true],
      ["CreateVpc", "ok", true],
    ]);
  });

  test("a cut after has its effect, and the caller never learns", async () => {
    const { ec2, close } = await open({ operation: "Create*", nth: [1], do: { kind: "cut", when: "after" } });
    await expect(ec2.createVpc({ CidrBlock })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await ec2.describeVpcs({})).Vpcs).toHaveLength(1);
    await close();
  });

  test("a late request lands in its time, even with another process serving then", async () => {
    const first = await open({ operation: "CreateVpc", nth: 1, do: { kind: "late", ms: 60_000 } });
    await expect(first.ec2.createVpc({ CidrBlock })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await first.ec2.describeVpcs({})).Vpcs).toEqual([]);
    await first.close();
    const second = await open();
    second.pass(59_000);
    expect((await second.ec2.describeVpcs({})).Vpcs).toEqual([]);
    second.pass(2_000);
    expect((await second.ec2.describeVpcs({})).Vpcs).toHaveLength(1);
    await second.close();
    expect(readRequests(directory).map((request) => request.fault)).toContain("landed late");
  });

  test("a late request that is refused when it lands leaves nothing", async () => {
    const { ec2, pass, close } = await open({ operation: "CreateSubnet", nth: 1, do: { kind: "late", ms: 1_000 } });
    const VpcId = (await ec2.createVpc({ CidrBlock })).Vpc?.VpcId ?? "";
    await expect(ec2.createSubnet({ VpcId, CidrBlock: "10.0.0.0/24" })).rejects.toThrow();
    await ec2.deleteVpc({ VpcId });
    pass(2_000);
    expect((await ec2.describeSubnets({})).Subnets).toEqual([]);
    await close();
  });

  test("what is created fails: an instance terminates itself, a volume is in error", async () => {
    const { ec2, close } = await open({
      operation: "*",
      probability: 1,
      do: { kind: "fail", reason: "Server.InsufficientInstanceCapacity" },
    });
    const { imageId: ImageId, subnetId: SubnetId } = await makeNetwork(ec2);
    const launched = await ec2.runInstances({ ImageId, SubnetId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 });
    expect(launched.Instances?.[0]?.State?.Name).toBe("pending");
    const seen = (await ec2.describeInstances({})).Reservations?.[0]?.Instances?.[0];
    expect(seen).toMatchObject({ State: { Name: "terminated" }, StateReason: { Code: "Server.InsufficientInstanceCapacity" } });
    await ec2.createVolume({ AvailabilityZoneId: "euw1-az1", Size: 1 });
    expect((await ec2.describeVolumes({})).Volumes).toMatchObject([{ State: "error" }]);
    await close();
  });

  test("pages come short, or empty with a token, and nothing is lost by following it", async () => {
    for (const effect of [{ kind: "partial-page", keep: 1 }, { kind: "empty-page" }]) {
      const { ec2, close } = await openEc2({ faults: { rules: [{ operation: "DescribeVpcs", nth: [1, 3], do: effect }] } });
      for (let n = 0; n < 8; n++) await ec2.createVpc({ CidrBlock: `10.${n}.0.0/16` });
      const sizes: number[] = [];
      let NextToken: string | undefined;
      do {
        const page = await ec2.describeVpcs({ MaxResults: 5, NextToken });
        sizes.push(page.Vpcs?.length ?? 0);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      expect(sizes).toEqual(effect.kind === "empty-page" ? [0, 5, 0, 3] : [1, 5, 1, 1]);
      await close();
    }
  });

  test("twice: two VPCs of one request, one volume by one token", async () => {
    const { ec2, close } = await open({ operation: "Create*", do: { kind: "twice", answer: "second" } });
    await ec2.createVpc({ CidrBlock });
    expect(vpcs()).toBe(2);
    await ec2.createVolume({ AvailabilityZoneId: "euw1-az1", Size: 1, ClientToken: "t" });
    expect(readWorld(directory).filter((object) => object.type === "volume")).toHaveLength(1);
    await close();
  });

  test("meanwhile another hand deletes what a request is about", async () => {
    const meanwhile = { kind: "meanwhile", operation: "DeleteVpc", parameters: { VpcId: "@newest:vpc" } };
    const { ec2, close } = await open({ operation: "ModifyVpcAttribute", nth: 1, do: meanwhile });
    const VpcId = (await ec2.createVpc({ CidrBlock })).Vpc?.VpcId;
    expect(await refusal(ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } }))).toBe("InvalidVpcID.NotFound");
    await close();
  });

  test("latency delays; a probability plays by its seed; times ends it", async () => {
    const { ec2, close } = await open({ operation: "DescribeVpcs", nth: 1, do: { kind: "latency", ms: 300 } });
    const start = performance.now();
    await ec2.describeVpcs({});
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
    await close();
    const play = async (seed: number) => {
      const one = await openEc2({
        faults: { seed, rules: [{ operation: "DescribeVpcs", probability: 0.5, times: 5, do: { kind: "deny" } }] },
      });
      const calls: boolean[] = [];
      for (let n = 0; n < 30; n++)
        calls.push(
          await one.ec2.describeVpcs({}).then(
            () => true,
            () => false,
          ),
        );
      await one.close();
      return calls;
    };
    const [first, again, other] = [await play(1), await play(1), await play(2)];
    expect(first.filter((served) => !served)).toHaveLength(5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test("a token is forgotten after its window", async () => {
    const { ec2, pass, close } = await openEc2({ faults: { tokenWindow: 1_000 } });
    const request = { AvailabilityZoneId: "euw1-az1", Size: 1, ClientToken: "t" };
    const first = (await ec2.createVolume(request)).VolumeId;
    pass(1_100);
    expect((await ec2.createVolume(request)).VolumeId).not.toBe(first);
    await close();
  });

  test("counts of the world outlive the process", async () => {
    const rule = { operation: "CreateVpc", nth: 2, do: { kind: "deny" } };
    for (const code of [undefined, "UnauthorizedOperation"]) {
      const { ec2, close } = await openEc2({ directory, faults: { counting: "world", rules: [rule] } });
      const call = ec2.createVpc({ CidrBlock });
      if (code === undefined) await call;
      else expect(await refusal(call)).toBe(code);
      await close();
    }
  });

  test.each([
    [[], "is not a map"],
    [{ rule: [] }, "has no rule"],
    [{ rules: [{ operation: "*", do: { kind: "explode" } }] }, "explode"],
    [{ rules: [{ operation: "*", do: { kind: "cut" } }] }, "cut needs when"],
    [{ rules: [{ do: { kind: "deny" } }] }, "needs an operation"],
    [{ rules: [{ operation: "*", do: { kind: "late", seconds: 1 } }] }, "has no seconds"],
  ])("the plan %j is refused", (plan, message) => {
    expect(() => readFaultPlan(plan)).toThrow(message);
  });
});

describe("the world", () => {
  test("two servers and a hand from outside see each other's changes at once", async () => {
    const [a, b] = [await open(), await open()];
    const VpcId = (await a.ec2.createVpc({ CidrBlock })).Vpc?.VpcId ?? "";
    const SubnetId = (await b.ec2.createSubnet({ VpcId, CidrBlock: "10.0.0.0/24" })).Subnet?.SubnetId ?? "";
    expect(await refusal(a.ec2.createSubnet({ VpcId, CidrBlock: "10.0.0.0/25" }))).toBe("InvalidSubnet.Conflict");
    editWorld(directory, (world) => {
      const subnet = world.get("subnet", SubnetId);
      if (subnet !== undefined) world.change(subnet, { mapPublicIp: true, tags: { by: "hand" } });
    });
    expect((await a.ec2.describeSubnets({ Filters: [{ Name: "tag:by", Values: ["hand"] }] })).Subnets?.[0]?.MapPublicIpOnLaunch).toBe(true);
    callWorld(directory, "DeleteSubnet", { SubnetId });
    expect((await b.ec2.describeSubnets({})).Subnets).toEqual([]);
    expect(() => callWorld(directory, "DeleteSubnet", { SubnetId })).toThrow("does not exist");
    await a.close();
    await b.close();
    const again = await open();
    expect((await again.ec2.describeVpcs({})).Vpcs?.[0]?.VpcId).toBe(VpcId);
    await again.close();
  });

  test("nobody's world is empty, and one in memory cannot be looked into", () => {
    expect(readWorld(join(directory, "none"))).toEqual([]);
    expect(readRequests(join(directory, "none"))).toEqual([]);
    expect(() => readWorld(":memory:")).toThrow("own process");
  });

  test("two thousand foreign machines, running, in pages of a thousand", async () => {
    populateForeign(directory, 2_000);
    const { ec2, close } = await open();
    const Filters = [{ Name: "instance-state-name", Values: ["running"] }];
    const page = await ec2.describeInstances({ MaxResults: 1_000, Filters });
    expect(page.Reservations?.flatMap((one) => one.Instances ?? [])).toHaveLength(1_000);
    expect(page.NextToken).toBeDefined();
    expect((await ec2.describeInstances({ Filters: [{ Name: "tag:koine:lineage", Values: ["x"] }] })).Reservations).toEqual([]);
    await close();
  });

  test("user data is not in the log", async () => {
    const { ec2, close } = await open();
    const { imageId: ImageId, subnetId: SubnetId } = await makeNetwork(ec2);
    const UserData = Buffer.from("password").toString("base64");
    await ec2.runInstances({ ImageId, SubnetId, UserData, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 });
    await close();
    const text = JSON.stringify(readRequests(directory));
    expect(text).toContain("RunInstances");
    expect(text).not.toContain(UserData);
  });

  test.each([
    ["before", 0],
    ["after", 1],
  ])("a process killed %s its third CreateVpc leaves %i of it", async (when, more) => {
    const plan = join(directory, "faults.json");
    writeFileSync(plan, JSON.stringify({ rules: [{ operation: "CreateVpc", nth: 3, do: { kind: "kill", when } }] }));
    const script = `
      const { startEc2Simulator } = await import(${JSON.stringify(new URL("./start.ts", import.meta.url).href)});
      const simulator = await startEc2Simulator({ directory: ${JSON.stringify(directory)}, delays: "none" });
      console.log(JSON.stringify(simulator.environment));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, KOINE_EC2_FAULTS: plan },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    const environment = JSON.parse(output.toString()) as Record<string, string>;
    expect(environment).toMatchObject({ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: expect.any(String) });
    const ec2 = connectTo(environment.AWS_ENDPOINT_URL_EC2 ?? "");
    const exited = once(child, "exit");
    await ec2.createVpc({ CidrBlock });
    await ec2.createVpc({ CidrBlock });
    await expect(ec2.createVpc({ CidrBlock })).rejects.toThrow();
    expect((await exited)[1]).toBe("SIGKILL");
    ec2.destroy();
    expect(vpcs()).toBe(2 + more);
  });

  test("a port that is taken is an error, not a silence", async () => {
    const first = await startEc2Simulator({ directory });
    const port = Number(new URL(first.endpoint).port);
    await expect(startEc2Simulator({ directory, port })).rejects.toThrow("EADDRINUSE");
    await first.close();
  });
});
