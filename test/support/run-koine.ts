// The CLI as a process, in scratch folders that end with the test.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export const root = join(import.meta.dirname, "..", "..");

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Kill it (SIGKILL) after this many milliseconds; the test then looks at what is left. */
  readonly timeout?: number;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder outside every repository, removed when the test file ends. */
export function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "koine-e2e-"));
  folders.push(folder);
  return folder;
}

/** A scratch folder with these files. */
export function makeStack(files: Readonly<Record<string, string>>): string {
  const folder = makeScratch();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A scratch copy of an example, without what earlier runs left in it. */
export function copyExample(name: string): string {
  const folder = makeScratch();
  cpSync(join(root, "examples", name), folder, { recursive: true, filter: (path) => !path.includes(`${name}/.koine`) });
  return folder;
}

/** A copy of a folder with its state and world, as if the same history had happened twice. */
export function copyFolder(folder: string): string {
  const copy = makeScratch();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** No credentials, no colour, simulated delays of zero, whatever the machine has set. */
export function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|AZURE_|GOOGLE_|CLOUDSDK_|GCLOUD_|KOINE_|NODE_OPTIONS|VITEST|FORCE_COLOR)/.test(name),
  );
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    NO_COLOR: "1",
    KOINE_SIMULATE_DELAYS: "none",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    ...extra,
  };
}

/** Runs `bin/koine -C folder …args`. */
export function runKoine(folder: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "bin", "koine"), ["-C", folder, ...args], {
      env: cleanEnvironment(options.environment ?? {}),
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    const timer = options.timeout === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.timeout);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, stdout, stderr });
    });
  });
}

/** Runs it and demands an exit code; the failure shows what it said. */
export async function expectKoine(folder: string, args: readonly string[], status: number, options: RunOptions = {}): Promise<Result> {
  const result = await runKoine(folder, args, options);
  if (result.status !== status) {
    throw new Error(
      `koine ${args.join(" ")}: exit ${result.status ?? result.signal}, expected ${status}\n${result.stdout}\n${result.stderr}`,
    );
  }
  return result;
}

/** Where the simulated world of a stack lies. */
export function worldOf(folder: string): string {
  const directory = join(folder, ".koine", "simulator");
  if (!existsSync(directory)) throw new Error(`${folder} has no simulated world yet`);
  return directory;
}
