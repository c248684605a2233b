// The entry of the GitHub Action: one step, one command line of Koine, run in this process. Reads the step's inputs; decides nothing else.
// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax

import { readActionInputs } from "./action-inputs.ts";
import { exitCode } from "./exit-codes.ts";
import { formatWorkflowCommand } from "./render/workflow-command.ts";

const read = readActionInputs(process.env);
if ("mistake" in read) {
  process.stdout.write(`${formatWorkflowCommand("error", { title: "koine" }, read.mistake)}\n`);
  process.exitCode = exitCode.usage;
} else {
  for (const [name, value] of Object.entries(read.environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const { runCommandLine } = await import("./command-line.ts");
  process.exitCode = await runCommandLine(read.args);
}
