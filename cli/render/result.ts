// How a run ended, as a person reads it, and the exit code it means.

import type { ApplyResult } from "../../engine/apply/apply.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";

const heads: Readonly<Record<ApplyResult["kind"], string>> = {
  done: "Done",
  failed: "Failed, and nothing was changed",
  partial: "Partly done; what was done is recorded. Run apply again for the rest",
  interrupted: "Stopped; what was done is recorded. Run apply again for the rest",
  lost: "Another run has taken over the state; this one stopped",
};

export function tellResult({ terminal }: CommandContext, plan: Plan, result: ApplyResult): void {
  const counts = [`${result.done.length} done`];
  if (result.failed.length > 0) counts.push(`${result.failed.length} failed`);
  if (result.unresolved.length > 0) counts.push(`${result.unresolved.length} unresolved`);
  if (result.inFlight.length > 0) counts.push(`${result.inFlight.length} left in flight`);
  if (result.skipped.length > 0) counts.push(`${result.skipped.length} skipped`);
  if (result.omitted.length > 0) counts.push(`${result.omitted.length} planned requests turned out not to be needed`);
  const style = result.kind === "done" ? "green" : result.kind === "failed" ? "red" : "yellow";
  terminal.tell(`${terminal.style(style, heads[result.kind])}: ${counts.join(", ")}.\n`);
  for (const assert of result.failedAsserts) terminal.tell(`${terminal.style("red", "assert failed")}: ${assert.message}\n`);
  for (const one of result.inFlight) terminal.tell(`  in flight ${one.key}: the next apply settles it\n`);
  for (const one of result.unresolved) terminal.tell(`  unresolved ${one.operation.key}: ${one.reason}\n`);
  if (plan.outputs.length === 0 || plan.destroy) return;
  const outputs = Object.entries(result.outputs);
  if (outputs.length > 0) terminal.tell("\nOutputs:\n");
  for (const [name, output] of outputs) terminal.tell(`  ${name} = ${output.secret ? "(secret)" : JSON.stringify(output.value)}\n`);
}

export function exitOfResult(result: ApplyResult, unresolvedBefore: number): number {
  if (result.kind === "failed") return exitCode.failed;
  return result.kind === "done" && unresolvedBefore === 0 ? exitCode.done : exitCode.partial;
}
