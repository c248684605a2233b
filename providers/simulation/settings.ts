// How a served world behaves, as far as all clouds share it: its delays, its lags, how long a token is remembered, its quotas.

import type { Delays } from "./delays.ts";
import type { FaultPlan } from "./faults.ts";
import { mix } from "./seeds.ts";

/** How long the cloud's indexes trail behind its truth, in milliseconds; 0 by default. */
export interface Lag {
  /** An id that was just made is not found. */
  readonly ids: number;
  /** Filters see the tags of before. */
  readonly tags: number;
  /** Lists leave out what was just made. */
  readonly lists: number;
  /** While behind, a look may see the truth all the same: replicas differ. */
  readonly seesTruth: () => boolean;
}

export interface SettingsOf<Quotas> {
  readonly delays: Delays;
  readonly lag: Lag;
  readonly quotas: Quotas;
  /** Milliseconds that a client token is remembered. */
  readonly tokenWindow: number;
}

/** The settings that options and plan make of a cloud's defaults. Throws an Error for a quota that the cloud does not have. */
export function readSettings<Quotas extends object>(
  delays: Delays,
  plan: FaultPlan,
  defaults: { readonly quotas: Quotas; readonly tokenWindow: number },
): SettingsOf<Quotas> {
  for (const name of Object.keys(plan.quotas ?? {})) {
    if (!Object.hasOwn(defaults.quotas, name))
      throw new Error(`fault plan: quotas has no ${name}; known are ${Object.keys(defaults.quotas).join(", ")}`);
  }
  const { ids = 0, tags = 0, lists = 0, flap = 0 } = plan.lag ?? {};
  let looks = 0;
  return {
    delays,
    quotas: { ...defaults.quotas, ...plan.quotas },
    lag: {
      ids,
      tags,
      lists,
      seesTruth: () => {
        looks += 1;
        return mix(plan.seed ?? 0, looks, 0x1a6) / 2 ** 32 < flap;
      },
    },
    tokenWindow: plan.tokenWindow ?? defaults.tokenWindow,
  };
}

/** Whether an index of a lag of `lag[index]` has not caught up at `now` with what happened at `since`. */
export function isBehind(lag: Lag, index: "ids" | "lists" | "tags", since: number, now: number): boolean {
  if (lag[index] === 0 || now - since >= lag[index]) return false;
  return !lag.seesTruth();
}
