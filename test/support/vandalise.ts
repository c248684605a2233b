// What another hand does to examples/anywhere on each cloud, by the vendor's own rules: one machine is deleted, and ssh is opened to the world.

import * as aws from "../../providers/aws/simulator/inspect.ts";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import { type CloudName, ownedOn, type Seen } from "./clouds.ts";

const machine = "machine.app[1]";

/** Does it, and tells the addresses of the resources that are no longer as they should be: on azure the rules stand in the network's group. */
export function vandalise(cloud: CloudName, directory: string): readonly string[] {
  acts[cloud](directory, ownedOn(cloud, directory));
  return [machine, cloud === "azure" ? "network.main" : "firewall.http"];
}

function only(owned: readonly Seen[], type: string, isIt: (object: Seen) => boolean): string {
  const found = owned.filter((object) => object.type === type && isIt(object));
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${found.length} objects of the type ${type} are meant, and one should be`);
  return first.id;
}

/** Marks are written in each vendor's alphabet: what is left of an address then still tells one from another. */
function isOf(address: string): (object: Seen) => boolean {
  const plain = address.replace(/[^a-z0-9]+/g, "");
  return (object) => (object.address ?? "").replace(/[^a-z0-9]+/g, "").startsWith(plain);
}

const acts: Readonly<Record<CloudName, (directory: string, owned: readonly Seen[]) => void>> = {
  aws: (directory, owned) => {
    aws.callWorld(directory, "TerminateInstances", { InstanceIds: [only(owned, "instance", isOf(machine))] });
    aws.callWorld(directory, "AuthorizeSecurityGroupIngress", {
      GroupId: only(owned, "security-group", isOf("firewall.http")),
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
  },
  gcp: (directory, owned) => {
    const [, account = "", , zone = "", , instance = ""] = only(owned, "instances", isOf(machine)).split("/");
    gcp.callWorld(directory, "instances.delete", { zone, instance }, { account });
    const firewall =
      only(owned, "firewalls", (object) => isOf("firewall.http:rule")(object) && object.id.includes("-22"))
        .split("/")
        .at(-1) ?? "";
    gcp.callWorld(directory, "firewalls.patch", { firewall, body: { sourceRanges: ["0.0.0.0/0"] } }, { account });
  },
  azure: (directory, owned) => {
    azure.callWorld(directory, "DELETE", only(owned, "Microsoft.Compute/virtualMachines", isOf(machine)));
    const group = only(owned, "Microsoft.Network/networkSecurityGroups", isOf("network.main"));
    azure.callWorld(directory, "PUT", `${group}/securityRules/everybody`, {
      properties: {
        priority: 4050,
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "*",
        sourcePortRange: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "22",
      },
    });
  },
};
