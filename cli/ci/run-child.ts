// Runs ourselves for one subject in a process of its own, a few at a time: a plan that fails, or is cut short, takes no other along. Signals are passed
// on once each, so that an apply finishes or journals what is in flight; there is no time limit.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCode } from "../exit-codes.ts";
import { CannotUse } from "../render/failure.ts";

export interface ChildTask {
  /** Of the command line, without the program's name. */
  readonly args: readonly string[];
  readonly directory: string;
  /** All that it sees; see child-environment.ts. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ChildResult {
  /** As a shell has it: 128 and the signal's number for one that was killed. */
  readonly code: number;
  /** Both streams, as they came. The middle is left out of more than 4 MiB. */
  readonly output: string;
  /** What was asked for: the standard output alone. */
  readonly stdout: string;
}

export interface Children {
  run(task: ChildTask): Promise<ChildResult>;
  /** 130 or 143 once a signal came; nothing is begun after it. */
  exitCode(): number | undefined;
  /** Signals mean again what they meant before. */
  end(): void;
}

/** Passes signals on to what it runs, until `end`. */
export function openChildren(): Children {
  const running = new Set<ChildProcess>();
  let code: number | undefined;
  const pass = (signal: NodeJS.Signals): void => {
    code = signal === "SIGINT" ? exitCode.interrupted : exitCode.terminated;
    for (const child of running) child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  return {
    run: (task) => (code === undefined ? runChild(task, running) : Promise.resolve({ code, output: "", stdout: "" })),
    exitCode: () => code,
    end: () => {
      for (const signal of signals) process.removeListener(signal, pass);
    },
  };
}

/** At most `parallel` at once; results in the order of the items. */
export async function runSome<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}

function runChild(task: ChildTask, running: Set<ChildProcess>): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [findEntry(), ...task.args], {
      cwd: task.directory,
      env: task.environment,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C reaches a whole group: it would come to the child twice, and the second one means to leave at once.
      detached: true,
    });
    running.add(child);
    const output = keepEnds();
    const asked = keepEnds();
    child.stdout.on("data", output.add);
    child.stdout.on("data", asked.add);
    child.stderr.on("data", output.add);
    child.on("error", (error) => {
      running.delete(child);
      reject(
        new CannotUse(
          `a process could not be started: ${error.message}`,
          "look at the limits of the machine, or give a smaller `--parallel`",
        ),
      );
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0)), output: output.read(), stdout: asked.read() });
    });
  });
}

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

const half = 2 * 1024 * 1024;

/** The beginning and the end of what a child writes: a log that a page can show. */
function keepEnds(): { add(chunk: Buffer): void; read(): string } {
  const first: Buffer[] = [];
  const last: Buffer[] = [];
  let begun = 0;
  let kept = 0;
  let left = 0;
  return {
    add: (chunk) => {
      if (begun < half) {
        first.push(chunk);
        begun += chunk.length;
        return;
      }
      last.push(chunk);
      kept += chunk.length;
      for (let oldest = last[0]; oldest && kept - oldest.length >= half; oldest = last[0]) {
        last.shift();
        kept -= oldest.length;
        left += oldest.length;
      }
    },
    read: () => {
      const end = Buffer.concat(last).toString("utf8");
      return `${Buffer.concat(first).toString("utf8")}${left === 0 ? "" : `\n… ${left} bytes are left out here …\n`}${end}`;
    },
  };
}

/** The file that Node runs: the sources' entry, or that of the bundle, which lies beside or above its parts. */
function findEntry(): string {
  const here = import.meta.dirname;
  const candidates = import.meta.filename.endsWith(".ts")
    ? [join(here, "../main.ts")]
    : [join(here, "koine.js"), join(here, "../koine.js")];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the command line's entry is not beside ${here}`);
  return found;
}
