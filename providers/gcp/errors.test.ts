import { expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import { CredentialProblem, describeFault, judgeRefusal, toProviderError, WireRefusal } from "./errors.ts";

it.each([
  [409, "alreadyExists", "conflict", "none"],
  [400, "resourceInUseByAnotherResource", "dependency", "none"],
  [400, "resourceNotReady", "not_ready", "none"],
  [412, "conditionNotMet", "conflict", "none"],
  [403, "rateLimitExceeded", "throttled", "none"],
  [429, "RATE_LIMIT_EXCEEDED", "throttled", "none"],
  [403, "quotaExceeded", "quota", "none"],
  [403, "forbidden", "denied", "none"],
  [401, "authError", "denied", "none"],
  [404, "notFound", "not_found", "none"],
  [400, "invalid", "invalid", "none"],
  [418, undefined, "invalid", "none"],
  [500, "internalError", "unavailable", "unknown"],
  [503, "backendError", "unavailable", "unknown"],
  [503, undefined, "unavailable", "unknown"],
  [503, "insufficientCapacity", "quota", "none"],
  [408, undefined, "timeout", "unknown"],
] as const)("HTTP %d with %s is %s, effect %s", (status, reason, code, effect) => {
  expect(judgeRefusal(status, reason)).toEqual({ code, effect });
});

const refusal = (status: number, reason: string, message: string) =>
  new WireRefusal(status, JSON.stringify({ error: { code: status, message, errors: [{ reason, message, domain: "global" }] } }), 7);

it("keeps the vendor's words, and what it asks to wait", () => {
  const sdk = new Error("as the SDK words it", { cause: refusal(403, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'.") });
  const error = toProviderError(sdk, "instances.insert", { sent: true });
  expect(error.message).toBe("Quota exceeded for quota metric 'Queries'");
  expect(error.details).toMatchObject({ code: "throttled", effect: "none", vendorCode: "rateLimitExceeded", retryAfter: 7_000 });
});

it("tells a missing login from a refusal of the cloud", () => {
  const error = toProviderError(new CredentialProblem(new Error("Could not load the default credentials.")), "networks.get", {
    sent: false,
  });
  expect(error.details).toMatchObject({
    code: "denied",
    effect: "none",
    hint: expect.stringContaining("gcloud auth application-default login"),
  });
});

it("does not know what became of a request that was cut off", () => {
  const cut = new TypeError("fetch failed", { cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }) });
  const error = toProviderError(cut, "networks.delete", { sent: true });
  expect(error.message).toBe("the connection to Compute Engine failed during networks.delete: other side closed");
  expect(error.details).toMatchObject({ code: "unavailable", effect: "unknown", vendorCode: "UND_ERR_SOCKET" });
});

it("leaves what is one already as it is", () => {
  const own = new ProviderError("own", { code: "gone", effect: "none" });
  expect(toProviderError(own, "x", { sent: true })).toBe(own);
});

it("says where there is no capacity, and which quota is spent", () => {
  const exhausted = describeFault(
    { code: "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", message: "The zone has no c3.\nMore." },
    "gcp:instances.insert",
  );
  expect(exhausted.message).toBe("The zone has no c3");
  expect(exhausted.details).toMatchObject({
    code: "quota",
    effect: "none",
    vendorCode: "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS",
    hint: expect.stringContaining("another zone or another machine type"),
  });
  const spent = describeFault(
    {
      code: "QUOTA_EXCEEDED",
      message: "Quota 'CPUS' exceeded. Limit: 24.0 in region europe-west1.",
      quota: { limitName: "CPUS-per-project-region" },
    },
    "gcp:instances.insert",
  );
  expect(spent.details.hint).toContain("`CPUS-per-project-region`");
});
