// The outputs of the stack after a run: those that the plan named and that are known now. Reads nothing, writes nothing.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { Plan } from "../plan/change.ts";
import type { FinishContext } from "../plan/finish-values.ts";
import { finishOutput, outputRow } from "../plan/outputs.ts";
import type { OutputRow } from "../state/store.ts";
import type { RunContext } from "./run-context.ts";

export interface OutputsInput {
  readonly plan: Plan;
  readonly native: NativeGraph;
  readonly finish: FinishContext;
  readonly session: Pick<RunContext, "lineage" | "keeper">;
  readonly recorded: Readonly<Record<string, OutputRow>>;
}

export interface RecordedOutputs {
  /** For the state: `null` takes one out. */
  readonly write: Readonly<Record<string, OutputRow | null>>;
  readonly after: Readonly<Record<string, OutputRow>>;
}

/** An output whose value did not come to be known keeps what was recorded of it. Throws `SecretKeyMissing`. */
export function finishOutputs({ plan, native, finish, session, recorded }: OutputsInput): RecordedOutputs {
  const write: Record<string, OutputRow | null> = {};
  const after: Record<string, OutputRow> = { ...recorded };
  for (const { name } of plan.outputs) {
    const output = plan.destroy ? undefined : native.stackOutputs.get(name);
    if (!output) {
      write[name] = null;
      delete after[name];
      continue;
    }
    const finished = finishOutput(output, finish);
    if (finished.kind === "deferred") continue;
    const row = outputRow(name, finished.data, output.secret, session.lineage, session.keeper);
    write[name] = row;
    after[name] = row;
  }
  return { write, after };
}
