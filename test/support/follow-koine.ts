// A running CLI process that a test watches and signals, and the events it wrote. Waits for words, never for a time.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment, root } from "./run-koine.ts";

export interface Followed {
  readonly child: ChildProcess;
  /** What was told on stderr so far. */
  told(): string;
  /** Resolves when `words` were told; rejects when the process ends before. */
  until(words: string | RegExp): Promise<void>;
  /** How it ended. */
  readonly end: Promise<{
    readonly status: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stderr: string;
    readonly stdout: string;
  }>;
}

/** Starts `bin/koine -C folder …args` with these variables. */
export function followKoine(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Followed {
  const child = spawn(join(root, "bin", "koine"), ["-C", folder, ...args], {
    env: cleanEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  let stdout = "";
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const look of [...waiting]) look();
  });
  const end = new Promise<Awaited<Followed["end"]>>((resolve) =>
    child.on("close", (status, signal) => {
      resolve({ status, signal, stderr, stdout });
      for (const look of [...waiting]) look();
    }),
  );
  const until = (words: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = typeof words === "string" ? stderr.includes(words) : words.test(stderr);
        const ended = child.exitCode !== null || child.signalCode !== null;
        if (!found && !ended) return;
        waiting.delete(look);
        if (found) resolve();
        else reject(new Error(`it ended with ${child.exitCode ?? child.signalCode} before it told ${String(words)}:\n${stderr}`));
      };
      waiting.add(look);
      look();
    });
  return { child, told: () => stderr, until, end };
}

/** One line of `--events`. */
export interface EventLine {
  readonly seq: number;
  readonly kind: string;
  readonly at: number;
  readonly operation?: string;
  readonly key?: string;
  readonly step?: string;
  readonly request?: string;
  readonly operations?: number;
  readonly outcome?: string;
  readonly result?: string;
  readonly exit?: number;
  readonly reason?: string;
  readonly reasons?: readonly string[];
  readonly resend?: boolean;
}

export function readEvents(path: string): readonly EventLine[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EventLine);
}
