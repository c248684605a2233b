// What names, labels, network tags and request ids may look like.

import { createHash } from "node:crypto";
import { digestCanonically, mix } from "../../simulation/seeds.ts";
import { refuse, refuseAbsent, refuseStale, refuseValue } from "./errors.ts";
import type { Labels } from "./resources.ts";

/** RFC 1035: https://cloud.google.com/compute/docs/naming-resources#resource-name-format */
const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME_PATTERN = "(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)";

export function readNewName(value: string | undefined): string {
  if (value === undefined || value === "") refuseAbsent("resource.name");
  if (!NAME.test(value)) refuseValue("resource.name", value, `Must be a match of regex '${NAME_PATTERN}'`);
  return value;
}

/** Network tags follow the same form; 64 at most. https://cloud.google.com/vpc/docs/add-remove-network-tags#restrictions */
export function checkNetworkTags(field: string, tags: readonly string[], most: number): void {
  if (tags.length > most) refuseValue(field, tags.length, `There are more than ${most} tags.`);
  for (const tag of tags) if (!NAME.test(tag)) refuseValue(field, tag, `Must be a match of regex '${NAME_PATTERN}'`);
  if (new Set(tags).size !== tags.length) refuseValue(field, tags.join(","), "Duplicate tags are not allowed.");
}

/**
 * 64 labels; keys begin with a lower-case letter or international character; lower case, digits, `_` and `-`; 63 characters.
 * https://cloud.google.com/compute/docs/labeling-resources#requirements
 */
export function checkLabels(field: string, labels: Labels): void {
  const entries = Object.entries(labels);
  if (entries.length > 64) refuseValue(field, entries.length, "There are more than 64 labels.");
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) || Buffer.byteLength(key) > 128)
      refuseValue(field, key, `Label key '${key}' violates format constraints.`);
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value) || Buffer.byteLength(value) > 128)
      refuseValue(
        field,
        value,
        `Label value '${value}' violates format constraints. The value can only contain lowercase letters, numeric characters, underscores and dashes. The value can be at most 63 characters long. International characters are allowed.`,
      );
  }
}

/** "The request ID must be a valid UUID with the exception that zero UUID is not supported." */
export function checkRequestId(value: string): void {
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value) || /^[0-]+$/.test(value))
    refuse(400, "invalid", `Invalid value for field 'requestId': '${value}'. Must be a valid non-zero UUID.`);
}

/** The fingerprint of no labels and of no tags. */
export const EMPTY_FINGERPRINT = "42WmSpB8rSM=";

/** "A hash of the contents stored in this object": 8 bytes in base 64. */
export function fingerprintOf(content: object | undefined): string {
  if (content === undefined || Object.keys(content).length === 0) return EMPTY_FINGERPRINT;
  return createHash("sha256").update(digestCanonically(content)).digest().subarray(0, 8).toString("base64");
}

export function checkFingerprint(given: string | undefined, current: string, message: string): void {
  if (given !== current) refuseStale(message);
}

/** A number of ten digits or less that is always the same for a name: a project's, a zone's. */
export function numberOf(text: string): string {
  let sum = 7;
  for (const char of text) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0;
  return String(1000 + mix(sum, text.length, 3));
}
