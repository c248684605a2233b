// Sources to native graph, as every command needs it: load, compile, lower, with all diagnostics told once.

import { readFileSync } from "node:fs";
import { emptyLock, type Lock, lockReader, parseLock } from "../engine/lock/lock.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import type { NativeGraph } from "../engine/lower/native-graph.ts";
import { type CompileInput, compile, compileAll, type Note } from "../grammar/compile.ts";
import type { Diagnostic } from "../grammar/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../grammar/diagnostics/render.ts";
import type { ResourceGraph } from "../grammar/graph/resource-graph.ts";
import type { SourceFile } from "../grammar/source/source-file.ts";
import type { CommandContext } from "./command-context.ts";
import { type GlobalOptions, loadProject, type Project } from "./project/load-project.ts";
import { readTracked } from "./project/repository.ts";
import { descriptions, providers } from "./providers.ts";
import { describeSystemError } from "./render/failure.ts";

export interface CompiledStack {
  readonly project: Project;
  readonly graph: ResourceGraph;
  readonly native: NativeGraph;
  readonly lock: Lock;
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Texts that `file()` and `template()` read, by path: part of what a plan is made from. */
  readonly reads: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Compilation {
  /** Present only without errors. */
  readonly stack?: CompiledStack;
  readonly diagnostics: readonly Diagnostic[];
  /** What was not checked for want of inputs. */
  readonly notes: readonly Note[];
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export interface CompileOptions {
  /** Inputs may be missing, and every cloud that an input may choose is tried: `check`, in a repository whose inputs come later. */
  readonly partial?: boolean;
}

/** Compiles and lowers the stack of the folder. Touches the disk for sources and lock only. */
export function compileStack(options: GlobalOptions, how: CompileOptions = {}): Compilation {
  const loaded = loadProject(options);
  const { project } = loaded;
  if (!project) return { diagnostics: loaded.diagnostics, notes: [], sources: loaded.sources };
  const reads = new Map<string, string>();
  const input: CompileInput = {
    files: project.files,
    providers: descriptions,
    inputs: project.inputs,
    readFile: (from, path) => {
      const read = readTracked(project.repository, project.folder, from, path);
      if ("text" in read) reads.set(path, read.text);
      return read;
    },
    ...(how.partial ? { partial: true } : {}),
  };
  const compiled = how.partial ? compileEach(input) : compileOnce(input);
  const sources = new Map([...loaded.sources, ...project.files.map((file) => [file.path, file] as const)]);
  const diagnostics = [...loaded.diagnostics, ...compiled.diagnostics];
  const { notes } = compiled;
  const locked = readLock(project.paths.lock);
  if (locked.source) sources.set(locked.source.path, locked.source);
  diagnostics.push(...locked.diagnostics);
  const { lock } = locked;
  if (compiled.graphs.length === 0 || !lock) return { diagnostics, notes, sources };
  const lowered = compiled.graphs.map((graph) => ({ graph, ...lowerGraph(graph, providers, lockReader(lock)) }));
  diagnostics.push(...distinct(lowered.flatMap((one) => one.diagnostics)));
  const first = lowered[0];
  if (!first?.native || diagnostics.some((diagnostic) => diagnostic.severity === "error")) return { diagnostics, notes, sources };
  return { stack: { project, graph: first.graph, native: first.native, lock, sources, reads, diagnostics }, diagnostics, notes, sources };
}

interface Compiled {
  /** One for each choice of clouds; none when there are errors. */
  readonly graphs: readonly ResourceGraph[];
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly Note[];
}

function compileOnce(input: CompileInput): Compiled {
  const { graph, diagnostics, notes } = compile(input);
  return { graphs: graph ? [graph] : [], diagnostics, notes };
}

function compileEach(input: CompileInput): Compiled {
  const { choices, diagnostics } = compileAll(input);
  return { graphs: choices.flatMap(({ graph }) => (graph ? [graph] : [])), diagnostics, notes: choices[0]?.notes ?? [] };
}

/** The same mistake on several clouds is told once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [`${one.code} ${one.span?.file} ${one.span?.start} ${one.message}`, one])).values()];
}

/** Lowers once more with other pins. */
export function lowerAgain(stack: CompiledStack, lock: Lock): Compilation {
  const lowered = lowerGraph(stack.graph, providers, lockReader(lock));
  const { sources } = stack;
  return lowered.native
    ? {
        stack: { ...stack, native: lowered.native, lock, diagnostics: lowered.diagnostics },
        diagnostics: lowered.diagnostics,
        notes: [],
        sources,
      }
    : { diagnostics: lowered.diagnostics, notes: [], sources };
}

function readLock(path: string): { readonly lock?: Lock; readonly diagnostics: readonly Diagnostic[]; readonly source?: SourceFile } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { lock: emptyLock, diagnostics: [] };
    return {
      diagnostics: [{ code: "K4009", severity: "error", message: `\`koine.lock\` cannot be read: ${describeSystemError(error)}` }],
    };
  }
  const source: SourceFile = { path: "koine.lock", text };
  return { ...parseLock(source), source };
}

/** Tells warnings and errors on stderr, as a person reads them. */
export function tellDiagnostics(context: CommandContext, compilation: Pick<Compilation, "diagnostics" | "sources">): void {
  if (compilation.diagnostics.length === 0) return;
  const { terminal } = context;
  terminal.tell(renderDiagnostics(compilation.diagnostics, compilation.sources, { color: terminal.color, width: terminal.width }));
}
