// What Azure allows in tags. Pure.
// https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import type { PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { problem } from "../../lowering/problems.ts";
import { checkTags as checkTagsBy, judgeLengths, type TagFlaw, type TagRules } from "../../lowering/tags.ts";

const lengths = { name: 512, value: 256, measure: (text: string) => text.length };

/** Azure allows 50; five are the ownership marks. */
const rules: TagRules = { cloud: "Azure", most: 45, judge: judgeTag };

/** What Azure would refuse in the tags of this resource. */
export function checkTags(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  return [...checkTagsBy(resource, rules, context), ...checkCase(resource, context)];
}

function judgeTag(name: string, value: string | undefined): readonly TagFlaw[] {
  const flaws: TagFlaw[] = [];
  const reserved = /^(koine-|microsoft|azure|windows)/i.exec(name)?.[1]?.toLowerCase();
  if (reserved !== undefined) {
    const owner = reserved === "koine-" ? "Koine's ownership marks" : "Azure";
    flaws.push({
      code: "K3013",
      message: `the tag \`${name}\` begins with \`${reserved}\`, which is reserved for ${owner}`,
      hint: "give it another prefix",
    });
  }
  const [refused] = /[<>%&\\?/]/.exec(name) ?? [];
  if (refused !== undefined) {
    const message = `the name of the tag \`${name}\` has the character \`${refused}\`, which Azure does not take`;
    flaws.push({ code: "K3014", message, hint: "leave out < > % & \\ ? and /" });
  }
  return [...flaws, ...judgeLengths(name, value, lengths)];
}

/** To Azure, `Team` and `team` are one tag: one of the two values would be lost. */
function checkCase(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const own = Object.keys((resource.props.tags ?? {}) as PropMap);
  return own.length === 0 ? [] : compareCase([...Object.keys(context.stack.tags), ...own], context.place("tags"));
}

/** The stack's tags among themselves: judged once, where they are first written. */
export function checkStackTags({ stack }: LoweringContext): readonly Diagnostic[] {
  return compareCase(Object.keys(stack.tags), stack.span);
}

function compareCase(names: readonly string[], span: Span): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  for (const name of names) {
    const known = seen.get(name.toLowerCase()) ?? name;
    if (known !== name) {
      const message = `the tags \`${known}\` and \`${name}\` differ in case alone, and are one to Azure`;
      return [problem("K3071", span, message, { hint: `write \`${known}\` in both places, or rename one` })];
    }
    seen.set(name.toLowerCase(), name);
  }
  return [];
}
