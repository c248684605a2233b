import { expect, test } from "vitest";
import { createReadPace } from "../../engine/apply/read-pace.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import { paceReads } from "../../providers/handlers/pace-reads.ts";
import { startProcess } from "../../providers/memory/process.ts";
import { createVirtualTime } from "../../providers/memory/virtual-time.ts";

const signal = new AbortController().signal;

function begin(answer: (operation: string) => void = () => {}) {
  const time = createVirtualTime(1);
  const { clock } = startProcess({ time });
  const limits = [{ bucket: "reads", operations: ["x:List"], capacity: 4, refillPerSecond: 2 }];
  const sent: { readonly operation: string; readonly at: number }[] = [];
  const client = {
    send: async (operation: string, _input: object, _signal: AbortSignal) => {
      sent.push({ operation, at: clock.monotonic() });
      answer(operation);
      return operation;
    },
  };
  const paced = paceReads(client, ["send"], {
    pace: createReadPace({ name: "x", limits }, clock),
    prefix: "x:",
    isReading: (operation) => operation === "List",
  });
  return { time, sent, client, paced };
}

test("reads go out no faster than the documented bucket allows", async () => {
  const { time, sent, paced } = begin();
  await time.play(Promise.all(Array.from({ length: 24 }, () => paced.send("List", {}, signal))));
  for (const [index, { at }] of sent.entries()) expect(index + 1).toBeLessThanOrEqual(4 + (at / 1000) * 2 + 1e-6);
  expect(sent).toHaveLength(24);
});

test("what changes something does not wait here: its turn came before it was journaled", async () => {
  const { time, sent, paced } = begin();
  await time.play(Promise.all(Array.from({ length: 24 }, () => paced.send("Make", {}, signal))));
  expect(sent.map(({ at }) => at)).toEqual(Array(24).fill(0));
});

test("a throttle answer to a read slows those that follow, and is told to the caller", async () => {
  let refusals = 1;
  const { time, sent, paced } = begin(() => {
    if (refusals-- > 0) throw new ProviderError("slow down", { code: "throttled", effect: "none" });
  });
  await time.play(expect(paced.send("List", {}, signal)).rejects.toThrow("slow down"));
  await time.play(Promise.all([paced.send("List", {}, signal), paced.send("List", {}, signal)]));
  // Half the rate, from an empty bucket with nothing in reserve.
  expect(sent[2]?.at).toBeGreaterThan(1_500);
});

test("without a pace the client is the client", () => {
  const { client } = begin();
  expect(paceReads(client, ["send"], { pace: undefined, prefix: "x:", isReading: () => true })).toBe(client);
});
