// An embedded GCE for one test, called by plain HTTP as GCE documents it, with a clock that stands still but for the test.

import { startGceSimulator } from "../../providers/gcp/simulator/start.ts";

/** A JSON answer; fields are looked up by path, so that a test reads as one line. */
export interface GceAnswer {
  readonly status: number;
  readonly body: Json;
}

export type Json = { readonly [key: string]: unknown };

export interface GceFixture {
  readonly endpoint: string;
  /** Paths below the project: `zones/europe-west1-b/instances/web`. */
  call(http: string, path: string, body?: unknown): Promise<GceAnswer>;
  /** The answer of a GET; throws for an error. */
  get(path: string): Promise<Json>;
  /** A change and its operation, which it follows to the end: `ok`, or the code in which it failed; or the reason why it was refused. */
  change(http: string, path: string, body?: unknown): Promise<string>;
  /** Moves the simulator's clock. */
  pass(milliseconds: number): void;
  close(): Promise<void>;
}

export interface GceFixtureOptions {
  readonly directory?: string;
  readonly seed?: number;
  readonly delays?: "realistic" | "short" | "none";
  readonly faults?: unknown;
  readonly project?: string;
  /** The clock runs by itself, for what waits in real time. Otherwise it stands still, at one time for all, until a test moves it. */
  readonly running?: boolean;
}

export const GCE_PROJECT = "test-project";

const START = Date.now();

/** Starts one; in memory and without delays unless told. */
export async function openGce(options: GceFixtureOptions = {}): Promise<GceFixture> {
  let shift = 0;
  const simulator = await startGceSimulator(
    {
      directory: options.directory ?? ":memory:",
      delays: options.delays ?? "none",
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    },
    () => (options.running === true ? Date.now() : START) + shift,
  );
  const root = `${simulator.endpoint}/compute/v1/projects/${options.project ?? GCE_PROJECT}`;
  const call = async (http: string, path: string, body?: unknown): Promise<GceAnswer> => {
    const response = await fetch(path === "" ? root : `${root}/${path}`, {
      method: http,
      headers: { authorization: "Bearer simulated" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const get = async (path: string): Promise<Json> => {
    const { status, body } = await call("GET", path);
    if (status !== 200) throw new Error(`${status} ${reasonOf(body)} ${path}`);
    return body;
  };
  const change = async (http: string, path: string, body?: unknown): Promise<string> => {
    const answer = await call(http, path, body);
    if (answer.status !== 200) return reasonOf(answer.body);
    const link = String(answer.body.selfLink);
    for (let tries = 0; tries < 1000; tries++) {
      const operation = await get(link.slice(link.indexOf("/projects/")).split("/").slice(3).join("/"));
      if (operation.status === "DONE") return codeOf(operation) ?? "ok";
      shift += 1000;
    }
    throw new Error(`the operation of ${http} ${path} does not end`);
  };
  return {
    endpoint: simulator.endpoint,
    call,
    get,
    change,
    pass: (milliseconds) => {
      shift += milliseconds;
    },
    close: () => simulator.close(),
  };
}

/** GCE's reason for a refusal: `notFound`. */
export function reasonOf(body: Json): string {
  const { error } = body as { readonly error?: { readonly errors?: readonly { readonly reason?: string }[] } };
  return error?.errors?.[0]?.reason ?? "no reason";
}

/** The code in which an operation failed: `QUOTA_EXCEEDED`. */
function codeOf(operation: Json): string | undefined {
  const { error } = operation as { readonly error?: { readonly errors?: readonly { readonly code?: string }[] } };
  return error?.errors?.[0]?.code;
}

export const ZONE = "zones/europe-west1-b";
export const REGION = "regions/europe-west1";

/** A network `net` with the subnetwork `sub`, 10.0.0.0/24. */
export async function makeNetwork(gce: GceFixture): Promise<void> {
  await gce.change("POST", "global/networks", { name: "net", autoCreateSubnetworks: false });
  await gce.change("POST", `${REGION}/subnetworks`, { name: "sub", network: "global/networks/net", ipCidrRange: "10.0.0.0/24" });
}

/** What makes a small machine in that network. */
export function describeMachine(name: string, more: Json = {}): Json {
  return {
    name,
    machineType: `${ZONE}/machineTypes/e2-medium`,
    disks: [{ boot: true, autoDelete: true, initializeParams: { sourceImage: "projects/debian-cloud/global/images/family/debian-12" } }],
    networkInterfaces: [{ subnetwork: `${REGION}/subnetworks/sub` }],
    ...more,
  };
}
