// The standard library: every function of every family, by name. The checker, the evaluator, completion and the reference
// page read this map; a function is added by adding it to its family.

import { collectionFunctions } from "./collections.ts";
import { encodingFunctions } from "./encoding.ts";
import { fileFunctions } from "./files.ts";
import { format } from "./format.ts";
import type { FunctionSchema } from "./function.ts";
import { networkFunctions } from "./network.ts";
import { numberFunctions } from "./numbers.ts";
import { orderingFunctions } from "./ordering.ts";
import { placeFunctions } from "./place.ts";
import { stringFunctions } from "./strings.ts";
import { textFunctions } from "./text.ts";

export const functions: ReadonlyMap<string, FunctionSchema> = new Map(
  [
    ...collectionFunctions,
    ...orderingFunctions,
    ...stringFunctions,
    format,
    ...numberFunctions,
    ...encodingFunctions,
    ...fileFunctions,
    ...networkFunctions,
    ...placeFunctions,
    ...textFunctions,
  ].map((schema) => [schema.name, schema]),
);
