// `kill -9` of the CLI at a chosen time, against a cloud that lives on in another process, as a real one does: what was on the wire still takes effect. Then
// the same command once more, undisturbed, and the judgement: by the world alone, against that of a run that nobody killed.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPlan } from "../../../cli/commands/plan.ts";
import { providers } from "../../../cli/providers.ts";
import { describeServedClouds } from "../../../cli/served-clouds.ts";
import type { Terminal } from "../../../cli/terminal.ts";
import type { RunningSimulator } from "../../../engine/provider/provider.ts";
import { openSqliteStore } from "../../../engine/state/sqlite-store.ts";
import { type CloudName, clouds } from "../clouds.ts";
import { type Result, runKoine } from "../koine-process.ts";
import { compareWorlds, describeDifferences, type Portrait, portray } from "../same-world.ts";
import type { Shape } from "./shapes.ts";

/** Milliseconds that a request is under way before it takes effect, and its answer after. */
export interface Wire {
  readonly before: number;
  readonly after: number;
}

export const usualWire: Wire = { before: 80, after: 0 };

/** A stack on the eve of the command that is killed, and what that command leaves when nobody kills it. */
export interface Scene {
  readonly cloud: CloudName;
  readonly shape: Shape;
  /** How every mutating request is under way. */
  readonly wire: Wire;
  /** Copied for each run. */
  readonly folder: string;
  readonly expected: readonly Portrait[];
  /** Milliseconds of the undisturbed command. */
  readonly duration: number;
}

/** How far the run had come when it died. `ended`: it was over before. */
export type Death = "ended" | "before the state" | "nothing in flight" | "intended" | "acknowledged";

export interface Verdict {
  readonly at: number;
  readonly death: Death;
  /** Requests that took effect after their sender was dead. */
  readonly late: number;
  readonly orphans: number;
  readonly duplicates: number;
  readonly prompts: number;
  /** Commands beyond the one repetition until it was done. */
  readonly manualSteps: number;
  readonly mismatches: number;
  /** What was wrong, for people; empty when nothing was. */
  readonly wrong: readonly string[];
}

/** Makes the folder and plays the undisturbed run on a copy. The caller removes `folder`. Throws when the undisturbed run fails. */
export async function setScene(cloud: CloudName, shape: Shape, wire = usualWire): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "koine-kills-"));
  writeFileSync(join(folder, "main.koine"), shape.before ?? shape.text);
  // Pins are made by the first plan; every run below begins with them.
  await demand(
    await onServedCloud({ cloud, wire }, folder, (environment) => runKoine(folder, ["plan", "--simulate"], { environment })),
    "plan",
  );
  if (shape.before !== undefined)
    await demand(
      await onServedCloud({ cloud, wire }, folder, (environment) => runKoine(folder, ["apply", "--simulate", "--yes"], { environment })),
      "apply",
    );
  writeFileSync(join(folder, "main.koine"), shape.text);
  let duration = 0;
  const expected = await onCopy(folder, (copy) =>
    onServedCloud({ cloud, wire }, copy, async (environment) => {
      const began = performance.now();
      await demand(await runKoine(copy, commandOf(shape), { environment }), `the undisturbed ${shape.command}`);
      duration = performance.now() - began;
      return portray(cloud, worldIn(copy), shape.text);
    }),
  );
  return { cloud, shape, wire, folder, expected, duration };
}

/** Kills one run `at` milliseconds after its start, repeats it, judges. */
export function playKill(scene: Scene, at: number): Promise<Verdict> {
  const { cloud, shape } = scene;
  return onCopy(scene.folder, (folder) =>
    onServedCloud(scene, folder, async (environment) => {
      const diedAt = Date.now() + at;
      const killed = await runKoine(folder, commandOf(shape), { environment, timeout: at });
      const death = killed.signal === "SIGKILL" ? await readDeath(folder) : "ended";
      const told: Result[] = [];
      const repeatedAt = Date.now();
      for (let tries = 0; tries < 4; tries++) {
        told.push(await runKoine(folder, commandOf(shape), { environment }));
        if (told.at(-1)?.status === 0) break;
      }
      const requests = clouds[cloud].requests(worldIn(folder));
      const differences = compareWorlds(portray(cloud, worldIn(folder), shape.text), scene.expected);
      const ofKind = (kind: string): number => differences.filter((one) => one.kind === kind).length;
      const second = await planAgain(folder, shape);
      const failed = told.filter((one) => one.status !== 0);
      const prompts = told.filter((one) => /\[y\/N\]/.test(one.stderr) || one.status === 64).length;
      return {
        at,
        death,
        late:
          death === "ended"
            ? 0
            : requests.filter((one) => one.mutating && one.at >= diedAt && one.at < repeatedAt + scene.wire.before).length,
        orphans: ofKind("orphan"),
        duplicates: ofKind("duplicate"),
        prompts,
        manualSteps: failed.length,
        mismatches: ofKind("missing") + ofKind("other") + (second === "" ? 0 : 1),
        wrong: [
          ...(death === "ended" && killed.status !== 0 ? [`it ended by itself with ${killed.status}: ${killed.stderr}`] : []),
          ...failed.map((one) => `once more gave ${one.status ?? one.signal}: ${one.stderr}`),
          ...describeDifferences(differences),
          ...(second === "" ? [] : [`the second plan: ${second}`]),
        ],
      };
    }),
  );
}

/** What `koine plan` says there is still to do; empty for nothing. The command itself, in this process: its start is not what is judged. */
async function planAgain(folder: string, shape: Shape): Promise<string> {
  let told = "";
  const listen = (text: string): void => {
    told += text;
  };
  const terminal: Terminal = {
    out: listen,
    raw: listen,
    tell: listen,
    keepBelow: () => {},
    color: false,
    live: false,
    interactive: false,
    width: 120,
    style: (_, text) => text,
  };
  const options = { directory: folder, set: [], simulate: true, variables: {} };
  const flags = { format: "text", detailedExitcode: true, ...(shape.command === "destroy" ? { destroy: true } : {}) } as const;
  const status = await runPlan({ terminal, options, debug: false }, [], flags);
  return status === 0 ? "" : `exit ${status}: ${told}`;
}

function commandOf(shape: Shape): readonly string[] {
  return [shape.command, "--simulate", "--yes"];
}

function worldIn(folder: string): string {
  return join(folder, ".koine", "simulator");
}

async function onCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "koine-killed-"));
  try {
    cpSync(folder, copy, { recursive: true });
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Serves the world of a folder from this process while `work` runs commands on it in theirs. */
async function onServedCloud<T>(
  { cloud, wire }: Pick<Scene, "cloud" | "wire">,
  folder: string,
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const provider = providers.get(cloud);
  if (!provider) throw new Error(`there is no provider ${cloud}`);
  mkdirSync(join(folder, ".koine"), { recursive: true, mode: 0o700 });
  const rules = (["before", "after"] as const).map((when) => ({ operation: "mutating", do: { kind: "latency", ms: wire[when], when } }));
  const simulator: RunningSimulator = await provider.simulate({ directory: worldIn(folder), delays: "none", faults: { rules } });
  const [name = "", value = ""] = describeServedClouds(new Map([[cloud, simulator.endpoint]])).split(/=(.*)/s);
  try {
    return await work({ [name]: value });
  } finally {
    await simulator.close();
  }
}

async function readDeath(folder: string): Promise<Death> {
  const path = join(folder, ".koine", "simulator", "state.db");
  if (!existsSync(path)) return "before the state";
  const opened = openSqliteStore(path, { create: false });
  if (!opened || "problem" in opened) return "before the state";
  try {
    const states = new Set((await opened.store.readJournal()).map((entry) => entry.state));
    if (states.has("acknowledged")) return "acknowledged";
    return states.has("intended") ? "intended" : "nothing in flight";
  } finally {
    await opened.store.close();
  }
}

function demand(result: Result, what: string): void {
  if (result.status !== 0) throw new Error(`${what} gave ${result.status ?? result.signal}:\n${result.stdout}\n${result.stderr}`);
}
