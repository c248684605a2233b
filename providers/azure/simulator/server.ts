// The embedded ARM on a loopback port: HTTP and JSON in and out, faults played on the way. No rule of Azure lives here.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Loopback, listenOnLoopback } from "../../simulation/loopback.ts";
import { playRequest } from "../../simulation/play.ts";
import type { ServingOf } from "../../simulation/start.ts";
import { type ArmRequest, answerError, guessFacts, type HttpAnswer, performRequest, prepareRequest } from "./dispatch.ts";
import { ArmError, refuse } from "./errors.ts";
import { playDue, writeLate } from "./late-request.ts";
import { readMeanwhile } from "./meanwhile.ts";
import type { Row } from "./rows.ts";
import { refuseThrottled, type Throttle } from "./throttle.ts";
import { type Settings, viewWorld } from "./world.ts";

export type Serving = ServingOf<Row, Settings, Throttle>;

/** Of answers that are in no log. */
const NO_ID = "00000000-0000-4000-8000-000000000000";

export function listen(serving: Serving, port: number): Promise<Loopback> {
  return listenOnLoopback(port, {
    answer: (request, response, body) => answer(serving, request, response, body),
    fail: (response, message) =>
      send(response, {
        ...answerError(new ArmError("InternalServerError", `The embedded ARM failed: ${message}`, 500)),
        requestId: NO_ID,
      }),
  });
}

/** Names whose letters the vendor writes large are as good in small ones: Node lowers them. */
function send(response: ServerResponse, { status, headers, body, requestId }: HttpAnswer): void {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "x-ms-request-id": requestId,
    "x-ms-correlation-request-id": requestId,
    ...headers,
    ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    ...(status === 204 ? {} : { "content-length": bytes.length }),
  });
  response.end(bytes);
}

function readRequest(request: IncomingMessage, text: string): ArmRequest {
  const url = new URL(request.url ?? "/", "http://localhost");
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const ifMatch = header("if-match");
  const ifNoneMatch = header("if-none-match");
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname).replace(/\/+$/, ""),
    query: url.searchParams,
    body: readJson(text),
    preconditions: { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) },
    origin: `http://${request.headers.host ?? "127.0.0.1"}`,
  };
}

/** What is not JSON is refused by the shape that reads it. */
function readJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function answer(serving: Serving, incoming: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
  const request = readRequest(incoming, text);
  let facts = guessFacts(request);
  try {
    const prepared = prepareRequest(request);
    facts = prepared.facts;
    const played = await playRequest(
      { store: serving.view.store, faults: serving.faults, now: serving.now },
      {
        facts,
        refuse: {
          throttle: () => refuseThrottled(),
          error: ({ code, status, message }) =>
            refuse(
              code ?? "InternalServerError",
              message ?? "The server encountered an internal error. Please retry the request.",
              status ?? 500,
            ),
          deny: () =>
            refuse(
              "AuthorizationFailed",
              `The client '00000000-0000-0000-0000-000000000000' does not have authorization to perform action '${facts.operation}' over scope '${request.path}' or the scope is invalid.`,
              403,
            ),
        },
        failure: "InternalExecutionError",
        spend: () => serving.throttle?.spend(prepared, serving.now()),
        advance: () => playDue(serving.view, serving.now()),
        meanwhile: (effect) => playMeanwhile(serving, request, prepared.subscription, effect),
        landLater: (ms) => {
          const now = serving.now();
          serving.view.store.write(() =>
            viewWorld(serving.view, prepared.subscription, now).at(now + ms, "late-request", "", writeLate(request)),
          );
        },
        perform: (play) => performRequest(serving.view, prepared, serving.now(), play),
      },
    );
    if (played === undefined) incoming.socket.destroy();
    else send(response, played);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    const requestId = serving.view.store.log({ ...facts, at: serving.now(), outcome: error.code, status: error.status });
    send(response, { ...answerError(error), requestId });
  }
}

function playMeanwhile(
  serving: Serving,
  request: ArmRequest,
  subscription: string,
  effect: { readonly operation: string; readonly parameters?: Readonly<Record<string, string>> },
): void {
  const { view } = serving;
  const now = serving.now();
  try {
    const other = readMeanwhile(viewWorld(view, subscription, now), request, effect);
    performRequest(view, prepareRequest(other), now, { fault: "meanwhile" });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
  }
  playDue(view, now);
}
