// The embedded Azure Resource Manager with the vendor's own clients on it, for its unit tests and for conformance.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComputeManagementClient } from "@azure/arm-compute";
import { NetworkManagementClient } from "@azure/arm-network";
import { ResourceManagementClient } from "@azure/arm-resources";
import type { SimulatorOptions } from "../../engine/provider/provider.ts";
import { startArmSimulator } from "../../providers/azure/simulator/start.ts";

export const subscription = "00000000-0000-4000-8000-000000000000";
export const location = "westeurope";

export interface ArmFixture {
  readonly directory: string;
  readonly endpoint: string;
  readonly compute: ComputeManagementClient;
  readonly network: NetworkManagementClient;
  readonly resources: ResourceManagementClient;
  /** A request without an SDK: the path below the subscription, with its version. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
  /** One page of a list. */
  list(path: string): Promise<{ readonly items: readonly Readonly<Record<string, unknown>>[]; readonly next: string | undefined }>;
  close(): Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> | undefined;
  /** The error's code, where it is one. */
  readonly code: string | undefined;
}

/** Polls at once: with no delays, one poll sees the end. */
export const fast = { updateIntervalInMs: 1 } as const;

/** Opens a world of its own in a temporary folder. */
export async function openArm(options: Partial<SimulatorOptions> = {}, clock?: () => number): Promise<ArmFixture> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "koine-arm-"));
  const simulator = await startArmSimulator({ delays: "none", ...options, directory }, clock);
  const clients = connectTo(simulator.endpoint);
  return {
    directory,
    endpoint: simulator.endpoint,
    ...clients,
    send: (method, path, body, headers) => sendRaw(simulator.endpoint, method, path, body, headers),
    list: async (path) => {
      const { body } = await sendRaw(simulator.endpoint, "GET", path, undefined);
      const { value = [], nextLink } = (body ?? {}) as { value?: Record<string, unknown>[]; nextLink?: string };
      return { items: value, next: nextLink };
    },
    close: async () => {
      await simulator.close();
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Clients that need no token and take plain http. */
export function connectTo(endpoint: string): Pick<ArmFixture, "compute" | "network" | "resources"> {
  const credential = { getToken: () => Promise.resolve({ token: "simulated", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const options = { endpoint, allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
  const compute = new ComputeManagementClient(credential, subscription, options);
  const network = new NetworkManagementClient(credential, subscription, options);
  const resources = new ResourceManagementClient(credential, subscription, options);
  for (const { pipeline } of [compute, network, resources]) {
    for (const { name } of pipeline.getOrderedPolicies()) if (/auth/i.test(name)) pipeline.removePolicy({ name });
  }
  return { compute, network, resources };
}

async function sendRaw(
  endpoint: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const url = path.startsWith("http")
    ? path
    : `${endpoint}${path.startsWith("/subscriptions") ? "" : `/subscriptions/${subscription}`}${path}`;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const read = text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, headers: response.headers, body: read, code: (read?.error as { code?: string } | undefined)?.code };
}

/** The code of the error that a call ends with; `ok` when it does not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { code } = error as { code?: string };
    return code ?? String(error);
  }
}

export const keyData = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGzWMvOhHGyLxPEhsqg2TUPL5VyYc3nJIa1gPDrYl2S koine";

/** A group, a network with a subnet, and an interface in it. */
export async function makeNetwork(fixture: ArmFixture, group = "rg"): Promise<{ readonly subnet: string; readonly nic: string }> {
  const { network, resources } = fixture;
  await resources.resourceGroups.createOrUpdate(group, { location });
  await network.virtualNetworks.createOrUpdate(group, "net", { location, addressSpace: { addressPrefixes: ["10.0.0.0/16"] } }, fast);
  const subnet = await network.subnets.createOrUpdate(
    group,
    "net",
    "a",
    { addressPrefix: "10.0.1.0/24", defaultOutboundAccess: false },
    fast,
  );
  const nic = await network.networkInterfaces.createOrUpdate(
    group,
    "nic",
    { location, ipConfigurations: [{ name: "main", subnet: { id: subnet.id ?? "" } }] },
    fast,
  );
  return { subnet: subnet.id ?? "", nic: nic.id ?? "" };
}
