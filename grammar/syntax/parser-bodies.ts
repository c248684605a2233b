// Bodies: attributes, blocks, `allow` rules and refinements. A mistake in one item leaves the others as they are.

import type { IToken, ParserMethod } from "chevrotain";
import { suggest } from "../diagnostics/suggest.ts";
import type { AllowRule, Attribute, Block, Body, Identifier, Item, Peer, PortRange, Protocol, Refinement } from "./ast.ts";
import type { SequenceRules } from "./parser-base.ts";
import { TypeParser } from "./parser-types.ts";
import { endOf } from "./token-properties.ts";
import { shorten } from "./token-words.ts";
import * as t from "./tokens.ts";

const protocols: readonly Protocol[] = ["tcp", "udp", "icmp", "any"];

/** For words that are meant as a protocol elsewhere. */
const protocolHints: ReadonlyMap<string, string> = new Map([
  ["all", "every protocol is `any`"],
  ["http", "web traffic is `tcp 80`"],
  ["https", "encrypted web traffic is `tcp 443`"],
  ["ssh", "remote shells are `tcp 22`"],
  ["ping", "answers to ping are `icmp`"],
]);

const valueEnds = [t.Comma, t.End];

export abstract class BodyParser extends TypeParser {
  private readonly bodyRules: SequenceRules = {
    separator: t.Separator,
    closer: t.RightBrace,
    item: "a prop, a block or a rule",
    next: "a line break, `,` or `}`",
    canStart: (token) => token.tokenType === t.Name || token.tokenType === t.Allow || token.tokenType === t.On,
  };

  readonly body: ParserMethod<[], Body> = this.RULE("body", (): Body => {
    const open = this.CONSUME(t.LeftBrace);
    const items: Item[] = [];
    const sound = this.readSequence(() => items.push(this.readItem()), this.bodyRules);
    const close = this.CONSUME(t.RightBrace);
    const span = this.span(open.startOffset, endOf(close));
    return sound ? { items, span } : { items, span, incomplete: true };
  });

  /** An item; not a rule of its own, since files are mostly made of them. */
  private readItem(): Item {
    const first = this.LA(1);
    if (first.tokenType === t.Name) return this.readNamedItem(this.CONSUME(t.Name));
    if (first.tokenType === t.Allow) return this.readAllowRule();
    if (first.tokenType === t.On) return this.SUBRULE(this.refinement);
    return this.OR([
      { ALT: () => this.readNamedItem(this.CONSUME(t.Name)) },
      { ALT: () => this.readAllowRule() },
      { ALT: () => this.SUBRULE(this.refinement) },
    ]);
  }

  private readNamedItem(first: IToken): Attribute | Block {
    const name = this.identifier(first);
    if (!this.RECORDING_PHASE) this.mendColon();
    const value = this.optionally(4, t.Assign, () => {
      this.CONSUME(t.Assign);
      return this.readExpression(0, valueEnds);
    });
    if (value && !this.RECORDING_PHASE) {
      return { kind: "attribute", name, value, span: this.spanOf(name, value) };
    }
    const label = this.optionally(5, t.Name, () => this.identifier(this.CONSUME2(t.Name)));
    if (!this.RECORDING_PHASE && !this.nextIs(t.LeftBrace)) {
      this.reportFound(this.LA(1), "item", label ? "LeftBrace" : "Assign");
      return this.abandon();
    }
    const body = this.SUBRULE(this.body);
    return { kind: "block", name, ...(label ? { label } : {}), body, span: this.spanOf(name, body) };
  }

  /** The commas of a rule are its own, so a mistake in it costs the line. */
  private readAllowRule(): AllowRule {
    const first = this.LA(1);
    try {
      return this.SUBRULE(this.allowRule);
    } catch (error) {
      this.note(error);
      this.skipTo([t.End], first);
      return this.abandon();
    }
  }

  readonly refinement: ParserMethod<[], Refinement> = this.RULE("refinement", (): Refinement => {
    const on = this.CONSUME(t.On);
    const provider = this.identifier(this.CONSUME(t.Name));
    const body = this.SUBRULE(this.body);
    return { kind: "refinement", provider, body, span: this.spanFrom(on) };
  });

  /** `allow tcp 80, 8000-8100 from office, any`. */
  readonly allowRule: ParserMethod<[], AllowRule> = this.RULE("allowRule", (): AllowRule => {
    const allow = this.CONSUME(t.Allow);
    const word = this.OR([{ ALT: () => this.identifier(this.CONSUME(t.Name)) }, { ALT: () => this.identifier(this.CONSUME(t.Any)) }]);
    const protocol = protocols.find((known) => known === word.name);
    if (protocol === undefined && !this.RECORDING_PHASE) this.failProtocol(word);
    const ports: PortRange[] = [];
    this.OPTION(() => {
      ports.push(this.SUBRULE(this.portRange));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        ports.push(this.SUBRULE2(this.portRange));
      });
    });
    let direction: AllowRule["direction"] = "from";
    this.OR2([
      { ALT: () => this.CONSUME(t.From) },
      {
        ALT: () => {
          this.CONSUME(t.To);
          direction = "to";
        },
      },
    ]);
    const peers = [this.SUBRULE(this.peer)];
    this.MANY2(() => {
      this.CONSUME2(t.Comma);
      peers.push(this.SUBRULE2(this.peer));
    });
    return {
      kind: "allow",
      protocol: protocol ?? "any",
      protocolSpan: word.span,
      ports,
      direction,
      peers,
      span: this.spanFrom(allow),
    };
  });

  private failProtocol({ name, span }: Identifier): never {
    const near = suggest(name, protocols);
    return this.fail({
      code: "K1113",
      message: `\`${shorten(name)}\` is not a protocol`,
      start: span.start,
      end: span.end,
      hint:
        protocolHints.get(name) ??
        (near ? `did you mean \`${near}\`?` : "a rule begins with `allow tcp`, `allow udp`, `allow icmp` or `allow any`"),
    });
  }

  readonly portRange: ParserMethod<[], PortRange> = this.RULE("portRange", (): PortRange => {
    const from = this.SUBRULE(this.operand);
    const to = this.OPTION(() => {
      this.CONSUME(t.Minus);
      return this.SUBRULE2(this.operand);
    });
    return { from, ...(to ? { to } : {}), span: this.spanOf(from, to ?? from) };
  });

  readonly peer: ParserMethod<[], Peer> = this.RULE(
    "peer",
    (): Peer =>
      this.OR([
        {
          ALT: (): Peer => {
            const any = this.CONSUME(t.Any);
            return { kind: "any", span: this.span(any.startOffset, endOf(any)) };
          },
        },
        { ALT: (): Peer => ({ kind: "expression", expression: this.SUBRULE(this.expression) }) },
      ]),
  );
}
