// What the vendor's specifications say of the requests that the embedded ARM serves: methods, paths, statuses and how the end is learnt. Read from
// https://github.com/Azure/azure-rest-api-specs; `spec` is the file below `specification/`. Later versions are written in TypeSpec with the same operations.

export interface SpecRow {
  readonly operation: string;
  readonly method: "GET" | "HEAD" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** Below `/subscriptions/{subscriptionId}`. */
  readonly path: string;
  /** Of the specification's `responses`, errors left out. */
  readonly statuses: readonly number[];
  /** `x-ms-long-running-operation-options.final-state-via`, or that there is none; absent: not a long-running operation. */
  readonly finalState?: "azure-async-operation" | "location" | "unstated";
  readonly spec: string;
}

const NETWORK = "network/resource-manager/Microsoft.Network/stable/2024-05-01";
const DISKS = "compute/resource-manager/Microsoft.Compute/DiskRP/stable/2024-03-02";
const COMPUTE = "compute/resource-manager/Microsoft.Compute/ComputeRP/stable/2024-07-01";
const RESOURCES = "resources/resource-manager/Microsoft.Resources/stable/2024-03-01/resources.json";

type Row = readonly [
  operation: string,
  method: SpecRow["method"],
  path: string,
  statuses: readonly number[],
  finalState?: SpecRow["finalState"],
];

function rows(spec: string, table: readonly Row[]): readonly SpecRow[] {
  return table.map(([operation, method, path, statuses, finalState]) => ({
    operation,
    method,
    path,
    statuses,
    ...(finalState === undefined ? {} : { finalState }),
    spec,
  }));
}

function networkType(name: string, file: string, child = false): readonly SpecRow[] {
  const path = `/resourceGroups/{group}/providers/Microsoft.Network/${name}`;
  const noun = name.split("/").at(-1) ?? name;
  return rows(`${NETWORK}/${file}.json`, [
    [`${noun}.createOrUpdate`, "PUT", `${path}/{name}`, [200, 201], "azure-async-operation"],
    [`${noun}.get`, "GET", `${path}/{name}`, [200]],
    [`${noun}.delete`, "DELETE", `${path}/{name}`, [200, 202, 204], "location"],
    [`${noun}.list`, "GET", path, [200]],
    ...(child
      ? []
      : ([
          [`${noun}.updateTags`, "PATCH", `${path}/{name}`, [200]],
          [`${noun}.listAll`, "GET", `/providers/Microsoft.Network/${name}`, [200]],
        ] satisfies Row[])),
  ]);
}

function diskType(noun: string, file: string): readonly SpecRow[] {
  const path = `/resourceGroups/{group}/providers/Microsoft.Compute/${noun}`;
  return rows(file, [
    [`${noun}.createOrUpdate`, "PUT", `${path}/{name}`, [200, 202], "unstated"],
    [`${noun}.update`, "PATCH", `${path}/{name}`, [200, 202], "unstated"],
    [`${noun}.get`, "GET", `${path}/{name}`, [200]],
    [`${noun}.delete`, "DELETE", `${path}/{name}`, [200, 202, 204], "unstated"],
    [`${noun}.listByResourceGroup`, "GET", path, [200]],
    [`${noun}.list`, "GET", `/providers/Microsoft.Compute/${noun}`, [200]],
  ]);
}

const IMAGE = "/resourceGroups/{group}/providers/Microsoft.Compute/images";
const MACHINE = "/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines";

export const SPEC: readonly SpecRow[] = [
  ...networkType("virtualNetworks", "virtualNetwork"),
  ...networkType("virtualNetworks/{parent}/subnets", "virtualNetwork", true),
  ...networkType("networkSecurityGroups", "networkSecurityGroup"),
  ...networkType("networkSecurityGroups/{parent}/securityRules", "networkSecurityGroup", true),
  ...networkType("applicationSecurityGroups", "applicationSecurityGroup"),
  ...networkType("publicIPAddresses", "publicIpAddress"),
  ...networkType("natGateways", "natGateway"),
  ...networkType("networkInterfaces", "networkInterface"),
  ...diskType("disks", `${DISKS}/disk.json`),
  ...diskType("snapshots", `${DISKS}/snapshot.json`),
  ...rows(`${COMPUTE}/image.json`, [
    ["images.createOrUpdate", "PUT", `${IMAGE}/{name}`, [200, 201], "unstated"],
    ["images.update", "PATCH", `${IMAGE}/{name}`, [200, 201], "unstated"],
    ["images.get", "GET", `${IMAGE}/{name}`, [200]],
    ["images.delete", "DELETE", `${IMAGE}/{name}`, [200, 202, 204], "unstated"],
    ["images.listByResourceGroup", "GET", IMAGE, [200]],
    ["images.list", "GET", "/providers/Microsoft.Compute/images", [200]],
  ]),
  ...rows(`${COMPUTE}/virtualMachine.json`, [
    ["virtualMachines.createOrUpdate", "PUT", `${MACHINE}/{name}`, [200, 201], "unstated"],
    ["virtualMachines.update", "PATCH", `${MACHINE}/{name}`, [200], "unstated"],
    ["virtualMachines.get", "GET", `${MACHINE}/{name}`, [200]],
    ["virtualMachines.instanceView", "GET", `${MACHINE}/{name}/instanceView`, [200]],
    ["virtualMachines.attachDetachDataDisks", "POST", `${MACHINE}/{name}/attachDetachDataDisks`, [200, 202], "location"],
    ["virtualMachines.start", "POST", `${MACHINE}/{name}/start`, [200, 202], "unstated"],
    ["virtualMachines.restart", "POST", `${MACHINE}/{name}/restart`, [200, 202], "unstated"],
    ["virtualMachines.powerOff", "POST", `${MACHINE}/{name}/powerOff`, [200, 202], "unstated"],
    ["virtualMachines.deallocate", "POST", `${MACHINE}/{name}/deallocate`, [200, 202], "unstated"],
    ["virtualMachines.delete", "DELETE", `${MACHINE}/{name}`, [200, 202, 204], "unstated"],
    ["virtualMachines.list", "GET", MACHINE, [200]],
    ["virtualMachines.listAll", "GET", "/providers/Microsoft.Compute/virtualMachines", [200]],
  ]),
  ...rows(RESOURCES, [
    ["resourceGroups.createOrUpdate", "PUT", "/resourcegroups/{group}", [200, 201]],
    ["resourceGroups.update", "PATCH", "/resourcegroups/{group}", [200]],
    ["resourceGroups.get", "GET", "/resourcegroups/{group}", [200]],
    ["resourceGroups.checkExistence", "HEAD", "/resourcegroups/{group}", [204, 404]],
    ["resourceGroups.list", "GET", "/resourcegroups", [200]],
    ["resourceGroups.delete", "DELETE", "/resourcegroups/{group}", [200, 202], "unstated"],
    ["resources.list", "GET", "/resources", [200]],
    ["resources.listByResourceGroup", "GET", "/resourceGroups/{group}/resources", [200]],
  ]),
];
