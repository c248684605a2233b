// What was found on the way to a plan: when none can be made, the report says why. Shared by plan and apply.

import { ProviderError } from "../../engine/provider/errors.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import type { CommandContext } from "../command-context.ts";
import type { PlanFlags } from "../prepare-plan.ts";
import { describeFailure } from "../render/failure.ts";
import { describeProviderError } from "../render/provider-error.ts";
import { buildFailedReport, type PlainProblem, type ReportHead } from "./build-report.ts";
import { deliverReport, type ReportFlags, wantsReport } from "./deliver-report.ts";
import { makeHead } from "./report-head.ts";

export interface Findings {
  diagnostics: readonly Diagnostic[];
  sources: ReadonlyMap<string, SourceFile>;
  problems: readonly PlainProblem[];
  /** The plan is there, and its report with it. */
  isPlanned: boolean;
}

/** Runs with empty findings; if no plan came of it, its report is delivered, also when it throws. */
export async function reportFindings(
  context: CommandContext,
  flags: PlanFlags & ReportFlags,
  work: (findings: Findings) => Promise<number>,
): Promise<number> {
  const findings: Findings = { diagnostics: [], sources: new Map(), problems: [], isPlanned: false };
  const deliverFailure = async (): Promise<void> => {
    if (findings.isPlanned || !wantsReport(flags)) return;
    await deliverReport(context, flags, buildFailedReport({ head: describeHead(context, flags, findings.sources), ...findings }));
  };
  try {
    const code = await work(findings);
    await deliverFailure();
    return code;
  } catch (error) {
    noteFailure(findings, error);
    await deliverFailure();
    throw error;
  }
}

export function describeHead({ options }: CommandContext, flags: PlanFlags, sources: Findings["sources"], name?: string): ReportHead {
  const { destroy, refreshOnly, offline } = flags;
  const mode = {
    ...(destroy ? { destroy: true as const } : {}),
    ...(refreshOnly ? { refreshOnly: true as const } : {}),
    ...(offline ? { offline: true as const } : {}),
  };
  return makeHead({ options, mode, now: Date.now(), sources, ...(name === undefined ? {} : { name }) });
}

/** The first failure is the reason; what follows from it is not. */
export function noteFailure(findings: Findings, error: unknown): void {
  if (findings.problems.length > 0) return;
  if (error instanceof ProviderError) findings.problems = [describeProviderError(error)];
  else {
    const { message, hint } = describeFailure(error) ?? {
      message: error instanceof Error ? error.message : String(error),
      hint: undefined,
    };
    findings.problems = [{ message, ...(hint === undefined ? {} : { hint }) }];
  }
}
