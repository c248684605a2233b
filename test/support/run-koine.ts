// The CLI as a process, in scratch folders that end with the test.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type Result, type RunOptions, root, runKoine } from "./koine-process.ts";

export { cleanEnvironment, type Result, type RunOptions, root, runKoine } from "./koine-process.ts";

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
