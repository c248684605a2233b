// What somebody else does in a simulated world, by the vendor's own rules wherever there is a request for it: strangers that nobody may touch, edits,
// deletions, marks stripped, marks copied, a name taken over. What a cloud refuses is not done.

import * as aws from "../../providers/aws/simulator/inspect.ts";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import { type CloudName, ownedOn, type Seen } from "./clouds.ts";

const project = "koine-tests";
const group = `/subscriptions/${azure.SUBSCRIPTION}/resourceGroups/strangers`;

/** Marks of another lineage. */
const other = "0123456789abcdef0123456789abcdef";

/** Makes what is not ours: without marks, and with those of another lineage. */
export function plantStrangers(cloud: CloudName, directory: string): void {
  strangers[cloud](directory);
}

const strangers: Readonly<Record<CloudName, (directory: string) => void>> = {
  aws: (directory) => {
    const tags = (...Tags: readonly object[]): object => ({ Tags });
    const marks = [
      { Key: "koine:lineage", Value: other },
      { Key: "koine:object", Value: other },
      { Key: "koine:operation", Value: other },
      { Key: "koine:address", Value: "address.a0:eip" },
    ];
    aws.callWorld(directory, "CreateVpc", {
      CidrBlock: "10.20.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", ...tags({ Key: "Name", Value: "law-n0" }) }],
    });
    aws.callWorld(directory, "AllocateAddress", { TagSpecifications: [{ ResourceType: "elastic-ip", ...tags(...marks) }] });
  },
  gcp: (directory) => {
    const realm = { account: project };
    const body = { name: "stranger", autoCreateSubnetworks: false };
    gcp.callWorld(directory, "networks.insert", { body }, realm);
    gcp.callWorld(directory, "addresses.insert", { region: "europe-west1", body: { name: "stranger" } }, realm);
    const labels = { "koine-lineage": other, "koine-object": other, "koine-operation": other, "koine-address": "disk-d0-disk" };
    gcp.callWorld(directory, "disks.insert", { zone: "europe-west1-b", body: { name: "stranger", sizeGb: "10", labels } }, realm);
  },
  azure: (directory) => {
    azure.callWorld(directory, "PUT", group, { location: "westeurope" });
    const tags = { "koine-lineage": other, "koine-object": other, "koine-operation": other, "koine-address": "address.a0:address" };
    putAddress(directory, `${group}/providers/Microsoft.Network/publicIPAddresses/stranger`, tags);
  },
};

function putAddress(directory: string, id: string, tags: Readonly<Record<string, string>>): void {
  azure.callWorld(directory, "PUT", id, {
    location: "westeurope",
    sku: { name: "Standard" },
    tags,
    properties: { publicIPAllocationMethod: "Static" },
  });
}

/** Everything about some objects, byte by byte; what is gone is missing. */
export function readBytes(cloud: CloudName, directory: string, ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const rows: readonly { readonly id: string; readonly bytes: unknown; readonly living: boolean }[] = {
    aws: () => aws.readWorld(directory).map(({ id, row, living }) => ({ id, bytes: row, living })),
    gcp: () => gcp.readWorld(directory).map(({ id, resource, living }) => ({ id, bytes: resource, living })),
    azure: () => azure.readWorld(directory).map(({ id, row, living }) => ({ id, bytes: row, living })),
  }[cloud]();
  return new Map(rows.filter(({ id, living }) => living && ids.has(id)).map(({ id, bytes }) => [id, JSON.stringify(bytes)]));
}

export type Deed = "edit" | "remove" | "strip" | "copy" | "take over";

export const deeds: readonly Deed[] = ["edit", "edit", "remove", "remove", "strip", "copy", "take over"];

/** What was done: to which object, and the id of what was made besides, which is nobody's but theirs. */
export interface Done {
  readonly deed: Deed;
  readonly id: string;
  readonly made?: string;
}

/** Does it to the object at a share of all that can be meant. Undefined: there was none, or the cloud refused. */
export function meddle(cloud: CloudName, directory: string, deed: Deed, share: number, isOurs: (id: string) => boolean): Done | undefined {
  const able = ownedOn(cloud, directory).filter((object) => isOurs(object.id) && canBe(cloud, deed, object));
  const object = able[Math.min(able.length - 1, Math.floor(share * able.length))];
  if (!object) return undefined;
  try {
    const made = acts[cloud][deed](directory, object);
    return { deed, id: object.id, ...(made === undefined ? {} : { made }) };
  } catch {
    // The vendor's refusal: it is in use, or it is changing.
    return undefined;
  }
}

const isAddress: Readonly<Record<CloudName, string>> = {
  aws: "address",
  gcp: "addresses",
  azure: "Microsoft.Network/publicIPAddresses",
};

const editable: Readonly<Record<CloudName, readonly string[]>> = {
  aws: ["instance", "security-group", "vpc", "subnet", "volume", "address"],
  gcp: ["firewalls", "instances"],
  azure: ["Microsoft.Network/networkSecurityGroups", "Microsoft.Compute/virtualMachines"],
};

function canBe(cloud: CloudName, deed: Deed, { type }: Seen): boolean {
  if (deed === "copy") return type === isAddress[cloud];
  if (deed === "strip" && fixedMarks.has(type)) return false;
  if (deed === "take over") return cloud !== "aws" && type === isAddress[cloud];
  // A name outlives its marks, an EC2 id does too; what has neither of its own is not meant.
  return deed !== "edit" || editable[cloud].includes(type);
}

/** A description that is set "only at resource creation time", or that no method takes: https://cloud.google.com/compute/docs/reference/rest/v1 */
const fixedDescriptions: ReadonlySet<string> = new Set(["networks", "subnetworks", "addresses"]);

/** What bears its marks only there. */
const fixedMarks: ReadonlySet<string> = new Set(["networks", "subnetworks"]);

type Act = (directory: string, object: Seen) => string | undefined;

const acts: Readonly<Record<CloudName, Readonly<Record<Deed, Act>>>> = {
  aws: {
    edit: (directory, { type, id }) => {
      if (type === "instance") aws.callWorld(directory, "StopInstances", { InstanceIds: [id] });
      else if (type === "security-group")
        aws.callWorld(directory, "AuthorizeSecurityGroupIngress", {
          GroupId: id,
          IpPermissions: [{ IpProtocol: "tcp", FromPort: 23, ToPort: 23, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        });
      else aws.callWorld(directory, "CreateTags", { Resources: [id], Tags: [{ Key: "Name", Value: "renamed" }] });
      return undefined;
    },
    remove: (directory, { type, id }) => {
      const [operation, parameter] = awsRemovals[type] ?? [];
      if (operation === undefined || parameter === undefined) throw new Error(`nobody removes a ${type} by itself`);
      aws.callWorld(directory, operation, { [parameter]: parameter.endsWith("Ids") ? [id] : id });
      return undefined;
    },
    strip: (directory, { id }) => {
      const keys = ["koine:lineage", "koine:object", "koine:operation", "koine:address"];
      aws.callWorld(directory, "DeleteTags", { Resources: [id], Tags: keys.map((Key) => ({ Key })) });
      return undefined;
    },
    copy: (directory, { id }) => {
      const known = new Set(aws.readWorld(directory).map((object) => object.id));
      const tags = aws.readWorld(directory).find((object) => object.id === id)?.tags ?? {};
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      aws.callWorld(directory, "AllocateAddress", { TagSpecifications: [{ ResourceType: "elastic-ip", Tags }] });
      return aws.readWorld(directory).find((object) => !known.has(object.id))?.id;
    },
    "take over": () => undefined,
  },
  gcp: {
    edit: (directory, { type, id }) => {
      if (type === "instances") callGcp(directory, "instances.stop", id, {});
      else callGcp(directory, "firewalls.patch", id, { body: { disabled: true } });
      return undefined;
    },
    remove: (directory, { type, id }) => {
      callGcp(directory, `${type}.delete`, id, {});
      return undefined;
    },
    strip: (directory, { type, id }) => {
      gcp.editWorld(
        directory,
        (world) => {
          const row = [...kindsOfGcp].flatMap((kind) => world.get(kind, id) ?? [])[0];
          if (!row) throw new Error(`${id} is not there`);
          const { labels, description, ...rest } = row.resource as { labels?: Record<string, string>; description?: string };
          const kept = Object.entries(labels ?? {}).filter(([name]) => !name.startsWith("koine-"));
          const stripped = {
            ...rest,
            ...(labels ? { labels: Object.fromEntries(kept) } : {}),
            ...(description ? { description: fixedDescriptions.has(type) ? description : "" } : {}),
          };
          world.change(row as never, { resource: stripped } as never);
        },
        { account: project },
      );
      return undefined;
    },
    copy: (directory, { id }) => {
      const { labels, description } = (gcp.readWorld(directory).find((object) => object.id === id)?.resource ?? {}) as {
        labels?: object;
        description?: string;
      };
      gcp.callWorld(
        directory,
        "addresses.insert",
        { region: "europe-west1", body: { name: "copied", ...(labels ? { labels } : {}), ...(description ? { description } : {}) } },
        { account: project },
      );
      return `projects/${project}/regions/europe-west1/addresses/copied`;
    },
    "take over": (directory, { id }) => {
      callGcp(directory, "addresses.delete", id, {});
      const body = { name: id.split("/").at(-1), description: "theirs" };
      gcp.callWorld(directory, "addresses.insert", { region: "europe-west1", body }, { account: project });
      return id;
    },
  },
  azure: {
    edit: (directory, { type, id }) => {
      if (type.endsWith("virtualMachines")) azure.callWorld(directory, "POST", `${id}/deallocate`);
      else
        azure.callWorld(directory, "PUT", `${id}/securityRules/everybody`, {
          properties: {
            ...{ priority: 4050, direction: "Inbound", access: "Allow", protocol: "Tcp" },
            ...{ sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "23" },
          },
        });
      return undefined;
    },
    remove: (directory, { id }) => {
      azure.callWorld(directory, "DELETE", id);
      return undefined;
    },
    strip: (directory, { id }) => {
      azure.editWorld(directory, (world) => {
        const row = world.get("resource", id.toLowerCase());
        if (!row) throw new Error(`${id} is not there`);
        world.change(row, { tags: Object.fromEntries(Object.entries(row.tags ?? {}).filter(([name]) => !name.startsWith("koine-"))) });
      });
      return undefined;
    },
    copy: (directory, { id }) => {
      const made = `${group}/providers/Microsoft.Network/publicIPAddresses/copied`;
      putAddress(directory, made, azure.readWorld(directory).find((object) => object.id === id)?.tags ?? {});
      return made;
    },
    "take over": (directory, { id }) => {
      azure.callWorld(directory, "DELETE", id);
      putAddress(directory, id, { owner: "somebody else" });
      return id;
    },
  },
};

const kindsOfGcp = ["networks", "subnetworks", "firewalls", "addresses", "routers", "disks", "instances", "snapshots"] as const;

const awsRemovals: Readonly<Record<string, readonly [operation: string, parameter: string]>> = {
  instance: ["TerminateInstances", "InstanceIds"],
  volume: ["DeleteVolume", "VolumeId"],
  address: ["ReleaseAddress", "AllocationId"],
  "key-pair": ["DeleteKeyPair", "KeyPairId"],
  "internet-gateway": ["DeleteInternetGateway", "InternetGatewayId"],
  snapshot: ["DeleteSnapshot", "SnapshotId"],
  subnet: ["DeleteSubnet", "SubnetId"],
  "security-group": ["DeleteSecurityGroup", "GroupId"],
  "nat-gateway": ["DeleteNatGateway", "NatGatewayId"],
  "network-interface": ["DeleteNetworkInterface", "NetworkInterfaceId"],
  "route-table": ["DeleteRouteTable", "RouteTableId"],
  vpc: ["DeleteVpc", "VpcId"],
};

/** A method on the object at a path: `projects/P/zones/Z/instances/N`. */
function callGcp(directory: string, operation: string, path: string, more: Readonly<Record<string, unknown>>): void {
  const parts = path.split("/");
  const [, account = ""] = parts;
  const name = parts.at(-1) ?? "";
  const collection = parts.at(-2) ?? "";
  const parameter = collection === "addresses" ? "address" : collection.replace(/s$/, "");
  const place = parts[2] === "zones" ? { zone: parts[3] } : parts[2] === "regions" ? { region: parts[3] } : {};
  gcp.callWorld(directory, operation, { ...place, [parameter]: name, ...more }, { account });
}

/** A person's own hand: ends what is there, whatever bears which mark. */
export function removeByHand(cloud: CloudName, directory: string, { type, id }: Pick<Seen, "type" | "id">): void {
  acts[cloud].remove(directory, { type, id, address: undefined, state: undefined });
}
