import { expect, it } from "vitest";
import type { Step } from "../../engine/provider/provider.ts";
import { lookAtOperation } from "./operation-progress.ts";
import type { GceCall, Operation } from "./operations.ts";

const step: Step = { key: "create", operation: "gcp:instances.insert", body: {}, replay: "token", impact: "none", creates: true };
const path = (n: number): string => `projects/p/zones/z/operations/o-${n}`;
const link = (n: number): string => `https://www.googleapis.com/compute/v1/${path(n)}`;

/** A client whose operations are as `answer` says. */
function callTo(answer: (operation: string, input: { operation?: string; filter?: string }) => unknown) {
  const asked: string[] = [];
  const send = async (operation: string, input: object): Promise<unknown> => {
    asked.push(operation);
    return answer(operation, input);
  };
  const client = { project: "p", region: "r", send, close: () => undefined };
  return { asked, call: { client, signal: AbortSignal.timeout(5_000) } as unknown as GceCall };
}

it.each([
  ["RUNNING", { kind: "pending", retryAfter: 1_000, note: "running" }],
  ["PENDING", { kind: "pending", retryAfter: 1_000, note: "pending" }],
  ["DONE", undefined],
] as const)("an operation that is %s", async (status, progress) => {
  const { call } = callTo(() => ({ name: "o-1", status }));
  expect(await lookAtOperation(call, step, path(1), 1_000)).toEqual(progress);
});

it("tells why an operation failed, in the vendor's words", async () => {
  const errors = [{ code: "ZONE_RESOURCE_POOL_EXHAUSTED", message: "The zone does not have enough resources." }];
  const { call } = callTo((): Operation => ({ name: "o-1", status: "DONE", error: { errors }, httpErrorStatusCode: 503 }));
  const progress = await lookAtOperation(call, step, path(1), 1_000);
  expect(progress).toMatchObject({
    kind: "failed",
    leaves: "nothing",
    error: {
      message: "The zone does not have enough resources",
      details: { code: "quota", effect: "none", vendorCode: "ZONE_RESOURCE_POOL_EXHAUSTED", hint: expect.stringContaining("another zone") },
    },
  });
});

it("reads what goes on together in one list, and by itself what the list does not show", async () => {
  const { call, asked } = callTo((operation, { filter }) => {
    if (operation === "zoneOperations.get") return { name: "o-3", status: "RUNNING" };
    expect(filter).toBe('name eq "o-0|o-1|o-2|o-3|o-4"');
    return { items: [0, 1, 2, 4].map((n) => ({ selfLink: link(n), status: "DONE" })) };
  });
  const looks = await Promise.all([0, 1, 2, 3, 4].map((n) => lookAtOperation(call, step, path(n), 1_000)));
  expect(looks.map((look) => look?.kind)).toEqual([undefined, undefined, undefined, "pending", undefined]);
  expect(asked).toEqual(["zoneOperations.list", "zoneOperations.get"]);
});
