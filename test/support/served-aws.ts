// The embedded EC2 as a real cloud for CLI processes: it lives in the process of the test, and each CLI process reaches it through a front of
// its own, which notes what it sends and lets the test act while a request is on the wire.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { aws } from "../../providers/aws/provider.ts";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { makeScratch } from "./run-koine.ts";

export interface ServedAws {
  /** What points a CLI process straight at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** A way into the cloud for one process. */
  open(watch?: Watch): Promise<Front>;
  /** What lives there and bears an ownership mark. */
  owned(): readonly Owned[];
  close(): Promise<void>;
}

/** Awaited before a request is passed on (`arrived`), and before its answer is given back (`done`). */
export type Watch = (action: string, phase: "arrived" | "done") => Promise<void> | void;

export interface Front {
  /** What points a CLI process at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Actions in the order in which they arrived; reads are `Describe…` and `Get…`. */
  readonly sent: readonly string[];
  close(): Promise<void>;
}

export interface Owned {
  readonly type: string;
  readonly id: string;
  readonly address: string;
  readonly lineage: string;
}

export function isRead(action: string): boolean {
  return /^(Describe|Get)/.test(action);
}

/** Starts it with an empty world. */
export async function serveAws(delays: "short" | "none" = "none"): Promise<ServedAws> {
  const directory = makeScratch();
  const simulator = await aws.simulate({ directory, delays });
  const fronts: Front[] = [];
  return {
    environment: describeEndpoint(simulator.endpoint),
    open: async (watch = () => {}) => {
      const front = await startFront(simulator.endpoint, watch);
      fronts.push(front);
      return front;
    },
    owned: () =>
      readWorld(directory)
        .filter((object) => object.living && object.tags["koine:lineage"] !== undefined)
        .map(({ type, id, tags }) => ({ type, id, address: tags["koine:address"] ?? "", lineage: tags["koine:lineage"] ?? "" })),
    close: async () => {
      for (const front of fronts) await front.close();
      await simulator.close();
    },
  };
}

function describeEndpoint(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_EC2: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ACCESS_KEY_ID: "AKIASIMULATED",
    AWS_SECRET_ACCESS_KEY: "simulated",
  };
}

async function startFront(cloud: string, watch: Watch): Promise<Front> {
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const action = new URLSearchParams(body).get("Action") ?? "";
      sent.push(action);
      try {
        await watch(action, "arrived");
        const { authorization = "" } = request.headers;
        const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
        const answer = await fetch(cloud, { method: "POST", headers, body });
        const text = await answer.text();
        await watch(action, "done");
        response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/xml" }).end(text);
      } catch {
        response.destroy();
      }
    });
  });
  // A process that was stopped for long still finds its connections open.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: describeEndpoint(endpoint),
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
