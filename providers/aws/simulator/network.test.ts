// VPCs, subnets, gateways and routes, through the vendor's SDK.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ec2Fixture, makeNetwork, openEc2, refusal } from "../../../test/support/ec2-simulator.ts";

let fixture: Ec2Fixture;
beforeAll(async () => {
  fixture = await openEc2();
});
afterAll(() => fixture.close());

const tagged = (type: "vpc" | "subnet", key: string, value: string) => [{ ResourceType: type, Tags: [{ Key: key, Value: value }] }];

describe("vpc", () => {
  test("comes with a default group, a main route table and a default ACL, and takes them along", async () => {
    const { ec2 } = fixture;
    const created = await ec2.createVpc({ CidrBlock: "10.9.3.7/16", TagSpecifications: tagged("vpc", "Name", 'ünïcode & <"quotes">') });
    expect(created.Vpc).toMatchObject({ State: "pending", CidrBlock: "10.9.0.0/16", IsDefault: false, InstanceTenancy: "default" });
    const VpcId = created.Vpc?.VpcId ?? "";
    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const [seen] = (await ec2.describeVpcs({ VpcIds: [VpcId] })).Vpcs ?? [];
    expect(seen).toMatchObject({ State: "available", Tags: [{ Key: "Name", Value: 'ünïcode & <"quotes">' }] });
    expect((await ec2.describeSecurityGroups({ Filters })).SecurityGroups).toMatchObject([
      { GroupName: "default", IpPermissions: [{ IpProtocol: "-1" }] },
    ]);
    expect((await ec2.describeRouteTables({ Filters })).RouteTables).toMatchObject([
      { Associations: [{ Main: true }], Routes: [{ DestinationCidrBlock: "10.9.0.0/16", GatewayId: "local", State: "active" }] },
    ]);
    expect((await ec2.describeNetworkAcls({ Filters })).NetworkAcls).toMatchObject([{ IsDefault: true }]);
    await ec2.deleteVpc({ VpcId });
    expect((await ec2.describeRouteTables({ Filters })).RouteTables).toEqual([]);
    expect((await ec2.describeSecurityGroups({ Filters })).SecurityGroups).toEqual([]);
    expect(await refusal(ec2.describeVpcs({ VpcIds: [VpcId] }))).toBe("InvalidVpcID.NotFound");
    expect(await refusal(ec2.deleteVpc({ VpcId }))).toBe("InvalidVpcID.NotFound");
  });

  test("attributes are read and set one at a time", async () => {
    const { ec2 } = fixture;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.8.0.0/16" })).Vpc?.VpcId ?? "";
    expect((await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsSupport" })).EnableDnsSupport?.Value).toBe(true);
    expect((await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" })).EnableDnsHostnames?.Value).toBe(false);
    await ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
    expect((await ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" })).EnableDnsHostnames?.Value).toBe(true);
    const both = ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true }, EnableDnsSupport: { Value: true } });
    expect(await refusal(both)).toBe("InvalidParameterCombination");
  });

  test.each([
    ["10.0.0.0/15", "InvalidVpc.Range"],
    ["10.0.0.0/29", "InvalidVpc.Range"],
    ["10.0.0.300/16", "InvalidParameterValue"],
    ["ten", "InvalidParameterValue"],
  ])("the range %s is refused: %s", async (CidrBlock, code) => {
    expect(await refusal(fixture.ec2.createVpc({ CidrBlock }))).toBe(code);
  });

  test("a dry run answers DryRunOperation (412) and does nothing", async () => {
    const { ec2 } = fixture;
    const before = (await ec2.describeVpcs({})).Vpcs?.length;
    const error: unknown = await ec2.createVpc({ CidrBlock: "10.0.0.0/16", DryRun: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DryRunOperation", $metadata: { httpStatusCode: 412 } });
    expect((await ec2.describeVpcs({})).Vpcs?.length).toBe(before);
  });
});

describe("subnet", () => {
  test("has five addresses less, and a zone by name or id", async () => {
    const { ec2 } = fixture;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.7.0.0/16" })).Vpc?.VpcId ?? "";
    const zones = (await ec2.describeAvailabilityZones({})).AvailabilityZones ?? [];
    const byId = await ec2.createSubnet({ VpcId, CidrBlock: "10.7.1.0/24", AvailabilityZoneId: "euw1-az2" });
    expect(byId.Subnet).toMatchObject({ AvailableIpAddressCount: 251, AvailabilityZoneId: "euw1-az2", MapPublicIpOnLaunch: false });
    expect(zones.find((zone) => zone.ZoneId === "euw1-az2")?.ZoneName).toBe(byId.Subnet?.AvailabilityZone);
    const byName = await ec2.createSubnet({ VpcId, CidrBlock: "10.7.2.0/28", AvailabilityZone: "eu-west-1b" });
    expect(byName.Subnet).toMatchObject({ AvailableIpAddressCount: 11, AvailabilityZone: "eu-west-1b" });
    expect(await refusal(ec2.createSubnet({ VpcId, CidrBlock: "10.7.1.128/25" }))).toBe("InvalidSubnet.Conflict");
    expect(await refusal(ec2.createSubnet({ VpcId, CidrBlock: "10.6.1.0/24" }))).toBe("InvalidSubnet.Range");
    expect(await refusal(ec2.createSubnet({ VpcId, CidrBlock: "10.7.3.0/29" }))).toBe("InvalidSubnet.Range");
    expect(await refusal(ec2.createSubnet({ VpcId, CidrBlock: "10.7.3.0/24", AvailabilityZone: "eu-west-1z" }))).toBe(
      "InvalidParameterValue",
    );
    await ec2.modifySubnetAttribute({ SubnetId: byName.Subnet?.SubnetId, MapPublicIpOnLaunch: { Value: true } });
    const [seen] = (await ec2.describeSubnets({ Filters: [{ Name: "cidr-block", Values: ["10.7.2.*"] }] })).Subnets ?? [];
    expect(seen?.MapPublicIpOnLaunch).toBe(true);
    expect(await refusal(ec2.deleteVpc({ VpcId }))).toBe("DependencyViolation");
  });

  test("letters are dealt to each account in its own order, and the same way each time", async () => {
    const orders = await Promise.all(
      ["000000000001", "000000000002", "000000000003", "000000000004", "000000000001"].map(async (account) => {
        const other = await openEc2({ account });
        const zones = (await other.ec2.describeAvailabilityZones({})).AvailabilityZones ?? [];
        await other.close();
        return zones.map((zone) => `${zone.ZoneName}=${zone.ZoneId}`).join();
      }),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(orders[4]).toBe(orders[0]);
  });
});

describe("gateways and routes", () => {
  test("an internet gateway serves one VPC, and a VPC has one", async () => {
    const { ec2 } = fixture;
    const { vpcId: VpcId, gatewayId: InternetGatewayId } = await makeNetwork(ec2);
    expect((await ec2.describeInternetGateways({ InternetGatewayIds: [InternetGatewayId] })).InternetGateways?.[0]?.Attachments).toEqual([
      { State: "available", VpcId },
    ]);
    expect(await refusal(ec2.attachInternetGateway({ InternetGatewayId, VpcId }))).toBe("Resource.AlreadyAssociated");
    const second = (await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId;
    expect(await refusal(ec2.attachInternetGateway({ InternetGatewayId: second, VpcId }))).toBe("InvalidParameterValue");
    expect(await refusal(ec2.deleteInternetGateway({ InternetGatewayId }))).toBe("DependencyViolation");
    await ec2.detachInternetGateway({ InternetGatewayId, VpcId });
    expect(await refusal(ec2.detachInternetGateway({ InternetGatewayId, VpcId }))).toBe("Gateway.NotAttached");
    await ec2.deleteInternetGateway({ InternetGatewayId });
  });

  test("routes are named by destination and become black holes when their target goes", async () => {
    const { ec2 } = fixture;
    const { vpcId: VpcId, gatewayId: GatewayId, subnetId: SubnetId } = await makeNetwork(ec2);
    const RouteTableId = (await ec2.createRouteTable({ VpcId })).RouteTable?.RouteTableId;
    const DestinationCidrBlock = "0.0.0.0/0";
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId });
    expect(await refusal(ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId }))).toBe("RouteAlreadyExists");
    expect(await refusal(ec2.createRoute({ RouteTableId, DestinationCidrBlock: "10.0.0.0/16", GatewayId }))).toBe("RouteAlreadyExists");
    expect(await refusal(ec2.createRoute({ RouteTableId, DestinationCidrBlock: "10.1.0.0/16" }))).toBe("MissingParameter");
    expect(await refusal(ec2.deleteRoute({ RouteTableId, DestinationCidrBlock: "10.0.0.0/16" }))).toBe("InvalidParameterValue");
    expect(await refusal(ec2.deleteRoute({ RouteTableId, DestinationCidrBlock: "10.1.0.0/16" }))).toBe("InvalidRoute.NotFound");
    const { AssociationId } = await ec2.associateRouteTable({ RouteTableId, SubnetId });
    expect(await refusal(ec2.associateRouteTable({ RouteTableId, SubnetId }))).toBe("Resource.AlreadyAssociated");
    expect(await refusal(ec2.deleteRouteTable({ RouteTableId }))).toBe("DependencyViolation");
    await ec2.detachInternetGateway({ InternetGatewayId: GatewayId, VpcId });
    const routes = (await ec2.describeRouteTables({ Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }] })).RouteTables?.[0]
      ?.Routes;
    expect(routes?.map((route) => route.State)).toEqual(["active", "blackhole"]);
    await ec2.disassociateRouteTable({ AssociationId });
    expect(await refusal(ec2.disassociateRouteTable({ AssociationId }))).toBe("InvalidAssociationID.NotFound");
    await ec2.deleteRouteTable({ RouteTableId });
  });

  test("another table becomes the main one by replacing the association", async () => {
    const { ec2 } = fixture;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.5.0.0/16" })).Vpc?.VpcId ?? "";
    const Filters = [
      { Name: "vpc-id", Values: [VpcId] },
      { Name: "association.main", Values: ["true"] },
    ];
    const main = (await ec2.describeRouteTables({ Filters })).RouteTables?.[0]?.Associations?.[0]?.RouteTableAssociationId;
    expect(await refusal(ec2.disassociateRouteTable({ AssociationId: main }))).toBe("InvalidParameterValue");
    const RouteTableId = (await ec2.createRouteTable({ VpcId })).RouteTable?.RouteTableId;
    await ec2.replaceRouteTableAssociation({ AssociationId: main, RouteTableId });
    expect((await ec2.describeRouteTables({ Filters })).RouteTables?.map((table) => table.RouteTableId)).toEqual([RouteTableId]);
  });

  test("a NAT gateway is slow to come and to go, holds its address, and stays visible", async () => {
    const slow = await openEc2({ delays: "realistic" });
    const { ec2 } = slow;
    const { subnetId: SubnetId, vpcId } = await makeNetwork(ec2);
    const { AllocationId } = await ec2.allocateAddress({ Domain: "vpc" });
    const request = { SubnetId, AllocationId, ClientToken: "nat-1" };
    const id = (await ec2.createNatGateway(request)).NatGateway?.NatGatewayId ?? "";
    expect((await ec2.createNatGateway(request)).NatGateway?.NatGatewayId).toBe(id);
    expect(await refusal(ec2.createNatGateway({ ...request, SubnetId, AllocationId, ConnectivityType: "public" }))).toBe(
      "IdempotentParameterMismatch",
    );
    const state = async () => (await ec2.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0]?.State;
    expect(await state()).toBe("pending");
    slow.pass(10_500);
    expect(await state()).toBe("available");
    expect(await refusal(ec2.createNatGateway({ SubnetId, AllocationId }))).toBe("Resource.AlreadyAssociated");
    expect(await refusal(ec2.deleteSubnet({ SubnetId }))).toBe("DependencyViolation");
    expect(await refusal(ec2.deleteVpc({ VpcId: vpcId }))).toBe("DependencyViolation");
    await ec2.deleteNatGateway({ NatGatewayId: id });
    expect(await state()).toBe("deleting");
    expect(await refusal(ec2.releaseAddress({ AllocationId }))).toBe("AuthFailure");
    slow.pass(6_000);
    expect(await state()).toBe("deleted");
    await ec2.releaseAddress({ AllocationId });
    await ec2.deleteSubnet({ SubnetId });
    slow.pass(3_600_000);
    expect(await refusal(ec2.describeNatGateways({ NatGatewayIds: [id] }))).toBe("NatGatewayNotFound");
    await slow.close();
  });

  test("a NAT gateway without a way out fails, and says why", async () => {
    const { ec2 } = fixture;
    const VpcId = (await ec2.createVpc({ CidrBlock: "10.4.0.0/16" })).Vpc?.VpcId;
    const SubnetId = (await ec2.createSubnet({ VpcId, CidrBlock: "10.4.0.0/24" })).Subnet?.SubnetId;
    const { AllocationId } = await ec2.allocateAddress({});
    const id = (await ec2.createNatGateway({ SubnetId, AllocationId })).NatGateway?.NatGatewayId ?? "";
    expect((await ec2.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0]).toMatchObject({
      State: "failed",
      FailureCode: "Gateway.NotAttached",
    });
  });
});
