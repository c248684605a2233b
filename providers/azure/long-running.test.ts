import { describe, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Step } from "../../engine/provider/provider.ts";
import { handleOf, settleOperation } from "./long-running.ts";
import type { Arm } from "./operations.ts";
import type { ArmCall } from "./reads.ts";

const creating: Step = {
  key: "create",
  operation: "azure:virtualMachines.createOrUpdate",
  body: {},
  replay: "natural",
  impact: "none",
  creates: true,
};
const changing: Step = { key: "modify", operation: "azure:virtualMachines.update", body: {}, replay: "idempotent", impact: "none" };
const deleting: Step = {
  key: "delete",
  operation: "azure:virtualMachines.delete",
  body: {},
  replay: "idempotent",
  impact: "none",
  deletes: true,
};

describe("what an answer points to", () => {
  const at = (path: string): string => `https://management.azure.com${path}`;

  it.each([
    [
      "the state of the operation first",
      201,
      { "azure-asyncoperation": at("/operations/1?v=2"), location: at("/results/1") },
      "/operations/1?v=2",
    ],
    ["else the place of the result", 202, { location: at("/results/1?v=2") }, "/results/1?v=2"],
    ["not the place of what was made at once", 201, { location: at("/subscriptions/s/thing") }, undefined],
    ["nothing", 200, {}, undefined],
  ] as const)("%s", (_name, status, headers, handle) => {
    expect(handleOf({ status, body: {}, headers: headers as Record<string, string> })).toBe(handle);
  });
});

function callAnswering(status: number, body: NativeMap, headers: Record<string, string> = {}): ArmCall {
  const client: Arm = {
    subscription: "s",
    region: "westeurope",
    send: () => Promise.reject(new Error("nothing is sent")),
    follow: async () => {
      if (status === 404) throw new ProviderError("gone", { code: "not_found", effect: "none" });
      return { status, body, headers };
    },
    close: () => undefined,
  };
  return { client, identity: { account: "s", region: "westeurope" }, signal: AbortSignal.timeout(1_000) };
}

const exists = async (): Promise<boolean> => true;
const existsNot = async (): Promise<boolean> => false;

describe("a look at an operation", () => {
  it("that goes on waits as long as Azure asks", async () => {
    const call = callAnswering(200, { status: "InProgress" }, { "retry-after": "15" });
    expect(await settleOperation(call, creating, "/o", exists)).toEqual({ kind: "pending", retryAfter: 15_000, note: "InProgress" });
    expect(await settleOperation(callAnswering(202, {}), creating, "/o", exists)).toMatchObject({ kind: "pending" });
  });

  it("that has ended well lets the object tell the rest; a deletion is over", async () => {
    for (const body of [{ status: "Succeeded" }, { name: "vm", properties: { provisioningState: "Updating" } }, {}]) {
      expect(await settleOperation(callAnswering(200, body), creating, "/o", exists)).toBeUndefined();
      expect(await settleOperation(callAnswering(200, body), deleting, "/o", exists)).toEqual({ kind: "done" });
    }
  });

  it("that nobody remembers lets the object tell all", async () => {
    expect(await settleOperation(callAnswering(404, {}), creating, "/o", exists)).toBeUndefined();
  });

  it("that has failed keeps the reason, and says whether something is left", async () => {
    const failed = { status: "Failed", error: { code: "SkuNotAvailable", message: "no such size here" } };
    const seen = await settleOperation(callAnswering(200, failed), creating, "/o", exists);
    expect(seen).toMatchObject({
      kind: "failed",
      leaves: "object",
      error: { message: "no such size here", details: { code: "quota", vendorCode: "SkuNotAvailable" } },
    });
    expect(await settleOperation(callAnswering(200, failed), creating, "/o", existsNot)).toMatchObject({ leaves: "nothing" });
    expect(await settleOperation(callAnswering(200, { status: "Canceled" }), changing, "/o", existsNot)).toMatchObject({
      kind: "failed",
      leaves: "object",
    });
  });
});
