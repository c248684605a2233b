// The inputs of the GitHub Action as a command line. action.yml declares each of them; a test holds the two together. Runs nothing.

type Variables = Readonly<Record<string, string | undefined>>;

export interface ActionCall {
  readonly args: readonly string[];
  /** What changes in the environment of the process: inputs go, so that no child has them; the token is where commands look for it. */
  readonly environment: Variables;
}

const commands = ["plan", "apply", "comment", "drift"] as const;

type Command = (typeof commands)[number];

/** Of which commands an input is; where it stands: before the command or after it. */
const valued: readonly { readonly input: string; readonly flag: string; readonly of?: readonly Command[] }[] = [
  { input: "working-directory", flag: "-C" },
  { input: "environment", flag: "--env" },
  { input: "out", flag: "--out", of: ["plan", "apply", "drift"] },
  { input: "from", flag: "--from", of: ["comment"] },
  { input: "base", flag: "--base", of: ["plan", "apply"] },
  { input: "parallel", flag: "--parallel", of: ["plan", "apply", "drift"] },
  { input: "lock-timeout", flag: "--lock-timeout", of: ["apply"] },
];

const switches: readonly { readonly input: string; readonly flag: string; readonly of?: readonly Command[] }[] = [
  { input: "simulate", flag: "--simulate" },
  { input: "ephemeral-state", flag: "--ephemeral-state", of: ["plan", "apply", "drift"] },
];

/** All inputs of action.yml. */
export const actionInputs: readonly string[] = [
  "command",
  "token",
  "comment",
  "approve",
  ...valued.map(({ input }) => input),
  ...switches.map(({ input }) => input),
];

/** The runner gives an input as `INPUT_` and its name in capitals, spaces as `_`; one that is not given is empty. */
export function readActionInputs(variables: Variables): ActionCall | { readonly mistake: string } {
  const read = (input: string): string => (variables[`INPUT_${input.toUpperCase()}`] ?? "").trim();
  const command = commands.find((name) => name === (read("command") || "plan"));
  if (command === undefined) return { mistake: `the input \`command\` is none of ${commands.join(", ")}: \`${read("command")}\`` };
  const global: string[] = [];
  const own: string[] = [];
  for (const { input, flag, of } of valued) {
    const value = read(input);
    if (value === "") continue;
    if (of && !of.includes(command)) return { mistake: `the input \`${input}\` is not for \`${command}\`` };
    (of ? own : global).push(flag, value);
  }
  for (const { input, flag, of } of switches) {
    const value = readSwitch(read(input), false);
    if (value === undefined) return { mistake: `the input \`${input}\` is neither true nor false: \`${read(input)}\`` };
    if (!value) continue;
    if (of && !of.includes(command)) return { mistake: `the input \`${input}\` is not for \`${command}\`` };
    (of ? own : global).push(flag);
  }
  const digests = read("approve")
    .split(/[\s,]+/)
    .filter((digest) => digest !== "");
  if (digests.length > 0 && command !== "apply") return { mistake: `the input \`approve\` is not for \`${command}\`` };
  const posts = readSwitch(read("comment"), true);
  if (posts === undefined) return { mistake: `the input \`comment\` is neither true nor false: \`${read("comment")}\`` };
  const token = posts ? read("token") || variables.GITHUB_TOKEN : undefined;
  const inputs = Object.keys(variables).filter((name) => name.startsWith("INPUT_"));
  return {
    args: [...global, "ci", command, ...own, ...digests.flatMap((digest) => ["--approve", digest])],
    environment: { ...Object.fromEntries(inputs.map((name) => [name, undefined])), GITHUB_TOKEN: token },
  };
}

/** The words that YAML 1.2 has for a truth; undefined for another. https://yaml.org/spec/1.2.2/#1032-tag-resolution */
function readSwitch(text: string, otherwise: boolean): boolean | undefined {
  if (text === "") return otherwise;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  return /^(?:false|False|FALSE)$/.test(text) ? false : undefined;
}
