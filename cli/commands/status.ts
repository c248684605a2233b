// `koine status`: what is under management, and with `--drift` what the clouds report differently.

import type { Plan } from "../../engine/plan/change.ts";
import type { ObjectRow, RunRow } from "../../engine/state/store.ts";
import type { CommandContext } from "../command-context.ts";
import { compileStack, tellDiagnostics } from "../compile-stack.ts";
import { openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { guardClouds } from "../guard-clouds.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { preparePlan, readPriorState } from "../prepare-plan.ts";
import { formatNative } from "../render/format-value.ts";
import { exitOfProblems, tellProblems } from "../render/problems.ts";

interface Flags {
  readonly format: "text" | "json";
  readonly drift?: boolean;
}

interface Drift {
  readonly key: string;
  readonly what: "changed" | "gone";
  readonly props: readonly { readonly prop: string; readonly applied?: unknown; readonly now?: unknown }[];
}

export async function runStatus(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const compilation = await compileStack(context.options);
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  const opened = await openState(stack.project, false);
  if ("problem" in opened) {
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  const { store } = opened;
  const keeper = openSecretKeeper(stack.project);
  return guardClouds(context, async (signal) => {
    const connections = openConnections({ project: stack.project, signal });
    try {
      const common = { stack, connections, keeper, flags: flags.drift ? { deep: true } : { offline: true }, signal };
      const prior = await readPriorState(store, common);
      const runs = (await store?.readRuns(1)) ?? [];
      let drift: readonly Drift[] | undefined;
      if (flags.drift) {
        const { plan, problems } = await preparePlan({ ...common, prior });
        if (!plan) {
          signal.throwIfAborted();
          tellProblems(context, problems, stack.sources);
          return exitOfProblems(problems);
        }
        drift = findDrift(plan);
      }
      const view = { stack: stack.graph.stack.name, rows: prior.rows, runs, inFlight: prior.journal.length, drift };
      if (flags.format === "json") terminal.out(`${JSON.stringify(toJson(view), undefined, 2)}\n`);
      else terminal.out(renderStatus(view, terminal));
      return exitCode.done;
    } finally {
      await connections.close();
      await store?.close();
    }
  });
}

interface View {
  readonly stack: string;
  readonly rows: readonly ObjectRow[];
  readonly runs: readonly RunRow[];
  readonly inFlight: number;
  readonly drift: readonly Drift[] | undefined;
}

/** What the world did by itself: props that differ from what was applied, and objects that are gone and planned anew. */
function findDrift(plan: Plan): readonly Drift[] {
  return plan.changes.flatMap((change): readonly Drift[] => {
    const props = change.props.filter((prop) => prop.cause === "drift" || prop.cause === "both" || prop.cause === "mark");
    const gone =
      change.operations.some((operation) => operation.phase === "create" && operation.row !== undefined) ||
      change.notes?.some((note) => note.includes("gone")) === true;
    if (gone) return [{ key: change.key, what: "gone", props: [] }];
    if (props.length === 0) return [];
    return [
      {
        key: change.key,
        what: "changed",
        props: props.map((prop) => (prop.secret ? { prop: prop.prop } : { prop: prop.prop, applied: prop.to, now: prop.from })),
      },
    ];
  });
}

function toJson(view: View): object {
  return {
    version: 1,
    stack: view.stack,
    objects: view.rows.map((row) => ({ key: row.key, type: row.type, id: row.id.id, status: row.status })),
    inFlight: view.inFlight,
    ...(view.runs[0]
      ? {
          lastRun: {
            command: view.runs[0].command,
            startedAt: new Date(view.runs[0].startedAt).toISOString(),
            result: view.runs[0].result ?? "unfinished",
          },
        }
      : {}),
    ...(view.drift ? { drift: view.drift } : {}),
  };
}

function renderStatus(view: View, { style }: Pick<CommandContext["terminal"], "style">): string {
  const lines = [
    `${style("bold", view.stack)}: ${new Set(view.rows.map((row) => row.address)).size} resources, ${view.rows.length} objects`,
  ];
  const run = view.runs[0];
  if (run)
    lines.push(
      `last run: ${run.command} at ${new Date(run.startedAt).toISOString()}, ${run.result ?? "unfinished: the next apply settles it"}`,
    );
  if (view.inFlight > 0) lines.push(`${view.inFlight} requests were in flight when a run ended; the next apply settles them`);
  for (const row of view.rows)
    lines.push(`  ${row.key}  ${style("dim", `${row.type} ${row.id.id}`)}${row.status === "current" ? "" : `  ${row.status}`}`);
  if (view.drift) {
    lines.push(
      "",
      view.drift.length === 0
        ? "No drift: the world is as it was applied."
        : `Drift in ${view.drift.length} ${view.drift.length === 1 ? "object" : "objects"}:`,
    );
    for (const one of view.drift) {
      lines.push(`  ${style("yellow", one.what === "gone" ? "gone" : "~")} ${one.key}`);
      for (const prop of one.props) lines.push(`      ${prop.prop}: applied ${formatNative(prop.applied)}, now ${formatNative(prop.now)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
