// Workflow commands of GitHub Actions as text: what a step prints so that the runner annotates, groups or masks. Text of others goes through here, so that
// it can never become a command of its own. Writes nothing itself.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

/** Commands that Koine gives; the others change what later steps do, and have files of their own. */
export type WorkflowCommand = "error" | "warning" | "notice" | "debug" | "group" | "endgroup" | "add-mask" | "stop-commands";

/**
 * `::error file=…,line=…::message`, without a line break at the end. Properties without a value are left out. What could steer a terminal stands as an
 * escape; line breaks of the message are kept, encoded.
 */
export function formatWorkflowCommand(
  name: WorkflowCommand,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const given = Object.entries(properties).flatMap(([property, value]) =>
    value === undefined || value === "" ? [] : [`${property}=${escapeProperty(String(value))}`],
  );
  return `::${name}${given.length === 0 ? "" : ` ${given.join(",")}`}::${escapeData(message)}`;
}

/** The encoding of a command's message: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
export function escapeData(text: string): string {
  return showControls(text.replaceAll("\r\n", "\n")).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The encoding of a property's value, where `:` and `,` end it. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

// The runner takes any line that begins with `::` after white space, and the older `##[name]` anywhere in a line:
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
const commands = /(^|[\n\r\u0085\u2028\u2029])([^\S\n\r\u0085\u2028\u2029]*):(?=:)|##\[/g;

/**
 * Text for the log of a workflow in which nothing is a command: the characters that would begin one stand as JSON's escapes, so that JSON stays the
 * JSON it was. Every other text comes back as it is.
 */
export function defuseWorkflowCommands(text: string): string {
  return text.replace(commands, (found, before?: string, space?: string) =>
    found === "##[" ? "##\\u005b" : `${before ?? ""}${space ?? ""}\\u003a`,
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function showControls(text: string): string {
  return text.replace(controls, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
