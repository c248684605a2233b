// The routes of a table, named by their destination.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html

import type { CreateRouteRequest, CreateRouteResult, DeleteRouteRequest, ReplaceRouteRequest } from "@aws-sdk/client-ec2";
import { contains, formatCidr, type Range, rangeOf, readCidr } from "./cidr.ts";
import { refuse } from "./errors.ts";
import { defineMutation } from "./operation.ts";
import { requireRow } from "./require.ts";
import type { RouteEntry, RouteTableRow } from "./rows.ts";
import type { World } from "./world.ts";

const TARGETS = ["GatewayId", "NatGatewayId", "NetworkInterfaceId", "InstanceId"] as const;

function readDestination(text: string | undefined): Range {
  if (text === undefined) refuse("MissingParameter", "The request must contain the parameter destinationCidrBlock");
  return readCidr("destinationCidrBlock", text);
}

/** Exactly one target, which is in the table's VPC. */
function readTarget(
  world: World,
  table: RouteTableRow,
  input: CreateRouteRequest | ReplaceRouteRequest,
): Pick<RouteEntry, "target" | "targetId"> {
  const given = TARGETS.filter((name) => input[name] !== undefined);
  if (given.length !== 1) {
    refuse(
      given.length === 0 ? "MissingParameter" : "InvalidParameterCombination",
      "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, carrierGatewayId or instanceId",
    );
  }
  if (input.GatewayId !== undefined) {
    if (!input.GatewayId.startsWith("igw-"))
      refuse(
        "InvalidParameterValue",
        `Value (${input.GatewayId}) for parameter GatewayId: only internet gateways are implemented by the embedded EC2`,
      );
    const gateway = requireRow(world, "internet-gateway", input.GatewayId);
    if (gateway.vpcId !== table.vpcId)
      refuse("InvalidParameterValue", `route table ${table.id} and network gateway ${gateway.id} belong to different networks`);
    return { target: "gateway", targetId: gateway.id };
  }
  if (input.NatGatewayId !== undefined) {
    const gateway = requireRow(world, "nat-gateway", input.NatGatewayId);
    if (gateway.state === "deleted" || gateway.state === "deleting" || gateway.state === "failed")
      refuse("InvalidNatGatewayID.NotFound", `The natGateway ID '${gateway.id}' does not exist`);
    if (gateway.vpcId !== table.vpcId)
      refuse("InvalidParameterValue", `route table ${table.id} and nat gateway ${gateway.id} belong to different networks`);
    return { target: "nat-gateway", targetId: gateway.id };
  }
  if (input.NetworkInterfaceId !== undefined) {
    const one = requireRow(world, "network-interface", input.NetworkInterfaceId);
    if (one.vpcId !== table.vpcId)
      refuse("InvalidParameterValue", `route table ${table.id} and interface ${one.id} belong to different networks`);
    return { target: "network-interface", targetId: one.id };
  }
  const instance = requireRow(world, "instance", input.InstanceId);
  const interfaces = world.by("network-interface", "instance", instance.id);
  const [only] = interfaces;
  if (only === undefined || interfaces.length > 1)
    refuse(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${instance.id}'. Please specify an interface ID for the operation instead.`,
    );
  return { target: "network-interface", targetId: only.id };
}

function refuseLocal(table: RouteTableRow, destination: Range): void {
  const local = table.routes.find((route) => route.targetId === "local");
  if (local === undefined) return;
  const range = rangeOf(local.destination);
  if (formatCidr(destination) === local.destination)
    refuse("RouteAlreadyExists", `The route identified by ${local.destination} already exists.`);
  // A more specific route may override the local one only towards middleboxes, which this world has none of besides interfaces.
  if (contains(range, destination))
    refuse(
      "InvalidParameterValue",
      `The destination CIDR block ${formatCidr(destination)} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
}

export const routeOperations = {
  CreateRoute: defineMutation<CreateRouteRequest, CreateRouteResult>(
    ["RouteTableId", "DestinationCidrBlock", ...TARGETS],
    (world, input) => {
      const table = requireRow(world, "route-table", input.RouteTableId);
      const destination = readDestination(input.DestinationCidrBlock);
      const target = readTarget(world, table, input);
      if (target.target !== "network-interface") refuseLocal(table, destination);
      const name = formatCidr(destination);
      const existing = table.routes.find((route) => route.destination === name);
      // CreateRoute is not among the calls that may be repeated: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
      if (existing !== undefined) refuse("RouteAlreadyExists", `The route identified by ${name} already exists.`);
      world.change(table, { routes: [...table.routes, { destination: name, ...target, origin: "CreateRoute" }] });
      return { Return: true };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
  ReplaceRoute: defineMutation<ReplaceRouteRequest, object>(["RouteTableId", "DestinationCidrBlock", ...TARGETS], (world, input) => {
    const table = requireRow(world, "route-table", input.RouteTableId);
    const name = formatCidr(readDestination(input.DestinationCidrBlock));
    if (!table.routes.some((route) => route.destination === name))
      refuse("InvalidParameterValue", `There is no route defined for '${name}' in the route table. Use CreateRoute instead.`);
    const target = readTarget(world, table, input);
    world.change(table, { routes: table.routes.map((route) => (route.destination === name ? { ...route, ...target } : route)) });
    return {};
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRoute.html
  DeleteRoute: defineMutation<DeleteRouteRequest, object>(["RouteTableId", "DestinationCidrBlock"], (world, input) => {
    const table = requireRow(world, "route-table", input.RouteTableId);
    const name = formatCidr(readDestination(input.DestinationCidrBlock));
    const route = table.routes.find((one) => one.destination === name);
    if (route === undefined) refuse("InvalidRoute.NotFound", `no route with destination-cidr-block ${name} in route table ${table.id}`);
    if (route.targetId === "local") refuse("InvalidParameterValue", `cannot remove local route ${name} in route table ${table.id}`);
    world.change(table, { routes: table.routes.filter((one) => one !== route) });
    return {};
  }),
};
