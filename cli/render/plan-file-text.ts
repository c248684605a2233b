// A plan file as a person reads it: the plan it holds, headed by when and of what it was made.

import type { PlanFile } from "../../engine/plan/plan-file.ts";
import type { Terminal } from "../terminal.ts";
import { renderPlan } from "./plan-text.ts";

export function renderPlanFile(file: PlanFile, terminal: Pick<Terminal, "style">): string {
  const head = `Made ${file.createdAt} by Koine ${file.basis.koine}, for serial ${file.serial} of the state. Digest ${file.digest.changes}\n\n`;
  return head + renderPlan({ plan: file, sources: new Map(), terminal });
}
