// Keys of machines, those of nobody among them.

import { describe, expect, test } from "vitest";
import { parsePublicKey } from "../../../grammar/kinds/ssh-public-key.ts";
import { azureMachine, onAzure } from "../../../test/support/azure-stacks.ts";
import { codesOf, lowerSource, propsOf } from "../../../test/support/lower-source.ts";
import { isPoint, keyOfNobody } from "./nobodys-key.ts";

describe("keys", () => {
  const key = (text: string): string => `${onAzure()}key admin { public_key = "${text}" }\n`;
  const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  test("ED25519 is taken, with the fingerprint that OpenSSH shows", () => {
    expect(codesOf(key(ed25519))).toEqual([]);
    const { fingerprint, id } = lowerSource(key(ed25519)).native?.outputs.get("key.admin") ?? {};
    expect(fingerprint).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"); // as `ssh-keygen -l` shows it
    expect(id).toBe(fingerprint);
  });

  test("a machine without a key has one that is a point of the curve, the same each time and another for each stack", () => {
    const [line] = propsOf(azureMachine(""), "machine.web:machine").sshKeys as readonly string[];
    expect(line).toBe(keyOfNobody("shop"));
    expect(parsePublicKey(line ?? "")).toEqual({ kind: "ed25519" });
    expect(keyOfNobody("other")).not.toBe(line);
    const bytes = Buffer.from(line?.split(" ")[1] ?? "", "base64");
    expect(isPoint(bytes.subarray(bytes.length - 32))).toBe(true);
  });

  test("points: the base point and the public keys of RFC 8032 are; small order, too large and off the curve are not", () => {
    const point = (hex: string): boolean => isPoint(Buffer.from(hex, "hex"));
    expect(point("5866666666666666666666666666666666666666666666666666666666666666")).toBe(true);
    expect(point("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).toBe(true);
    expect(point("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")).toBe(true);
    expect(point("00".repeat(32))).toBe(false);
    expect(point(`01${"00".repeat(31)}`)).toBe(false);
    expect(point(`02${"00".repeat(31)}`)).toBe(false);
    expect(point("ff".repeat(32))).toBe(false);
    const points = Array.from({ length: 64 }, (_, at) =>
      isPoint(Uint8Array.from({ length: 32 }, (_, byte) => (at * 37 + byte * 11 + 5) & 0x7f)),
    );
    expect(points.filter(Boolean).length).toBeGreaterThan(16);
    expect(points.filter((each) => !each).length).toBeGreaterThan(16);
  });
});
