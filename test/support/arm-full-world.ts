// One resource of every type that the embedded ARM has, as full as it takes them: for tests that walk all types.

import { type ArmFixture, keyData, location, subscription } from "./arm-simulator.ts";

export interface FullResource {
  readonly type: string;
  /** Below `/subscriptions/{id}`. */
  readonly path: string;
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const NETWORK = "/resourceGroups/full/providers/Microsoft.Network";
const COMPUTE = "/resourceGroups/full/providers/Microsoft.Compute";
const idOf = (path: string): { id: string } => ({ id: `/subscriptions/${subscription}${path}` });
const tags = { owner: "tests" };

function make(path: string, apiVersion: string, body: Readonly<Record<string, unknown>>): FullResource {
  const parts = path.split("/providers/")[1]?.split("/") ?? [];
  return { type: [parts[0], ...parts.filter((_part, n) => n % 2 === 1)].join("/"), path, apiVersion, body };
}

const network = (path: string, body: Readonly<Record<string, unknown>>): FullResource => make(`${NETWORK}/${path}`, "2026-01-01", body);

/** In the order in which they can be made. */
export const FULL: readonly FullResource[] = [
  network("networkSecurityGroups/nsg", { location, tags, properties: { flushConnection: false } }),
  network("applicationSecurityGroups/asg", { location, tags, properties: {} }),
  network("networkSecurityGroups/nsg/securityRules/rule", {
    properties: {
      description: "what it is for",
      protocol: "Tcp",
      sourcePortRange: "*",
      destinationPortRanges: ["80", "8000-8100"],
      sourceAddressPrefixes: ["10.0.0.0/8", "192.168.0.1"],
      destinationApplicationSecurityGroups: [idOf(`${NETWORK}/applicationSecurityGroups/asg`)],
      access: "Allow",
      priority: 100,
      direction: "Inbound",
    },
  }),
  network("publicIPAddresses/nat", {
    location,
    tags,
    sku: { name: "Standard", tier: "Regional" },
    zones: ["1"],
    properties: { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4", idleTimeoutInMinutes: 10, deleteOption: "Detach" },
  }),
  network("publicIPAddresses/nic", { location, sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" } }),
  network("natGateways/nat", {
    location,
    tags,
    sku: { name: "Standard" },
    zones: ["1"],
    properties: { idleTimeoutInMinutes: 10, publicIpAddresses: [idOf(`${NETWORK}/publicIPAddresses/nat`)] },
  }),
  network("virtualNetworks/net", {
    location,
    tags,
    properties: {
      addressSpace: { addressPrefixes: ["10.0.0.0/16", "10.2.0.0/16"] },
      dhcpOptions: { dnsServers: ["10.0.0.4"] },
      flowTimeoutInMinutes: 10,
      enableVmProtection: false,
      privateEndpointVNetPolicies: "Disabled",
    },
  }),
  network("virtualNetworks/net/subnets/a", {
    properties: {
      addressPrefix: "10.0.1.0/24",
      networkSecurityGroup: idOf(`${NETWORK}/networkSecurityGroups/nsg`),
      natGateway: idOf(`${NETWORK}/natGateways/nat`),
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Enabled",
      privateLinkServiceNetworkPolicies: "Disabled",
    },
  }),
  network("networkInterfaces/nic", {
    location,
    tags,
    properties: {
      networkSecurityGroup: idOf(`${NETWORK}/networkSecurityGroups/nsg`),
      enableAcceleratedNetworking: true,
      enableIPForwarding: true,
      disableTcpStateTracking: false,
      dnsSettings: { dnsServers: ["10.0.0.4"], internalDnsNameLabel: "web" },
      nicType: "Standard",
      auxiliaryMode: "None",
      auxiliarySku: "None",
      ipConfigurations: [
        {
          name: "main",
          properties: {
            privateIPAddress: "10.0.1.10",
            privateIPAllocationMethod: "Static",
            privateIPAddressVersion: "IPv4",
            primary: true,
            subnet: idOf(`${NETWORK}/virtualNetworks/net/subnets/a`),
            publicIPAddress: idOf(`${NETWORK}/publicIPAddresses/nic`),
            applicationSecurityGroups: [idOf(`${NETWORK}/applicationSecurityGroups/asg`)],
          },
        },
      ],
    },
  }),
  make(`${COMPUTE}/disks/disk`, "2026-03-02", {
    location,
    tags,
    zones: ["1"],
    sku: { name: "Premium_LRS" },
    properties: {
      creationData: { createOption: "Empty" },
      diskSizeGB: 16,
      osType: "Linux",
      hyperVGeneration: "V2",
      networkAccessPolicy: "DenyAll",
      publicNetworkAccess: "Disabled",
      encryption: { type: "EncryptionAtRestWithPlatformKey" },
      supportedCapabilities: { architecture: "x64", acceleratedNetwork: true },
    },
  }),
  make(`${COMPUTE}/snapshots/snapshot`, "2026-03-02", {
    location,
    tags,
    sku: { name: "Standard_ZRS" },
    properties: { creationData: { createOption: "Copy", sourceResourceId: idOf(`${COMPUTE}/disks/disk`).id }, incremental: true },
  }),
  make(`${COMPUTE}/images/image`, "2026-04-01", {
    location,
    tags,
    properties: {
      hyperVGeneration: "V2",
      storageProfile: {
        zoneResilient: true,
        osDisk: {
          osType: "Linux",
          osState: "Generalized",
          snapshot: idOf(`${COMPUTE}/snapshots/snapshot`),
          caching: "ReadWrite",
          diskSizeGB: 16,
          storageAccountType: "Premium_LRS",
        },
      },
    },
  }),
  make(`${COMPUTE}/virtualMachines/vm`, "2026-04-01", {
    location,
    tags,
    zones: ["1"],
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: { [idOf("/resourceGroups/full/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me").id]: {} },
    },
    properties: {
      hardwareProfile: { vmSize: "Standard_D2s_v5" },
      priority: "Spot",
      evictionPolicy: "Deallocate",
      billingProfile: { maxPrice: -1 },
      securityProfile: {
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        encryptionAtHost: false,
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      additionalCapabilities: { ultraSSDEnabled: false, hibernationEnabled: false },
      userData: "aGVsbG8=",
      storageProfile: {
        imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
        diskControllerType: "SCSI",
        osDisk: {
          name: "system",
          osType: "Linux",
          createOption: "FromImage",
          caching: "ReadWrite",
          writeAcceleratorEnabled: false,
          diskSizeGB: 40,
          deleteOption: "Delete",
          managedDisk: { storageAccountType: "Premium_LRS" },
        },
        dataDisks: [
          {
            lun: 0,
            name: "data",
            createOption: "Empty",
            diskSizeGB: 8,
            caching: "ReadOnly",
            deleteOption: "Delete",
            managedDisk: { storageAccountType: "StandardSSD_LRS" },
          },
          { lun: 1, createOption: "Attach", deleteOption: "Detach", managedDisk: idOf(`${COMPUTE}/disks/disk`) },
        ],
      },
      osProfile: {
        computerName: "web-1",
        adminUsername: "koine",
        customData: "aGVsbG8=",
        allowExtensionOperations: true,
        linuxConfiguration: {
          disablePasswordAuthentication: true,
          provisionVMAgent: true,
          enableVMAgentPlatformUpdates: false,
          patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
          ssh: { publicKeys: [{ path: "/home/koine/.ssh/authorized_keys", keyData }] },
        },
      },
      networkProfile: {
        networkInterfaces: [{ ...idOf(`${NETWORK}/networkInterfaces/nic`), properties: { primary: true, deleteOption: "Detach" } }],
      },
    },
  }),
];

/** Makes all of them; throws with the refusal of one that is not taken. */
export async function makeFullWorld(fixture: ArmFixture): Promise<void> {
  await fixture.send("PUT", "/resourceGroups/full?api-version=2025-04-01", { location });
  for (const { path, apiVersion, body } of FULL) {
    const answer = await fixture.send("PUT", `${path}?api-version=${apiVersion}`, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  }
}
