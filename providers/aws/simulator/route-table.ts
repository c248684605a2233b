// Route tables and what they are associated with. Their routes are in route.ts.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html

import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  DisassociateRouteTableRequest,
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult,
  Route,
  RouteTable,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { findByToken } from "./idempotency.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { RouteEntry, RouteTableRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

/** A route to what is no more, or is no longer there, is a black hole. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
function stateOf(world: World, table: RouteTableRow, route: RouteEntry): "active" | "blackhole" {
  if (route.targetId === "local") return "active";
  const lives = {
    gateway: () => world.get("internet-gateway", route.targetId)?.vpcId === table.vpcId,
    "nat-gateway": () => ["pending", "available"].includes(world.get("nat-gateway", route.targetId)?.state ?? ""),
    "network-interface": () => world.get("network-interface", route.targetId)?.attachment !== undefined,
    instance: () => world.get("instance", route.targetId)?.state === "running",
  }[route.target]();
  return lives ? "active" : "blackhole";
}

function targetOf(route: RouteEntry, target: RouteEntry["target"]): string | undefined {
  return route.target === target ? route.targetId : undefined;
}

const lookup: Lookup<"route-table"> = {
  kind: "route-table",
  missing: (id) => refuseMissing("route-table", id),
  idFilter: "route-table-id",
  indexed: { "vpc-id": "vpc", "association.subnet-id": "subnet", "association.route-table-association-id": "association" },
  page: { least: 5, most: 100 },
  filters: {
    "association.gateway-id": () => [],
    "association.main": (row) => row.associations.map((association) => association.main),
    "association.route-table-association-id": (row) => row.associations.map((association) => association.id),
    "association.route-table-id": (row) => (row.associations.length > 0 ? [row.id] : []),
    "association.subnet-id": (row) => row.associations.map((association) => association.subnetId),
    "owner-id": (_row, world) => [world.account],
    "route-table-id": (row) => [row.id],
    "route.destination-cidr-block": (row) => row.routes.map((route) => route.destination),
    "route.gateway-id": (row) => row.routes.map((route) => targetOf(route, "gateway")),
    "route.instance-id": (row) => row.routes.map((route) => targetOf(route, "instance")),
    "route.nat-gateway-id": (row) => row.routes.map((route) => targetOf(route, "nat-gateway")),
    "route.origin": (row) => row.routes.map((route) => route.origin),
    "route.state": (row, world) => row.routes.map((route) => stateOf(world, row, route)),
    "vpc-id": (row) => [row.vpcId],
  },
};

function renderRoute(world: World, table: RouteTableRow, route: RouteEntry): Route {
  const instanceId =
    route.target === "network-interface"
      ? world.get("network-interface", route.targetId)?.attachment?.instanceId
      : targetOf(route, "instance");
  return {
    DestinationCidrBlock: route.destination,
    ...(route.target === "gateway" ? { GatewayId: route.targetId } : {}),
    ...(route.target === "nat-gateway" ? { NatGatewayId: route.targetId } : {}),
    ...(route.target === "network-interface" ? { NetworkInterfaceId: route.targetId } : {}),
    ...(instanceId === undefined ? {} : { InstanceId: instanceId, InstanceOwnerId: world.account }),
    Origin: route.origin,
    State: stateOf(world, table, route),
  };
}

function renderTable(world: World, row: RouteTableRow): RouteTable {
  return {
    Associations: row.associations.map((association) => ({
      Main: association.main,
      RouteTableAssociationId: association.id,
      RouteTableId: row.id,
      ...(association.subnetId === undefined ? {} : { SubnetId: association.subnetId }),
      AssociationState: { State: "associated" },
    })),
    PropagatingVgws: [],
    RouteTableId: row.id,
    Routes: row.routes.map((route) => renderRoute(world, row, route)),
    Tags: renderTags(row.tags),
    VpcId: row.vpcId,
    OwnerId: world.account,
  };
}

function requireAssociation(
  world: World,
  id: string | undefined,
): { readonly table: RouteTableRow; readonly main: boolean; readonly subnetId?: string } {
  const [table] = world.by("route-table", "association", id ?? "");
  const association = table?.associations.find((one) => one.id === id);
  if (table === undefined || association === undefined)
    refuse("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
  return { table, main: association.main, ...(association.subnetId === undefined ? {} : { subnetId: association.subnetId }) };
}

export const routeTableOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html
  CreateRouteTable: defineMutation<CreateRouteTableRequest, CreateRouteTableResult>(
    ["VpcId", "TagSpecifications", "ClientToken"],
    (world, input) => {
      const token = findByToken(world, "CreateRouteTable", input.ClientToken, input);
      const echo = input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken };
      const known = token.ids?.map((id) => world.get("route-table", id))[0];
      if (known !== undefined) return { RouteTable: renderTable(world, known), ...echo };
      const vpc = requireRow(world, "vpc", input.VpcId);
      const tags = readTagSpecifications(input.TagSpecifications, "route-table");
      const row = world.add("route-table", {
        id: world.newId("rtb"),
        vpcId: vpc.id,
        routes: [{ destination: vpc.cidr, target: "gateway", targetId: "local", origin: "CreateRouteTable" }],
        associations: [],
        tags: tags["route-table"] ?? {},
      });
      token.remember([row.id]);
      return { RouteTable: renderTable(world, row), ...echo };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html
  DeleteRouteTable: defineMutation<DeleteRouteTableRequest, object>(["RouteTableId"], (world, input) => {
    const row = requireRow(world, "route-table", input.RouteTableId);
    if (row.associations.length > 0) refuse("DependencyViolation", `The routeTable '${row.id}' has dependencies and cannot be deleted.`);
    world.remove(row);
    return {};
  }),

  DescribeRouteTables: defineQuery<DescribeRouteTablesRequest, DescribeRouteTablesResult>(
    ["RouteTableIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.RouteTableIds, input.Filters, input);
      return { RouteTables: rows.map((row) => renderTable(world, row)), NextToken: nextToken };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html
  AssociateRouteTable: defineMutation<AssociateRouteTableRequest, AssociateRouteTableResult>(
    ["RouteTableId", "SubnetId"],
    (world, input) => {
      const row = requireRow(world, "route-table", input.RouteTableId);
      const subnet = requireRow(world, "subnet", input.SubnetId);
      if (subnet.vpcId !== row.vpcId)
        refuse("InvalidParameterValue", `Route table ${row.id} and subnet ${subnet.id} belong to different networks`);
      if (world.countBy("route-table", "subnet", subnet.id) > 0) {
        refuse("Resource.AlreadyAssociated", `the specified association for route table ${row.id} conflicts with an existing association`);
      }
      const id = world.newId("rtbassoc");
      world.change(row, { associations: [...row.associations, { id, subnetId: subnet.id, main: false }] });
      return { AssociationId: id, AssociationState: { State: "associated" } };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateRouteTable.html
  DisassociateRouteTable: defineMutation<DisassociateRouteTableRequest, object>(["AssociationId"], (world, input) => {
    const { table, main } = requireAssociation(world, input.AssociationId);
    if (main) refuse("InvalidParameterValue", `cannot disassociate the main route table association ${input.AssociationId}`);
    world.change(table, { associations: table.associations.filter((association) => association.id !== input.AssociationId) });
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html: also how another table becomes the main one.
  ReplaceRouteTableAssociation: defineMutation<ReplaceRouteTableAssociationRequest, ReplaceRouteTableAssociationResult>(
    ["AssociationId", "RouteTableId"],
    (world, input) => {
      const { table, main, subnetId } = requireAssociation(world, input.AssociationId);
      const row = requireRow(world, "route-table", input.RouteTableId);
      if (row.vpcId !== table.vpcId) refuse("InvalidParameterValue", `Route tables ${table.id} and ${row.id} belong to different networks`);
      const id = world.newId("rtbassoc");
      world.change(table, { associations: table.associations.filter((association) => association.id !== input.AssociationId) });
      const target = requireRow(world, "route-table", row.id);
      world.change(target, { associations: [...target.associations, { id, main, ...(subnetId === undefined ? {} : { subnetId }) }] });
      return { NewAssociationId: id, AssociationState: { State: "associated" } };
    },
  ),
};
