// The Compute Engine calls that Koine makes, by name, with the SDK's own types, and the connection as handlers see it. Types only.
// https://cloud.google.com/compute/docs/reference/rest/v1

import type { google } from "@google-cloud/compute/build/protos/protos.js";
import type { Call } from "../../engine/provider/provider.ts";

/** A resource or a list as the SDK gives it: absent fields are undefined or null. */
export type Address = google.cloud.compute.v1.IAddress;
export type AttachedDisk = google.cloud.compute.v1.IAttachedDisk;
export type Disk = google.cloud.compute.v1.IDisk;
export type Firewall = google.cloud.compute.v1.IFirewall;
export type Image = google.cloud.compute.v1.IImage;
export type Instance = google.cloud.compute.v1.IInstance;
export type Metadata = google.cloud.compute.v1.IMetadata;
export type Network = google.cloud.compute.v1.INetwork;
export type Operation = google.cloud.compute.v1.IOperation;
export type Router = google.cloud.compute.v1.IRouter;
export type RouterNat = google.cloud.compute.v1.IRouterNat;
export type Snapshot = google.cloud.compute.v1.ISnapshot;
export type Subnetwork = google.cloud.compute.v1.ISubnetwork;
export type Warning = google.cloud.compute.v1.IWarning;

/** By `<service>.<method>`, as in the REST reference. `project` is the connection's own unless an input says otherwise. */
export interface Operations {
  readonly "addresses.insert": {
    readonly input: google.cloud.compute.v1.IInsertAddressRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "addresses.get": {
    readonly input: google.cloud.compute.v1.IGetAddressRequest;
    readonly output: google.cloud.compute.v1.IAddress;
  };
  readonly "addresses.list": {
    readonly input: google.cloud.compute.v1.IListAddressesRequest;
    readonly output: google.cloud.compute.v1.IAddressList;
  };
  readonly "addresses.setLabels": {
    readonly input: google.cloud.compute.v1.ISetLabelsAddressRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "addresses.delete": {
    readonly input: google.cloud.compute.v1.IDeleteAddressRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "disks.insert": {
    readonly input: google.cloud.compute.v1.IInsertDiskRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "disks.get": { readonly input: google.cloud.compute.v1.IGetDiskRequest; readonly output: google.cloud.compute.v1.IDisk };
  readonly "disks.aggregatedList": {
    readonly input: google.cloud.compute.v1.IAggregatedListDisksRequest;
    readonly output: google.cloud.compute.v1.IDiskAggregatedList;
  };
  readonly "disks.resize": {
    readonly input: google.cloud.compute.v1.IResizeDiskRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "disks.update": {
    readonly input: google.cloud.compute.v1.IUpdateDiskRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "disks.setLabels": {
    readonly input: google.cloud.compute.v1.ISetLabelsDiskRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "disks.delete": {
    readonly input: google.cloud.compute.v1.IDeleteDiskRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "firewalls.insert": {
    readonly input: google.cloud.compute.v1.IInsertFirewallRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "firewalls.get": {
    readonly input: google.cloud.compute.v1.IGetFirewallRequest;
    readonly output: google.cloud.compute.v1.IFirewall;
  };
  readonly "firewalls.list": {
    readonly input: google.cloud.compute.v1.IListFirewallsRequest;
    readonly output: google.cloud.compute.v1.IFirewallList;
  };
  readonly "firewalls.update": {
    readonly input: google.cloud.compute.v1.IUpdateFirewallRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "firewalls.delete": {
    readonly input: google.cloud.compute.v1.IDeleteFirewallRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "globalOperations.get": {
    readonly input: google.cloud.compute.v1.IGetGlobalOperationRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "globalOperations.list": {
    readonly input: google.cloud.compute.v1.IListGlobalOperationsRequest;
    readonly output: google.cloud.compute.v1.IOperationList;
  };
  readonly "images.insert": {
    readonly input: google.cloud.compute.v1.IInsertImageRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "images.get": { readonly input: google.cloud.compute.v1.IGetImageRequest; readonly output: google.cloud.compute.v1.IImage };
  readonly "images.getFromFamily": {
    readonly input: google.cloud.compute.v1.IGetFromFamilyImageRequest;
    readonly output: google.cloud.compute.v1.IImage;
  };
  readonly "images.list": {
    readonly input: google.cloud.compute.v1.IListImagesRequest;
    readonly output: google.cloud.compute.v1.IImageList;
  };
  readonly "images.setLabels": {
    readonly input: google.cloud.compute.v1.ISetLabelsImageRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "images.delete": {
    readonly input: google.cloud.compute.v1.IDeleteImageRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.insert": {
    readonly input: google.cloud.compute.v1.IInsertInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.get": {
    readonly input: google.cloud.compute.v1.IGetInstanceRequest;
    readonly output: google.cloud.compute.v1.IInstance;
  };
  readonly "instances.aggregatedList": {
    readonly input: google.cloud.compute.v1.IAggregatedListInstancesRequest;
    readonly output: google.cloud.compute.v1.IInstanceAggregatedList;
  };
  readonly "instances.start": {
    readonly input: google.cloud.compute.v1.IStartInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.stop": {
    readonly input: google.cloud.compute.v1.IStopInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.resume": {
    readonly input: google.cloud.compute.v1.IResumeInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setMachineType": {
    readonly input: google.cloud.compute.v1.ISetMachineTypeInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setServiceAccount": {
    readonly input: google.cloud.compute.v1.ISetServiceAccountInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setTags": {
    readonly input: google.cloud.compute.v1.ISetTagsInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setMetadata": {
    readonly input: google.cloud.compute.v1.ISetMetadataInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setLabels": {
    readonly input: google.cloud.compute.v1.ISetLabelsInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.addAccessConfig": {
    readonly input: google.cloud.compute.v1.IAddAccessConfigInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.deleteAccessConfig": {
    readonly input: google.cloud.compute.v1.IDeleteAccessConfigInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.attachDisk": {
    readonly input: google.cloud.compute.v1.IAttachDiskInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.detachDisk": {
    readonly input: google.cloud.compute.v1.IDetachDiskInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.setDiskAutoDelete": {
    readonly input: google.cloud.compute.v1.ISetDiskAutoDeleteInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.updateShieldedInstanceConfig": {
    readonly input: google.cloud.compute.v1.IUpdateShieldedInstanceConfigInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "instances.delete": {
    readonly input: google.cloud.compute.v1.IDeleteInstanceRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "networks.insert": {
    readonly input: google.cloud.compute.v1.IInsertNetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "networks.get": {
    readonly input: google.cloud.compute.v1.IGetNetworkRequest;
    readonly output: google.cloud.compute.v1.INetwork;
  };
  readonly "networks.list": {
    readonly input: google.cloud.compute.v1.IListNetworksRequest;
    readonly output: google.cloud.compute.v1.INetworkList;
  };
  readonly "networks.patch": {
    readonly input: google.cloud.compute.v1.IPatchNetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "networks.delete": {
    readonly input: google.cloud.compute.v1.IDeleteNetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "projects.get": {
    readonly input: google.cloud.compute.v1.IGetProjectRequest;
    readonly output: google.cloud.compute.v1.IProject;
  };
  readonly "regionOperations.get": {
    readonly input: google.cloud.compute.v1.IGetRegionOperationRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "regionOperations.list": {
    readonly input: google.cloud.compute.v1.IListRegionOperationsRequest;
    readonly output: google.cloud.compute.v1.IOperationList;
  };
  readonly "routers.insert": {
    readonly input: google.cloud.compute.v1.IInsertRouterRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "routers.get": { readonly input: google.cloud.compute.v1.IGetRouterRequest; readonly output: google.cloud.compute.v1.IRouter };
  readonly "routers.list": {
    readonly input: google.cloud.compute.v1.IListRoutersRequest;
    readonly output: google.cloud.compute.v1.IRouterList;
  };
  readonly "routers.patch": {
    readonly input: google.cloud.compute.v1.IPatchRouterRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "routers.update": {
    readonly input: google.cloud.compute.v1.IUpdateRouterRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "routers.delete": {
    readonly input: google.cloud.compute.v1.IDeleteRouterRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "snapshots.insert": {
    readonly input: google.cloud.compute.v1.IInsertSnapshotRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "snapshots.get": {
    readonly input: google.cloud.compute.v1.IGetSnapshotRequest;
    readonly output: google.cloud.compute.v1.ISnapshot;
  };
  readonly "snapshots.list": {
    readonly input: google.cloud.compute.v1.IListSnapshotsRequest;
    readonly output: google.cloud.compute.v1.ISnapshotList;
  };
  readonly "snapshots.setLabels": {
    readonly input: google.cloud.compute.v1.ISetLabelsSnapshotRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "snapshots.delete": {
    readonly input: google.cloud.compute.v1.IDeleteSnapshotRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "subnetworks.insert": {
    readonly input: google.cloud.compute.v1.IInsertSubnetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "subnetworks.get": {
    readonly input: google.cloud.compute.v1.IGetSubnetworkRequest;
    readonly output: google.cloud.compute.v1.ISubnetwork;
  };
  readonly "subnetworks.list": {
    readonly input: google.cloud.compute.v1.IListSubnetworksRequest;
    readonly output: google.cloud.compute.v1.ISubnetworkList;
  };
  readonly "subnetworks.setPrivateIpGoogleAccess": {
    readonly input: google.cloud.compute.v1.ISetPrivateIpGoogleAccessSubnetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "subnetworks.delete": {
    readonly input: google.cloud.compute.v1.IDeleteSubnetworkRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "zoneOperations.get": {
    readonly input: google.cloud.compute.v1.IGetZoneOperationRequest;
    readonly output: google.cloud.compute.v1.IOperation;
  };
  readonly "zoneOperations.list": {
    readonly input: google.cloud.compute.v1.IListZoneOperationsRequest;
    readonly output: google.cloud.compute.v1.IOperationList;
  };
}

export type OperationName = keyof Operations;

export type GceCall = Call<Gce>;

/** A connection to Compute Engine for one project and region. Made by `connectGce`; handlers see no more of the SDK than this. */
export interface Gce {
  readonly project: string;
  readonly region: string;
  /** Sends one request, once: nothing is repeated behind the caller's back. Throws `ProviderError` only. */
  send<Name extends OperationName>(
    operation: Name,
    input: Operations[Name]["input"],
    signal: AbortSignal,
  ): Promise<Operations[Name]["output"]>;
  close(): void;
}
