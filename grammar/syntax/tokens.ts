// The token types of the language. The order of `lexedTokens` decides which pattern wins; types with `Lexer.NA` are never
// lexed: the line-break pass gives them to words and places that only their surroundings tell apart.

import { createToken, Lexer, type TokenType } from "chevrotain";
import {
  matchBlockComment,
  matchHeredoc,
  matchQuotedString,
  matchRawHeredoc,
  matchSingleQuoted,
  matchUnexpected,
  wideLetters,
} from "./scan-tokens.ts";

/** All control characters except the tab. */
const controls = "\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f";

const skip = { group: Lexer.SKIPPED } as const;

// ── Space and comments ──────────────────────────────────────────────────────────────────────────────────────────────

/** What separates items: a line break or a comma. */
export const Separator = createToken({ name: "Separator", pattern: Lexer.NA });
/** A line break with the blank lines and the indentation after it; the line-break pass keeps those that end something. */
export const End = createToken({ name: "End", pattern: /[\r\n][ \t\r\n]*/, line_breaks: true, categories: [Separator] });
const Space = createToken({ name: "Space", pattern: /[ \t]+/, ...skip });
const HashComment = createToken({ name: "HashComment", pattern: /#[^\r\n]*/, ...skip });
const SlashComment = createToken({ name: "SlashComment", pattern: /\/\/[^\r\n]*/, ...skip });
export const BlockComment = createToken({ name: "BlockComment", pattern: matchBlockComment, start_chars_hint: ["/"], line_breaks: true });

// ── Literals and names ──────────────────────────────────────────────────────────────────────────────────────────────

export const Name = createToken({ name: "Name", pattern: new RegExp(`[A-Za-z_${wideLetters}][\\w${wideLetters}]*`) });
/** A run of digits, letters and single dots; `/n` joins it after two or more dots. Classified in literals.ts. */
export const NumberRun = createToken({
  name: "NumberRun",
  pattern: new RegExp(
    `\\d[\\w${wideLetters}]*(?:\\.(?!\\.)[\\w${wideLetters}]*(?:\\.(?!\\.)[\\w${wideLetters}]*(?:\\.(?!\\.)[\\w${wideLetters}]*)*(?:\\/\\d\\w*)?)?)?`,
  ),
});
/** A quoted string without escape or interpolation: its value is its image without the quotes. Three quotes begin a text. */
export const PlainString = createToken({ name: "PlainString", pattern: new RegExp(`"(?!"")[^"\\\\$${controls}]*"`) });
export const QuotedString = createToken({ name: "QuotedString", pattern: matchQuotedString, start_chars_hint: ['"'], line_breaks: false });
export const Heredoc = createToken({ name: "Heredoc", pattern: matchHeredoc, start_chars_hint: ['"'], line_breaks: true });
export const RawHeredoc = createToken({ name: "RawHeredoc", pattern: matchRawHeredoc, start_chars_hint: ["r"], line_breaks: true });
export const SingleQuoted = createToken({ name: "SingleQuoted", pattern: matchSingleQuoted, start_chars_hint: ["'"], line_breaks: false });

// ── Brackets and punctuation ────────────────────────────────────────────────────────────────────────────────────────

export const LeftBrace = createToken({ name: "LeftBrace", pattern: "{" });
export const RightBrace = createToken({ name: "RightBrace", pattern: "}" });
export const LeftBracket = createToken({ name: "LeftBracket", pattern: "[" });
export const RightBracket = createToken({ name: "RightBracket", pattern: "]" });
export const LeftParen = createToken({ name: "LeftParen", pattern: "(" });
export const RightParen = createToken({ name: "RightParen", pattern: ")" });
export const Comma = createToken({ name: "Comma", pattern: ",", categories: [Separator] });
export const Colon = createToken({ name: "Colon", pattern: ":" });
export const At = createToken({ name: "At", pattern: "@" });
export const Assign = createToken({ name: "Assign", pattern: "=" });
export const Arrow = createToken({ name: "Arrow", pattern: "=>" });
export const Question = createToken({ name: "Question", pattern: "?" });
export const Dot = createToken({ name: "Dot", pattern: "." });
export const OptionalDot = createToken({ name: "OptionalDot", pattern: "?." });
export const Bar = createToken({ name: "Bar", pattern: "|" });
export const Not = createToken({ name: "Not", pattern: "!" });

// ── Binary operators ────────────────────────────────────────────────────────────────────────────────────────────────

/** What every binary operator is to the parser; precedence is applied afterwards. */
export const BinaryOperatorToken = createToken({ name: "BinaryOperator", pattern: Lexer.NA });
const binary = (name: string, pattern: string): TokenType => createToken({ name, pattern, categories: [BinaryOperatorToken] });

export const Coalesce = binary("Coalesce", "??");
export const Or = binary("Or", "||");
export const And = binary("And", "&&");
export const Equal = binary("Equal", "==");
export const NotEqual = binary("NotEqual", "!=");
export const LessEqual = binary("LessEqual", "<=");
export const GreaterEqual = binary("GreaterEqual", ">=");
export const Less = binary("Less", "<");
export const Greater = binary("Greater", ">");
export const DotDot = binary("DotDot", "..");
export const Plus = binary("Plus", "+");
export const Minus = binary("Minus", "-");
export const Star = binary("Star", "*");
export const Slash = binary("Slash", "/");
export const Percent = binary("Percent", "%");

/** Characters that begin nothing in the language; dropped and reported by the line-break pass. */
export const Unexpected = createToken({
  name: "Unexpected",
  pattern: matchUnexpected,
  // Every character of ASCII that no other pattern begins with, and every block above it.
  start_chars_hint: [
    ...[...Array(256).keys()].filter((code) => !/[\w"'{}[\](),:@=?.|!&<>+\-*/%#\t\r\n ]/.test(String.fromCharCode(code))),
    "&",
    ...Array.from({ length: 510 }, (_, block) => 256 + block * 128),
    0xffff,
  ],
  line_breaks: false,
});

// ── Words the line-break pass recognises, and places it leaves ──────────────────────────────────────────────────────

const word = (name: string): TokenType => createToken({ name, pattern: Lexer.NA });

export const True = word("True");
export const False = word("False");
export const Null = word("Null");
export const For = word("For");
export const In = word("In");
export const If = word("If");
export const On = word("On");
export const Let = word("Let");

export const Stack = word("Stack");
export const Input = word("Input");
export const Cloud = word("Cloud");
export const Output = word("Output");
export const Assert = word("Assert");
/** `component`, `rule`, `test` and `import`: words of the language that this version does not read. */
export const LaterWord = word("LaterWord");

export const Where = word("Where");
export const Allow = word("Allow");
export const Any = word("Any");
export const From = word("From");
export const To = word("To");

/** Stands where the pass dropped a part it has already reported; reads as an expression that is an error. */
export const Hole = word("Hole");

/** Words that are never names. */
export const reservedWords: ReadonlyMap<string, TokenType> = new Map([
  ["true", True],
  ["false", False],
  ["null", Null],
  ["for", For],
  ["in", In],
  ["if", If],
  ["on", On],
  ["let", Let],
]);

/** Words that are keywords where a declaration begins, and names elsewhere. `let` is reserved and not listed. */
export const declarationWords: ReadonlyMap<string, TokenType> = new Map([
  ["stack", Stack],
  ["input", Input],
  ["cloud", Cloud],
  ["output", Output],
  ["assert", Assert],
  ["component", LaterWord],
  ["rule", LaterWord],
  ["test", LaterWord],
  ["import", LaterWord],
]);

/** In the order the lexer tries them. */
export const lexedTokens: readonly TokenType[] = [
  End,
  Space,
  HashComment,
  SlashComment,
  BlockComment,
  RawHeredoc,
  Name,
  NumberRun,
  PlainString,
  Heredoc,
  QuotedString,
  SingleQuoted,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  LeftParen,
  RightParen,
  Comma,
  Colon,
  At,
  Equal,
  Arrow,
  Assign,
  Coalesce,
  OptionalDot,
  Question,
  DotDot,
  Dot,
  Or,
  Bar,
  And,
  NotEqual,
  Not,
  LessEqual,
  Less,
  GreaterEqual,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Unexpected,
];

/** All types the parser may meet. */
export const allTokens: readonly TokenType[] = [
  ...lexedTokens,
  Separator,
  BinaryOperatorToken,
  ...reservedWords.values(),
  Stack,
  Input,
  Cloud,
  Output,
  Assert,
  LaterWord,
  Where,
  Allow,
  Any,
  From,
  To,
  Hole,
];
