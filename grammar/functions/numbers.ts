// Functions over single numbers. Ints stay ints; a result that is no safe integer is a mistake.

import { int, number } from "../types/type.ts";
import { aNumber, give, withArguments } from "./arguments.ts";
import type { FunctionResult, FunctionSchema } from "./function.ts";
import { coreOf } from "./result-types.ts";

const abs: FunctionSchema = {
  name: "abs",
  family: "numbers",
  doc: "The number without its sign.",
  example: ["abs(-2)", "2"],
  parameters: [{ name: "number", type: number }],
  result: ([type]) => (coreOf(type).kind === "int" ? int : number),
  run: withArguments([aNumber], ([value]) => give(Math.abs(value))),
};

const floor: FunctionSchema = {
  name: "floor",
  family: "numbers",
  doc: "The greatest int that is not greater than the number.",
  example: ["floor(-1.5)", "-2"],
  parameters: [{ name: "number", type: number }],
  result: int,
  run: withArguments([aNumber], ([value]) => giveInt(Math.floor(value))),
};

const ceil: FunctionSchema = {
  name: "ceil",
  family: "numbers",
  doc: "The least int that is not less than the number.",
  example: ["ceil(1.2)", "2"],
  parameters: [{ name: "number", type: number }],
  result: int,
  run: withArguments([aNumber], ([value]) => giveInt(Math.ceil(value))),
};

export const numberFunctions: readonly FunctionSchema[] = [abs, floor, ceil];

function giveInt(value: number): FunctionResult {
  if (!Number.isSafeInteger(value)) return { mistake: "the number is too large to be an exact int", argument: 0 };
  return give(value === 0 ? 0 : value); // no negative zero
}
