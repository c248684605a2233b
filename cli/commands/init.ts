// `koine init`: a runnable starter stack, copied from the examples that the tests compile and apply; with `--ci`, the workflows of a host.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import type { CiHost } from "../init-ci/render-templates.ts";
import { packageRoot } from "../version.ts";

interface Flags {
  readonly template?: Template;
  readonly force?: boolean;
  readonly ci?: CiHost;
  readonly koine?: string;
}

/** By name: the example it is a copy of, and what stands in it. */
const templates = {
  web: { example: "web", about: "web servers in two zones, a firewall, a protected database in production" },
  "multi-cloud": { example: "anywhere", about: "one stack that lands on aws, gcp or azure by one input" },
  mixed: { example: "mixed", about: "a front on gcp, its database on aws, a bastion on azure" },
  lab: { example: "lab", about: "a bastion, private subnets behind one NAT, a data disk" },
} as const;

type Template = keyof typeof templates;

const templateNames = Object.keys(templates) as readonly Template[];

/** With `--ci` alone only workflows are written; with a template too, the stack first. */
export async function runInit(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const folder = resolve(context.options.directory);
  const { ci } = flags;
  if (ci === undefined && flags.koine !== undefined) {
    context.terminal.tell("--koine says where a workflow gets Koine: it goes with --ci.\n");
    return exitCode.usage;
  }
  mkdirSync(folder, { recursive: true });
  const code = ci === undefined || flags.template !== undefined ? await writeStack(context, folder, flags) : exitCode.done;
  if (ci === undefined || code !== exitCode.done) return code;
  const { writeWorkflows } = await import("../init-ci/write-workflows.ts");
  return writeWorkflows(context, folder, { ...flags, ci });
}

async function writeStack({ terminal }: CommandContext, folder: string, flags: Flags): Promise<number> {
  const there = readdirSync(folder).filter((name) => name.endsWith(".koine") && name !== ".koine");
  if (there.length > 0 && !flags.force) {
    terminal.tell(`This folder holds a stack already (${there.join(", ")}). Choose an empty folder, or add --force.\n`);
    return exitCode.failed;
  }
  const template = flags.template ?? (terminal.interactive ? await ask(terminal) : "web");
  const source = join(packageRoot(), "examples", templates[template].example);
  const names = readdirSync(source).filter((name) => name.endsWith(".koine") || name === "koine.yaml");
  const existing = names.filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0 && !flags.force) {
    terminal.tell(`${existing.join(", ")} would be overwritten. Move it away, or add --force.\n`);
    return exitCode.failed;
  }
  for (const name of names) writeFileSync(join(folder, name), readFileSync(join(source, name)));
  ignoreOwnFolder(folder);
  terminal.tell(`Wrote ${names.join(", ")} (${templates[template].about}).\n\nNext:\n`);
  terminal.tell("  koine check                      compile; no account, no network\n");
  terminal.tell("  koine plan --simulate -o plan    what would happen, on the embedded cloud\n");
  terminal.tell("  koine apply --simulate plan      carry out exactly that plan\n");
  terminal.tell("  koine plan                       the same against your accounts (credentials by each vendor's usual chain)\n");
  return exitCode.done;
}

async function ask(terminal: CommandContext["terminal"]): Promise<Template> {
  terminal.tell(`${templateNames.map((name, at) => `  ${at + 1}  ${name}: ${templates[name].about}`).join("\n")}\n`);
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await questions.question("Which one? [1] ")).trim();
    return templateNames.find((name, at) => answer === name || answer === String(at + 1)) ?? "web";
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
