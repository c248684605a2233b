// The embedded EC2 on a loopback port: HTTP in, XML out, faults played on the way. No rule of EC2 lives here.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultEffect } from "../../simulation/faults.ts";
import { type Loopback, listenOnLoopback } from "../../simulation/loopback.ts";
import { type Exchange, playRequest } from "../../simulation/play.ts";
import type { ServingOf } from "../../simulation/start.ts";
import { type Caller, describeRequest, type Prepared, performRequest, prepareRequest, readParameters } from "./dispatch.ts";
import { Ec2Error, refuse } from "./errors.ts";
import { encodeError } from "./protocol.ts";
import type { AnyRow } from "./rows.ts";
import type { Settings } from "./settings.ts";
import { answerSts } from "./sts.ts";
import type { Throttle } from "./throttle.ts";
import { advanceWorld, type TimerHandlers, viewWorld } from "./world.ts";

export interface Serving extends ServingOf<AnyRow, Settings, Throttle> {
  readonly transitions: TimerHandlers;
}

/** Of answers that are in no log. */
const NO_ID = "00000000-0000-4000-8000-000000000000";

/** Listens on 127.0.0.1. */
export function listen(serving: Serving, port: number): Promise<Loopback> {
  return listenOnLoopback(port, {
    answer: (request, response, body) => answer(serving, request, response, body),
    fail: (response, message) => send(response, 500, encodeError("InternalError", `The embedded EC2 failed: ${message}`, NO_ID)),
  });
}

function send(response: ServerResponse, status: number, body: string, requestId = NO_ID): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    "x-amzn-requestid": requestId,
    "content-type": "text/xml;charset=UTF-8",
    "content-length": bytes.length,
    server: "AmazonEC2",
  });
  response.end(bytes);
}

const DEFAULT_ACCOUNT = "111122223333";

/** Who calls, by the scope of the signature; the signature itself is not verified. An access key that ends in 12 digits speaks for that account. */
function readCaller(request: IncomingMessage, query: URLSearchParams): Caller & { readonly service: string } {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ??
    query.get("X-Amz-Credential") ??
    refuse("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
  const [key = "", , region = "", service = ""] = credential.split("/");
  return { account: /\d{12}$/.exec(key)?.[0] ?? DEFAULT_ACCOUNT, region, service };
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const form = request.method === "GET" ? query : new URLSearchParams(body);
  let facts = { operation: form.get("Action") ?? "", mutating: false, account: "", region: "" };
  try {
    const { account, region, service } = readCaller(request, query);
    if (service === "sts") {
      send(response, 200, answerSts(form, account));
      return;
    }
    facts = { ...facts, account, region };
    const prepared = prepareRequest(form, { account, region });
    facts = { ...facts, mutating: prepared.operation.mutating };
    await serve(serving, { caller: { account, region }, prepared, form }, request, response);
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    const requestId = serving.view.store.log({
      ...facts,
      at: serving.now(),
      params: readParameters(form),
      outcome: error.code,
      status: error.status,
    });
    send(response, error.status, encodeError(error.code, error.message, requestId), requestId);
  }
}

interface Asked {
  readonly caller: Caller;
  readonly prepared: Prepared;
  readonly form: URLSearchParams;
}

async function serve(serving: Serving, asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { view, throttle, now } = serving;
  const { caller, prepared, form } = asked;
  const { name, operation, input } = prepared;
  const result = await playRequest(
    { store: view.store, faults: serving.faults, now },
    {
      facts: describeRequest(prepared, caller, form),
      refuse: refusals(caller, name),
      failure: "Server.InternalError",
      spend: () => throttle?.spend(`${caller.account}/${caller.region}`, name, operation.mutating, input, now()),
      advance: () => advanceWorld(view, serving.transitions, now()),
      meanwhile: (effect) => actMeanwhile(serving, caller, effect),
      landLater: (ms) => landLater(serving, caller, form, ms),
      perform: (play) => performRequest(view, caller, prepared, form, now(), play),
    },
  );
  if (result === undefined) {
    request.socket.destroy();
    return;
  }
  const { body, requestId } = result;
  send(response, result.status, typeof body === "string" ? body : encodeError(body.code, body.message, requestId), requestId);
}

/** Errors before any effect, in EC2's words. */
function refusals(caller: Caller, name: string): Exchange<unknown>["refuse"] {
  return {
    throttle: () => refuse("RequestLimitExceeded", "Request limit exceeded.", 503),
    error: ({ code, message, status }) => refuse(code ?? "InternalError", message ?? "An internal error has occurred", status ?? 500),
    deny: () =>
      refuse(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. User: arn:aws:iam::${caller.account}:user/simulated is not authorized to perform: ec2:${name}`,
        403,
      ),
  };
}

/** Another hand's request; whether it succeeds is its own affair. */
function actMeanwhile(serving: Serving, caller: Caller, effect: FaultEffect & { readonly kind: "meanwhile" }): void {
  const { store } = serving.view;
  const form = new URLSearchParams({ Action: effect.operation, Version: "2016-11-15" });
  for (const [name, value] of Object.entries(effect.parameters ?? {})) {
    const kind = /^@newest:([a-z-]+)$/.exec(value)?.[1];
    const rows =
      kind === undefined ? [] : [...viewWorld(serving.view, caller.account, caller.region, serving.now()).all(kind as "instance")];
    form.set(name, kind === undefined ? value : (rows.sort((a, b) => b.n - a.n)[0]?.id ?? value));
  }
  store.refresh();
  performRequest(serving.view, caller, prepareRequest(form, caller), form, serving.now(), { fault: "meanwhile" });
}

function landLater({ view, now }: Serving, caller: Caller, form: URLSearchParams, ms: number): void {
  view.store.write(() =>
    viewWorld(view, caller.account, caller.region, now()).at(now() + ms, "late-request", "", { form: form.toString() }),
  );
}
