// moto, a third party's EC2, where it is installed: its own process on a free loopback port. https://docs.getmoto.org/en/latest/docs/server_mode.html

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";

export interface MotoServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Whether `moto_server` is on the PATH and starts. */
export function isMotoInstalled(): boolean {
  return spawnSync("moto_server", ["--help"], { stdio: "ignore" }).status === 0;
}

export async function startMoto(): Promise<MotoServer> {
  const port = await findPort();
  const process = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 150; tries++) {
    const answers = await fetch(`${endpoint}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answers) return { endpoint, stop: () => end(process) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await end(process);
  throw new Error("moto_server did not start");
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const gone = new Promise((resolve) => process.once("exit", resolve));
  process.kill();
  await gone;
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
