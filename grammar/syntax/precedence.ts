// Gives a flat run of operands and binary operators its shape. A loop over two stacks of its own: the length of a run costs
// no call stack.

import type { BinaryOperator, Expression } from "./ast.ts";
import type { Reporter } from "./reporter.ts";

export interface OperatorUse {
  readonly operator: BinaryOperator;
  readonly start: number;
  readonly end: number;
}

interface Level {
  readonly rank: number;
  readonly grouping: "left" | "right" | "none";
}

const level = (rank: number, grouping: Level["grouping"]): Level => ({ rank, grouping });
const coalesce = level(1, "right");
const or = level(2, "left");
const and = level(3, "left");
const equality = level(4, "none");
const order = level(5, "none");
const range = level(6, "none");
const sum = level(7, "left");
const product = level(8, "left");

/** Loosest first, as in the grammar. */
const levels: Readonly<Record<BinaryOperator, Level>> = {
  "??": coalesce,
  "||": or,
  "&&": and,
  "==": equality,
  "!=": equality,
  "<": order,
  "<=": order,
  ">": order,
  ">=": order,
  "..": range,
  "+": sum,
  "-": sum,
  "*": product,
  "/": product,
  "%": product,
};

/** `operands` has one element more than `operators`. Reports operators that may not be chained. */
export function applyPrecedence(operands: readonly Expression[], operators: readonly OperatorUse[], reporter: Reporter): Expression {
  const output: Expression[] = [];
  const waiting: OperatorUse[] = [];
  let chained = false;
  const reduce = () => {
    const use = waiting.pop();
    const right = output.pop();
    const left = output.pop();
    if (!use || !left || !right) throw new Error("a binary operator lacks an operand");
    output.push({
      kind: "binary",
      operator: use.operator,
      operatorSpan: reporter.span(use.start, use.end),
      left,
      right,
      span: reporter.span(left.span.start, right.span.end),
    });
  };

  operands.forEach((operand, index) => {
    output.push(operand);
    const next = operators[index];
    if (!next) return;
    const here = levels[next.operator];
    for (let last = waiting.at(-1); last; last = waiting.at(-1)) {
      const before = levels[last.operator];
      if (before.rank < here.rank || (before.rank === here.rank && here.grouping === "right")) break;
      if (before.rank === here.rank && here.grouping === "none" && !chained) {
        chained = true;
        reportChain(last, next, reporter);
      }
      reduce();
    }
    waiting.push(next);
  });
  while (waiting.length > 0) reduce();
  const whole = output[0];
  if (!whole) throw new Error("an expression has no operand");
  return whole;
}

function reportChain(first: OperatorUse, second: OperatorUse, reporter: Reporter): void {
  const hint =
    first.operator === ".."
      ? "a range has one beginning and one end"
      : `join two comparisons with \`&&\`: \`a ${first.operator} b && b ${second.operator} c\`, or put one in parentheses`;
  reporter.reportAlone({
    code: "K1109",
    message: `\`${first.operator}\` and \`${second.operator}\` cannot be chained`,
    start: second.start,
    end: second.end,
    related: [{ span: reporter.span(first.start, first.end), message: "the first one" }],
    hint,
  });
}
