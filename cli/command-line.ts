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
  readonly env?: readonly string[];
  readonly set?: readonly string[];
  readonly inputs?: string;
  readonly projectFile?: string;
  readonly ciChild?: boolean;
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

function parseDigest(text: string, previous: readonly string[] | undefined): readonly string[] {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError("a digest is `sha256:` and 64 hexadecimal digits.");
  return collect(text, previous);
}

function parseAmount(text: string): number {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(text)) throw new InvalidArgumentError("a whole number from 0 on is expected.");
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
  const environment = flags.env?.at(-1);
  return {
    ...(flags.env ? { environments: flags.env.flatMap((names) => names.split(",")) } : {}),
    terminal: createTerminal({ color: flags.color, environment: process.env }),
    debug: flags.logLevel === "debug",
    options: {
      directory: flags.C,
      ...(environment === undefined ? {} : { environment }),
      set: flags.set ?? [],
      ...(flags.inputs === undefined ? {} : { inputsFile: flags.inputs }),
      ...(flags.projectFile === undefined ? {} : { projectFile: flags.projectFile }),
      ...(flags.ciChild ? { inCi: true } : {}),
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
    .addOption(repeated("--env <name>", "an environment of koine.yaml; for `koine ci`, several with commas"))
    .addOption(repeated("--set <name=value>", "the value of an input; lists and maps as JSON; may be repeated"))
    .option("--inputs <file>", "values of inputs, as YAML or JSON")
    .option("--project-file <file>", "this file in place of the folder's koine.yaml")
    .addOption(new Option("--ci-child", "run by `koine ci`: only what `allow_env` lists is read from the environment").hideHelp())
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
  const limited = (command: Command): Command =>
    command
      .option("--max-destroy <n>", "delete or replace so many objects at most, whatever koine.yaml says", parseAmount)
      .option("--max-monthly-increase <usd>", "let the estimate rise by so much at most, whatever koine.yaml says", parseAmount);
  const planned = (command: Command): Command =>
    limited(command)
      .addOption(repeated("--target <address>", "only this resource and what it needs; may be repeated"))
      .addOption(repeated("--exclude <address>", "without this resource and what needs it; may be repeated"))
      .addOption(repeated("--replace <address>", "replace this resource though nothing asks for it; may be repeated"))
      .option("--refresh-only", "only record in the state what the clouds say; sends nothing that changes them")
      .option("--accept-loss", "go on though many objects are missing");

  add(program, "init", "a runnable starter stack", async () => (await import("./commands/init.ts")).runInit)
    .addOption(new Option("--template <name>", "what to start from").choices(["web", "multi-cloud", "mixed", "lab"]))
    .addOption(new Option("--ci <host>", "write the host's workflows at the repository's root instead").choices(["github", "gitlab"]))
    .option("--koine <source>", "with --ci: where it gets Koine: OWNER/REPOSITORY@REF of the action, or what npm installs")
    .option("--force", "write into a folder that holds sources already, or over a workflow");
  add(
    program,
    "check",
    "compile: syntax, names, types, kinds, lowering; no credentials, no network",
    async () => (await import("./commands/check.ts")).runCheck,
  ).addOption(format("text", "json", "sarif", "github"));
  planned(
    add(program, "plan", "what an apply would do", async () => (await import("./commands/plan.ts")).runPlan)
      .option("-o, --out <file>", "keep the plan, for `koine apply FILE`")
      .addOption(format("text", "json", "markdown", "html"))
      .option("--report <file>", "what a reviewer is shown, as JSON; written also when no plan can be made")
      .option("--html <file>", "the same as one page")
      .option("--detailed-exitcode", "exit 2 when there are changes")
      .option("--offline", "compare with the state only; calls no cloud")
      .option("--against <revision>", "compare with the sources of another revision; needs no state, no credentials and no cloud")
      .option("--destroy", "plan the removal of everything"),
  );
  planned(
    add(
      program,
      "apply [file]",
      "carry out a plan file exactly, or plan, confirm and apply",
      async () => (await import("./commands/apply.ts")).runApply,
    )
      .option("--yes", "do not ask")
      .addOption(
        new Option(
          "--approved <digest>",
          "carry out the changes with this digest and no others, without a question; may be repeated",
        ).argParser(parseDigest),
      )
      .option("--report <file>", "what was planned, as a reviewer is shown it, as JSON")
      .option("--parallel <n>", "requests under way at once", parseCount, 16)
      .option("--events <file>", "write what happens as NDJSON; - is stdout")
      .option("--lock-timeout <duration>", "wait for the lock this long", "0s"),
  );
  limited(add(program, "destroy", "plan and apply the removal of everything", async () => (await import("./commands/apply.ts")).runDestroy))
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
  add(program, "show <file>", "a plan file or a report", async () => (await import("./commands/show.ts")).runShow).addOption(
    new Option("--format <format>", "how to print it; text for a plan file, Markdown for a report, unless given").choices([
      "text",
      "json",
      "markdown",
      "html",
    ]),
  );
  add(program, "lower", "the native objects a stack becomes", async () => (await import("./commands/lower.ts")).runLower)
    .option("--on <cloud>", "only this cloud")
    .option("--prices", "what they cost in a month by list prices, also on other clouds")
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
  defineCiCommands(describeCommand(program.command("ci"), "plan a change in its pull request, and apply it when it is merged"), add);
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

function defineCiCommands(ci: Command, add: Add): void {
  add(ci, "plan", "plan the stacks that a change touches, and show reviewers", async () => (await import("./ci/plan.ts")).runCiPlan)
    .option("--out <dir>", "where reports, pages and plan files go", "koine-ci")
    .option("--base <revision>", "what the change is compared with, where no event says it")
    .option("--parallel <n>", "stacks planned at once", parseCount, 4)
    .option("--ephemeral-state", "plan stacks whose state is a file on this machine, as if nothing had been made yet")
    .option("--no-comment", "post nothing on the host")
    .option("--detailed-exitcode", "exit 2 when there are changes");
  add(
    ci,
    "comment",
    "post what a run left that may post nothing itself",
    async () => (await import("./ci/comment.ts")).runCiComment,
  ).requiredOption("--from <dir>", "where that run's artefacts were unpacked");
  add(ci, "apply", "apply what was merged, if it is what was shown", async () => (await import("./ci/apply.ts")).runCiApply)
    .addOption(new Option("--approve <digest>", "apply the changes with this digest too; may be repeated").argParser(parseDigest))
    .option("--out <dir>", "where reports and events go", "koine-ci")
    .option("--base <revision>", "only what a change touches since then, where no event says it")
    .option("--parallel <n>", "stacks applied at once", parseCount, 4)
    .option("--lock-timeout <duration>", "wait for the lock of a state this long", "10m")
    .option("--ephemeral-state", "apply stacks whose state is a file on this machine");
  add(ci, "drift", "keep an issue for each stack that differs from its source", async () => (await import("./ci/drift.ts")).runCiDrift)
    .option("--out <dir>", "where reports go", "koine-ci")
    .option("--parallel <n>", "stacks planned at once", parseCount, 4)
    .option("--detailed-exitcode", "exit 2 when something differs")
    .option("--ephemeral-state", "plan stacks whose state is a file on this machine, as if nothing had been made yet");
}
