// Judges tags before the cloud does: those of the stack once, those of a resource at its place. What is allowed in one is the cloud's to say. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Code } from "../../grammar/diagnostics/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { isDeferred, type PropMap } from "../../grammar/graph/value.ts";
import type { Span } from "../../grammar/source/span.ts";
import { problem } from "./problems.ts";

export interface TagRules {
  /** As in messages: "EC2". */
  readonly cloud: string;
  /** How many the author may give, the stack's and the resource's own together. */
  readonly most: number;
  /** Names that do not count. */
  readonly free?: ReadonlySet<string>;
  /** What the cloud would refuse in one tag. `value` is absent where it is known only at apply. */
  readonly judge: (key: string, value: string | undefined) => readonly TagFlaw[];
}

export interface TagFlaw {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** A name that is empty or too long, and a value that is too long; lengths are counted by `measure`. */
export function judgeLengths(
  key: string,
  value: string | undefined,
  { name, value: most, measure }: { readonly name: number; readonly value: number; readonly measure: (text: string) => number },
): readonly TagFlaw[] {
  const flaws: TagFlaw[] = [];
  const refuse = (message: string, hint = "shorten it"): void => void flaws.push({ code: "K3014", message, hint });
  if (key === "") refuse("a tag has an empty name", `give it a name of up to ${name} characters`);
  if (measure(key) > name) refuse(`the name of the tag \`${key.slice(0, 32)}…\` is longer than ${name} characters`);
  if (value !== undefined && measure(value) > most) refuse(`the value of the tag \`${key}\` is longer than ${most} characters`);
  return flaws;
}

const noTags: PropMap = {};
const none: readonly Diagnostic[] = [];
const firstOfGraph = new WeakMap<ResourceGraph, Map<string, string>>();

/** What the cloud would refuse in the tags of this resource. The stack's tags are judged once for each provider, at its first resource. */
export function checkTags(resource: PortableResource, rules: TagRules, context: LoweringContext): readonly Diagnostic[] {
  const own = (resource.props.tags ?? noTags) as PropMap;
  const ofStack = context.stack.tags;
  const first = isFirst(resource, context.graph);
  if (!first && Object.keys(own).length === 0) return none;
  const problems = judgeEach(own, rules, context.place("tags"));
  if (first) problems.push(...judgeEach(ofStack, rules, context.stack.span));
  const count = new Set([...Object.keys(ofStack), ...Object.keys(own)].filter((key) => !rules.free?.has(key))).size;
  if (count > rules.most) {
    problems.push(
      problem(
        "K3012",
        Object.keys(own).length > 0 ? context.place("tags") : context.stack.span,
        `\`${resource.address}\` has ${count} tags, ${rules.cloud} takes ${rules.most} besides those of Koine`,
        {
          hint: "drop some of the stack's tags or of its own",
        },
      ),
    );
  }
  return problems;
}

function isFirst(resource: PortableResource, graph: ResourceGraph): boolean {
  let firsts = firstOfGraph.get(graph);
  if (!firsts) {
    firsts = new Map();
    for (const { provider, address } of graph.resources.values()) if (!firsts.has(provider)) firsts.set(provider, address);
    firstOfGraph.set(graph, firsts);
  }
  return firsts.get(resource.provider) === resource.address;
}

function judgeEach(tags: PropMap, rules: TagRules, span: Span): Diagnostic[] {
  return Object.entries(tags).flatMap(([key, value]) =>
    rules
      .judge(key, typeof value === "string" && !isDeferred(value) ? value : undefined)
      .map(({ code, message, hint }) => problem(code, span, message, { hint })),
  );
}
