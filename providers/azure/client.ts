// The only file that loads the Azure SDKs, and it is imported when a cloud is called, never before. One `send` is one request on the wire: the
// SDK's own retries and redirects are off, because only the engine knows whether a repeat is safe.

import type { TokenCredential } from "@azure/identity";
import { ProviderError } from "../../engine/provider/errors.ts";
import { isMap } from "../handlers/body.ts";
import { toProviderError, toRefusal } from "./errors.ts";
import { type Arm, type ArmAnswer, type ArmRequest, type Method, operations, type Service } from "./operations.ts";

export interface ArmOptions {
  readonly subscription: string;
  readonly region: string;
  readonly tenant?: string;
  /** Loopback address of an embedded ARM. */
  readonly endpoint?: string;
  /** No credentials are looked for, and requests go out unsigned over plain http. */
  readonly simulated: boolean;
  readonly koineVersion: string;
  readonly onRequest?: (operation: string) => void;
}

/** What is used of the SDK's contexts: one request each, with its pipeline, and the body as it came. */
interface Context {
  readonly pipeline: {
    addPolicy(policy: Policy, options: { readonly afterPhase: "Sign" }): void;
    removePolicy(policy: { readonly name: string }): unknown;
  };
  pathUnchecked(path: string): Readonly<Record<Lowercase<Method>, (options: RequestOptions) => PromiseLike<RawAnswer>>>;
}

interface Policy {
  readonly name: string;
  sendRequest(request: PipelineRequest, next: (request: PipelineRequest) => Promise<unknown>): Promise<unknown>;
}

interface PipelineRequest {
  readonly headers: { get(name: string): string | undefined; delete(name: string): void };
}

interface RequestOptions {
  readonly abortSignal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: unknown;
}

interface RawAnswer {
  readonly status: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Milliseconds for one request. */
const longest = 60_000;

/** Tells the pipeline what a request is called and is told when it leaves; never goes out on the wire. */
const callHeader = "x-koine-call";

/** Connects by the default credential chain, or to a simulator. Sends nothing, and loads the SDK of a service with its first request. */
export function connectArm(options: ArmOptions): Arm {
  const { subscription, region, endpoint } = options;
  const contexts = new Map<Service, Promise<Context>>();
  const leaving = new Map<string, () => void>();
  let calls = 0;
  let credential: Promise<TokenCredential> | undefined;

  const contextOf = (service: Service): Promise<Context> => {
    const known = contexts.get(service);
    if (known !== undefined) return known;
    credential ??= options.simulated ? Promise.resolve(noCredential) : defaultCredential(options.tenant);
    const made = credential.then((who) => openContext(service, who, options, leaving));
    contexts.set(service, made);
    made.catch(() => contexts.delete(service));
    return made;
  };

  const request = async (
    name: string,
    service: Service,
    method: Method,
    address: string,
    { body, headers }: ArmRequest,
    signal: AbortSignal,
  ): Promise<ArmAnswer> => {
    const call = String(++calls);
    let sent = false;
    leaving.set(call, () => {
      sent = true;
      options.onRequest?.(`azure:${name}`);
    });
    try {
      signal.throwIfAborted();
      const context = await contextOf(service);
      const send = context.pathUnchecked(address)[method.toLowerCase() as Lowercase<Method>];
      const answer = await send({
        // The SDK's own timer outlives a request that fails, and holds up the end of the process; this one does not.
        abortSignal: AbortSignal.any([signal, AbortSignal.timeout(longest)]),
        headers: { ...headers, [callHeader]: call },
        ...(body === undefined ? {} : { contentType: "application/json", body }),
      });
      const status = Number(answer.status);
      if (status >= 300) throw toRefusal(name, { status, body: answer.body, headers: answer.headers });
      return { status, body: readBody(name, answer.body), headers: answer.headers };
    } catch (cause) {
      throw toProviderError(cause, name, { sent });
    } finally {
      leaving.delete(call);
    }
  };

  return {
    subscription,
    region,
    send(name, input, signal) {
      const { service, method, path, apiVersion } = operations[name];
      return request(name, service, method, writeAddress(subscription, path, apiVersion, input), input, signal);
    },
    follow(name, address, signal) {
      const { service } = name === "operations.get" ? serviceOf(address) : operations[name];
      // A host that the answer named is not followed: the token belongs to this one alone.
      return request(name, service, "GET", stripHost(address), {}, signal);
    },
    close: () => contexts.clear(),
  };

  function stripHost(address: string): string {
    const url = new URL(address, endpoint ?? "https://management.azure.com");
    return `${url.pathname}${url.search}`;
  }
}

function serviceOf(address: string): { readonly service: Service } {
  return {
    service: /\/providers\/Microsoft\.Compute\//i.test(address)
      ? "compute"
      : /\/providers\/Microsoft\.Network\//i.test(address)
        ? "network"
        : "resources",
  };
}

function writeAddress(subscription: string, path: string, apiVersion: string, { at = [], query = {} }: ArmRequest): string {
  let place = 0;
  const filled = path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(at[place++] ?? ""));
  if (place !== at.length) throw new Error(`${path} has ${place} places, and ${at.length} were given`);
  const search = new URLSearchParams({ "api-version": apiVersion, ...query });
  return `/subscriptions/${encodeURIComponent(subscription)}${filled}?${search.toString().replaceAll("+", "%20")}`;
}

/** An answer without a body is as good as an empty one, and a bare list as one in its envelope; text is neither. */
function readBody(name: string, body: unknown): ArmAnswer["body"] {
  if (body === undefined || body === null || body === "") return {};
  if (Array.isArray(body)) return { value: body };
  if (isMap(body as ArmAnswer["body"])) return body as ArmAnswer["body"];
  throw new ProviderError(`the answer to ${name} is not a JSON object; a proxy may stand in between`, {
    code: "unavailable",
    effect: "unknown",
  });
}

async function openContext(
  service: Service,
  credential: TokenCredential,
  options: ArmOptions,
  leaving: Map<string, () => void>,
): Promise<Context> {
  const create = await loadService(service);
  const context = create(credential, options.subscription, {
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `koine/${options.koineVersion}` },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.simulated ? { allowInsecureConnection: true } : {}),
  });
  if (options.simulated) {
    // The policy refuses plain http. https://learn.microsoft.com/javascript/api/@azure/core-rest-pipeline
    context.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
  }
  // After `Sign`, the last phase there is: it runs once per request, after everything that could repeat one or fail before it leaves.
  context.pipeline.addPolicy(
    {
      name: "koineWireCount",
      sendRequest(request, next) {
        leaving.get(request.headers.get(callHeader) ?? "")?.();
        request.headers.delete(callHeader);
        return next(request);
      },
    },
    { afterPhase: "Sign" },
  );
  return context;
}

type CreateContext = (credential: TokenCredential, subscription: string, options: object) => Context;

/** Only the services that a stack uses are loaded. */
async function loadService(service: Service): Promise<CreateContext> {
  switch (service) {
    case "network":
      return (await import("@azure/arm-network/api")).createNetworkManagement as unknown as CreateContext;
    case "compute":
      return (await import("@azure/arm-compute/api")).createComputeManagement as unknown as CreateContext;
    case "resources":
      return (await import("@azure/arm-resources/api")).createResourceManagement as unknown as CreateContext;
  }
}

/** https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential */
async function defaultCredential(tenant: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential(tenant === undefined ? {} : { tenantId: tenant });
}

/** Never asked: the policy that would is taken out. */
const noCredential: TokenCredential = {
  getToken: () => Promise.reject(new Error("a simulator is called without credentials")),
};
