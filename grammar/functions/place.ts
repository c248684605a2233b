// Functions about where things are. They know no region: the provider's description answers through the context.

import { type CloudValue, tag, tagOf } from "../graph/value.ts";
import { cloud, list, region, string } from "../types/type.ts";
import { aText, type Guard, give, withArguments } from "./arguments.ts";
import type { FunctionSchema } from "./function.ts";

const aCloud: Guard<CloudValue> = { expected: "a cloud", accepts: (value): value is CloudValue => tagOf(value) === "cloud" };

const near: FunctionSchema = {
  name: "near",
  family: "place",
  doc: "The region of the cloud that is nearest to a city. Fits only the `region` of a cloud; the answer is pinned in koine.lock.",
  example: ['near("dublin")', '"eu-west-1"'],
  parameters: [{ name: "city", type: string }],
  result: region,
  compileTimeOnly: true,
  run: withArguments([aText], ([text]) => {
    const city = text.trim().toLowerCase();
    if (city === "") return { mistake: "no city is named", hint: 'name one, for example near("dublin")', argument: 0 };
    return give({ [tag]: "near", city });
  }),
};

const zones: FunctionSchema = {
  name: "zones",
  family: "place",
  doc: "The letters of the zones in a cloud's region, to spread subnets over all of them.",
  example: ["zones(aws)", '["a","b","c"]'],
  parameters: [{ name: "cloud", type: cloud }],
  result: list(string),
  compileTimeOnly: true,
  run: withArguments([aCloud], ([value], context) => {
    const ranked = context.zones?.(value.name);
    // A zone's letter is its rank: the first is "a" on every cloud.
    if (ranked) return give(ranked.map((_, rank) => String.fromCharCode(97 + rank)));
    return {
      mistake: `the zones of \`${value.name}\` are not known`,
      hint: "give the cloud a region that its provider knows",
      argument: 0,
    };
  }),
};

export const placeFunctions: readonly FunctionSchema[] = [near, zones];
