// Compiles one source text and lowers it for the clouds that it names, as the commands do, without disk, lock or network.

import { emptyLock, entryName, type Lock, lockReader } from "../../engine/lock/lock.ts";
import { type LoweringProvider, lowerGraph } from "../../engine/lower/lower.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { NativeMap, PinRequest } from "../../engine/lower/native-value.ts";
import { compile } from "../../grammar/compile.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import { awsDescription } from "../../providers/aws/description.ts";
import { awsLowerings } from "../../providers/aws/lower/lowerings.ts";
import { azureDescription } from "../../providers/azure/description.ts";
import { azureLowerings } from "../../providers/azure/lower/lowerings.ts";
import { azureSurroundings } from "../../providers/azure/lower/surroundings.ts";
import { gcpDescription } from "../../providers/gcp/description.ts";
import { gcpLowerings } from "../../providers/gcp/lower/lowerings.ts";

export const awsForLowering = new Map([["aws", { name: "aws", lowerings: awsLowerings }]]);

/** Every provider as the compiler and the lowering see it. */
const clouds: readonly { readonly description: ProviderDescription; readonly lowering: LoweringProvider }[] = [
  { description: awsDescription, lowering: { name: "aws", lowerings: awsLowerings } },
  { description: gcpDescription, lowering: { name: "gcp", lowerings: gcpLowerings } },
  { description: azureDescription, lowering: { name: "azure", lowerings: azureLowerings, surroundings: azureSurroundings } },
];

const descriptions = new Map(clouds.map(({ description }) => [description.name, description]));
const lowerings = new Map(clouds.map(({ lowering }) => [lowering.name, lowering]));

export interface LoweredSource {
  readonly graph?: ResourceGraph;
  readonly native?: NativeGraph;
  readonly diagnostics: readonly Diagnostic[];
}

export function lowerSource(text: string, lock: Lock = emptyLock, inputs: Readonly<Record<string, string>> = {}): LoweredSource {
  const compiled = compile({
    files: [{ path: "main.koine", text }],
    providers: descriptions,
    inputs: new Map(Object.entries(inputs).map(([name, value]) => [name, { text: value }])),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  if (!compiled.graph) return { diagnostics: compiled.diagnostics };
  const lowered = lowerGraph(compiled.graph, lowerings, lockReader(lock));
  return {
    graph: compiled.graph,
    ...(lowered.native ? { native: lowered.native } : {}),
    diagnostics: [...compiled.diagnostics, ...lowered.diagnostics],
  };
}

/** The props of one object of a source. */
export function propsOf(text: string, key: string, lock?: Lock): NativeMap {
  const { native, diagnostics } = lowerSource(text, lock);
  const object = native?.objects.get(key);
  if (!object) throw new Error(`no ${key}: ${JSON.stringify([...(native?.objects.keys() ?? []), diagnostics])}`);
  return object.props;
}

/** Codes of what is wrong with a source. */
export function codesOf(text: string): readonly string[] {
  return lowerSource(text).diagnostics.map(({ code }) => code);
}

/** A lock that holds one answer. */
export function lockOf(provider: string, kind: PinRequest["kind"], key: string, id: string): Lock {
  return { entries: new Map([[entryName(provider, kind, key), { provider, kind, key, id }]]) };
}
