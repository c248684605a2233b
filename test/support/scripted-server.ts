// An HTTP server on a loopback port for tests of clients: it notes what it is asked and answers as the test says. It knows no cloud and plays no rule.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What is done with a request whose body has been read. One that does nothing leaves the client waiting. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ScriptedServer {
  readonly endpoint: string;
  /** Every request, in order. */
  readonly seen: readonly Seen[];
  /** Stops it before the test ends: nobody listens any more. */
  close(): Promise<void>;
}

/** Answers every request the same, until the running test is over. */
export async function serveAnswer(answer: Answer): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += String(piece);
    });
    request.on("end", () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body });
      answer(request, response);
    });
  });
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}

/** One answer, whatever is asked. */
export function answerWith(status: number, body: string, headers: Readonly<Record<string, string>>): Answer {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** The connection breaks before any answer. */
export function cutOff(request: IncomingMessage): void {
  request.socket.destroy();
}
