// Whole stacks on gcp and azure where these clouds differ from EC2: names that cannot change and that others may have taken, global objects,
// reasons that stand in an operation. aws has its cases in stack-aws-*.test.ts.

import { describe, expect, test } from "vitest";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import { type CloudName, ownedOn, tallyClouds } from "../support/clouds.ts";
import { actionsOf, applyFully, expectDone, expectEmpty } from "../support/stack-expectations.ts";
import { openStackRig, type RigOptions, type StackRig } from "../support/stack-rig.ts";

const subscription = "00000000-0000-4000-8000-000000000000";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me";

async function withRig(options: RigOptions, play: (rig: StackRig) => Promise<void>): Promise<void> {
  const rig = await openStackRig(options);
  try {
    await play(rig);
  } finally {
    await rig.close();
  }
}

const blocks = {
  gcp: (name: string, region: string) => `cloud ${name} = gcp { project = "koine-tests", region = "${region}" }`,
  azure: (name: string, region: string) => `cloud ${name} = azure { subscription = "${subscription}", region = "${region}" }`,
};

const regions = { gcp: ["europe-west1", "europe-west2"], azure: ["westeurope", "northeurope"] } as const;

/** Two regions of one account, and a machine that is in one of them. */
function twoRegions(cloud: "gcp" | "azure", placed: "near" | "far", network = "main"): string {
  const [near, far] = regions[cloud];
  return `stack t on near
${blocks[cloud]("near", near)}
${blocks[cloud]("far", far)}
network ${network}[c in [near, far]] on c { cidr = 10.0.0.0/16 }
subnet a[c in [near, far]] on c { network = ${network}[c], cidr = 10.0.0.0/24 }
firewall f[c in [near, far]] on c {
  network = ${network}[c]
  allow tcp 80 from any
}
key k on ${placed} { public_key = "${key}" }
machine m on ${placed} { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a[${placed}], firewall = f[${placed}], key = k }
disk d on ${placed} { size = 20GiB, attach = m }
output at = m.private_ip
`;
}

async function expectGone(cloud: CloudName, rig: StackRig, text: string, untouched: Readonly<Record<string, number>>): Promise<void> {
  expectDone(await rig.apply(text, { destroy: true }));
  expect(ownedOn(cloud, rig.directory)).toEqual([]);
  expect(tallyClouds(rig.directory)).toEqual(untouched);
}

describe.each(["gcp", "azure"] as const)("two regions of one account on %s", (cloud) => {
  test("neither sees strays in what the other made; a machine moves between them; all of it can go", () =>
    withRig({ cloud }, async (rig) => {
      const untouched = tallyClouds(rig.directory);
      await applyFully(rig, twoRegions(cloud, "near"));
      const { plan } = await rig.plan(twoRegions(cloud, "near"));
      expect(plan?.strays).toEqual([]);
      const moved = await applyFully(rig, twoRegions(cloud, "far"));
      const addresses = new Set(moved.plan.changes.map((change) => change.address));
      expect([...addresses].filter((address) => !/^(machine|disk|key)/.test(address))).toEqual([]);
      await expectGone(cloud, rig, twoRegions(cloud, "far"), untouched);
    }));

  test("a resource under another name keeps its objects, for names cannot change", () =>
    withRig({ cloud }, async (rig) => {
      const untouched = tallyClouds(rig.directory);
      await applyFully(rig, twoRegions(cloud, "near"));
      const renamed = twoRegions(cloud, "near", "core").replace("network core[", '@was("main")\nnetwork core[');
      const text = renamed.replace('@was("main")', '@was("network.main[\\"${c.name}\\"]")');
      const { plan } = await applyFully(rig, text);
      expect(new Set(Object.values(actionsOf(plan)))).toEqual(new Set(["rename"]));
      await expectGone(cloud, rig, text, untouched);
    }));
});

describe("gcp", () => {
  const stack = (body: string): string => `stack t
cloud gcp { project = "koine-tests", region = "europe-west1" }
${body}
`;
  const base = `network main { cidr = 10.0.0.0/16 }
subnet a { network = main, cidr = 10.0.0.0/24 }`;

  test("no room in the zone: the reason that stands in the operation is told, and the next run goes on", () =>
    withRig(
      {
        cloud: "gcp",
        faults: { rules: [{ operation: "instances.insert", times: 1, do: { kind: "fail", reason: "ZONE_RESOURCE_POOL_EXHAUSTED" } }] },
      },
      async (rig) => {
        const text = stack(`${base}\nmachine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a }`);
        const { result } = await rig.apply(text);
        expect(result.failed.map(({ operation, error }) => [operation.key, error.details.vendorCode, error.message])).toEqual([
          ["machine.m:instance", "ZONE_RESOURCE_POOL_EXHAUSTED", expect.stringContaining("does not have enough resources available")],
        ]);
        await applyFully(rig, text);
      },
    ));

  test("a network that others made is taken over, whatever it is called", () =>
    withRig({ cloud: "gcp" }, async (rig) => {
      gcp.callWorld(
        rig.directory,
        "networks.insert",
        { body: { name: "legacy", autoCreateSubnetworks: false } },
        { account: "koine-tests" },
      );
      const text = stack(base.replace("network main", '@adopt("projects/koine-tests/global/networks/legacy")\nnetwork main'));
      await applyFully(rig, text);
      const networks = gcp.readWorld(rig.directory).filter((object) => object.type === "networks");
      expect(networks.map((object) => object.id)).toEqual(["projects/koine-tests/global/networks/legacy"]);
      await applyFully(rig, stack(base));
    }));

  test("a name that others have is an error that names it, and theirs stays as it is", () =>
    withRig({ cloud: "gcp" }, async (rig) => {
      gcp.callWorld(
        rig.directory,
        "networks.insert",
        { body: { name: "t-main", autoCreateSubnetworks: false } },
        { account: "koine-tests" },
      );
      const before = gcp.readWorld(rig.directory);
      const { result } = await rig.apply(stack(base));
      expect(result.failed[0]?.error.message).toContain("t-main");
      expect(gcp.readWorld(rig.directory)).toEqual(before);
    }));
});

describe("azure", () => {
  const stack = (body: string): string => `stack t
cloud azure { subscription = "${subscription}", region = "westeurope" }
${body}
`;
  const group = (rig: StackRig): string =>
    ownedOn("azure", rig.directory).find((object) => object.type.endsWith("resourceGroups"))?.id ?? "";

  test("a name that others have is an error, never an update", () =>
    withRig({ cloud: "azure" }, async (rig) => {
      await applyFully(rig, stack("address ip {}"));
      const id = `${group(rig)}/providers/Microsoft.Network/virtualNetworks/t-main`;
      const body = { location: "westeurope", properties: { addressSpace: { addressPrefixes: ["192.168.0.0/24"] } } };
      azure.callWorld(rig.directory, "PUT", id, body);
      const foreign = () => azure.readWorld(rig.directory).find((object) => object.id === id)?.resource;
      const before = foreign();
      const { result } = await rig.apply(stack("address ip {}\nnetwork main { cidr = 10.0.0.0/16 }"));
      expect(result.failed.map(({ operation }) => operation.key)).toContain("network.main:network");
      expect(result.failed.map(({ error }) => error.message).join()).toContain("t-main");
      expect(foreign()).toEqual(before);
    }));

  test("the group stays while somebody else has something in it, and that is told", () =>
    withRig({ cloud: "azure" }, async (rig) => {
      const text = stack("address ip {}");
      await applyFully(rig, text);
      const id = `${group(rig)}/providers/Microsoft.Network/publicIPAddresses/theirs`;
      azure.callWorld(rig.directory, "PUT", id, {
        location: "westeurope",
        sku: { name: "Standard" },
        properties: { publicIPAllocationMethod: "Static" },
      });
      const { result } = await rig.apply(text, { destroy: true });
      expect(result.failed.map(({ error }) => error.message).join()).toContain("theirs");
      expect(azure.readWorld(rig.directory).map((object) => object.id)).toContain(id);
      azure.callWorld(rig.directory, "DELETE", id);
      expectDone(await rig.apply(text, { destroy: true }));
      expect(ownedOn("azure", rig.directory)).toEqual([]);
    }));

  test("two clouds of one place share its group, and the second plan is empty", () =>
    withRig({ cloud: "azure" }, async (rig) => {
      const text = `stack t on one
${blocks.azure("one", "westeurope")}
${blocks.azure("two", "westeurope")}
address a on one {}
address b on two {}
`;
      await applyFully(rig, text);
      await expectEmpty(rig, text);
      expect(ownedOn("azure", rig.directory).filter((object) => object.type.endsWith("resourceGroups"))).toHaveLength(1);
    }));
});
