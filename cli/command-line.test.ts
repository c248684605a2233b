// The page of the command line names every command and flag of the program, and none that it does not have.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { describeProgram } from "./command-line.ts";
import { exitCode } from "./exit-codes.ts";
import { helpTexts } from "./help-texts.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "cli.md"), "utf8");
const program = describeProgram(() => {});

function listCommands(parent: Command, prefix = ""): readonly { readonly name: string; readonly command: Command }[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`;
    return [{ name, command }, ...listCommands(command, `${name} `)];
  });
}

const commands = listCommands(program);

function flagsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined && flag !== null));
}

describe("docs/cli.md", () => {
  test.each(commands.filter(({ command }) => command.commands.length === 0).map(({ name }) => name))("names `koine %s`", (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}[ \`]`, "m"));
  });

  test("names every flag with the commands that have it", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `-"));
    const rowOf = (flag: string): string | undefined => rows.find((row) => new RegExp(`\`${flag}[ \`]`).test(row));
    for (const flag of flagsOf(program)) expect(rowOf(flag), flag).toBeDefined();
    for (const { name, command } of commands) {
      for (const flag of flagsOf(command)) expect(rowOf(flag) ?? "", `${flag} of ${name}`).toContain(name);
    }
  });

  test("names no flag that no command has", () => {
    const known = new Set([...flagsOf(program), ...commands.flatMap(({ command }) => flagsOf(command)), "-h", "--help"]);
    const named = [...page.matchAll(/^\| `(-{1,2}[A-Za-z-]+)/gm)].map(([, flag]) => flag ?? "");
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  test("names every exit code, and every variable that the program reads", () => {
    for (const code of Object.values(exitCode)) expect(page).toMatch(new RegExp(`^\\| (130, )?${code}(, 143)? \\|`, "m"));
    for (const name of ["KOINE_KEY", "KOINE_SIMULATE_DELAYS", "KOINE_SIMULATE_FAULTS", "NO_COLOR", "CI"])
      expect(page).toContain(`\`${name}\``);
  });
});

describe("help", () => {
  test("every command says what it does, with an example that names it", () => {
    for (const { name } of commands) {
      const text = helpTexts[name];
      expect(text, name).toBeDefined();
      for (const example of text?.examples ?? []) expect(example).toMatch(new RegExp(`^koine (-C \\S+ )?${name}`));
    }
    expect(Object.keys(helpTexts).filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
  });
});
