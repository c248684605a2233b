// A HTTP server on a loopback port: whole bodies in, whole bodies out. Knows no protocol of any cloud.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const MOST_BYTES = 4 * 1024 * 1024;

export interface LoopbackHandlers {
  answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void>;
  /** A bug of ours; it must show as an error of the server, in the vendor's form. */
  fail(response: ServerResponse, message: string): void;
}

export interface Loopback {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 is any free one. Rejects when the port is taken. */
export async function listenOnLoopback(port: number, handlers: LoopbackHandlers): Promise<Loopback> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => handlers.answer(request, response, body))
      .catch((error: unknown) => {
        const message = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
        if (!response.headersSent) handlers.fail(response, message);
      });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** A body over the limit counts as none. */
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
