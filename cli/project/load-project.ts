// Everything a command works on, read once: sources, koine.yaml, inputs, lock, and where state and simulated worlds lie.

import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { isPostgresLocation, parsePostgresLocation, renameState } from "../../engine/state/postgres-location.ts";
import type { InputText } from "../../grammar/compile.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import { describeSystemError } from "../render/failure.ts";
import { type EnvironmentEntry, emptyProjectFile, type ProjectFile, parseProjectFile, settingsOf } from "./project-file.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { findRepository, type Repository, readInside, readText } from "./repository.ts";

export interface GlobalOptions {
  /** Of `-C`. */
  readonly directory: string;
  readonly environment?: string;
  /** `NAME=VALUE`, in order; the last of a name wins. */
  readonly set: readonly string[];
  readonly inputsFile?: string;
  readonly simulate: boolean;
  /** Of `--project-file`: stands in place of the folder's koine.yaml, which is not looked at then. */
  readonly projectFile?: string;
  /** A child of `koine ci`: the environment holds secrets that the change is not to choose from. */
  readonly inCi?: boolean;
  /** State by `--state`, for tests and recovery; else koine.yaml decides. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface Project {
  readonly folder: string;
  readonly repository: Repository;
  readonly files: readonly SourceFile[];
  readonly inputs: ReadonlyMap<string, InputText>;
  readonly environment?: string;
  readonly world: "real" | "simulated";
  readonly paths: ProjectPaths;
  readonly settings: ProjectSettings;
  /** Run by `koine ci`. */
  readonly inCi: boolean;
}

export interface ProjectPaths {
  /** A path, or the URL of a state in a PostgreSQL server. */
  readonly state: string;
  readonly key: string;
  readonly lock: string;
  readonly simulator: string;
}

export interface LoadedProject {
  readonly project?: Project;
  readonly diagnostics: readonly Diagnostic[];
  /** Files that diagnostics point into, besides the sources. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export interface LoadOptions {
  /** Inputs may be missing. */
  readonly partial?: boolean;
  /** `inputs_from` reads nothing: no value of the environment is part of it. */
  readonly sourcesAlone?: boolean;
}

/** Reads the project of a folder. Every mistake found is reported; the project is there only without errors. */
export function loadProject(options: GlobalOptions, how: LoadOptions = {}): LoadedProject {
  const folder = resolve(options.directory);
  const sources = new Map<string, SourceFile>();
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Omit<Diagnostic, "severity">): void => void diagnostics.push({ severity: "error", ...diagnostic });
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    report({ code: "K4001", message: `there is no folder \`${options.directory}\``, hint: "name the stack's folder with `-C DIR`" });
    return { diagnostics, sources };
  }
  const real = realpathSync(folder);
  const repository = findRepository(real);
  const projectFile = readProjectFile(real, repository.root, options.projectFile, sources, diagnostics);
  const files = readSources(real, repository, diagnostics);
  for (const file of files) sources.set(file.path, file);
  const entry = chooseEnvironment(projectFile, options.environment, report);
  const inputs = collectInputs(projectFile, entry, options, how, report);
  const paths = choosePaths(real, projectFile, entry, options, report);
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error") || !paths) return { diagnostics, sources };
  return {
    project: {
      folder: real,
      repository,
      files,
      inputs,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      world: options.simulate ? "simulated" : "real",
      paths,
      settings: settingsOf(projectFile, options.environment),
      inCi: options.inCi === true,
    },
    diagnostics,
    sources,
  };
}

export type Report = (diagnostic: Omit<Diagnostic, "severity">) => void;

export const projectFileName = "koine.yaml";

function readProjectFile(
  folder: string,
  root: string,
  given: string | undefined,
  sources: Map<string, SourceFile>,
  diagnostics: Diagnostic[],
): ProjectFile {
  const name = given ?? projectFileName;
  const path = given ?? join(folder, projectFileName);
  if (given === undefined && !lstatSync(path, { throwIfNoEntry: false })) return emptyProjectFile;
  // A file that the command line names is the caller's own, wherever it lies.
  const read = given === undefined ? readInside(root, path) : readText(resolve(given));
  if ("mistake" in read) {
    const hint = read.hint === undefined ? {} : { hint: read.hint };
    diagnostics.push({ code: "K4003", severity: "error", message: `\`${name}\` cannot be used: ${read.mistake}`, ...hint });
    return emptyProjectFile;
  }
  const source: SourceFile = { path: name, text: read.text };
  sources.set(source.path, source);
  const parsed = parseProjectFile(source);
  diagnostics.push(...parsed.diagnostics);
  return parsed.file ?? emptyProjectFile;
}

function readSources(folder: string, repository: Repository, diagnostics: Diagnostic[]): readonly SourceFile[] {
  let found: readonly string[];
  try {
    found = readdirSync(folder);
  } catch (error) {
    diagnostics.push({ code: "K4001", severity: "error", message: `the folder cannot be read: ${describeSystemError(error)}` });
    return [];
  }
  const names = found.filter((name) => name.endsWith(".koine") && name !== ".koine").sort();
  const files: SourceFile[] = [];
  for (const name of names) {
    const read = readInside(repository.root, join(folder, name));
    if ("mistake" in read) {
      diagnostics.push({
        code: "K4002",
        severity: "error",
        message: `\`${name}\` cannot be used: ${read.mistake}`,
        ...(read.hint ? { hint: read.hint } : {}),
      });
    } else files.push({ path: name, text: read.text });
  }
  if (names.length === 0) {
    diagnostics.push({
      code: "K4001",
      severity: "error",
      message: "there is no `*.koine` file here",
      hint: "start a stack with `koine init`, or name its folder with `-C DIR`",
    });
  }
  return files;
}

function chooseEnvironment(file: ProjectFile, name: string | undefined, report: Report): EnvironmentEntry | undefined {
  if (name === undefined) return undefined;
  const entry = Object.hasOwn(file.environments, name) ? file.environments[name] : undefined;
  if (!entry) {
    const known = Object.keys(file.environments);
    const near = suggest(name, known);
    const hint = near
      ? `did you mean \`${near}\`?`
      : known.length > 0
        ? `declared: ${known.join(", ")}`
        : "koine.yaml declares none under `environments:`";
    report({ code: "K4005", message: `there is no environment \`${name}\``, hint });
  }
  return entry;
}

/** From koine.yaml, the environment it names, an inputs file and the command line; the last that gives a value wins. */
export function collectInputs(
  file: ProjectFile,
  entry: EnvironmentEntry | undefined,
  options: GlobalOptions,
  how: LoadOptions,
  report: Report,
): ReadonlyMap<string, InputText> {
  const inputs = new Map<string, InputText>();
  for (const [name, data] of Object.entries({ ...file.inputs, ...entry?.inputs })) inputs.set(name, { data });
  if (options.inputsFile !== undefined) readInputsFile(options.inputsFile, inputs, report);
  if (!how.sourcesAlone) readVariables(file, entry, options, how, inputs, report);
  for (const text of options.set) {
    const at = text.indexOf("=");
    const name = text.slice(0, at).trim();
    if (at < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      report({ code: "K4007", message: `\`--set ${text}\` is not NAME=VALUE`, hint: "for example `--set replicas=3`" });
    } else inputs.set(name, { text: text.slice(at + 1) });
  }
  return inputs;
}

function readVariables(
  file: ProjectFile,
  entry: EnvironmentEntry | undefined,
  options: GlobalOptions,
  { partial }: LoadOptions,
  inputs: Map<string, InputText>,
  report: Report,
): void {
  const { allowEnv } = settingsOf(file, options.environment);
  for (const [name, source] of Object.entries({ ...file.inputsFrom, ...entry?.inputsFrom })) {
    const variable = source.slice("env:".length);
    if (options.inCi && !allowEnv.includes(variable)) {
      report({
        code: "K4012",
        message: `input \`${name}\` may not read the environment variable \`${variable}\` here`,
        hint: `add it to \`allow_env\` in the koine.yaml of the base revision: \`allow_env: [${[...allowEnv, variable].join(", ")}]\``,
      });
      continue;
    }
    const text = options.variables[variable];
    if (text !== undefined) inputs.set(name, { text, secret: true });
    else if (!inputs.has(name) && !partial) {
      report({
        code: "K4008",
        message: `input \`${name}\` comes from the environment variable \`${variable}\`, which is not set`,
        hint: `set it, for example \`${variable}=… koine plan\``,
      });
    }
  }
}

function readInputsFile(path: string, inputs: Map<string, InputText>, report: Report): void {
  let data: unknown;
  try {
    data = parseYaml(readFileSync(path, "utf8"), { prettyErrors: false, maxAliasCount: 0 });
  } catch (error) {
    report({
      code: "K4011",
      message: `the inputs file \`${path}\` cannot be read: ${describeSystemError(error).replace(/:$/, "")}`,
      hint: "name a file of YAML or JSON that maps input names to values",
    });
    return;
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    report({ code: "K4011", message: `the inputs file \`${path}\` must map input names to values`, hint: "for example `replicas: 3`" });
    return;
  }
  for (const [name, value] of Object.entries(data)) inputs.set(name, { data: value });
}

function choosePaths(
  folder: string,
  file: ProjectFile,
  entry: EnvironmentEntry | undefined,
  options: GlobalOptions,
  report: Report,
): ProjectPaths | undefined {
  const own = join(folder, ".koine");
  const environment = options.environment;
  const simulator = join(own, "simulator");
  // A simulated run has its own state and pins, whatever `state:` says.
  if (options.simulate) {
    const home = environment === undefined ? simulator : join(simulator, "environments", environment);
    return { state: join(home, "state.db"), key: join(home, "key"), lock: join(simulator, "koine.lock"), simulator };
  }
  const location = entry?.state ?? (environment === undefined ? file.state : undefined);
  const home = environment === undefined ? own : join(own, "environments", environment);
  const lock = join(folder, "koine.lock");
  const shared = location === undefined && environment !== undefined ? nameEnvironmentState(file.state, environment) : undefined;
  const state = chooseState(folder, location ?? shared, join(home, "state.db"), report);
  return state === undefined ? undefined : { state, key: join(home, "key"), lock, simulator };
}

/** An environment without a state of its own has one beside the stack's, where a server holds that: `shop@prod`. */
function nameEnvironmentState(location: string | undefined, environment: string): string | undefined {
  if (location === undefined || !isPostgresLocation(location)) return undefined;
  const parsed = parsePostgresLocation(location);
  return "location" in parsed ? renameState(parsed.location, `${parsed.location.state}@${environment}`) : location;
}

/** A path, or the URL of a state in a server. */
function chooseState(folder: string, location: string | undefined, fallback: string, report: Report): string | undefined {
  if (location === undefined) return fallback;
  if (isPostgresLocation(location)) {
    const parsed = parsePostgresLocation(location);
    if ("location" in parsed) return parsed.location.text;
    report({ code: "K4006", ...parsed.problem });
    return undefined;
  }
  const path = location.startsWith("sqlite:") ? location.slice("sqlite:".length) : "";
  if (path !== "") return isAbsolute(path) ? path : join(folder, path);
  report({
    code: "K4006",
    // What stands before a name's `@` may be a password.
    message: `the state location \`${location.replace(/\/\/[^@]*@/, "//…@")}\` is not available`,
    hint: "available: `sqlite:PATH`, for example `sqlite:.koine/state.db`, and `postgres://USER@HOST:PORT/DATABASE?state=NAME`",
  });
  return undefined;
}
