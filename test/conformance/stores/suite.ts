// What every state store must do, as one suite. A store's own test file names how to start it, and tests what only it has.

import { describe } from "vitest";
import { describeHistory } from "./history-cases.ts";
import { describeLease } from "./lease-cases.ts";
import { describeRows } from "./rows-cases.ts";
import type { StartStore } from "./subject.ts";

export function describeStateStore(name: string, start: StartStore): void {
  describe(`state store ${name}`, () => {
    describeRows(start);
    describeLease(start);
    describeHistory(start, Number(process.env.KOINE_RUNS ?? 25));
  });
}
