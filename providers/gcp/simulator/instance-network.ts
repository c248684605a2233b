// An instance's network interface: its subnetwork, its internal address, and its external one.
// https://cloud.google.com/compute/docs/ip-addresses, https://cloud.google.com/compute/docs/reference/rest/v1/instances/addAccessConfig

import { drawExternalAddress } from "./addresses.ts";
import { refuseAbsent, refuseNotReady, refuseUnimplemented, refuseValue } from "./errors.ts";
import { requireSubnetwork } from "./instance-parts.ts";
import { readPath, readReference, regionOf } from "./links.ts";
import { fingerprintOf } from "./names.ts";
import type { AccessConfigResource, NetworkInterfaceResource } from "./resources.ts";
import type { OperationRow, ResourceRow } from "./rows.ts";
import { checkInternalAddress, findFreeAddress, isTaken } from "./subnetworks.ts";
import type { World } from "./world.ts";

export type AccessConfigBody = Partial<Pick<AccessConfigResource, "name" | "type" | "natIP" | "networkTier">>;

export interface InterfaceBody {
  readonly network?: string;
  readonly subnetwork?: string;
  readonly networkIP?: string;
  readonly nicType?: string;
  readonly stackType?: string;
  readonly accessConfigs?: readonly AccessConfigBody[];
}

type Failure = NonNullable<OperationRow["error"]>;

function failTaken(address: string): Failure {
  return {
    code: "IP_IN_USE_BY_ANOTHER_RESOURCE",
    message: `IP '${address}' is already being used by another resource.`,
    status: 400,
    phrase: "BAD REQUEST",
  };
}

/** The interface, or the error in which the creation ends. Throws what is wrong at first sight. */
export function planInterface(
  world: World,
  scope: string,
  bodies: readonly InterfaceBody[],
): { readonly plan: NetworkInterfaceResource } | { readonly failure: Failure } {
  const [body] = bodies;
  if (body === undefined) refuseAbsent("resource.networkInterfaces");
  if (bodies.length > 1) refuseUnimplemented("A second network interface");
  const field = "resource.networkInterfaces[0]";
  if ((body.stackType ?? "IPV4_ONLY") !== "IPV4_ONLY") refuseUnimplemented(`The stack type ${body.stackType}`);
  if (body.nicType !== undefined && body.nicType !== "GVNIC" && body.nicType !== "VIRTIO_NET")
    refuseValue(`${field}.nicType`, body.nicType, "Must be GVNIC or VIRTIO_NET.");
  // A network in custom mode has no subnetwork of its own for the region.
  if (body.subnetwork === undefined) refuseAbsent(`${field}.subnetwork`);
  const subnet = requireSubnetwork(world, scope, `${field}.subnetwork`, body.subnetwork);
  if (subnet.busy !== undefined) refuseNotReady(subnet.id);
  if (regionOf(subnet.scope) !== regionOf(scope))
    refuseValue(`${field}.subnetwork`, body.subnetwork, "The subnetwork must be in the region of the zone.");
  if (body.network !== undefined) {
    const network = readReference(`${field}.network`, body.network, { project: world.project, scope }, "networks");
    if (network !== readPath(subnet.resource.network))
      refuseValue(`${field}.network`, body.network, "The subnetwork is of another network.");
  }
  const internal = planInternal(world, subnet, field, body.networkIP);
  if (typeof internal !== "string") return { failure: internal };
  const configs = body.accessConfigs ?? [];
  if (configs.length > 1) refuseValue(`${field}.accessConfigs`, configs.length, "At most one access config currently supported.");
  const [config] = configs;
  const external = config === undefined ? undefined : planAccessConfig(world, scope, `${field}.accessConfigs[0]`, config);
  if (external !== undefined && "failure" in external) return external;
  const base = {
    kind: "compute#networkInterface",
    name: "nic0",
    network: subnet.resource.network,
    subnetwork: subnet.resource.selfLink,
    networkIP: internal,
    stackType: "IPV4_ONLY",
    ...(body.nicType === undefined ? {} : { nicType: body.nicType }),
    ...(external === undefined ? {} : { accessConfigs: [external.plan] }),
  };
  return { plan: { ...base, fingerprint: fingerprintOf(base) } };
}

function planInternal(world: World, subnet: ResourceRow<"subnetworks">, field: string, text: string | undefined): string | Failure {
  if (text === undefined) {
    return (
      findFreeAddress(world, subnet) ?? {
        code: "IP_SPACE_EXHAUSTED",
        message: `IP space of '${subnet.id}' is exhausted.`,
        status: 400,
        phrase: "BAD REQUEST",
      }
    );
  }
  // A reserved internal address may be named by its path.
  const reserved = /\//.test(text)
    ? world.get("addresses", readReference(`${field}.networkIP`, text, { project: world.project, scope: subnet.scope }, "addresses"))
    : undefined;
  const address = reserved?.resource.address ?? text;
  checkInternalAddress(`${field}.networkIP`, subnet, address);
  if (world.countBy("instances", "internal", `${subnet.id} ${address}`) > 0) return failTaken(address);
  const own = world.by("addresses", "subnetwork", subnet.id).some((one) => one.resource.address === address);
  return own || !isTaken(world, subnet.id, address) ? address : failTaken(address);
}

/** An access config: an address of the project's, or one that is lent while the instance runs. */
export function planAccessConfig(
  world: World,
  scope: string,
  field: string,
  body: AccessConfigBody,
): { readonly plan: AccessConfigResource } | { readonly failure: Failure } {
  if ((body.type ?? "ONE_TO_ONE_NAT") !== "ONE_TO_ONE_NAT") refuseValue(`${field}.type`, body.type, "Must be ONE_TO_ONE_NAT.");
  const tier = body.networkTier ?? "PREMIUM";
  if (tier !== "PREMIUM" && tier !== "STANDARD") refuseValue(`${field}.networkTier`, tier, "Must be PREMIUM or STANDARD.");
  const plan = { kind: "compute#accessConfig", type: "ONE_TO_ONE_NAT", name: body.name ?? "External NAT", networkTier: tier };
  if (body.natIP === undefined) return { plan: { ...plan, natIP: drawExternalAddress(world) } };
  const region = regionOf(scope);
  const address = world
    .by("addresses", "ip", body.natIP)
    .find((one) => one.scope === `regions/${region}` && one.resource.addressType === "EXTERNAL");
  if (address === undefined)
    refuseValue(`${field}.natIP`, body.natIP, `The specified external IP address '${body.natIP}' was not found in region '${region}'.`);
  if (world.countBy("instances", "external", body.natIP) > 0 || world.countBy("routers", "address", address.id) > 0)
    return { failure: failTaken(body.natIP) };
  return { plan: { ...plan, networkTier: address.resource.networkTier ?? tier, natIP: body.natIP } };
}

/** Whether an address is the project's own, and stays when the instance stops. */
function isStatic(world: World, address: string): boolean {
  return world.countBy("addresses", "ip", address) > 0;
}

/** The interfaces with each lent address taken back (`stop`) or lent anew (`start`). */
export function relend(world: World, row: ResourceRow<"instances">, lend: boolean): readonly NetworkInterfaceResource[] {
  return row.resource.networkInterfaces.map((one) => {
    if (one.accessConfigs === undefined) return one;
    const accessConfigs = one.accessConfigs.map((config) => {
      const { natIP, ...rest } = config;
      if (natIP !== undefined && (lend || isStatic(world, natIP))) return config;
      return lend ? { ...rest, natIP: drawExternalAddress(world) } : rest;
    });
    return withFingerprint({ ...one, accessConfigs });
  });
}

export function withFingerprint(one: NetworkInterfaceResource): NetworkInterfaceResource {
  const { fingerprint: _old, ...rest } = one;
  return { ...rest, fingerprint: fingerprintOf(rest) };
}

/** The interface that a request names. Throws `invalid`. */
export function requireInterface(row: ResourceRow<"instances">, name: string | undefined): NetworkInterfaceResource {
  if (name === undefined) refuseAbsent("networkInterface");
  return (
    row.resource.networkInterfaces.find((one) => one.name === name) ??
    refuseValue("networkInterface", name, "The referenced network interface does not exist.")
  );
}
