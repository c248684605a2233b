// The CLI as a process, for tests and for measurements outside of them. Nothing here belongs to a test runner.

import { spawn } from "node:child_process";
import { join } from "node:path";

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

/** No credentials, no host of pipelines, no colour, simulated delays of zero, whatever the machine has set. */
export function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(AWS_|AZURE_|GOOGLE_|CLOUDSDK_|GCLOUD_|KOINE_|GITHUB_|GITLAB_|ACTIONS_|RUNNER_|CI_|NODE_OPTIONS|VITEST|FORCE_COLOR)/.test(name),
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
