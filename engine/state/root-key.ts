// Where the root key comes from: `KOINE_KEY`, else a private file beside the state, made when first needed.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ensurePrivateDirectory, judgePrivate } from "./private-directory.ts";
import { SecretKeyMissing } from "./secret-keeper.ts";

/** 32 bytes, from 64 hex digits or base64. Undefined when the text is neither. */
export function parseRootKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, "hex");
  const bytes = Buffer.from(trimmed, "base64");
  return bytes.length === 32 ? bytes : undefined;
}

/** Reads or makes the key. Throws `SecretKeyMissing` when what is there is not a key. */
export function loadRootKey(file: string, environment: string | undefined): Uint8Array {
  if (environment !== undefined && environment !== "") {
    const key = parseRootKey(environment);
    if (!key) throw new SecretKeyMissing("`KOINE_KEY` is not 32 bytes of hex or base64; make one with `openssl rand -hex 32`");
    return key;
  }
  const unsafe = ensurePrivateDirectory(dirname(file)) ?? judgePrivate(file);
  if (unsafe) throw new SecretKeyMissing(unsafe);
  if (!existsSync(file)) {
    const key = randomBytes(32);
    // `wx`: of two processes that make it at once, one wins and the other reads.
    try {
      writeFileSync(file, `${key.toString("hex")}\n`, { mode: 0o600, flag: "wx" });
      return key;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  const key = parseRootKey(readFileSync(file, "utf8"));
  if (!key) throw new SecretKeyMissing(`\`${file}\` does not hold a key of 32 bytes; restore it, or set \`KOINE_KEY\``);
  return key;
}
