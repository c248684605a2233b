// The command line as data for commander: names, flags and help. Each command's code is loaded only when it is called.

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "./command-context.ts";
import { exitCode } from "./exit-codes.ts";
import { runGuarded } from "./guard-run.ts";
import { helpTexts, programHelp } from "./help-texts.ts";
import { createTerminal } from "./terminal.ts";
import { koineVersion } from "./version.ts";

interface GlobalFlags {
  readonly C: string;
  readonly env?: string;
  readonly set?: readonly string[];
  readonly inputs?: string;
  readonly simulate?: boolean;
  readonly color: boolean;
  readonly logLevel: string;
}

type Run<Flags> = (context: CommandContext, arguments_: readonly string[], flags: Flags) => Promise<number>;

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect);
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("a whole number from 1 to 9999 is expected.");
  return Number(text);
}

function parseSerial(text: string): number {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(text)) throw new InvalidArgumentError("a serial is a whole number from 0 on.");
  return Number(text);
}

function parsePort(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65535) throw new InvalidArgumentError("a port from 0 to 65535 is expected.");
  return Number(text);
}

/** Runs one command line and gives the exit code. Never throws. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let result: number = exitCode.done;
  const program = describeProgram((code) => {
    result = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return result;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    throw error;
  }
}

/** All commands and flags; `onResult` gets the exit code of the command that ran. */
export function describeProgram(onResult: (code: number) => void): Command {
  const program = new Command("koine");
  const add = <Flags>(parent: Command, usage: string, summary: string, load: () => Promise<Run<Flags>>): Command => {
    const command = describeCommand(parent.command(usage), summary).allowExcessArguments(false);
    command.action(async (...given: unknown[]) => {
      const values = given
        .slice(0, -2)
        .flat()
        .filter((value): value is string => typeof value === "string");
      const flags = command.opts() as Flags;
      const context = createContext(program.opts() as GlobalFlags);
      onResult(await runGuarded(context, async () => (await load())(context, values, flags)));
    });
    return command;
  };
  defineGlobals(program);
  defineCommands(program, add);
  return program;
}

function createContext(flags: GlobalFlags): CommandContext {
  return {
    terminal: createTerminal({ color: flags.color, environment: process.env }),
    debug: flags.logLevel === "debug",
    options: {
      directory: flags.C,
      ...(flags.env === undefined ? {} : { environment: flags.env }),
      set: flags.set ?? [],
      ...(flags.inputs === undefined ? {} : { inputsFile: flags.inputs }),
      simulate: flags.simulate === true,
      variables: process.env,
    },
  };
}

function describeCommand(command: Command, summary: string): Command {
  const words: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  const text = helpTexts[words.join(" ")];
  command.summary(summary).description(text?.about ?? summary);
  if (text) command.addHelpText("after", `\nExamples:\n${text.examples.map((example) => `  ${example}`).join("\n")}`);
  return command;
}

function defineGlobals(program: Command): void {
  program
    .description("One file, any cloud: plan infrastructure in a pull request, apply exactly that plan.")
    .option("-C <dir>", "work in this folder", ".")
    .option("--env <name>", "an environment of koine.yaml")
    .addOption(repeated("--set <name=value>", "the value of an input; lists and maps as JSON; may be repeated"))
    .option("--inputs <file>", "values of inputs, as YAML or JSON")
    .option("--simulate", "use the embedded clouds: no account, no network, a state of its own")
    .option("--no-color", "plain text")
    .addOption(new Option("--log-level <level>", "how much is told").choices(["info", "debug"]).default("info"))
    .version(koineVersion(), "-V, --version", "print the version")
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError("(`koine --help` lists the commands)")
    .addHelpText("after", programHelp)
    .configureHelp({ showGlobalOptions: true });
}

type Add = <Flags>(parent: Command, usage: string, summary: string, load: () => Promise<Run<Flags>>) => Command;

function defineCommands(program: Command, add: Add): void {
  const format = (...formats: readonly string[]): Option =>
    new Option("--format <format>", "how to print it").choices([...formats]).default("text");
  const lists = (command: Command): Command =>
    command
      .addOption(repeated("--target <address>", "only this resource and what it needs; may be repeated"))
      .addOption(repeated("--exclude <address>", "without this resource and what needs it; may be repeated"))
      .addOption(repeated("--replace <address>", "replace this resource though nothing asks for it; may be repeated"))
      .option("--refresh-only", "only record in the state what the clouds say; sends nothing that changes them")
      .option("--accept-loss", "go on though many objects are missing");

  add(program, "init", "a runnable starter stack", async () => (await import("./commands/init.ts")).runInit)
    .addOption(new Option("--template <name>", "what to start from").choices(["web", "multi-cloud", "mixed", "lab"]))
    .option("--force", "write into a folder that holds sources already");
  add(
    program,
    "check",
    "compile: syntax, names, types, kinds, lowering; no credentials, no network",
    async () => (await import("./commands/check.ts")).runCheck,
  ).addOption(format("text", "json"));
  lists(
    add(program, "plan", "what an apply would do", async () => (await import("./commands/plan.ts")).runPlan)
      .option("-o, --out <file>", "keep the plan, for `koine apply FILE`")
      .addOption(format("text", "json"))
      .option("--detailed-exitcode", "exit 2 when there are changes")
      .option("--offline", "compare with the state only; calls no cloud")
      .option("--destroy", "plan the removal of everything"),
  );
  lists(
    add(
      program,
      "apply [file]",
      "carry out a plan file exactly, or plan, confirm and apply",
      async () => (await import("./commands/apply.ts")).runApply,
    )
      .option("--yes", "do not ask")
      .option("--parallel <n>", "requests under way at once", parseCount, 16)
      .option("--events <file>", "write what happens as NDJSON; - is stdout")
      .option("--lock-timeout <duration>", "wait for the lock this long", "0s"),
  );
  add(program, "destroy", "plan and apply the removal of everything", async () => (await import("./commands/apply.ts")).runDestroy)
    .option("--yes", "do not ask")
    .option("--parallel <n>", "requests under way at once", parseCount, 16)
    .option("--events <file>", "write what happens as NDJSON; - is stdout")
    .option("--lock-timeout <duration>", "wait for the lock this long", "0s")
    .option("--accept-loss", "go on though many objects are missing");
  add(program, "status", "resources, objects, and drift since the last apply", async () => (await import("./commands/status.ts")).runStatus)
    .addOption(format("text", "json"))
    .option("--drift", "ask the clouds what differs");
  add(program, "output [name]", "outputs of the last apply", async () => (await import("./commands/output.ts")).runOutput)
    .option("--json", "as JSON")
    .option("--raw", "one text output, as it is");
  add(program, "show <file>", "a plan file, as text or JSON", async () => (await import("./commands/show.ts")).runShow).addOption(
    format("text", "json"),
  );
  add(program, "lower", "the native objects a stack becomes", async () => (await import("./commands/lower.ts")).runLower)
    .option("--on <cloud>", "only this cloud")
    .addOption(format("text", "json"));
  add(program, "lock", "pin images and sizes in koine.lock", async () => (await import("./commands/lock.ts")).runLock)
    .addOption(new Option("--update [name...]", "choose anew, all or those named"))
    .option("--check", "exit 1 when something is not pinned");
  add(
    program,
    "simulate",
    "run the embedded clouds as a server over the same persisted world",
    async () => (await import("./commands/simulate.ts")).runSimulate,
  )
    .option("--port <port>", "port of the first cloud; 0 takes any", parsePort, 0)
    .option("--faults <file>", "a fault plan, as YAML")
    .option("--reset", "begin with an empty world");
  defineStateCommands(describeCommand(program.command("state"), "look at the state, and mend it"), add, format);
  add(program, "explain <code>", "the page of a diagnostic", async () => (await import("./commands/explain.ts")).runExplain);
  add(program, "version", "the version, with that of Node", async () => (await import("./commands/version.ts")).runVersion);
}

function defineStateCommands(state: Command, add: Add, format: (...formats: readonly string[]) => Option): void {
  const shown = (command: Command): Command =>
    command.addOption(format("text", "json")).option("--serial <serial>", "as it was after this serial", parseSerial);
  const asks = (command: Command): Command => command.option("--yes", "do not ask");

  shown(add(state, "list", "objects under management", async () => (await import("./commands/state.ts")).runStateList));
  shown(add(state, "show <address>", "one resource's objects in full", async () => (await import("./commands/state.ts")).runStateShow));
  add(state, "history", "the serials of the state, newest first", async () => (await import("./commands/state-history.ts")).runStateHistory)
    .addOption(format("text", "json"))
    .option("--limit <n>", "so many serials", parseCount, 20);
  asks(
    add(
      state,
      "rollback <serial>",
      "go back to the rows of an earlier serial",
      async () => (await import("./commands/state-history.ts")).runStateRollback,
    ),
  );
  add(state, "pull", "print the whole state as JSON", async () => (await import("./commands/state-transfer.ts")).runStatePull);
  asks(
    add(
      state,
      "push <file>",
      "make a pulled state the state; - reads the standard input",
      async () => (await import("./commands/state-transfer.ts")).runStatePush,
    ).option("--force", "even if it is older than the present state"),
  );
  asks(add(state, "mv <from> <to>", "give objects another address", async () => (await import("./commands/state-edit.ts")).runStateMove));
  asks(
    add(
      state,
      "rm <address...>",
      "stop managing objects; they stay where they are",
      async () => (await import("./commands/state-edit.ts")).runStateRemove,
    ),
  );
  asks(
    add(
      state,
      "settle [address]",
      "decide what became of a request that could not be found out",
      async () => (await import("./commands/state-settle.ts")).runStateSettle,
    )
      .option("--is <id>", "it made this object")
      .option("--never", "it had no effect")
      .option("--operation <id>", "of several requests, the one whose operation id begins so")
      .addOption(format("text", "json")),
  );
  asks(add(state, "unlock", "remove a lock whose holder is gone", async () => (await import("./commands/state.ts")).runStateUnlock));
}
