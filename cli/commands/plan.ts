// `koine plan`: what an apply would do. Takes no lock, changes nothing.

import { writeFileSync } from "node:fs";
import { makePlanFile, serialisePlanFile } from "../../engine/plan/plan-file.ts";
import type { CommandContext } from "../command-context.ts";
import { compileStack, tellDiagnostics } from "../compile-stack.ts";
import { openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { guardClouds } from "../guard-clouds.ts";
import { describeConflict } from "../judge-flags.ts";
import { loadProvidersOf } from "../load-providers.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { type PlanFlags, preparePlan, readPriorState } from "../prepare-plan.ts";
import { renderPlan } from "../render/plan-text.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";
import { resolvePins } from "../resolve-pins.ts";

interface Flags extends PlanFlags {
  readonly out?: string;
  readonly format: "text" | "json";
  readonly detailedExitcode?: boolean;
}

export async function runPlan(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const conflict = describeConflict(flags);
  if (conflict !== undefined) {
    terminal.tell(conflict);
    return exitCode.usage;
  }
  const compilation = await compileStack(context.options);
  tellDiagnostics(context, compilation);
  if (!compilation.stack) return exitCode.failed;
  const { project } = compilation.stack;
  const opened = await openState(project, false);
  if ("problem" in opened) {
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  const keeper = openSecretKeeper(project);
  return guardClouds(context, async (signal) => {
    const connections = openConnections({ project, signal });
    try {
      const stack = flags.offline
        ? compilation.stack
        : compilation.stack && (await resolvePins(context, compilation.stack, connections, signal));
      if (!stack) return exitCode.failed;
      const common = { stack, connections, keeper, flags, signal };
      const prior = await readPriorState(opened.store, common);
      const { plan, problems, basis, lineage } = await preparePlan({ ...common, prior });
      if (!plan) {
        signal.throwIfAborted();
        tellProblems(context, problems, stack.sources);
        return exitOfProblems(problems);
      }
      const providers = await loadProvidersOf(stack.native);
      const file = makePlanFile(plan, basis, Date.now(), { lineage, secrets: keeper });
      if (flags.format === "json") terminal.out(serialisePlanFile(file));
      else terminal.out(renderPlan({ plan, graph: stack.graph, native: stack.native, providers, sources: stack.sources, terminal }));
      if (flags.out !== undefined) {
        writeFileSync(flags.out, serialisePlanFile(file), { mode: 0o600 });
        terminal.tell(
          flags.offline
            ? `Plan kept in ${flags.out}, to read; compared with no cloud, it cannot be applied.\n`
            : `Plan kept in ${flags.out}; \`koine apply ${context.options.simulate ? "--simulate " : ""}${flags.out}\` carries out exactly this.\n`,
        );
      }
      const hasChanges = plan.changes.length > 0 || plan.outputs.length > 0;
      return flags.detailedExitcode && hasChanges ? exitCode.changes : exitCode.done;
    } finally {
      await connections.close();
      await opened.store?.close();
    }
  });
}
