// Tags: their limits, and the bodies that carry them.
// https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations

import { refuse } from "./errors.ts";

const MOST_TAGS = 50;
const MOST_NAME = 512;
const MOST_VALUE = 256;

/** Throws the vendor's refusals. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS)
    refuse(
      "TooManyTags",
      `Too many tags on the resource/resource group. Requested tag count - '${entries.length}'. Maximum number of tags allowed - '${MOST_TAGS}'.`,
    );
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (seen.has(key)) refuse("DuplicateTagNames", `The tag name '${name}' is given twice: tag names are case-insensitive.`);
    seen.add(key);
    if (/[<>%&\\?/]/.test(name) || hasControl(name))
      refuse("InvalidTagNameCharacters", `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`);
    if (name === "" || name.length > MOST_NAME)
      refuse(
        "InvalidTagName",
        `Tag key too large. Following tag name '${name}' exceeded the maximum length. Maximum allowed length for tag name - '${MOST_NAME}' characters.`,
      );
    if (/^(?:microsoft|azure|windows)/i.test(name))
      refuse("TagNamePrefixReserved", `The tag name '${name}' has a prefix reserved for system use: 'microsoft', 'azure', 'windows'.`);
    if (value.length > MOST_VALUE)
      refuse(
        "InvalidTagValueLength",
        `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '${MOST_VALUE}' characters.`,
      );
  }
}

function hasControl(text: string): boolean {
  for (const character of text) if ((character.codePointAt(0) ?? 32) < 32) return true;
  return false;
}
