// The tokens that a regular expression cannot find: strings with interpolations, heredocs, nested comments. Each function
// finds where its token ends and notes what is wrong in the payload; it reports nothing and never reads a text twice.

/** Letters of other scripts: never part of a valid name, but lexed with it so that the mistake is one error. */
export const wideLetters =
  "\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u0300-\\u1fff\\u2c00-\\u2dff\\u3041-\\ud7ff\\uf900-\\ufdff";

/** A piece of a string: its text, or the source between `${` and `}`. Offsets in the lexed text, end excluded. */
export interface StringPiece {
  readonly kind: "text" | "code";
  readonly start: number;
  readonly end: number;
}

export interface StringProblem {
  /** `unclosed`: the token itself has no end. `interpolation`: a `${` has no `}` on its line. `deep`: too many inside another. */
  readonly kind: "unclosed" | "interpolation" | "deep";
  readonly start: number;
  readonly end: number;
}

/** Payload of the string tokens. */
export interface StringScan {
  /** Where the token begins in the lexed text; the other offsets count from the same zero. */
  readonly origin: number;
  readonly pieces: readonly StringPiece[];
  readonly problems: readonly StringProblem[];
  /** How deep in brackets and interpolations the string stands; the line-break pass fills it in. */
  depth: number;
}

/** Payload of a block comment. */
export interface CommentScan {
  readonly closed: boolean;
}

type Match<Payload> = [string] & { payload?: Payload };

const QUOTE = 34;
const DOLLAR = 36;
const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function matchOf<Payload>(text: string, start: number, end: number, payload: Payload): Match<Payload> {
  const match: Match<Payload> = [text.slice(start, end)];
  match.payload = payload;
  return match;
}

// Many `${` without a `}` on one long line would each be searched to its end. After a few failures none is sought there.
const failuresPerLine = 4;
let failedUntil = -1;
let failures = 0;

/** To be called before a text is lexed: forgets what was found about the one before. */
export function startScanning(): void {
  failedUntil = -1;
  failures = 0;
}

function noteFailure(lineEnd: number): -1 {
  failures = lineEnd === failedUntil ? failures + 1 : 1;
  failedUntil = lineEnd;
  return -1;
}

/** Strings may stand in each other's interpolations this deep: each level is read anew, so depth costs time. */
export const maximumInterpolations = 20;
let deepest = 0;

/** Whether the line or the text ends here; past its end `charCodeAt` gives NaN. */
function endsLine(code: number): boolean {
  return code === NEWLINE || code === RETURN || Number.isNaN(code);
}

/**
 * The offset of the `}` that closes the interpolation whose code begins at `start`, or -1 when its line ends first.
 * Nested strings are followed by a stack of our own, so depth costs no call stack.
 */
function findInterpolationEnd(text: string, start: number): number {
  if (start < failedUntil && failures >= failuresPerLine) return -1;
  const IN_STRING = -1;
  const outer: number[] = [];
  deepest = 0;
  // How many braces are open in the code being read, or IN_STRING.
  let mode = 0;
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (endsLine(code)) return noteFailure(at);
    if (mode === IN_STRING) {
      if (code === BACKSLASH && !endsLine(text.charCodeAt(at + 1))) at++;
      else if (code === QUOTE) mode = outer.pop() ?? 0;
      else if (code === DOLLAR && text.startsWith("$${", at)) at += 2;
      else if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN_BRACE) {
        outer.push(mode);
        // Every level of code has a string and the code around it below.
        deepest = Math.max(deepest, outer.length / 2);
        mode = 0;
        at++;
      }
    } else if (code === QUOTE) {
      outer.push(mode);
      mode = IN_STRING;
    } else if (code === OPEN_BRACE) mode++;
    else if (code === CLOSE_BRACE) {
      if (mode > 0) mode--;
      else {
        const enclosing = outer.pop();
        if (enclosing === undefined) return at;
        mode = enclosing;
      }
    }
  }
}

/** `"…"` on one line; reached only when the plain form did not match. */
export function matchQuotedString(text: string, offset: number): Match<StringScan> | null {
  if (text.charCodeAt(offset) !== QUOTE) return null;
  const pieces: StringPiece[] = [];
  const problems: StringProblem[] = [];
  let textStart = offset + 1;
  for (let at = offset + 1; ; at++) {
    const code = text.charCodeAt(at);
    const ended = endsLine(code);
    if (ended || code === QUOTE) {
      if (at > textStart) pieces.push({ kind: "text", start: textStart, end: at });
      if (ended && problems.length === 0) problems.push({ kind: "unclosed", start: offset, end: at });
      return matchOf(text, offset, ended ? at : at + 1, { origin: offset, pieces, problems, depth: 0 });
    }
    if (code === BACKSLASH && !endsLine(text.charCodeAt(at + 1))) at++;
    else if (code === DOLLAR && text.startsWith("$${", at)) at += 2;
    else if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN_BRACE) {
      // After one failure on a line every further search would read the same rest of the line again.
      const end = problems.length > 0 ? -1 : findInterpolationEnd(text, at + 2);
      if (end === -1) {
        if (problems.length === 0) problems.push({ kind: "interpolation", start: at, end: at + 2 });
        at++;
      } else {
        if (at > textStart) pieces.push({ kind: "text", start: textStart, end: at });
        if (deepest >= maximumInterpolations) problems.push({ kind: "deep", start: at, end: at + 2 });
        else pieces.push({ kind: "code", start: at + 2, end });
        textStart = end + 1;
        at = end;
      }
    }
  }
}

/** `"""…"""` with interpolations, each on one line. */
export function matchHeredoc(text: string, offset: number): Match<StringScan> | null {
  if (!text.startsWith('"""', offset)) return null;
  const pieces: StringPiece[] = [];
  const problems: StringProblem[] = [];
  let textStart = offset + 3;
  let failedOnThisLine = false;
  for (let at = offset + 3; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) failedOnThisLine = false;
    else if (code === QUOTE && text.startsWith('"""', at)) {
      if (at > textStart) pieces.push({ kind: "text", start: textStart, end: at });
      return matchOf(text, offset, at + 3, { origin: offset, pieces, problems, depth: 0 });
    } else if (code === DOLLAR && text.startsWith("$${", at)) at += 2;
    else if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN_BRACE && !failedOnThisLine) {
      const end = findInterpolationEnd(text, at + 2);
      if (end === -1) {
        failedOnThisLine = true;
        problems.push({ kind: "interpolation", start: at, end: at + 2 });
        at++;
      } else {
        if (at > textStart) pieces.push({ kind: "text", start: textStart, end: at });
        if (deepest >= maximumInterpolations) problems.push({ kind: "deep", start: at, end: at + 2 });
        else pieces.push({ kind: "code", start: at + 2, end });
        textStart = end + 1;
        at = end;
      }
    }
  }
  // What it swallowed was perhaps never meant as its text: the missing end is the only thing to report.
  return matchOf(text, offset, text.length, {
    origin: offset,
    pieces: [],
    problems: [{ kind: "unclosed", start: offset, end: offset + 3 }],
    depth: 0,
  });
}

/** `r"""…"""`: no interpolation, no escape. */
export function matchRawHeredoc(text: string, offset: number): Match<StringScan> | null {
  if (!text.startsWith('r"""', offset)) return null;
  const start = offset + 4;
  const end = text.indexOf('"""', start);
  if (end === -1) {
    return matchOf(text, offset, text.length, {
      origin: offset,
      pieces: [],
      problems: [{ kind: "unclosed", start: offset, end: start }],
      depth: 0,
    });
  }
  const pieces: StringPiece[] = end > start ? [{ kind: "text", start, end }] : [];
  return matchOf(text, offset, end + 3, { origin: offset, pieces, problems: [], depth: 0 });
}

/** `/* … *​/`, nested; without an end it reaches to the end of the file. */
export function matchBlockComment(text: string, offset: number): Match<CommentScan> | null {
  if (!text.startsWith("/*", offset)) return null;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = offset + 2;
  let depth = 1;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return matchOf(text, offset, mark.lastIndex, { closed: true });
  }
  return matchOf(text, offset, text.length, { closed: false });
}

/** `'…'` on one line: not a string of the language, but read as one so that the mistake is one error. */
export function matchSingleQuoted(text: string, offset: number): Match<undefined> | null {
  if (text.charAt(offset) !== "'") return null;
  const rest = /'[^'\r\n]*'?/y;
  rest.lastIndex = offset;
  return [rest.exec(text)?.[0] ?? "'"];
}

const unexpectedRun = new RegExp(`[^\\w"'{}[\\](),:@=?.|!&<>+\\-*/%#\\t\\r\\n ${wideLetters}]+`, "y");

/** A run of characters that nothing in the language begins with; asked only when every other pattern declined. */
export function matchUnexpected(text: string, offset: number): Match<undefined> {
  unexpectedRun.lastIndex = offset;
  return [unexpectedRun.exec(text)?.[0] ?? text.charAt(offset)];
}
