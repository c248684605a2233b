// What EC2 gives a machine for its first boot: its user data, with the host name and the keys beyond the first, which cloud-init puts in place. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import type { PropValue } from "../../../grammar/graph/value.ts";
import { composeUserData, hostnameConfig, type UserData } from "../../lowering/user-data.ts";

/** Bytes before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const limit = 16 * 1024;

/** `keys`: all public keys of the machine; the first is its key pair, the others come through cloud-init. */
export function lowerUserData(resource: PortableResource, keys: readonly PropValue[], context: LoweringContext): UserData {
  const additions = {
    ...hostnameConfig(resource.props.hostname),
    ...(keys.length < 2 ? {} : { ssh_authorized_keys: keys.slice(1) }),
  };
  return composeUserData(resource, { cloud: "EC2", limit, additions }, context);
}
