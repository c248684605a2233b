// Applies generated cases to every cloud, all of them in one stack, and compares the tables of each case. The world is made by the whole pipeline: text,
// engine, the vendor's SDK, the simulator over the wire.

import { descriptions } from "../../../cli/providers.ts";
import type { ApplyResult } from "../../../engine/apply/apply.ts";
import { compile } from "../../../grammar/compile.ts";
import type { ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { openStackRig } from "../stack-rig.ts";
import type { JudgedCloud } from "./clouds.ts";
import type { CaseSpec } from "./generate.ts";
import type { Oracle } from "./oracle.ts";
import { readPortableOracle } from "./portable.ts";
import { makeProbes } from "./probes.ts";
import { type Comparison, compareTables } from "./table.ts";
import { writeStack } from "./write-case.ts";

/**
 * One comparison for each case, in their order: what the portable meaning of the text says against what the objects in each cloud's world say.
 * Throws when the text does not compile or an apply fails.
 */
export async function judgeCases(cases: readonly CaseSpec[], clouds: readonly JudgedCloud[]): Promise<readonly Comparison[]> {
  const [first] = clouds;
  if (!first) throw new Error("there is no cloud to judge");
  const graph = compileText(writeStack(first.declaration, cases));
  const oracles: Oracle[] = [readPortableOracle(graph)];
  for (const cloud of clouds) oracles.push(await applyTo(cloud, writeStack(cloud.declaration, cases), patience(cases.length)));
  const probes = makeProbes(graph);
  return cases.map((_, number) => compareTables(probes.get(`network.c${number}n`) ?? [], oracles));
}

/** How long an apply may take, in milliseconds: many times what it takes on a busy machine. */
function patience(cases: number): number {
  return 30_000 + cases * 3_000;
}

async function applyTo(cloud: JudgedCloud, text: string, limit: number): Promise<Oracle> {
  const rig = await openStackRig({ cloud: cloud.name, requestDeadline: 60_000 });
  try {
    const { result } = await endWithin(rig.apply(text), limit, `the apply to ${cloud.name}`);
    if (result.kind !== "done") throw new Error(`the apply to ${cloud.name} is ${result.kind}: ${describeTrouble(result)}`);
    return cloud.readOracle(rig.directory);
  } finally {
    await rig.close();
  }
}

function describeTrouble({ failed, unresolved }: ApplyResult): string {
  const reasons = [
    ...failed.map(({ operation, error }) => `${operation.id} ${error.message}`),
    ...unresolved.map(({ operation, reason }) => `${operation.id} is unresolved: ${reason}`),
  ];
  return reasons.slice(0, 5).join("; ");
}

/** Rejects when the work has not ended; what is left of it is let go. */
async function endWithin<T>(work: Promise<T>, limit: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} has not ended after ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

function compileText(text: string): ResourceGraph {
  const { graph, diagnostics } = compile({
    files: [{ path: "main.koine", text }],
    providers: descriptions,
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  if (!graph) throw new Error(`${diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n")}`);
  return graph;
}
