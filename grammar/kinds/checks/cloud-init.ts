// What the first boot is asked to do, as far as it can be judged from here. Secrets and deferred values are left alone.

import type { PortableResource } from "../../graph/resource-graph.ts";
import type { PropValue } from "../../graph/value.ts";
import { isDeferred, isSecret } from "../../graph/value.ts";
import type { CheckContext, KindCheck } from "../kind.ts";
import { follow, isPropList, isPropMap, makeError, nameOf, placeOf } from "./reading.ts";

export const checkCloudInit: KindCheck = (machine, context) => {
  const configuration = machine.props.cloud_init;
  if (!isPropMap(configuration)) return [];
  const { packages } = configuration;
  const place = placeOf(machine, "cloud_init");
  const own = `\`${nameOf(machine)}\``;
  if (packages !== undefined && !isPropList(packages) && !isDeferred(packages) && !isSecret(packages)) {
    return [
      makeError("K2412", place, `\`packages\` of machine ${own} is no list, and cloud-init would install nothing`, {
        hint: 'write a list, for example `packages = ["nginx"]`',
      }),
    ];
  }
  if (!needsInternet(configuration) || hasWayOut(machine, context)) return [];
  return [
    {
      ...makeError("K2408", place, `machine ${own} installs packages and has no way to the internet`, {
        hint: "make the machine public, or give its subnet a `nat`",
      }),
      severity: "warning",
    },
  ];
};

function needsInternet(configuration: { readonly [name: string]: PropValue }): boolean {
  const { packages, package_update, package_upgrade } = configuration;
  return (isPropList(packages) && packages.length > 0) || package_update === true || package_upgrade === true;
}

/** Unknown counts as a way out: a warning should be sure. */
function hasWayOut(machine: PortableResource, context: CheckContext): boolean {
  const subnet = follow(context, machine.props.subnet);
  const network = follow(context, subnet?.props.network);
  if (!subnet || !network) return true;
  if (network.props.internet === false) return false;
  return machine.props.public !== false || subnet.props.nat !== undefined;
}
