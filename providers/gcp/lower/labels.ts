// Tags as Google Cloud's labels, and what it allows in them. Networks, subnetworks, firewall rules and routers have none. Pure.
// https://cloud.google.com/compute/docs/labeling-resources#requirements

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { checkTags as checkTagsBy, type TagFlaw, type TagRules } from "../../lowering/tags.ts";

const longest = 63;

/** 64 on an object; up to five are the ownership marks. */
const rules: TagRules = { cloud: "Google Cloud", most: 59, judge: judgeLabel };

/** What Google Cloud would refuse in the tags of this resource. */
export function checkLabels(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  return checkTagsBy(resource, rules, context);
}

function judgeLabel(key: string, value: string | undefined): readonly TagFlaw[] {
  const flaws: TagFlaw[] = [];
  const reserved = /^(goog|koine)-/i.exec(key)?.[1]?.toLowerCase();
  if (reserved !== undefined) {
    const owner = reserved === "goog" ? "Google Cloud" : "Koine's ownership marks";
    flaws.push({
      code: "K3013",
      message: `the tag \`${key}\` begins with \`${reserved}-\`, which is reserved for ${owner}`,
      hint: "give it another prefix",
    });
  }
  if (!/^[\p{Ll}\p{Lo}]/u.test(key)) {
    const message = key === "" ? "a tag has an empty name" : `the name of the tag \`${key}\` does not begin with a small letter`;
    flaws.push({ code: "K3014", message: `${message}, as labels of Google Cloud do`, hint: suggestWord(key, "give it a name such as") });
  } else if (strangerIn(key) !== undefined) {
    const message = `the name of the tag \`${key}\` has the character \`${strangerIn(key)}\`, which no label of Google Cloud has`;
    flaws.push({ code: "K3014", message, hint: suggestWord(key, "write") });
  }
  if (value !== undefined && strangerIn(value) !== undefined) {
    const message = `the value of the tag \`${key}\` has the character \`${strangerIn(value)}\`, which no label of Google Cloud has`;
    flaws.push({ code: "K3014", message, hint: suggestWord(value, "write") });
  }
  for (const [what, text] of [
    ["name", key],
    ["value", value ?? ""],
  ] as const) {
    if ([...text].length <= longest) continue;
    const message = `the ${what} of the tag \`${key.slice(0, 32)}${key.length > 32 ? "…" : ""}\` is longer than ${longest} characters`;
    flaws.push({ code: "K3014", message, hint: "shorten it" });
  }
  return flaws;
}

/** The first character that a label may not have: small letters, letters without case, digits, `_` and `-` it may. */
function strangerIn(text: string): string | undefined {
  return [...text].find((character) => !/^[\p{Ll}\p{Lo}\p{N}_-]$/u.test(character));
}

function suggestWord(text: string, lead: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^\p{Ll}\p{Lo}\p{N}_-]+/gu, "-")
    .replace(/^[^\p{Ll}\p{Lo}]+/u, "");
  return word === ""
    ? "labels have small letters, digits, `_` and `-`"
    : `${lead} "${word}": labels have small letters, digits, \`_\` and \`-\``;
}
