// The two streams of the process and what they can do. Human text goes to stderr, what was asked for to stdout.

import { fstatSync } from "node:fs";
import { styleText } from "node:util";
import { defuseWorkflowCommands } from "./render/workflow-command.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta";

export interface Terminal {
  /** Writes what was asked for, control characters escaped. */
  out(text: string): void;
  /** Writes one value exactly as it is. */
  raw(text: string): void;
  /** Writes what a person reads beside it. */
  tell(text: string): void;
  /** What is redrawn at the end of stderr steps aside for whatever is told meanwhile, by anybody. */
  keepBelow(region: LiveRegion | undefined): void;
  readonly color: boolean;
  /** Progress may be redrawn: stderr is a terminal and nobody asked for plain text. */
  readonly live: boolean;
  /** Questions may be asked. */
  readonly interactive: boolean;
  readonly width: number;
  style(style: Style, text: string): string;
}

/** Lines that are redrawn in place. */
export interface LiveRegion {
  clear(): void;
  draw(): void;
}

export interface TerminalOptions {
  readonly color: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `NO_COLOR`, `CI` and `--no-color` are honoured; machine formats never have colour because they never call `style`. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { environment } = options;
  const isTerminal = process.stderr.isTTY === true;
  const forced = environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== "0";
  const color = options.color && !environment.NO_COLOR && (forced || (isTerminal && environment.TERM !== "dumb"));
  const inCi = environment.CI !== undefined && environment.CI !== "" && environment.CI !== "false";
  let below: LiveRegion | undefined;
  // The log of a workflow obeys what is printed. What goes into a file is read by others.
  const inWorkflow = environment.GITHUB_ACTIONS === "true";
  const plain = (text: string): string => escapeControls(text, color);
  const forLog = (text: string): string => (inWorkflow ? defuseWorkflowCommands(plain(text)) : plain(text));
  const isFile = inWorkflow && writesToFile();
  return {
    out: (text) => void process.stdout.write(isFile ? plain(text) : forLog(text)),
    raw: (text) => void process.stdout.write(text),
    tell: (text) => {
      below?.clear();
      process.stderr.write(forLog(text));
      below?.draw();
    },
    keepBelow: (region) => {
      below = region;
    },
    color,
    live: isTerminal && !inCi && options.color && environment.TERM !== "dumb",
    interactive: isTerminal && process.stdin.isTTY === true && !inCi,
    width: process.stderr.columns ?? 120,
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
  };
}

function writesToFile(): boolean {
  try {
    return fstatSync(1).isFile();
  } catch {
    return false;
  }
}

// Line breaks, tabs and the colours that we use ourselves are kept. No others: one that hides text would hide a line
// of a plan, and so would one that turns its direction.
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\u001b\[(?:[0-2]|22|(?:1;)?3[1-6]|39)m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of others (names on a cloud, a plan file, a vendor's message) must not steer the terminal. In JSON such characters stand in
 * strings only, where the escape is JSON's own. Without colour, nothing of ours looks like one.
 */
export function escapeControls(text: string, color = true): string {
  return text.replace(controls, (found) =>
    color && found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}${found.slice(1)}`,
  );
}
