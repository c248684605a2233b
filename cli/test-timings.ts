// Shorter times for tests with real processes: a lease that runs out within a test, a late request that is given up within one. A person needs
// none of them; docs/cli.md says so.

import { CannotUse } from "./render/failure.ts";

export interface TestTimings {
  /** `KOINE_LEASE_MS` */
  readonly leaseMilliseconds?: number;
  /** `KOINE_LATE_EFFECT_MS` */
  readonly lateEffectLimit?: number;
}

/** Throws `CannotUse` for what is no number of milliseconds. */
export function readTestTimings(environment: Readonly<Record<string, string | undefined>> = process.env): TestTimings {
  const read = (name: string): number | undefined => {
    const text = environment[name];
    if (text === undefined || text === "") return undefined;
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new CannotUse(`\`${name}=${text}\` is no number of milliseconds`, `leave ${name} unset; it is for tests`);
    return Number(text);
  };
  const leaseMilliseconds = read("KOINE_LEASE_MS");
  const lateEffectLimit = read("KOINE_LATE_EFFECT_MS");
  return { ...(leaseMilliseconds !== undefined && { leaseMilliseconds }), ...(lateEffectLimit !== undefined && { lateEffectLimit }) };
}
