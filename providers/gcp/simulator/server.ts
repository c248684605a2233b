// The embedded GCE on a loopback port: HTTP and JSON in and out, faults played on the way. No rule of GCE lives here.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultEffect } from "../../simulation/faults.ts";
import { type Loopback, listenOnLoopback } from "../../simulation/loopback.ts";
import { type Exchange, playRequest } from "../../simulation/play.ts";
import type { ServingOf } from "../../simulation/start.ts";
import { describeRequest, type Prepared, performRequest, prepareRequest, type RawRequest } from "./dispatch.ts";
import { encodeError, GceError, refuse } from "./errors.ts";
import { findMethod } from "./methods.ts";
import { holdBack } from "./operations.ts";
import type { AnyRow, Collection } from "./rows.ts";
import type { Settings } from "./settings.ts";
import { refuseRate, type Throttle } from "./throttle.ts";
import { advanceWorld, type TimerHandlers, viewWorld } from "./world.ts";

export interface Serving extends ServingOf<AnyRow, Settings, Throttle> {
  readonly transitions: TimerHandlers;
}

/** Listens on 127.0.0.1. */
export function listen(serving: Serving, port: number): Promise<Loopback> {
  return listenOnLoopback(port, {
    answer: (request, response, body) => answer(serving, request, response, body),
    fail: (response, message) => send(response, 500, encodeError(new GceError(500, "backendError", `The embedded GCE failed: ${message}`))),
  });
}

function send(response: ServerResponse, status: number, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8", "content-length": bytes.length, server: "ESF" });
  response.end(bytes);
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const raw = { http: request.method ?? "GET", url: request.url ?? "/", body };
  let prepared: Prepared | undefined;
  try {
    if (!/^Bearer \S+/.test(request.headers.authorization ?? ""))
      refuse(
        401,
        "required",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      );
    prepared = prepareRequest(raw);
    await serve(serving, prepared, request, response);
  } catch (error) {
    if (!(error instanceof GceError)) throw error;
    const facts =
      prepared === undefined
        ? { operation: `${raw.http} ${raw.url.split("?")[0]}`, mutating: false, account: "", region: "", params: {} }
        : describeRequest(prepared);
    serving.view.store.log({ ...facts, at: serving.now(), outcome: error.reason, status: error.status });
    send(response, error.status, encodeError(error));
  }
}

async function serve(serving: Serving, prepared: Prepared, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { view, throttle, now } = serving;
  const { method, project } = prepared;
  if (method.id.endsWith(".wait")) await waitFor(serving, prepared);
  const exchange: Exchange<ReturnType<typeof performRequest>> = {
    facts: describeRequest(prepared),
    refuse: refusals(prepared),
    failure: "INTERNAL_ERROR",
    spend: () => throttle?.spend(project, prepared.scope, method, now()),
    advance: () => advanceWorld(view, serving.transitions, now()),
    meanwhile: (effect) => actMeanwhile(serving, prepared, effect),
    landLater: (ms) => landLater(serving, prepared, ms),
    perform: (play) => performRequest(view, prepared, now(), play),
  };
  const result = await playRequest<AnyRow, ReturnType<typeof performRequest>>({ store: view.store, faults: serving.faults, now }, exchange);
  if (result === undefined) {
    request.socket.destroy();
    return;
  }
  const { body, status } = result;
  send(response, status, body instanceof GceError ? encodeError(body) : JSON.stringify(body));
}

/** Holds a `wait` back until its operation is done, or as long as one is held back. */
async function waitFor({ view, transitions, now }: Serving, { project, raw }: Prepared): Promise<void> {
  const path = /\/(projects\/.*)\/wait/.exec(raw.url)?.[1] ?? "";
  view.store.refresh();
  advanceWorld(view, transitions, now());
  const ms = holdBack(viewWorld(view, project, now()), path);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Errors before any effect, in GCE's words. */
function refusals({ method, project }: Prepared): Exchange<unknown>["refuse"] {
  return {
    throttle: () => refuseRate(project, "defaultPerMinutePerProject"),
    error: ({ code, message, status }) => {
      throw new GceError(status ?? 503, code ?? "backendError", message ?? "Internal error. Please try again or contact Google Support.");
    },
    deny: () => refuse(403, "forbidden", `Required 'compute.${method.id}' permission for 'projects/${project}'`),
  };
}

/** Another hand's request; whether it succeeds is its own affair. */
function actMeanwhile(serving: Serving, prepared: Prepared, effect: FaultEffect & { readonly kind: "meanwhile" }): void {
  const { view, now } = serving;
  const world = viewWorld(view, prepared.project, now());
  const parameters = Object.entries(effect.parameters ?? {}).map(([name, value]) => {
    const collection = /^@newest:([a-zA-Z]+)$/.exec(value)?.[1];
    if (collection === undefined) return [name, value];
    return [name, [...world.all(collection as Collection)].sort((a, b) => b.n - a.n)[0]?.name ?? value];
  });
  view.store.refresh();
  const raw = writeRequest(effect.operation, prepared.project, {
    zone: prepared.route.zone ?? "",
    region: prepared.route.region ?? "",
    ...Object.fromEntries(parameters),
  });
  performRequest(view, prepareRequest(raw), now(), { fault: "meanwhile" });
  advanceWorld(view, serving.transitions, now());
}

/** A request by the method's name; parameters fill the route and the query, `body` is the body. */
export function writeRequest(id: string, project: string, parameters: Readonly<Record<string, unknown>>): RawRequest {
  const method = findMethod(id);
  if (method === undefined) throw new Error(`the embedded GCE has no method ${id}`);
  const path = method.path.replace(/\{(.+?)\}/g, (_all, name: string) => encodeURIComponent(String(parameters[name] ?? "")));
  const query = new URLSearchParams();
  for (const name of method.query) if (parameters[name] !== undefined) query.set(name, String(parameters[name]));
  const body = parameters.body === undefined ? "" : typeof parameters.body === "string" ? parameters.body : JSON.stringify(parameters.body);
  return { http: method.http, url: `/compute/v1/projects/${project}/${path}?${query}`.replace("/?", "?"), body };
}

function landLater({ view, now }: Serving, { project, raw }: Prepared, ms: number): void {
  view.store.write(() => viewWorld(view, project, now()).at(now() + ms, "late-request", "", { raw }));
}
