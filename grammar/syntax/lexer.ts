// Text to tokens. The lexer never fails: what cannot be read becomes a token that the line-break pass reports.

import { type IToken, Lexer } from "chevrotain";
import { startScanning } from "./scan-tokens.ts";
import { lexedTokens } from "./tokens.ts";

let lexer: Lexer | undefined;

/** The lexer, made on first use. `validate` checks its definition, which only a test needs. */
export function makeLexer(validate: boolean): Lexer {
  return new Lexer([...lexedTokens], {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
    skipValidations: !validate,
    lineTerminatorsPattern: /\r\n|\r|\n/g,
    lineTerminatorCharacters: ["\r", "\n"],
  });
}

/** All tokens of `text` except space and line comments, with offsets into `text`. */
export function tokenize(text: string): IToken[] {
  lexer ??= makeLexer(false);
  startScanning();
  const { tokens, errors } = lexer.tokenize(text);
  if (errors[0]) throw new Error(`the lexer has no token for the character at offset ${errors[0].offset}`);
  return tokens;
}
