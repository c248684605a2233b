// The two streams of the process and what they can do. Human text goes to stderr, what was asked for to stdout.

import { styleText } from "node:util";

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
  return {
    out: (text) => void process.stdout.write(escapeControls(text)),
    raw: (text) => void process.stdout.write(text),
    tell: (text) => {
      below?.clear();
      process.stderr.write(escapeControls(text));
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

// Line breaks, tabs and our own colours are kept.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /\u001b\[[0-9;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text of others (names on a cloud, a plan file, a vendor's message) must not steer the terminal. In JSON such characters stand in
 * strings only, where the escape is JSON's own.
 */
export function escapeControls(text: string): string {
  return text.replace(controls, (found) => (found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
