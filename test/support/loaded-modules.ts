// What importing something loads: run in a process of its own, so that nothing is loaded already.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** URLs of the modules that a script loads, in order. The script is the body of an ES module. */
export async function modulesOf(script: string): Promise<readonly string[]> {
  const hooked = `
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    ${script}
    process.stdout.write(JSON.stringify(seen));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", hooked]);
  return JSON.parse(stdout) as readonly string[];
}

/** `await import(…)` of a file beside `base` (`import.meta.url`). */
export function importOf(file: string, base: string): string {
  return `await import(${JSON.stringify(new URL(file, base).href)})`;
}
