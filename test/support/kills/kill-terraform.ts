// The same kill on Terraform: `kill -9` of its process at a chosen time while it carries out, then the same command again, as a person would. The world is a folder
// of files, one for each object, named by the id that Terraform itself drew for it; what makes and removes them is a provisioner that waits before and after,
// as a request is under way. Killed with Terraform alone, not with its children: what was sent to a cloud takes effect too.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../koine-process.ts";
import { latency, type TerraformShape, terraformShape } from "./loss-shapes.ts";
import type { ShapeName } from "./shapes.ts";

/** The version of `terraform` on PATH; undefined where there is none. */
export function findTerraform(): string | undefined {
  const { status, stdout } = spawnSync("terraform", ["version", "-json"], { encoding: "utf8", env: environment() });
  if (status !== 0) return undefined;
  return (JSON.parse(stdout) as { readonly terraform_version: string }).terraform_version;
}

export interface TerraformScene {
  readonly shape: TerraformShape;
  readonly folder: string;
  readonly duration: number;
}

export interface TerraformVerdict {
  readonly at: number;
  readonly killed: boolean;
  readonly orphans: number;
  readonly duplicates: number;
  readonly prompts: number;
  readonly manualSteps: number;
  readonly mismatches: number;
}

const commands = { make: "sh ./make.sh", remove: "sh ./remove.sh" };

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const scripts: Readonly<Record<string, string>> = {
  "make.sh": `sleep ${seconds(latency.before)}; echo "$2" > "world/$1"; sleep ${seconds(latency.after)}\n`,
  // Removing what is gone succeeds, as providers take "not found" for done.
  "remove.sh": `sleep ${seconds(latency.before)}; rm -f "world/$1"; sleep ${seconds(latency.after)}\n`,
};

/** Makes the folder and plays the undisturbed run on a copy. The caller removes `folder`. */
export async function setTerraformScene(name: ShapeName): Promise<TerraformScene> {
  const shape = terraformShape(name, commands);
  const folder = mkdtempSync(join(tmpdir(), "loss-terraform-"));
  mkdirSync(join(folder, "world"));
  for (const [file, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), 0o755);
  }
  writeFileSync(join(folder, "main.tf"), shape.before ?? shape.text);
  demand(await run(folder, ["init", "-input=false", "-no-color"]));
  if (shape.before !== undefined) demand(await run(folder, command("apply")));
  writeFileSync(join(folder, "main.tf"), shape.text);
  const copy = copyOf(folder);
  const began = performance.now();
  demand(await run(copy, command(shape.command)));
  const duration = performance.now() - began;
  const judged = judge(copy, shape);
  rmSync(copy, { recursive: true, force: true });
  if (judged.orphans + judged.duplicates + judged.missing > 0)
    throw new Error("an undisturbed run of Terraform leaves another world than it should");
  return { shape, folder, duration };
}

/** Kills one run `at` milliseconds after its start, repeats it, judges. */
export async function playTerraformKill({ shape, folder }: TerraformScene, at: number): Promise<TerraformVerdict> {
  const copy = copyOf(folder);
  try {
    const killed = await run(copy, command(shape.command), at);
    const told: Result[] = [];
    for (let tries = 0; tries < 4; tries++) {
      told.push(await run(copy, command(shape.command)));
      if (told.at(-1)?.status === 0) break;
    }
    // What the killed run had under way has landed by then.
    await sleep(2 * (latency.before + latency.after));
    const { orphans, duplicates, missing } = judge(copy, shape);
    const destroys = shape.command === "destroy" ? ["-destroy"] : [];
    const second = await run(copy, ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...destroys]);
    return {
      at,
      killed: killed.signal === "SIGKILL",
      orphans,
      duplicates,
      prompts: told.filter((one) => /Enter a value/.test(one.stdout)).length,
      manualSteps: told.filter((one) => one.status !== 0).length,
      mismatches: missing + (second.status === 0 ? 0 : 1),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

interface Judged {
  /** Objects of the world that the state does not know. */
  readonly orphans: number;
  /** Objects beyond the first of an address. */
  readonly duplicates: number;
  /** Addresses without an object. */
  readonly missing: number;
}

function judge(folder: string, { wanted }: TerraformShape): Judged {
  const world = readdirSync(join(folder, "world")).map((id) => ({ id, address: readFileSync(join(folder, "world", id), "utf8").trim() }));
  const known = readStateIds(folder);
  const counts = new Map<string, number>();
  for (const { address } of world) counts.set(address, (counts.get(address) ?? 0) + 1);
  return {
    orphans: world.filter(({ id }) => !known.has(id)).length,
    duplicates: [...counts.values()].reduce((total, count) => total + count - 1, 0),
    missing: wanted.filter((address) => !counts.has(address)).length,
  };
}

function readStateIds(folder: string): ReadonlySet<string> {
  const path = join(folder, "terraform.tfstate");
  if (!existsSync(path)) return new Set();
  const state = JSON.parse(readFileSync(path, "utf8")) as {
    readonly resources: readonly { readonly instances: readonly { readonly attributes: { readonly id: string } }[] }[];
  };
  return new Set(state.resources.flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id)));
}

function command(name: "apply" | "destroy"): readonly string[] {
  return [name, "-auto-approve", "-input=false", "-no-color"];
}

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), "loss-killed-"));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

function run(folder: string, args: readonly string[], killAfter?: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", args, { cwd: folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    const told = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        told[name] += text;
      });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    child.on("error", reject);
    // Not `close`: the children of a killed Terraform keep its streams open until their requests have ended.
    child.on("exit", (status, signal) => {
      clearTimeout(timer);
      setImmediate(() => resolve({ status, signal, ...told }));
    });
  });
}

function demand(result: Result): void {
  if (result.status !== 0) throw new Error(`terraform gave ${result.status ?? result.signal}:\n${result.stdout}\n${result.stderr}`);
}
