// The fingerprint of a public key on clouds that keep no key objects: what OpenSSH shows, SHA-256 of the key's bytes. Pure.

import { sha256 } from "@noble/hashes/sha2.js";
import type { NativeValue } from "../../engine/lower/native-value.ts";

/** Name of the step that does it to a key known only at apply; a provider that uses it lists `fingerprintTransforms`. */
export const fingerprintTransform = "ssh-fingerprint";

export const fingerprintTransforms: Readonly<Record<string, (value: NativeValue) => NativeValue>> = {
  [fingerprintTransform]: (value) => fingerprintOf(String(value)),
};

/** `SHA256:…` of one line of authorized_keys; empty for what is none. */
export function fingerprintOf(publicKey: string): string {
  const blob = publicKey.trim().split(/\s+/)[1] ?? "";
  let bytes: string;
  try {
    bytes = atob(blob);
  } catch {
    return "";
  }
  const digest = sha256(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  return `SHA256:${btoa(String.fromCharCode(...digest)).replace(/=+$/, "")}`;
}
