// The syntax tree: what the parser saw, nothing resolved. Every node carries its span; recovery leaves `error` nodes.

import type { Span } from "../source/span.ts";

export interface Identifier {
  readonly name: string;
  readonly span: Span;
}

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

export type Expression =
  | Literal
  | StringTemplate
  | NameExpression
  | ListExpression
  | ObjectExpression
  | ListComprehension
  | MapComprehension
  | BinaryExpression
  | UnaryExpression
  | ConditionalExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | ErrorExpression;

/** A literal already classified by the lexer: `4GiB` is a size of 4294967296 bytes. */
export interface Literal {
  readonly kind: "literal";
  readonly value: LiteralValue;
  readonly span: Span;
}

export type LiteralValue =
  | { readonly type: "null" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int" | "number"; readonly value: number }
  /** Bytes. */
  | { readonly type: "size"; readonly value: number; readonly text: string }
  /** Milliseconds. */
  | { readonly type: "duration"; readonly value: number; readonly text: string }
  /** Dotted quad; host bits of a CIDR are kept as written and judged by the checker. */
  | { readonly type: "ip" | "cidr"; readonly value: string };

/** A string or heredoc. Parts alternate freely; text parts are unescaped and, in heredocs, stripped of common indentation. */
export interface StringTemplate {
  readonly kind: "string";
  readonly parts: readonly (string | Expression)[];
  readonly form: "quoted" | "heredoc" | "raw";
  readonly span: Span;
}

export interface NameExpression {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}

export interface ListExpression {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

export interface ObjectExpression {
  readonly kind: "object";
  readonly fields: readonly ObjectField[];
  readonly span: Span;
}

export interface ObjectField {
  /** `name = …` and `"name" = …` give a fixed name; `[expr] = …` a computed one. */
  readonly key:
    | { readonly kind: "fixed"; readonly name: string; readonly span: Span }
    | { readonly kind: "computed"; readonly expression: Expression };
  readonly value: Expression;
}

/** `[for a in xs: body if condition]`, `[for i, a in xs: …]`. */
export interface ListComprehension {
  readonly kind: "list-for";
  readonly names: readonly Identifier[];
  readonly source: Expression;
  readonly body: Expression;
  readonly condition?: Expression;
  readonly span: Span;
}

/** `{for k, v in m: key => value if condition}`. */
export interface MapComprehension {
  readonly kind: "map-for";
  readonly names: readonly Identifier[];
  readonly source: Expression;
  readonly key: Expression;
  readonly value: Expression;
  readonly condition?: Expression;
  readonly span: Span;
}

export type BinaryOperator = "??" | "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | ".." | "+" | "-" | "*" | "/" | "%";

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: "unary";
  readonly operator: "!" | "-";
  readonly operand: Expression;
  readonly span: Span;
}

export interface ConditionalExpression {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
  readonly span: Span;
}

export interface MemberExpression {
  readonly kind: "member";
  readonly object: Expression;
  readonly name: Identifier;
  /** `?.` */
  readonly optional: boolean;
  readonly span: Span;
}

export interface IndexExpression {
  readonly kind: "index";
  readonly object: Expression;
  readonly index: Expression;
  readonly span: Span;
}

/** The callee is any postfix expression to the parser; only a function's name is valid, and the checker says so. */
export interface CallExpression {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  readonly span: Span;
}

/** Stands where an expression was expected and none could be read. Already reported: later phases stay silent. */
export interface ErrorExpression {
  readonly kind: "error";
  readonly span: Span;
}

// ── Types as written ────────────────────────────────────────────────────────────────────────────────────────────

export type TypeExpression =
  | { readonly kind: "type-name"; readonly name: string; readonly span: Span }
  | { readonly kind: "type-union"; readonly values: readonly { readonly value: string; readonly span: Span }[]; readonly span: Span }
  | { readonly kind: "type-list" | "type-map"; readonly element: TypeExpression; readonly span: Span }
  | {
      readonly kind: "type-object";
      readonly fields: readonly { readonly name: Identifier; readonly type: TypeExpression }[];
      readonly span: Span;
    }
  | { readonly kind: "type-optional" | "type-secret"; readonly inner: TypeExpression; readonly span: Span }
  | { readonly kind: "type-error"; readonly span: Span };

// ── Bodies ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Body {
  readonly items: readonly Item[];
  /** Some item could not be read and is already reported: what seems to be missing is perhaps not missing. */
  readonly incomplete?: true;
  readonly span: Span;
}

export type Item = Attribute | Block | AllowRule | Refinement;

export interface Attribute {
  readonly kind: "attribute";
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `disk data { … }`; `label` is `data`. */
export interface Block {
  readonly kind: "block";
  readonly name: Identifier;
  readonly label?: Identifier;
  readonly body: Body;
  readonly span: Span;
}

export type Protocol = "tcp" | "udp" | "icmp" | "any";

/** `allow tcp 80, 8000-8100 from office, any`. */
export interface AllowRule {
  readonly kind: "allow";
  readonly protocol: Protocol;
  readonly protocolSpan: Span;
  readonly ports: readonly PortRange[];
  readonly direction: "from" | "to";
  readonly peers: readonly Peer[];
  readonly span: Span;
}

/** One port (`to` absent) or a range with both ends included. */
export interface PortRange {
  readonly from: Expression;
  readonly to?: Expression;
  readonly span: Span;
}

export type Peer = { readonly kind: "any"; readonly span: Span } | { readonly kind: "expression"; readonly expression: Expression };

/** `on aws { … }` inside a resource: props of that provider only. */
export interface Refinement {
  readonly kind: "refinement";
  readonly provider: Identifier;
  readonly body: Body;
  readonly span: Span;
}

// ── Declarations ────────────────────────────────────────────────────────────────────────────────────────────────

export type Declaration =
  | StackDeclaration
  | InputDeclaration
  | LetDeclaration
  | CloudDeclaration
  | ResourceDeclaration
  | OutputDeclaration
  | AssertDeclaration;

export interface StackDeclaration {
  readonly kind: "stack";
  readonly name: Identifier;
  readonly on?: Expression;
  readonly body?: Body;
  readonly span: Span;
}

export interface InputDeclaration {
  readonly kind: "input";
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly default?: Expression;
  readonly where?: Expression;
  readonly message?: Expression;
  readonly span: Span;
}

export interface LetDeclaration {
  readonly kind: "let";
  readonly name: Identifier;
  readonly type?: TypeExpression;
  readonly value: Expression;
  readonly span: Span;
}

export interface CloudDeclaration {
  readonly kind: "cloud";
  readonly name: Identifier;
  /** Absent: the name is the provider. */
  readonly provider?: Identifier;
  readonly body: Body;
  readonly span: Span;
}

export interface Annotation {
  readonly name: Identifier;
  readonly arguments: readonly Expression[];
  readonly span: Span;
}

/** `[n, zone in expr]`, `[i in expr]` or `[expr]`. */
export interface Each {
  readonly names: readonly Identifier[];
  readonly source: Expression;
  readonly span: Span;
}

export interface ResourceDeclaration {
  readonly kind: "resource";
  readonly annotations: readonly Annotation[];
  /** The kind's name as written: `machine`. */
  readonly type: Identifier;
  readonly name: Identifier;
  readonly each?: Each;
  readonly on?: Expression;
  readonly condition?: Expression;
  readonly body: Body;
  readonly span: Span;
}

export interface OutputDeclaration {
  readonly kind: "output";
  readonly name: Identifier;
  readonly type?: TypeExpression;
  readonly value: Expression;
  readonly span: Span;
}

export interface AssertDeclaration {
  readonly kind: "assert";
  readonly condition: Expression;
  readonly message?: Expression;
  readonly span: Span;
}

/** One parsed file. Present even when broken: `declarations` holds what could be read. */
export interface SyntaxTree {
  readonly file: string;
  /** Something could not be read and is already reported: a name that seems unknown was perhaps declared there. */
  readonly incomplete?: true;
  readonly declarations: readonly Declaration[];
}
