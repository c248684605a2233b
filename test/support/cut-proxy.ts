// A TCP proxy before a server, that loses requests or answers when a test says so.

import { connect, createServer, type Socket } from "node:net";

export interface CutProxy {
  readonly port: number;
  /**
   * At the next request that holds this text, after as many were let through as are to be skipped:
   * `before`: it is lost and the connection cut. `after`: it arrives, its answer is lost. `late`: the connection is cut, and the request arrives
   * when `deliver` is called.
   */
  cutAt(text: string, when: "before" | "after" | "late", skip?: number): void;
  /** Lets a late request arrive, and waits until the server has answered it or closed. */
  deliver(): Promise<void>;
  /** While true, no new connection gets through. */
  refuse(isRefusing: boolean): void;
  /** How often something was cut. */
  cuts(): number;
  /** Bytes that clients have sent to the server. */
  sent(): number;
  close(): Promise<void>;
}

export async function startCutProxy(host: string, port: number): Promise<CutProxy> {
  let rule: { readonly text: string; readonly when: "before" | "after" | "late"; skip: number } | undefined;
  let late: { readonly upstream: Socket; readonly bytes: Buffer } | undefined;
  let cuts = 0;
  let refusing = false;
  let sent = 0;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    if (refusing) {
      client.on("error", () => {}).destroy();
      return;
    }
    const upstream = connect(port, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    let lost = false;
    let parked = Buffer.alloc(0);
    upstream.on("data", (bytes) => {
      if (!lost) client.write(bytes);
    });
    upstream.on("close", () => client.destroy());
    client.on("close", () => {
      if (late?.upstream !== upstream && !lost) upstream.destroy();
    });
    client.on("data", (bytes) => {
      sent += bytes.length;
      if (lost) return;
      parked = Buffer.concat([parked, bytes]);
      if (rule && !isWhole(parked)) return;
      if (!rule?.text || !parked.includes(rule.text) || rule.skip-- > 0) {
        upstream.write(parked);
        parked = Buffer.alloc(0);
        return;
      }
      const { when } = rule;
      rule = undefined;
      lost = true;
      cuts += 1;
      if (when === "before") upstream.destroy();
      if (when === "late") late = { upstream, bytes: parked };
      if (when === "after") upstream.once("data", () => client.destroy()).write(parked);
      else client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");

  return {
    port: address.port,
    cutAt: (text, when, skip = 0) => {
      rule = { text, when, skip };
    },
    deliver: async () => {
      if (!late) throw new Error("nothing is late");
      const { upstream, bytes } = late;
      late = undefined;
      await new Promise<void>((resolve) => {
        upstream.once("data", () => resolve()).once("close", () => resolve());
        upstream.write(bytes);
      });
      upstream.destroy();
    },
    refuse: (isRefusing) => {
      refusing = isRefusing;
    },
    cuts: () => cuts,
    sent: () => sent,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Whether nothing of a statement is still to come: one that is parsed ('P') ends with a Sync ('S', length 4).
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function isWhole(bytes: Buffer): boolean {
  return bytes[0] !== 0x50 || bytes.subarray(-5).equals(Buffer.from([0x53, 0, 0, 0, 4]));
}
