// The only file that loads Google's SDK, and it is imported when a cloud is called, never before. One `send` is one request on the wire: requests go
// past the SDK's own retries, paging and waiting, because only the engine knows whether a repeat is safe. The SDK writes the request and reads
// the answer; the request itself is sent here, once, with the token that google-auth-library gives.

import { CredentialProblem, toProviderError, WireRefusal } from "./errors.ts";
import type { Gce, OperationName, Operations } from "./operations.ts";
import { type ProtoNode, pruneProtos } from "./prune-protos.ts";

export interface GceOptions {
  readonly project: string;
  readonly region: string;
  /** E-mail of a service account to act as. */
  readonly impersonate?: string;
  /** Loopback address of an embedded or third-party Compute Engine. */
  readonly endpoint?: string;
  /** No credentials are looked for, the metadata server included; requests carry a token that means nothing. */
  readonly simulated: boolean;
  readonly koineVersion: string;
  readonly onRequest?: (operation: string) => void;
}

/** One client per service, loaded when it is first used: importing the whole SDK would load all of its hundred and twenty. */
const services = {
  addresses: async () => (await import("@google-cloud/compute/build/src/v1/addresses_client.js")).default.AddressesClient,
  disks: async () => (await import("@google-cloud/compute/build/src/v1/disks_client.js")).default.DisksClient,
  firewalls: async () => (await import("@google-cloud/compute/build/src/v1/firewalls_client.js")).default.FirewallsClient,
  globalOperations: async () =>
    (await import("@google-cloud/compute/build/src/v1/global_operations_client.js")).default.GlobalOperationsClient,
  images: async () => (await import("@google-cloud/compute/build/src/v1/images_client.js")).default.ImagesClient,
  instances: async () => (await import("@google-cloud/compute/build/src/v1/instances_client.js")).default.InstancesClient,
  networks: async () => (await import("@google-cloud/compute/build/src/v1/networks_client.js")).default.NetworksClient,
  projects: async () => (await import("@google-cloud/compute/build/src/v1/projects_client.js")).default.ProjectsClient,
  regionOperations: async () =>
    (await import("@google-cloud/compute/build/src/v1/region_operations_client.js")).default.RegionOperationsClient,
  routers: async () => (await import("@google-cloud/compute/build/src/v1/routers_client.js")).default.RoutersClient,
  snapshots: async () => (await import("@google-cloud/compute/build/src/v1/snapshots_client.js")).default.SnapshotsClient,
  subnetworks: async () => (await import("@google-cloud/compute/build/src/v1/subnetworks_client.js")).default.SubnetworksClient,
  zoneOperations: async () => (await import("@google-cloud/compute/build/src/v1/zone_operations_client.js")).default.ZoneOperationsClient,
} as const;

type ServiceName = keyof typeof services;

/** A method as the SDK's HTTP transport has it: below retries, paging and long-running operations. */
type StubMethod = (
  request: object,
  metadata: Readonly<Record<string, readonly string[]>>,
  options: object,
  done: (error: unknown, answer: unknown) => void,
) => { cancel(): void };
type Stub = Readonly<Record<string, StubMethod>>;

interface Sending {
  readonly operation: OperationName;
  /** Whether the request has left for the wire. */
  sent: boolean;
}

/** Names a `Sending` from the stub to the fetch below; it never leaves this process. */
const sendingHeader = "x-koine-sending";

/** Milliseconds for one request and its answer. */
const longestRequest = 60_000;

/** Connects by application default credentials, or to a simulator. Sends nothing. */
export function connectGce(options: GceOptions): Gce {
  const sendings = new Map<string, Sending>();
  const stubs = new Map<ServiceName, Promise<Stub>>();
  const auth = authorise(options, sendings);
  let count = 0;

  const stubOf = (service: ServiceName): Promise<Stub> => {
    const known = stubs.get(service);
    if (known !== undefined) return known;
    const stub = makeStub(service, options, auth);
    stubs.set(service, stub);
    return stub;
  };

  return {
    project: options.project,
    region: options.region,
    async send<Name extends OperationName>(operation: Name, input: Operations[Name]["input"], signal: AbortSignal) {
      if (signal.aborted) throw toProviderError(signal.reason, operation, { sent: false });
      const [service = "", method = ""] = operation.split(".");
      const stub = await stubOf(service as ServiceName);
      const key = String(++count);
      const sending: Sending = { operation, sent: false };
      sendings.set(key, sending);
      try {
        const call = stub[method];
        if (call === undefined) throw new Error(`the SDK has no ${operation}`);
        return (await callOnce(call, { project: options.project, ...input }, key, signal)) as Operations[Name]["output"];
      } catch (cause) {
        if (isDefect(cause, sending, signal)) throw cause;
        throw toProviderError(cause, operation, { sent: sending.sent });
      } finally {
        sendings.delete(key);
      }
    },
    close: () => stubs.clear(),
  };
}

function callOnce(call: StubMethod, request: object, key: string, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(longestRequest)]);
    const running = call(request, { [sendingHeader]: [key] }, {}, (error, answer) => {
      limit.removeEventListener("abort", stop);
      if (error) reject(limit.aborted ? limit.reason : error);
      else resolve(answer);
    });
    const stop = (): void => {
      running.cancel();
      reject(limit.reason);
    };
    limit.addEventListener("abort", stop, { once: true });
    if (limit.aborted) stop();
  });
}

/** A request that the SDK could not even write is our mistake, not the cloud's. */
function isDefect(cause: unknown, sending: Sending, signal: AbortSignal): boolean {
  return !sending.sent && !signal.aborted && !(causeOf(cause) instanceof CredentialProblem) && !isTimeout(cause);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && cause.name === "TimeoutError";
}

async function makeStub(service: ServiceName, options: GceOptions, auth: Auth): Promise<Stub> {
  const [Client, gax] = await Promise.all([services[service](), loadGax()]);
  // Its types are those of the full SDK; what is passed is the part of it that is used.
  const Constructor = Client as unknown as new (clientOptions: object, gaxInstance: object) => { initialize(): Promise<Stub> };
  return new Constructor({ fallback: true, auth, ...endpointOf(options) }, gax).initialize();
}

function endpointOf({ endpoint }: GceOptions): object {
  if (endpoint === undefined) return {};
  const { hostname, port, protocol } = new URL(endpoint);
  return { apiEndpoint: hostname, port: port === "" ? 443 : Number(port), protocol: protocol.replace(/:$/, "") };
}

let light: Promise<object> | undefined;

/**
 * google-gax with a smaller appetite: it makes the types of our services only, once for all of them. As it comes, it hashes 12 MB of
 * description and makes 2,200 types for the first client.
 */
function loadGax(): Promise<object> {
  light ??= makeLightGax();
  return light;
}

async function makeLightGax(): Promise<object> {
  const { default: gax } = await import("google-gax");
  const { fallback, protobuf } = gax;
  const names = Object.keys(services).map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  let root: object | undefined;
  function GrpcClient(clientOptions: object): object {
    const client = new fallback.GrpcClient(clientOptions);
    return Object.assign(client, {
      loadProtoJSON(description: ProtoNode): object {
        root ??= protobuf.Root.fromJSON(pruneProtos(description, names) as Parameters<typeof protobuf.Root.fromJSON>[0]);
        return root;
      },
    });
  }
  return { fallback: { ...fallback, GrpcClient } };
}

/** What the SDK's transport asks of its credentials: headers for its own use, and to send a request. */
interface Auth {
  getRequestHeaders(): Promise<Headers>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

function authorise(options: GceOptions, sendings: ReadonlyMap<string, Sending>): Auth {
  const readHeaders = options.simulated ? async () => new Headers({ authorization: "Bearer simulated" }) : credentialHeaders(options);
  return {
    // Asked for when a client is made; the headers of each request are read when it is sent.
    getRequestHeaders: async () => new Headers(),
    async fetch(url, init) {
      const headers = new Headers(init.headers);
      const sending = sendings.get(headers.get(sendingHeader) ?? "");
      headers.delete(sendingHeader);
      for (const [name, value] of await readHeaders()) headers.set(name, value);
      headers.set("user-agent", `koine/${options.koineVersion}`);
      headers.set("x-goog-api-client", `gl-node/${process.versions.node} koine/${options.koineVersion}`);
      init.signal?.throwIfAborted();
      if (sending !== undefined) {
        sending.sent = true;
        options.onRequest?.(`gcp:${sending.operation}`);
      }
      // A redirect would be a second request.
      const { method, body, signal } = init;
      const answer = await fetch(url, { headers, redirect: "manual", method: method ?? "GET", signal: signal ?? null, body: body ?? null });
      if (!answer.ok) throw new WireRefusal(answer.status, await answer.text(), readRetryAfter(answer.headers));
      return answer;
    },
  };
}

function readRetryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

const scope = "https://www.googleapis.com/auth/compute";

/** Tokens by application default credentials, got when they are first needed and again before they end. */
function credentialHeaders({ impersonate }: GceOptions): () => Promise<Headers> {
  let source: Promise<{ getRequestHeaders(): Promise<Headers> }> | undefined;
  const open = async () => {
    const { default: gax } = await import("google-gax");
    const { GoogleAuth, Impersonated } = gax.googleAuthLibrary;
    // Impersonating takes a token that may ask for others. https://cloud.google.com/iam/docs/reference/credentials/rest
    const own = new GoogleAuth({ scopes: impersonate === undefined ? [scope] : ["https://www.googleapis.com/auth/cloud-platform"] });
    const sourceClient = await own.getClient();
    if (impersonate === undefined) return sourceClient;
    return withoutWarnings(() => new Impersonated({ sourceClient, targetPrincipal: impersonate, targetScopes: [scope] }));
  };
  return async () => {
    try {
      source ??= open();
      return await (await source).getRequestHeaders();
    } catch (cause) {
      source = undefined;
      throw new CredentialProblem(cause);
    }
  };
}

/** The library warns of credential files from strangers; ours name an account that stands in the user's own source. */
function withoutWarnings<Result>(work: () => Result): Result {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}
