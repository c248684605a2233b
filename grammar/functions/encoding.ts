// Functions that write values in a format that machines read. UTF-8 throughout; the same value gives the same bytes everywhere.

import { sha256 as hashSha256 } from "@noble/hashes/sha2.js";
import { stringify } from "yaml";
import { any, string } from "../types/type.ts";
import { anything, aText, budgetSpent, give, withArguments } from "./arguments.ts";
import type { FunctionSchema } from "./function.ts";
import { isMistake, toPlain, writeJson } from "./value-text.ts";

const json: FunctionSchema = {
  name: "json",
  family: "encoding",
  doc: "The value as compact JSON, keys in the map's own order. Sizes are bytes, durations milliseconds, addresses and ranges strings.",
  example: ["json({ a = [1, true, null] })", '"{\\"a\\":[1,true,null]}"'],
  parameters: [{ name: "value", type: any }],
  result: string,
  run: withArguments([anything], ([value], context) => {
    const found = toPlain(value, context);
    if (isMistake(found)) return { ...found, argument: 0 };
    const text = writeJson(found.plain);
    return context.spend({ bytes: text.length }) ? give(text) : budgetSpent;
  }),
};

const yaml: FunctionSchema = {
  name: "yaml",
  family: "encoding",
  doc: "The value as a YAML document, keys in the map's own order, strings that YAML 1.1 or 1.2 would take for something else in quotes. Ends with a line break. Sizes are bytes, durations milliseconds.",
  example: ['yaml({ a = ["yes", 1] })', '"a:\\n  - \\"yes\\"\\n  - 1\\n"'],
  parameters: [{ name: "value", type: any }],
  result: string,
  run: withArguments([anything], ([value], context) => {
    const found = toPlain(value, context);
    if (isMistake(found)) return { ...found, argument: 0 };
    // cloud-init reads YAML 1.1 (PyYAML), so what 1.1 would misread is quoted too. Folding would change long lines' look only.
    const text = stringify(found.plain, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 });
    return context.spend({ bytes: text.length }) ? give(text) : budgetSpent;
  }),
};

const base64: FunctionSchema = {
  name: "base64",
  family: "encoding",
  doc: "The string's UTF-8 bytes in base64 with padding (RFC 4648, section 4).",
  example: ['base64("hé")', '"aMOp"'],
  parameters: [{ name: "text", type: string }],
  result: string,
  run: withArguments([aText], ([text], context) => {
    if (!context.spend({ bytes: text.length * 2 })) return budgetSpent;
    return give(encodeBase64(new TextEncoder().encode(text)));
  }),
};

const sha256: FunctionSchema = {
  name: "sha256",
  family: "encoding",
  doc: "The SHA-256 digest of the string's UTF-8 bytes, as 64 small hexadecimal digits.",
  example: ['sha256("")', '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'],
  parameters: [{ name: "text", type: string }],
  result: string,
  run: withArguments([aText], ([text], context) => {
    if (!context.spend({ bytes: text.length + 64 })) return budgetSpent;
    const digest = hashSha256(new TextEncoder().encode(text));
    return give(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }),
};

export const encodingFunctions: readonly FunctionSchema[] = [json, yaml, base64, sha256];

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding. Own code because the grammar runs where Node's Buffer does not exist. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const first = bytes[i] ?? 0;
    const second = bytes[i + 1];
    const third = bytes[i + 2];
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    parts.push(
      alphabet.charAt(group >> 18),
      alphabet.charAt((group >> 12) & 63),
      second === undefined ? "=" : alphabet.charAt((group >> 6) & 63),
      third === undefined ? "=" : alphabet.charAt(group & 63),
    );
  }
  return parts.join("");
}
