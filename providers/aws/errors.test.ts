import { expect, it } from "vitest";
import { judgeVendorCode, toProviderError } from "./errors.ts";

it.each([
  ["InvalidVpcID.NotFound", "not_found"],
  ["InvalidGroup.NotFound", "not_found"],
  ["InvalidPermission.NotFound", "not_found"],
  ["NatGatewayNotFound", "not_found"],
  ["InvalidVpcID.Malformed", "invalid"],
  ["InvalidKeyPair.Duplicate", "conflict"],
  ["InvalidGroup.Duplicate", "conflict"],
  ["InvalidPermission.Duplicate", "conflict"],
  ["InvalidSubnet.Conflict", "conflict"],
  ["RouteAlreadyExists", "conflict"],
  ["Resource.AlreadyAssociated", "conflict"],
  ["VolumeInUse", "dependency"],
  ["DependencyViolation", "dependency"],
  ["IdempotentParameterMismatch", "mismatch"],
  ["IdempotentInstanceTerminated", "gone"],
  ["UnauthorizedOperation", "denied"],
  ["AuthFailure", "denied"],
  ["IncorrectState", "not_ready"],
  ["IncorrectInstanceState", "not_ready"],
  ["VcpuLimitExceeded", "quota"],
  ["AddressLimitExceeded", "quota"],
  ["RulesPerSecurityGroupLimitExceeded", "quota"],
  ["InvalidParameterValue", "invalid"],
  ["InvalidVolume.ZoneMismatch", "invalid"],
] as const)("%s is %s, and nothing happened", (vendorCode, code) => {
  expect(judgeVendorCode(vendorCode, 400)).toMatchObject({ code, effect: "none" });
});

it.each(["InternalError", "ServiceUnavailable", "Unavailable", "InternalFailure"])(
  "%s leaves open what happened, whatever its status",
  (vendorCode) => {
    expect(judgeVendorCode(vendorCode, 400).effect).toBe("unknown");
    expect(judgeVendorCode(vendorCode, 500).effect).toBe("unknown");
  },
);

it("knows missing credentials from an outage", () => {
  const cause = Object.assign(new Error("Could not load credentials from any providers"), { name: "CredentialsProviderError" });
  const error = toProviderError(cause, "DescribeVpcs", { sent: true });
  expect(error.details).toMatchObject({ code: "denied", effect: "none" });
  expect(error.details.hint).toContain("AWS_PROFILE");
});

it("takes anything that is thrown", () => {
  for (const cause of [undefined, null, "text", 7, new Error("")]) {
    expect(toProviderError(cause, "RunInstances", { sent: true }).details.effect).toBe("unknown");
  }
});
