// The embedded EC2 on a loopback port: HTTP in, XML out, faults played on the way. No rule of EC2 lives here.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Caller, type Play, type Prepared, performRequest, prepareRequest, readParameters } from "./dispatch.ts";
import { Ec2Error, refuse } from "./errors.ts";
import type { FaultEffect, FaultPlayer } from "./faults.ts";
import { encodeError } from "./protocol.ts";
import { answerSts } from "./sts.ts";
import type { Throttle } from "./throttle.ts";
import { advanceWorld, type TimerHandlers, viewWorld, type WorldView } from "./world.ts";

export interface Serving {
  readonly view: WorldView;
  readonly transitions: TimerHandlers;
  readonly faults: FaultPlayer;
  readonly throttle: Throttle | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Of answers that are in no log. */
const NO_ID = "00000000-0000-4000-8000-000000000000";
const MOST_BYTES = 4 * 1024 * 1024;

/** Listens on 127.0.0.1. */
export async function listen(serving: Serving, port: number): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => answer(serving, request, response, body))
      .catch((error: unknown) => {
        // A bug of ours; it must show as an error of the server, in the vendor's form.
        const message = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
        if (!response.headersSent) send(response, 500, encodeError("InternalError", `The embedded EC2 failed: ${message}`, NO_ID));
      });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
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
  const { view, faults } = serving;
  const { caller, prepared, form } = asked;
  const { name, operation } = prepared;
  const effects = faults.next({ operation: name, mutating: operation.mutating, parameters: readParameters(form) });
  for (const effect of effects) if (effect.kind === "latency") await new Promise((resolve) => setTimeout(resolve, effect.ms));

  view.store.refresh();
  advanceWorld(view, serving.transitions, serving.now());
  refuseByFault(caller, name, effects);
  for (const effect of effects) {
    if (effect.kind === "meanwhile") actMeanwhile(serving, caller, effect);
    if (effect.kind === "kill" && effect.when === "before") process.kill(process.pid, "SIGKILL");
  }
  serving.throttle?.spend(`${caller.account}/${caller.region}`, name, operation.mutating, prepared.input, serving.now());
  for (const effect of effects) {
    if (effect.kind !== "late" && !(effect.kind === "cut" && effect.when === "before")) continue;
    if (effect.kind === "late") landLater(serving, caller, form, effect.ms);
    view.store.log({
      operation: name,
      mutating: operation.mutating,
      ...caller,
      at: serving.now(),
      params: readParameters(form),
      outcome: "cut",
      status: 0,
      fault: effect.kind,
    });
    request.socket.destroy();
    return;
  }

  const result = performRequest(view, caller, prepared, form, serving.now(), planPlay(effects));
  if (effects.some((effect) => effect.kind === "kill")) process.kill(process.pid, "SIGKILL");
  if (effects.some((effect) => effect.kind === "cut")) {
    request.socket.destroy();
    return;
  }
  const { body, requestId } = result;
  send(response, result.status, typeof body === "string" ? body : encodeError(body.code, body.message, requestId), requestId);
}

function planPlay(effects: readonly FaultEffect[]): Play {
  const play: { failing?: { reason: string }; page?: "empty" | number; twice?: "first" | "second"; fault?: string; unheard?: boolean } = {};
  for (const effect of effects) {
    if (effect.kind === "fail") play.failing = { reason: effect.reason ?? "Server.InternalError" };
    if (effect.kind === "partial-page") play.page = effect.keep;
    if (effect.kind === "empty-page") play.page = "empty";
    if (effect.kind === "twice") play.twice = effect.answer ?? "first";
    if (effect.kind === "cut") play.unheard = true;
  }
  if (effects.length > 0) play.fault = effects.map((effect) => effect.kind).join(" ");
  return play;
}

/** Errors before any effect. */
function refuseByFault(caller: Caller, name: string, effects: readonly FaultEffect[]): void {
  for (const effect of effects) {
    if (effect.kind === "throttle") refuse("RequestLimitExceeded", "Request limit exceeded.", 503);
    if (effect.kind === "error")
      refuse(effect.code ?? "InternalError", effect.message ?? "An internal error has occurred", effect.status ?? 500);
    if (effect.kind === "deny") {
      refuse(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. User: arn:aws:iam::${caller.account}:user/simulated is not authorized to perform: ec2:${name}`,
        403,
      );
    }
  }
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
