// Embedded clouds that another process serves already (`koine simulate`), so that a simulated run calls those instead of starting its own: requests
// then outlive the run that sent them, as they do on a real cloud. Loopback only: a simulated run calls nothing else.

import { CannotUse } from "./render/failure.ts";

const variable = "KOINE_SIMULATE_AT";
const form = `write ${variable} as \`koine simulate\` prints it: aws=http://127.0.0.1:4566,gcp=http://127.0.0.1:4567`;

/** Endpoints by provider, of the environment. Throws `CannotUse` for what is none, or not on this machine. */
export function readServedClouds(text: string | undefined = process.env[variable]): ReadonlyMap<string, string> {
  const served = new Map<string, string>();
  for (const entry of (text ?? "").split(",")) {
    if (entry.trim() === "") continue;
    const [, name = "", address = ""] = /^\s*(\w+)=(\S+?)\s*$/.exec(entry) ?? [];
    if (!isLoopback(address))
      throw new CannotUse(`\`${variable}\` says \`${entry.trim()}\`, which is no embedded cloud on this machine`, form);
    served.set(name, address);
  }
  return served;
}

/** The same the other way: what to put into the environment. */
export function describeServedClouds(endpoints: ReadonlyMap<string, string>): string {
  return `${variable}=${[...endpoints].map(([name, address]) => `${name}=${address}`).join(",")}`;
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]");
}
