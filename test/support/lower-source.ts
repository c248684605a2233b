// Compiles one source text and lowers it for AWS, as the commands do, without disk, lock or network.

import { emptyLock, type Lock, lockReader } from "../../engine/lock/lock.ts";
import { lowerGraph } from "../../engine/lower/lower.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { compile } from "../../grammar/compile.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { awsDescription } from "../../providers/aws/description.ts";
import { awsLowerings } from "../../providers/aws/lower/lowerings.ts";

export const awsForLowering = new Map([["aws", { name: "aws", lowerings: awsLowerings }]]);

export interface LoweredSource {
  readonly graph?: ResourceGraph;
  readonly native?: NativeGraph;
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerSource(text: string, lock: Lock = emptyLock): LoweredSource {
  const compiled = compile({
    files: [{ path: "main.koine", text }],
    providers: new Map([["aws", awsDescription]]),
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  if (!compiled.graph) return { diagnostics: compiled.diagnostics };
  const lowered = lowerGraph(compiled.graph, awsForLowering, lockReader(lock));
  return {
    graph: compiled.graph,
    ...(lowered.native ? { native: lowered.native } : {}),
    diagnostics: [...compiled.diagnostics, ...lowered.diagnostics],
  };
}
