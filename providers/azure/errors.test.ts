import { describe, expect, it } from "vitest";
import { judgeVendorCode, readRetryAfter, toFailure, toProviderError, toRefusal } from "./errors.ts";

const refusal = (status: number, code: string, message = "as it is", headers: Record<string, string> = {}) =>
  toRefusal("disks.update", { status, body: { error: { code, message } }, headers });

describe("a refusal", () => {
  it.each([
    [409, "AnotherOperationInProgress", "not_ready"],
    [409, "ReferencedResourceNotProvisioned", "not_ready"],
    [400, "NicReservedForAnotherVm", "not_ready"],
    [400, "InUseSubnetCannotBeDeleted", "dependency"],
    [400, "InUseNetworkSecurityGroupCannotBeDeleted", "dependency"],
    [400, "PublicIPAddressCannotBeDeleted", "dependency"],
    [400, "NicInUse", "dependency"],
    [409, "SkuNotAvailable", "quota"],
    [409, "QuotaExceeded", "quota"],
    [400, "PublicIPCountLimitReached", "quota"],
    [404, "ResourceNotFound", "not_found"],
    [404, "ResourceGroupNotFound", "not_found"],
    [400, "InvalidResourceReference", "not_found"],
    [404, "SubscriptionNotFound", "denied"],
    [401, "ExpiredAuthenticationToken", "denied"],
    [403, "SomethingNew", "denied"],
    [403, "RequestDisallowedByPolicy", "denied"],
    [409, "ScopeLocked", "denied"],
    [409, "SomethingNew", "conflict"],
    [412, "PreconditionFailed", "conflict"],
    [400, "SomethingNew", "invalid"],
  ] as const)("%i %s is %s, and nothing happened", (status, code, meaning) => {
    expect(refusal(status, code).details).toMatchObject({ code: meaning, effect: "none", vendorCode: code });
  });

  it.each([
    ["Operation could not be completed as it results in exceeding approved Total Regional Cores quota.", "quota"],
    ["Disk data is attached to VM /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web.", "dependency"],
    ["The operation is not allowed since the VM is being deallocated. Try again later.", "not_ready"],
    ["Managed disk storage account type change is not supported.", "conflict"],
  ] as const)("OperationNotAllowed: %s", (message, meaning) => {
    expect(judgeVendorCode("OperationNotAllowed", message, 409).code).toBe(meaning);
  });

  it("with a server's own status leaves the effect open", () => {
    expect(refusal(500, "InternalServerError").details).toMatchObject({ code: "unavailable", effect: "unknown" });
    expect(refusal(504, "GatewayTimeout").details).toMatchObject({ code: "timeout", effect: "unknown" });
  });

  it("tells how long to wait, in seconds or as a date", () => {
    expect(refusal(429, "TooManyRequests", "slow", { "retry-after": "7" }).details).toMatchObject({ code: "throttled", retryAfter: 7_000 });
    const later = new Date(Date.now() + 20_000).toUTCString();
    expect(readRetryAfter({ "retry-after": later })).toBeGreaterThan(15_000);
    expect(readRetryAfter({ "retry-after": "soon" })).toBeUndefined();
    expect(readRetryAfter({})).toBeUndefined();
  });

  it("says what its details add, and once", () => {
    const details = [
      { code: "Conflict", message: "as it is" },
      { code: "ZoneFull", message: "zone 1 is full" },
    ];
    const error = toRefusal("x", { status: 400, body: { error: { code: "BadRequest", message: "as it is", details } }, headers: {} });
    expect(error.message).toBe("as it is; Conflict: as it is; ZoneFull: zone 1 is full");
  });
});

describe("an operation that has failed", () => {
  it("keeps the reason and says what to do", () => {
    const error = toFailure("azure:virtualMachines.createOrUpdate", "Failed", {
      code: "ZonalAllocationFailed",
      message: "Allocation failed.",
    });
    expect(error.message).toBe("Allocation failed.");
    expect(error.details).toMatchObject({
      code: "quota",
      effect: "none",
      vendorCode: "ZonalAllocationFailed",
      hint: expect.stringContaining("zone"),
    });
  });

  it("without a reason says so", () => {
    expect(toFailure("x", "Canceled", {}).message).toContain("Canceled, and Azure gives no reason");
  });
});

describe("what is thrown", () => {
  it("before anything was sent has no effect", () => {
    const cause = Object.assign(new Error("EnvironmentCredential is unavailable\nmore"), { name: "CredentialUnavailableError" });
    expect(toProviderError(cause, "x", { sent: false }).details).toMatchObject({
      code: "denied",
      effect: "none",
      hint: expect.stringContaining("az login"),
    });
    expect(toProviderError(new Error("getaddrinfo"), "x", { sent: false }).details).toMatchObject({ code: "unavailable", effect: "none" });
  });

  it("after that may have had one", () => {
    const cut = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", name: "RestError" });
    expect(toProviderError(cut, "x", { sent: true }).details).toMatchObject({
      code: "unavailable",
      effect: "unknown",
      vendorCode: "ECONNRESET",
    });
    const late = Object.assign(new Error("aborted"), { name: "AbortError" });
    expect(toProviderError(late, "x", { sent: true }).details).toMatchObject({ code: "timeout", effect: "unknown" });
  });
});
