// Snapshots of disks, and images made of snapshots.
// https://learn.microsoft.com/rest/api/compute/snapshots/create-or-update · https://learn.microsoft.com/rest/api/compute/images/create-or-update

import { CREATION_DATA, DISK_TYPE, describeSku, requireSource } from "./disk.ts";
import { refuse } from "./errors.ts";
import { compact, flagAt, idAt, mapAt, numberAt, textAt } from "./json.ts";
import { DISK_NAMES, DISK_PART, type Draft, type ResourceType, refuseParameter, type WriteRequest } from "./resource-type.ts";
import { answered, empty, flag, map, number, oneOf, record, reference, text } from "./shape.ts";

export const SNAPSHOT_TYPE = "Microsoft.Compute/snapshots";
export const IMAGE_TYPE = "Microsoft.Compute/images";

const SKU = record({ name: oneOf("Standard_LRS", "Premium_LRS", "Standard_ZRS"), tier: answered });

export const snapshot: ResourceType = {
  type: SNAPSHOT_TYPE,
  noun: "snapshots",
  title: "Snapshot",
  ...DISK_PART,
  envelope: { sku: SKU, managedBy: answered, extendedLocation: empty },
  properties: record({
    creationData: CREATION_DATA,
    incremental: flag,
    osType: oneOf("Linux", "Windows"),
    hyperVGeneration: oneOf("V1", "V2"),
    diskSizeGB: number,
    networkAccessPolicy: oneOf("AllowAll", "AllowPrivate", "DenyAll"),
    publicNetworkAccess: oneOf("Enabled", "Disabled"),
    dataAccessAuthMode: oneOf("None", "AzureActiveDirectory"),
    supportsHibernation: flag,
    encryption: record({ type: oneOf("EncryptionAtRestWithPlatformKey"), diskEncryptionSetId: empty }),
    supportedCapabilities: answered,
    securityProfile: answered,
    purchasePlan: empty,
    encryptionSettingsCollection: empty,
    diskAccessId: empty,
    copyCompletionError: empty,
    completionPercent: answered,
    timeCreated: answered,
    diskSizeBytes: answered,
    diskState: answered,
    uniqueId: answered,
    provisioningState: answered,
    incrementalSnapshotFamilyId: answered,
    snapshotAccessState: answered,
    immutabilityPolicy: answered,
  }),
  passages: { create: "snapshot", update: "disk", remove: "diskDelete" },
  draft: draftSnapshot,
  patch: {
    body: record({
      tags: map(text),
      sku: SKU,
      properties: record({
        networkAccessPolicy: oneOf("AllowAll", "AllowPrivate", "DenyAll"),
        publicNetworkAccess: oneOf("Enabled", "Disabled"),
      }),
    }),
    draft: ({ old, body, properties }) => ({
      envelope: compact({ ...old?.envelope, ...(body.sku === undefined ? {} : { sku: body.sku }) }),
      properties: { ...old?.properties, ...properties },
      references: [],
    }),
  },
  render: (_world, row) =>
    compact({
      ...row.properties,
      diskSizeBytes: (numberAt(row.properties, "diskSizeGB") ?? 0) * 1024 ** 3,
      timeCreated: new Date(row.createdAt).toISOString(),
      uniqueId: row.guid,
      diskState: "Unattached",
      completionPercent: row.state === "Succeeded" ? 100 : undefined,
    }),
  refuseRemoval: () => undefined,
};

function draftSnapshot(request: WriteRequest): Draft {
  const { world, body, properties, old } = request;
  const creation = mapAt(properties, "creationData");
  const sourceId = textAt(creation, "sourceResourceId");
  if (textAt(creation, "createOption") !== "Copy")
    refuseParameter("snapshot.creationData.createOption", "Of snapshots the embedded ARM has createOption Copy only.");
  if (old !== undefined) {
    if (textAt(old.properties, "creationData", "sourceResourceId")?.toLowerCase() !== sourceId?.toLowerCase())
      refuse("PropertyChangeNotAllowed", "Changing property 'creationData' is not allowed.", 409, { target: "creationData" });
    return {
      envelope: old.envelope,
      properties: { ...old.properties, ...properties, creationData: old.properties.creationData },
      references: [],
    };
  }
  const source = requireSource(world, request, sourceId);
  const incremental = flagAt(properties, "incremental") ?? false;
  return {
    envelope: { sku: describeSku(textAt(body, "sku", "name") ?? "Standard_LRS") },
    properties: compact({
      networkAccessPolicy: "AllowAll",
      publicNetworkAccess: "Enabled",
      encryption: { type: "EncryptionAtRestWithPlatformKey" },
      ...properties,
      osType: source.properties.osType ?? properties.osType,
      hyperVGeneration: source.properties.hyperVGeneration ?? properties.hyperVGeneration,
      supportedCapabilities: source.properties.supportedCapabilities,
      creationData: { createOption: "Copy", sourceResourceId: source.armId, sourceUniqueId: source.guid },
      diskSizeGB: numberAt(source.properties, "diskSizeGB"),
      incremental,
      ...(incremental ? { incrementalSnapshotFamilyId: source.guid } : {}),
    }),
    references: [],
  };
}

export const image: ResourceType = {
  type: IMAGE_TYPE,
  noun: "images",
  title: "Image",
  provider: "compute",
  apiVersions: ["2026-04-01"],
  envelope: { extendedLocation: empty },
  properties: record({
    sourceVirtualMachine: empty,
    hyperVGeneration: oneOf("V1", "V2"),
    storageProfile: record({
      zoneResilient: flag,
      dataDisks: empty,
      osDisk: record({
        osType: oneOf("Linux", "Windows"),
        osState: oneOf("Generalized", "Specialized"),
        snapshot: reference,
        managedDisk: reference,
        blobUri: empty,
        caching: oneOf("None", "ReadOnly", "ReadWrite"),
        diskSizeGB: number,
        storageAccountType: text,
        diskEncryptionSet: empty,
      }),
    }),
    provisioningState: answered,
  }),
  tracked: true,
  names: DISK_NAMES,
  statuses: { create: 201, update: 200, patch: 200 },
  passages: { create: "image", update: "image", remove: "imageDelete" },
  creating: "Creating",
  etags: false,
  draft: draftImage,
  render: (_world, row) => row.properties,
  renderEnvelope: () => ({}),
  refuseRemoval: () => undefined,
};

function draftImage(request: WriteRequest): Draft {
  const { world, properties, old } = request;
  const osDisk = mapAt(properties, "storageProfile", "osDisk");
  const sourceId = idAt(osDisk, "snapshot") ?? idAt(osDisk, "managedDisk");
  for (const needed of ["osType", "osState"])
    if (osDisk[needed] === undefined)
      refuseParameter(`storageProfile.osDisk.${needed}`, `Required parameter 'image.storageProfile.osDisk.${needed}' is missing (null).`);
  if (sourceId === undefined)
    return refuseParameter("storageProfile.osDisk", "An image needs a snapshot or a managed disk behind its osDisk.");
  if (old !== undefined) {
    const before = mapAt(old.properties, "storageProfile", "osDisk");
    if ((idAt(before, "snapshot") ?? idAt(before, "managedDisk"))?.toLowerCase() !== sourceId.toLowerCase())
      refuse("PropertyChangeNotAllowed", "Changing property 'storageProfile.osDisk' is not allowed.", 409, {
        target: "storageProfile.osDisk",
      });
    return { envelope: {}, properties: old.properties, references: [] };
  }
  const source = requireSource(world, request, sourceId);
  if (idAt(osDisk, "snapshot") !== undefined && source.type !== SNAPSHOT_TYPE)
    refuseParameter("storageProfile.osDisk.snapshot.id", `The resource ${sourceId} is not a snapshot.`);
  if (idAt(osDisk, "managedDisk") !== undefined && source.type !== DISK_TYPE)
    refuseParameter("storageProfile.osDisk.managedDisk.id", `The resource ${sourceId} is not a managed disk.`);
  const generation = textAt(properties, "hyperVGeneration") ?? "V1";
  const theirs = textAt(source.properties, "hyperVGeneration");
  if (theirs !== undefined && theirs !== generation)
    refuseParameter(
      "hyperVGeneration",
      `The image's Hyper-V generation ${generation} differs from that of its source ${source.armId}, ${theirs}.`,
    );
  return {
    envelope: {},
    properties: {
      hyperVGeneration: generation,
      storageProfile: {
        zoneResilient: flagAt(properties, "storageProfile", "zoneResilient") ?? false,
        dataDisks: [],
        osDisk: compact({
          caching: "None",
          ...osDisk,
          diskSizeGB: numberAt(osDisk, "diskSizeGB") ?? numberAt(source.properties, "diskSizeGB"),
          storageAccountType: textAt(osDisk, "storageAccountType") ?? "Standard_LRS",
        }),
      },
    },
    references: [],
  };
}
