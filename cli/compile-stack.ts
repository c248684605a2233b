// Sources to native graph, as every command needs it: load, compile, lower, with all diagnostics told once.

import { lstatSync } from "node:fs";
import { join } from "node:path";
import { emptyLock, type Lock, lockReader, parseLock } from "../engine/lock/lock.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import type { NativeGraph } from "../engine/lower/native-graph.ts";
import { type CompileInput, compile, compileAll, type Note } from "../grammar/compile.ts";
import type { Diagnostic } from "../grammar/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../grammar/diagnostics/render.ts";
import type { ResourceGraph } from "../grammar/graph/resource-graph.ts";
import type { SourceFile } from "../grammar/source/source-file.ts";
import type { CommandContext } from "./command-context.ts";
import { findMentioned, loadProviders, loadProvidersOf, providerNames } from "./load-providers.ts";
import { type GlobalOptions, loadProject, type Project } from "./project/load-project.ts";
import { judgeOwnFolder } from "./project/own-folder.ts";
import { readInside, readText, readTracked } from "./project/repository.ts";

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
  /** Present only without errors. Where several choices of clouds were tried, that of the first. */
  readonly stack?: CompiledStack;
  /** One for each choice of clouds; empty where there are errors. */
  readonly choices: readonly LoweredChoice[];
  readonly diagnostics: readonly Diagnostic[];
  /** What was not checked for want of inputs. */
  readonly notes: readonly Note[];
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** The stack on the clouds that its inputs choose: those given, or, where none was, one of all that may be. */
export interface LoweredChoice {
  /** Cloud by the name of the input; empty where no input chooses one. */
  readonly on: ReadonlyMap<string, string>;
  readonly graph: ResourceGraph;
  readonly native: NativeGraph;
}

export interface CompileOptions {
  /** Inputs may be missing: `check`, in a repository whose inputs come later. */
  readonly partial?: true;
  /** Every cloud that an input may choose is tried, where the caller named none. */
  readonly everyCloud?: true;
  /** `inputs_from` reads nothing, and the lock is the folder's own in every world: for who compares revisions. */
  readonly sourcesAlone?: true;
}

/** Compiles and lowers the stack of the folder. Touches the disk for sources and lock only, and loads the providers that the sources name. */
export async function compileStack(options: GlobalOptions, how: CompileOptions = {}): Promise<Compilation> {
  const loaded = loadProject(options, how);
  const { project } = loaded;
  if (!project) return { diagnostics: loaded.diagnostics, notes: [], choices: [], sources: loaded.sources };
  const { stack, ...rest } = await compileSources(
    {
      files: project.files,
      inputs: project.inputs,
      readFile: (from, path) => readTracked(project.repository, project.folder, from, path),
      readLock: () => readLock(project, project.world === "simulated" && !how.sourcesAlone),
      loaded,
    },
    how,
  );
  return { ...rest, ...(stack ? { stack: { project, ...stack } } : {}) };
}

/** What a compilation reads, wherever it comes from: the disk, or a revision. */
export interface StackSources {
  readonly files: readonly SourceFile[];
  readonly inputs: Project["inputs"];
  readonly readFile: CompileInput["readFile"];
  readonly readLock: () => LockRead;
  /** What was found while these were gathered. */
  readonly loaded: Pick<Compilation, "diagnostics" | "sources">;
}

export type SourcesCompilation = Omit<Compilation, "stack"> & { readonly stack?: Omit<CompiledStack, "project"> };

export async function compileSources(stack: StackSources, how: CompileOptions): Promise<SourcesCompilation> {
  const { files, inputs, loaded } = stack;
  const providers = await loadProviders(findMentioned(files.map((file) => file.text)));
  const reads = new Map<string, string>();
  const input: CompileInput = {
    files,
    providers: new Map([...providers].map(([name, provider]) => [name, provider.description])),
    providerNames,
    inputs,
    readFile: (from, path) => {
      const read = stack.readFile(from, path);
      if ("text" in read) reads.set(path, read.text);
      return read;
    },
    ...(how.partial ? { partial: true } : {}),
  };
  const compiled = how.everyCloud ? compileEach(input) : compileOnce(input);
  const sources = new Map([...loaded.sources, ...files.map((file) => [file.path, file] as const)]);
  const diagnostics = [...loaded.diagnostics, ...compiled.diagnostics];
  const { notes } = compiled;
  const locked = stack.readLock();
  if (locked.source) sources.set(locked.source.path, locked.source);
  diagnostics.push(...locked.diagnostics);
  const { lock } = locked;
  if (compiled.graphs.length === 0 || !lock) return { diagnostics, notes, choices: [], sources };
  const lowered = compiled.graphs.map(({ on, graph }) => ({ on, graph, ...lowerGraph(graph, providers, lockReader(lock)) }));
  diagnostics.push(...mergeChoices(lowered));
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) return { diagnostics, notes, choices: [], sources };
  const choices = lowered.flatMap(({ on, graph, native }) => (native ? [{ on, graph, native }] : []));
  const [first] = choices;
  if (!first) return { diagnostics, notes, choices, sources };
  return { stack: { graph: first.graph, native: first.native, lock, sources, reads, diagnostics }, diagnostics, notes, choices, sources };
}

interface Compiled {
  /** One for each choice of clouds; none when there are errors. */
  readonly graphs: readonly Pick<LoweredChoice, "on" | "graph">[];
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly Note[];
}

function compileOnce(input: CompileInput): Compiled {
  const { graph, diagnostics, notes } = compile(input);
  return { graphs: graph ? [{ on: new Map(), graph }] : [], diagnostics, notes };
}

function compileEach(input: CompileInput): Compiled {
  const { choices, diagnostics } = compileAll(input);
  const graphs = choices.flatMap(({ clouds, graph }) => (graph ? [{ on: clouds, graph }] : []));
  return { graphs, diagnostics, notes: choices[0]?.notes ?? [] };
}

/** The same mistake on all choices of clouds is told once; one that only some have names the first of them. */
function mergeChoices(
  lowered: readonly { readonly on: ReadonlyMap<string, string>; readonly diagnostics: readonly Diagnostic[] }[],
): readonly Diagnostic[] {
  const merged = new Map<string, { readonly diagnostic: Diagnostic; readonly on: ReadonlyMap<string, string>; count: number }>();
  for (const { on, diagnostics } of lowered) {
    for (const diagnostic of diagnostics) {
      const { code, span, message } = diagnostic;
      const key = `${code} ${span?.file} ${span?.start} ${message}`;
      const known = merged.get(key);
      if (known) known.count++;
      else merged.set(key, { diagnostic, on, count: 1 });
    }
  }
  return [...merged.values()].map(({ diagnostic, on, count }) =>
    count >= lowered.length ? diagnostic : { ...diagnostic, message: `${diagnostic.message} (when ${describeChoice(on)})` },
  );
}

/** `aws`; of several inputs `primary=aws standby=gcp`; empty where none chooses a cloud. */
export function describeClouds(on: ReadonlyMap<string, string>): string {
  const [only, ...others] = on.values();
  return others.length === 0 ? (only ?? "") : [...on].map(([input, cloud]) => `${input}=${cloud}`).join(" ");
}

/** `primary` is `gcp` */
export function describeChoice(on: ReadonlyMap<string, string>): string {
  return [...on].map(([name, cloud]) => `\`${name}\` is \`${cloud}\``).join(" and ");
}

/** Lowers once more with other pins. */
export async function lowerAgain(stack: CompiledStack, lock: Lock): Promise<Compilation> {
  const providers = await loadProvidersOf(stack.native);
  const lowered = lowerGraph(stack.graph, providers, lockReader(lock));
  const { sources } = stack;
  return lowered.native
    ? {
        stack: { ...stack, native: lowered.native, lock, diagnostics: lowered.diagnostics },
        diagnostics: lowered.diagnostics,
        notes: [],
        choices: [],
        sources,
      }
    : { diagnostics: lowered.diagnostics, notes: [], choices: [], sources };
}

export const lockName = "koine.lock";

export interface LockRead {
  readonly lock?: Lock;
  readonly diagnostics: readonly Diagnostic[];
  readonly source?: SourceFile;
}

/** The stack's own lock comes with the sources, and is read as they are: within the repository only. That of a simulated world is ours. */
function readLock({ folder, repository, paths }: Project, isOwnWorld: boolean): LockRead {
  const path = isOwnWorld ? paths.lock : join(folder, lockName);
  if (!lstatSync(path, { throwIfNoEntry: false })) return { lock: emptyLock, diagnostics: [] };
  const unsafe = isOwnWorld ? judgeOwnFolder(folder) : undefined;
  const read = unsafe !== undefined ? { mistake: unsafe } : isOwnWorld ? readText(path) : readInside(repository.root, path);
  if ("text" in read) return parseLockText(read.text);
  const hint = "hint" in read && read.hint !== undefined ? { hint: read.hint } : {};
  return { diagnostics: [{ code: "K4009", severity: "error", message: `\`koine.lock\` cannot be used: ${read.mistake}`, ...hint }] };
}

export function parseLockText(text: string): LockRead {
  const source: SourceFile = { path: lockName, text };
  return { ...parseLock(source), source };
}

/** Tells warnings and errors on stderr, as a person reads them. */
export function tellDiagnostics(context: CommandContext, compilation: Pick<Compilation, "diagnostics" | "sources">): void {
  if (compilation.diagnostics.length === 0) return;
  const { terminal } = context;
  terminal.tell(renderDiagnostics(compilation.diagnostics, compilation.sources, { color: terminal.color, width: terminal.width }));
}
