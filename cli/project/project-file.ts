// koine.yaml: where the state is, which inputs an environment has, what may happen in it. Strict: an entry that is not known is a mistake.

import type { Node } from "yaml";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import { isVariable, mergeSettings, type ProjectSettings, readSettings, type SettingsEntry, settingNames } from "./project-settings.ts";
import { type Entries, openYaml, type Reader, readEntries, readMembers, readText, readTexts } from "./yaml-entries.ts";

export interface ProjectFile extends EnvironmentEntry {
  readonly environments: Readonly<Record<string, EnvironmentEntry>>;
  /** Environments that `koine ci` works on, where it says so. */
  readonly ciEnvironments?: readonly string[];
}

export interface EnvironmentEntry {
  readonly state?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Input name to `env:NAME`. */
  readonly inputsFrom: Readonly<Record<string, string>>;
  readonly settings: SettingsEntry;
}

export const emptyProjectFile: ProjectFile = { inputs: {}, inputsFrom: {}, environments: {}, settings: { budget: {} } };

/** Its state lies in a folder of this name. */
const environmentName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const commonNames = ["state", "inputs", "inputs_from", ...settingNames];

/** Reads and judges the text. On any mistake the file's value is undefined. */
export function parseProjectFile(source: SourceFile): { readonly file?: ProjectFile; readonly diagnostics: readonly Diagnostic[] } {
  const { reader, top } = openYaml(source);
  const { diagnostics } = reader;
  if (!top) return diagnostics.length > 0 ? { diagnostics } : { file: emptyProjectFile, diagnostics };
  const entries = readEntries(reader, top, "koine.yaml", [...commonNames, "environments", "ci"]);
  const environments: Record<string, EnvironmentEntry> = {};
  for (const [name, node] of readMembers(reader, entries?.get("environments"), "`environments`")) {
    if (!environmentName.test(name)) {
      reader.report(
        "K4004",
        `\`${name}\` cannot name an environment`,
        entries?.get("environments") ?? undefined,
        "use letters, digits, `-` and `_`: it names a folder",
      );
    }
    environments[name] = readCommon(reader, readEntries(reader, node, `environment \`${name}\``, commonNames));
  }
  const common = readCommon(reader, entries);
  const ciEnvironments = entries?.has("ci") ? readCi(reader, entries.get("ci") ?? null, Object.keys(environments)) : undefined;
  if (diagnostics.length > 0) return { diagnostics };
  return { file: { ...common, environments, ...(ciEnvironments && { ciEnvironments }) }, diagnostics };
}

/** What holds in an environment; undefined names the stack without one. */
export function settingsOf(file: ProjectFile, environment: string | undefined): ProjectSettings {
  const own = environment !== undefined && Object.hasOwn(file.environments, environment) ? file.environments[environment] : undefined;
  return mergeSettings(file.settings, own?.settings, file.ciEnvironments ?? Object.keys(file.environments));
}

function readCommon(reader: Reader, entries: Entries | undefined): EnvironmentEntry {
  const node = entries?.get("state");
  const state =
    node === undefined ? undefined : readText(reader, node, "`state` must be a location in text", "for example `sqlite:.koine/state.db`");
  const inputs: Record<string, unknown> = {};
  for (const [name, value] of readMembers(reader, entries?.get("inputs"), "`inputs`")) inputs[name] = value?.toJSON() ?? null;
  const inputsFrom: Record<string, string> = {};
  for (const [name, value] of readMembers(reader, entries?.get("inputs_from"), "`inputs_from`")) {
    const what = `\`inputs_from.${name}\` must name an environment variable`;
    const text = readText(reader, value, what, "write it as `env:NAME`", (from) => from.startsWith("env:") && isVariable(from.slice(4)));
    if (text !== undefined) inputsFrom[name] = text;
  }
  return { ...(state === undefined ? {} : { state }), inputs, inputsFrom, settings: readSettings(reader, entries) };
}

function readCi(reader: Reader, node: Node | null, declared: readonly string[]): readonly string[] | undefined {
  const entries = readEntries(reader, node, "`ci`", ["environments"]);
  const list = entries?.get("environments");
  if (list === undefined) return undefined;
  const hint = declared.length > 0 ? `declared: ${declared.join(", ")}` : "koine.yaml declares none under `environments:`";
  return readTexts(reader, list, "ci.environments", hint, (name) => declared.includes(name));
}
