// The entries of koine.yaml that decide what may happen rather than what is made: budgets, who has to agree, what a source may reach. Read here, obeyed by
// the commands.

import { isScalar, type Node } from "yaml";
import { type Entries, type Reader, readEntries, readMembers, readText, readTexts } from "./yaml-entries.ts";

/** A number with the line of koine.yaml that says it, for the message of who exceeds it. */
export interface Limit {
  readonly value: number;
  /** From 1. */
  readonly line: number;
}

export interface Budget {
  /** Objects deleted or replaced by one run. */
  readonly maxDestroy?: Limit;
  /** USD by which the estimate of a month may rise. */
  readonly maxMonthlyIncrease?: Limit;
}

export const requirements = ["none", "review-destroys", "review"] as const;
export const applyTimes = ["on-merge", "before-merge"] as const;

/** As one level of the file says them; what is absent is said by the level above, else by `defaultSettings`. */
export interface SettingsEntry {
  readonly budget: Budget;
  readonly require?: (typeof requirements)[number];
  readonly apply?: (typeof applyTimes)[number];
  /** URLs by provider. */
  readonly endpoints?: Readonly<Record<string, readonly string[]>>;
  /** Names of environment variables. */
  readonly allowEnv?: readonly string[];
}

/** What holds for one environment of a stack. */
export interface ProjectSettings {
  readonly budget: Budget;
  /** Whose approval `koine ci apply` wants: of anything, of what destroys or loses data, or of nothing. */
  readonly require: (typeof requirements)[number];
  readonly apply: (typeof applyTimes)[number];
  /** Endpoints outside the vendors' own domains that a source may name, by provider. No provider has a setting for one today. */
  readonly endpoints: Readonly<Record<string, readonly string[]>>;
  /** Environment variables that `inputs_from` may read under `koine ci`. */
  readonly allowEnv: readonly string[];
  /** Environments that `koine ci` works on: those named by `ci`, else all that are declared. Empty: the one without a name. */
  readonly ciEnvironments: readonly string[];
}

export const settingNames = ["budget", "require", "apply", "endpoints", "allow_env"] as const;

export function readSettings(reader: Reader, entries: Entries | undefined): SettingsEntry {
  const require = readChoice(reader, entries, "require", requirements);
  const apply = readChoice(reader, entries, "apply", applyTimes);
  const allowEnv = entries?.get("allow_env");
  return {
    budget: readBudget(reader, entries?.get("budget")),
    ...(require && { require }),
    ...(apply && { apply }),
    ...(entries?.has("endpoints") ? { endpoints: readEndpoints(reader, entries.get("endpoints")) } : {}),
    ...(allowEnv === undefined
      ? {}
      : { allowEnv: readTexts(reader, allowEnv, "allow_env", "name environment variables: [SHOP_DB_PASSWORD]", isVariable) }),
  };
}

function readChoice<Name extends string>(
  reader: Reader,
  entries: Entries | undefined,
  name: string,
  choices: readonly Name[],
): Name | undefined {
  const node = entries?.get(name);
  if (node === undefined) return undefined;
  const known = choices.map((choice) => `\`${choice}\``).join(", ");
  const text = readText(reader, node, `\`${name}\` must be one of ${known}`, `for example \`${name}: ${choices.at(-1)}\``, (value) =>
    choices.some((choice) => choice === value),
  );
  return choices.find((choice) => choice === text);
}

function readBudget(reader: Reader, node: Node | null | undefined): Budget {
  if (node === undefined) return {};
  const entries = readEntries(reader, node, "`budget`", ["max_destroy", "max_monthly_increase"]);
  const maxDestroy = readLimit(
    reader,
    entries,
    "max_destroy",
    "how many objects one run may delete or replace, as a whole number from 0 on",
  );
  const maxMonthlyIncrease = readLimit(
    reader,
    entries,
    "max_monthly_increase",
    "by how many USD the estimate of a month may rise, from 0 on",
  );
  return { ...(maxDestroy && { maxDestroy }), ...(maxMonthlyIncrease && { maxMonthlyIncrease }) };
}

function readLimit(reader: Reader, entries: Entries | undefined, name: string, hint: string): Limit | undefined {
  const node = entries?.get(name);
  if (node === undefined) return undefined;
  const value = isScalar(node) ? node.value : undefined;
  const isSound =
    typeof value === "number" && value >= 0 && (name === "max_destroy" ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (isSound) return { value, line: reader.lineOf(node) };
  reader.report("K4004", `\`budget.${name}\` must be a number`, node ?? undefined, hint);
  return undefined;
}

function readEndpoints(reader: Reader, node: Node | null | undefined): Readonly<Record<string, readonly string[]>> {
  const hint = 'list the URLs of a provider: `endpoints: { aws: ["https://ec2.example.com"] }`';
  return Object.fromEntries(
    readMembers(reader, node, "`endpoints`").map(([provider, urls]) => [
      provider,
      readTexts(reader, urls, `endpoints.${provider}`, hint, isEndpoint),
    ]),
  );
}

function isEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && url.protocol === "https:" && url.username === "" && url.password === "";
}

export function isVariable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** The entries of an environment stand before those of the file; of a budget, each limit by itself. */
export function mergeSettings(top: SettingsEntry, own: SettingsEntry | undefined, ciEnvironments: readonly string[]): ProjectSettings {
  return {
    budget: { ...top.budget, ...own?.budget },
    require: own?.require ?? top.require ?? "none",
    apply: own?.apply ?? top.apply ?? "on-merge",
    endpoints: own?.endpoints ?? top.endpoints ?? {},
    allowEnv: own?.allowEnv ?? top.allowEnv ?? [],
    ciEnvironments,
  };
}
