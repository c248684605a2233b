// The body of a virtual machine, as far as the embedded ARM has machines: Linux, managed disks, interfaces of their own.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update

import { DISK_SKUS } from "./disk.ts";
import { answered, empty, type Fields, flag, list, map, number, oneOf, record, text } from "./shape.ts";

const MANAGED_DISK = record({
  id: text,
  storageAccountType: oneOf(...DISK_SKUS),
  diskEncryptionSet: empty,
  securityProfile: empty,
  additionalDiskProperties: empty,
});

const CACHING = oneOf("None", "ReadOnly", "ReadWrite");
const DELETE_OPTION = oneOf("Delete", "Detach");

const DATA_DISK = record({
  lun: number,
  name: text,
  createOption: oneOf("Empty", "Attach", "FromImage"),
  caching: CACHING,
  writeAcceleratorEnabled: flag,
  diskSizeGB: number,
  managedDisk: MANAGED_DISK,
  deleteOption: DELETE_OPTION,
  detachOption: oneOf("ForceDetach"),
  toBeDetached: flag,
  diskIOPSReadWrite: answered,
  diskMBpsReadWrite: answered,
  vhd: empty,
  image: empty,
  sourceResource: empty,
  storageFaultDomainAlignment: empty,
});

export const STORAGE_PROFILE = record({
  imageReference: record({
    id: text,
    publisher: text,
    offer: text,
    sku: text,
    version: text,
    exactVersion: answered,
    sharedGalleryImageId: empty,
    communityGalleryImageId: empty,
  }),
  osDisk: record({
    osType: oneOf("Linux"),
    name: text,
    createOption: oneOf("FromImage"),
    caching: CACHING,
    writeAcceleratorEnabled: flag,
    diskSizeGB: number,
    managedDisk: MANAGED_DISK,
    deleteOption: DELETE_OPTION,
    diffDiskSettings: empty,
    encryptionSettings: empty,
    vhd: empty,
    image: empty,
    storageFaultDomainAlignment: empty,
  }),
  dataDisks: list(DATA_DISK),
  diskControllerType: oneOf("SCSI", "NVMe"),
  alignRegionalDisksToVMZone: flag,
  diskApiVersion: empty,
});

const PATCH_SETTINGS = record({
  patchMode: oneOf("ImageDefault", "AutomaticByPlatform"),
  assessmentMode: oneOf("ImageDefault", "AutomaticByPlatform"),
  automaticByPlatformSettings: record({
    rebootSetting: oneOf("Unknown", "IfRequired", "Never", "Always"),
    bypassPlatformSafetyChecksOnUserSchedule: flag,
  }),
});

const OS_PROFILE = record({
  computerName: text,
  adminUsername: text,
  adminPassword: text,
  customData: text,
  linuxConfiguration: record({
    disablePasswordAuthentication: flag,
    ssh: record({ publicKeys: list(record({ path: text, keyData: text })) }),
    provisionVMAgent: flag,
    patchSettings: PATCH_SETTINGS,
    enableVMAgentPlatformUpdates: flag,
  }),
  windowsConfiguration: empty,
  secrets: empty,
  allowExtensionOperations: flag,
  requireGuestProvisionSignal: flag,
});

export const HARDWARE_PROFILE = record({ vmSize: text, vmSizeProperties: empty, processorMode: empty });

export const MACHINE_PROPERTIES: Fields = {
  hardwareProfile: HARDWARE_PROFILE,
  storageProfile: STORAGE_PROFILE,
  osProfile: OS_PROFILE,
  networkProfile: record({
    networkInterfaces: list(record({ id: text, properties: record({ primary: flag, deleteOption: DELETE_OPTION }) })),
    networkApiVersion: empty,
    networkInterfaceConfigurations: empty,
    interconnectGroupProfile: empty,
  }),
  securityProfile: record({
    securityType: oneOf("TrustedLaunch", "Standard"),
    uefiSettings: record({ secureBootEnabled: flag, vTpmEnabled: flag }),
    encryptionAtHost: flag,
    encryptionIdentity: empty,
    proxyAgentSettings: empty,
  }),
  diagnosticsProfile: record({ bootDiagnostics: record({ enabled: flag, storageUri: text }) }),
  additionalCapabilities: record({ ultraSSDEnabled: flag, hibernationEnabled: flag, enableFips1403Encryption: flag }),
  priority: oneOf("Regular", "Low", "Spot"),
  evictionPolicy: oneOf("Deallocate", "Delete"),
  billingProfile: record({ maxPrice: number }),
  userData: text,
  licenseType: text,
  extensionsTimeBudget: text,
  platformFaultDomain: number,
  availabilitySet: empty,
  virtualMachineScaleSet: empty,
  proximityPlacementGroup: empty,
  host: empty,
  hostGroup: empty,
  scheduledEventsPolicy: empty,
  scheduledEventsProfile: empty,
  capacityReservation: empty,
  interconnectBlockProfile: empty,
  applicationProfile: empty,
  resiliencyProfile: empty,
  provisioningState: answered,
  instanceView: answered,
  vmId: answered,
  timeCreated: answered,
};

export const IDENTITY = record({
  type: oneOf("SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"),
  userAssignedIdentities: map(record({ principalId: answered, clientId: answered })),
  principalId: answered,
  tenantId: answered,
});

export const MACHINE_ENVELOPE: Fields = {
  zones: list(text),
  identity: IDENTITY,
  plan: record({ name: text, publisher: text, product: text, promotionCode: text }),
  extendedLocation: empty,
  placement: empty,
  resources: answered,
  managedBy: answered,
};
