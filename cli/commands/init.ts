// `koine init`: a runnable starter stack, copied from the examples that the tests compile and apply.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { packageRoot } from "../version.ts";

interface Flags {
  readonly template?: "web" | "lab";
  readonly force?: boolean;
}

const templates = {
  web: "web servers in two zones, a firewall, a protected database in production",
  lab: "a bastion, private subnets behind one NAT, a data disk",
} as const;

export async function runInit({ terminal, options }: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const folder = resolve(options.directory);
  mkdirSync(folder, { recursive: true });
  const there = readdirSync(folder).filter((name) => name.endsWith(".koine") && name !== ".koine");
  if (there.length > 0 && !flags.force) {
    terminal.tell(`This folder holds a stack already (${there.join(", ")}). Choose an empty folder, or add --force.\n`);
    return exitCode.failed;
  }
  const template = flags.template ?? (terminal.interactive ? await ask(terminal) : "web");
  const source = join(packageRoot(), "examples", template);
  const names = readdirSync(source).filter((name) => name.endsWith(".koine") || name === "koine.yaml");
  const existing = names.filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0 && !flags.force) {
    terminal.tell(`${existing.join(", ")} would be overwritten. Move it away, or add --force.\n`);
    return exitCode.failed;
  }
  for (const name of names) writeFileSync(join(folder, name), readFileSync(join(source, name)));
  ignoreOwnFolder(folder);
  terminal.tell(`Wrote ${names.join(", ")} (${templates[template]}).\n\nNext:\n`);
  terminal.tell("  koine check                      compile; no account, no network\n");
  terminal.tell("  koine plan --simulate -o plan    what would happen, on the embedded cloud\n");
  terminal.tell("  koine apply --simulate plan      carry out exactly that plan\n");
  terminal.tell("  koine plan                       the same against your account (AWS credentials by the usual chain)\n");
  return exitCode.done;
}

async function ask(terminal: CommandContext["terminal"]): Promise<"web" | "lab"> {
  const names = Object.keys(templates) as (keyof typeof templates)[];
  terminal.tell(`${names.map((name, at) => `  ${at + 1}  ${name}: ${templates[name]}`).join("\n")}\n`);
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await questions.question("Which one? [1] ")).trim();
    return names.find((name, at) => answer === name || answer === String(at + 1)) ?? "web";
  } finally {
    questions.close();
  }
}

/** Adds `.koine/` to .gitignore once: state, keys and simulated worlds do not belong in a repository. */
function ignoreOwnFolder(folder: string): void {
  const path = join(folder, ".gitignore");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (/^\.koine\/?$/m.test(text)) return;
  writeFileSync(path, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}.koine/\n`);
}
