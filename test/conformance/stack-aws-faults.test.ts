// A whole stack while the cloud misbehaves: whatever happens to a request, the world ends as after a calm run, nothing twice and nothing left.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { LoggedRequest } from "../../providers/aws/simulator/inspect.ts";
import { expectEmpty, mutationsOf } from "../support/stack-expectations.ts";
import { openStackRig, type StackRig } from "../support/stack-rig.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "examples", "lab", "lab.koine"), "utf8");
const inputs = { admin_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" };

/** How many living things there are of each type, address mark and state. */
function tally(rig: StackRig): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const object of rig.world()) {
    const name = `${object.type} ${object.tags["koine:address"] ?? object.tags.Name ?? ""} ${object.state ?? ""}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

let calm: Readonly<Record<string, number>>;
let operations: readonly string[];

beforeAll(async () => {
  const rig = await openStackRig({ inputs });
  await rig.apply(text);
  calm = tally(rig);
  await rig.apply(text, { destroy: true });
  operations = [...new Set(mutationsOf(rig))];
  await rig.close();
});

/** As often as a person would: what failed for a while is done by the next run. */
async function persist(rig: StackRig, flags: { readonly destroy?: true } = {}): Promise<number> {
  for (let runs = 1; runs <= 4; runs++) {
    const { result } = await rig.apply(text, flags);
    if (result.kind === "done") return runs;
  }
  throw new Error("four runs did not finish");
}

/** What came of every mutating request. */
async function play(faults: unknown, late = false): Promise<readonly LoggedRequest[]> {
  const rig = await openStackRig({ inputs, faults });
  try {
    await persist(rig);
    if (late) {
      // EC2's own outbound rule is revoked by what it says, so a revocation that lands after its repeat may take the rule of ours that says
      // the same. Nothing on this side can stop it; the next run sees it and mends it.
      await sleep(400);
      await persist(rig);
    }
    expect(tally(rig)).toEqual(calm);
    await expectEmpty(rig, text);
    await persist(rig, { destroy: true });
    expect(rig.world().map((object) => `${object.type} ${object.tags["koine:address"] ?? object.id}`)).toEqual([]);
    return rig.requests().filter((request) => request.mutating);
  } finally {
    await rig.close();
  }
}

const effects = [
  ["cut after the effect", { kind: "cut", when: "after" }, "cut"],
  ["cut before the effect", { kind: "cut", when: "before" }, "cut"],
  ["a server's error", { kind: "error" }, "InternalError"],
  ["throttled", { kind: "throttle" }, "RequestLimitExceeded"],
  ["an effect 200 ms after the cut", { kind: "late", ms: 200 }, "cut"],
] as const;

describe("every mutating operation, once each", () => {
  test.each(effects.flatMap(([name, effect, outcome]) => [1, 2].map((nth) => [nth, name, effect, outcome] as const)))(
    "call %i of each: %s",
    async (nth, _, effect, outcome) => {
      const sent = await play({ rules: operations.map((operation) => ({ operation, nth, do: effect })) }, effect.kind === "late");
      // The faults were played: on each operation that was sent as often.
      const often = operations.filter((operation) => sent.filter((request) => request.operation === operation).length >= nth);
      const hit = operations.filter((operation) => sent.some((request) => request.operation === operation && request.outcome === outcome));
      expect(hit).toEqual(often);
    },
  );
});

describe("indexes that trail by 300 ms", () => {
  test.each(["ids", "tags", "lists"])("%s", async (index) => {
    await play({ lag: { [index]: 300 } });
  });

  test("all of them, now and then", async () => {
    await play({ seed: 7, lag: { ids: 300, tags: 300, lists: 300, flap: 0.3 } });
  });
});
