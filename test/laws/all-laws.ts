// Every law that can be run by the thousand. A new one adds its line here; `npm run laws` and nothing else reads the list.

import { ignoreLaw, protectLaw, replaceOrderLaw } from "./annotation-changes.ts";
import { afterLaw } from "./annotation-order.ts";
import { adoptForgetLaw, adoptLaw, existingLaw, forgetLaw } from "./annotation-owners.ts";
import { wasLaw } from "./annotation-was.ts";
import { replayLaw, stormLaw } from "./engine-laws.ts";
import type { Law } from "./law.ts";
import { forcedLaw, planFileLaw, selectionLaw } from "./plan-file-laws.ts";
import { wireLaws } from "./wire-laws.ts";

export const laws: readonly Law[] = [
  stormLaw,
  replayLaw,
  wasLaw,
  adoptLaw,
  adoptForgetLaw,
  existingLaw,
  forgetLaw,
  ignoreLaw,
  protectLaw,
  replaceOrderLaw,
  afterLaw,
  planFileLaw,
  selectionLaw,
  forcedLaw,
  ...wireLaws,
];
