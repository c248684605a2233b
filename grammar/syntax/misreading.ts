// A token the parser cannot use, and the words for it: what passes between the parser and the files that word its mistakes.

import type { IToken } from "chevrotain";
import type { Code } from "../diagnostics/codes.ts";
import type { Mistake } from "./reporter.ts";

/** What the parser knows when it meets a token it cannot use. */
export interface Misreading {
  /** The rule that was being read. */
  readonly rule: string;
  /** The name of the token type that was wanted, or words for it. */
  readonly expected: string;
  readonly found: IToken;
  /** The token before; absent at the beginning. */
  readonly previous: IToken | undefined;
  /** The token after the one found. */
  readonly next: IToken;
  /** What is being read: "the machine". */
  readonly subject: string;
}

/** `start` and `end` only where the mistake is not the token that was found. */
export type Words = Pick<Mistake, "code" | "message" | "hint" | "fix"> & Partial<Pick<Mistake, "start" | "end">>;

export function say(code: Code, message: string, hint: string, fix?: Mistake["fix"]): Words {
  return { code, message, hint, ...(fix ? { fix } : {}) };
}
