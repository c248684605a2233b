// The koine.yaml that a plan of a change is made with. What decides about trust comes from the base; `inputs` are data, as sources are, and come from
// the change. What the change edits beside them is told, and holds from the merge on.

import { isDeepStrictEqual } from "node:util";
import { Document, isMap, parseDocument } from "yaml";
import { isPostgresLocation } from "../../engine/state/postgres-location.ts";
import { type EnvironmentEntry, emptyProjectFile, type ProjectFile, parseProjectFile } from "../project/project-file.ts";
import { requirements } from "../project/project-settings.ts";

export interface TrustedProject {
  /** For `--project-file`. */
  readonly text: string;
  /** One sentence each. */
  readonly notices: readonly string[];
  /** The change's own file cannot be used: the stack would not work after the merge. */
  readonly problem?: { readonly message: string; readonly hint?: string };
}

/** `base` and `head` are the texts of the two revisions; undefined where there is no file. */
export function makeTrustedProject(base: string | undefined, head: string | undefined): TrustedProject {
  if (base === head) return { text: base ?? "", notices: [] };
  const trusted = read(base);
  const own = read(head);
  if ("mistake" in own) {
    const { mistake } = own;
    const hint = mistake.hint === undefined ? {} : { hint: mistake.hint };
    return { text: base ?? "", notices: [], problem: { message: `koine.yaml of this change: ${mistake.message}`, ...hint } };
  }
  // Mistakes of the base are told by the plan itself.
  if ("mistake" in trusted)
    return { text: base ?? "", notices: ["This change edits a koine.yaml that has mistakes; the plan uses that of the base"] };
  const said = compareTrust(trusted.file, own.file);
  const notices =
    said.length === 0
      ? []
      : [...said.map((one) => `koine.yaml: ${one}`), "Until the merge, what the koine.yaml of the base says of these holds"];
  return { text: mergeInputs(base ?? "", trusted.file, own.file), notices };
}

/**
 * Where the state of a plan is: with a `server`; in a `file` of this machine, which is gone when the job ends; or nowhere yet (`new`), because the base knows
 * neither the stack's file nor the environment, and what the change says of it does not hold before the merge.
 */
export function judgeState(base: string | undefined, head: string | undefined, environment: string | undefined): "server" | "file" | "new" {
  const trusted = base === undefined ? undefined : read(base);
  const isKnown =
    trusted !== undefined && (environment === undefined || "mistake" in trusted || Object.hasOwn(trusted.file.environments, environment));
  if (isKnown) return isLocalState(base, environment) ? "file" : "server";
  if (isLocalState(head, environment)) return "file";
  return isLocalState(base, environment) ? "new" : "server";
}

/** Whether the file says that the state is a file of this machine. */
export function isLocalState(text: string | undefined, environment: string | undefined): boolean {
  const found = read(text);
  if ("mistake" in found) return false;
  const own =
    environment === undefined || !Object.hasOwn(found.file.environments, environment) ? undefined : found.file.environments[environment];
  const location = own?.state ?? found.file.state;
  return location === undefined || !isPostgresLocation(location);
}

type Read = { readonly file: ProjectFile } | { readonly mistake: { readonly message: string; readonly hint?: string } };

function read(text: string | undefined): Read {
  if (text === undefined) return { file: emptyProjectFile };
  const { file, diagnostics } = parseProjectFile({ path: "koine.yaml", text });
  return file ? { file } : { mistake: diagnostics[0] ?? { message: "it cannot be read" } };
}

/** The base's text with the change's inputs; the same text where they are equal, so that lines stay what they were. */
function mergeInputs(text: string, base: ProjectFile, head: ProjectFile): string {
  const parsed = parseDocument(text);
  const document = isMap(parsed.contents) ? parsed : new Document({});
  let edited = false;
  const put = (path: readonly string[], from: unknown, to: unknown): void => {
    if (isDeepStrictEqual(from, to)) return;
    edited = true;
    document.setIn(path, document.createNode(to));
  };
  put(["inputs"], base.inputs, head.inputs);
  for (const [name, { inputs }] of Object.entries(head.environments)) {
    const known = Object.hasOwn(base.environments, name) ? base.environments[name] : undefined;
    if (known) put(["environments", name, "inputs"], known.inputs, inputs);
    else put(["environments", name], undefined, { inputs });
  }
  if (base.ciEnvironments && head.ciEnvironments)
    put(["ci", "environments"], base.ciEnvironments, [...new Set([...base.ciEnvironments, ...head.ciEnvironments])]);
  return edited ? document.toString({ lineWidth: 0 }) : text;
}

function compareTrust(base: ProjectFile, head: ProjectFile): readonly string[] {
  const said = [...compareEntry("", base, head)];
  for (const name of new Set([...Object.keys(base.environments), ...Object.keys(head.environments)])) {
    const before = Object.hasOwn(base.environments, name) ? base.environments[name] : undefined;
    const after = Object.hasOwn(head.environments, name) ? head.environments[name] : undefined;
    if (before && after) said.push(...compareEntry(` of \`${name}\``, before, after));
    else if (after)
      said.push(`environment \`${name}\` is new`, ...compareEntry(` of \`${name}\``, { ...emptyProjectFile, inputs: after.inputs }, after));
    else said.push(`environment \`${name}\` is removed; what it manages stays, and nobody plans it any more: destroy it first`);
  }
  const lists = [base.ciEnvironments, head.ciEnvironments].map((list) => list?.join(", ") ?? "all");
  if (lists[0] !== lists[1]) said.push(`\`ci.environments\` goes from ${lists[0]} to ${lists[1]}`);
  return said;
}

function compareEntry(where: string, base: EnvironmentEntry, head: EnvironmentEntry): readonly string[] {
  const after = new Map(listEntries(head));
  const before = new Map(listEntries(base));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const from = before.get(name);
    const to = after.get(name);
    if (from?.text === to?.text) return [];
    const change =
      from === undefined
        ? `becomes ${to?.text}`
        : to === undefined
          ? `is removed, it was ${from.text}`
          : `goes from ${from.text} to ${to.text}`;
    // No budget is the weakest; no `require` asks for nobody.
    const weaker = name.startsWith("budget.")
      ? strength(to) < strength(from)
      : name === "require" && (to?.strength ?? 0) < (from?.strength ?? 0);
    return [`\`${name}\`${where} ${change}${weaker ? " (weaker)" : ""}`];
  });
}

interface Entry {
  readonly text: string;
  readonly strength?: number;
}

function strength(entry: Entry | undefined): number {
  return entry?.strength ?? Number.NEGATIVE_INFINITY;
}

/** What decides about trust, by its name in the file. */
function listEntries({ state, inputsFrom, settings }: EnvironmentEntry): readonly (readonly [string, Entry])[] {
  const { budget, require, apply, endpoints, allowEnv } = settings;
  const limit = (name: string, value: number | undefined): readonly (readonly [string, Entry])[] =>
    value === undefined ? [] : [[`budget.${name}`, { text: String(value), strength: -value }]];
  return [
    // What stands before a name's `@` may be a password.
    ...(state === undefined ? [] : [["state", { text: `\`${state.replace(/\/\/[^@]*@/, "//…@")}\`` }] as const]),
    ...Object.entries(inputsFrom).map(([name, from]) => [`inputs_from.${name}`, { text: `\`${from}\`` }] as const),
    ...limit("max_destroy", budget.maxDestroy?.value),
    ...limit("max_monthly_increase", budget.maxMonthlyIncrease?.value),
    ...(require === undefined ? [] : [["require", { text: `\`${require}\``, strength: requirements.indexOf(require) }] as const]),
    ...(apply === undefined ? [] : [["apply", { text: `\`${apply}\`` }] as const]),
    ...Object.entries(endpoints ?? {}).map(
      ([provider, urls]) => [`endpoints.${provider}`, { text: urls.map((url) => `\`${url}\``).join(", ") }] as const,
    ),
    ...(allowEnv === undefined ? [] : [["allow_env", { text: allowEnv.map((name) => `\`${name}\``).join(", ") || "nothing" }] as const]),
  ];
}
