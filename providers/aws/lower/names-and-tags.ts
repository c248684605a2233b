// Names and tags of EC2 objects, and what EC2 allows in them. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { isDeferred, type PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { problem } from "./lowering-problems.ts";

const maxKey = 127;
const maxValue = 256;
/** EC2 allows 50; four are the ownership marks and one is `Name`. */
const maxTags = 45;
const anyCharacter = /./su;

/** The stack's tags and the resource's, with the `Name` that the console shows unless the author gave one. */
export function nameAndTags(context: LoweringContext, name = displayName(context)): NativeMap {
  return { Name: name, ...context.tags };
}

/** `shop-web-0`: what people see; nothing has to be unique. */
export function displayName(context: LoweringContext): string {
  return context.name({ length: maxValue, alphabet: anyCharacter });
}

/**
 * The name of a security group. Unique within its VPC without regard to case, hence small letters only; may not begin with `sg-`.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 */
export function groupName(context: LoweringContext, suffix = ""): string {
  const name = context.name({ length: 255 - "koine-".length - suffix.length, alphabet: /[a-z0-9 ._:/()#,@[\]+=&;{}!$*-]/ }) + suffix;
  return name.startsWith("sg-") ? `koine-${name}` : name;
}

/** Up to 255 printable ASCII characters. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html */
export function keyName(context: LoweringContext): string {
  return context.name({ length: 255, alphabet: /[!-~]/ });
}

const noTags: PropMap = {};
const none: readonly Diagnostic[] = [];
const firstOfGraph = new WeakMap<ResourceGraph, string>();

/** What EC2 would refuse in the tags of this resource. The stack's tags are judged once, at the first resource. */
export function checkTags(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const own = (resource.props.tags ?? noTags) as PropMap;
  const ofStack = context.stack.tags;
  const first = isFirst(resource, context.graph);
  if (!first && Object.keys(own).length === 0) return none;
  const problems = checkEach(own, context.place("tags"));
  if (first) problems.push(...checkEach(ofStack, context.stack.span));
  const count = new Set([...Object.keys(ofStack), ...Object.keys(own)].filter((key) => key !== "Name")).size;
  if (count > maxTags) {
    problems.push(
      problem(
        "K3012",
        Object.keys(own).length > 0 ? context.place("tags") : context.stack.span,
        `\`${resource.address}\` has ${count} tags, EC2 takes ${maxTags} besides those of Koine`,
        {
          hint: "drop some of the stack's tags or of its own",
        },
      ),
    );
  }
  return problems;
}

function isFirst(resource: PortableResource, graph: ResourceGraph): boolean {
  let first = firstOfGraph.get(graph);
  if (first === undefined) {
    for (const candidate of graph.resources.values()) {
      if (candidate.provider !== resource.provider) continue;
      first = candidate.address;
      break;
    }
    firstOfGraph.set(graph, first ?? resource.address);
  }
  return first === resource.address;
}

function checkEach(tags: PropMap, span: Span): Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const [key, value] of Object.entries(tags)) {
    const reserved = /^(aws|koine):/i.exec(key)?.[1]?.toLowerCase();
    if (reserved !== undefined) {
      const owner = reserved === "aws" ? "AWS" : "Koine's ownership marks";
      problems.push(
        problem("K3013", span, `the tag \`${key}\` begins with \`${reserved}:\`, which is reserved for ${owner}`, {
          hint: "give it another prefix",
        }),
      );
    }
    if (key === "") problems.push(problem("K3014", span, "a tag has an empty name", { hint: "give it a name of up to 127 characters" }));
    if ([...key].length > maxKey)
      problems.push(
        problem("K3014", span, `the name of the tag \`${key.slice(0, 32)}…\` is longer than ${maxKey} characters`, { hint: "shorten it" }),
      );
    if (typeof value === "string" && !isDeferred(value) && [...value].length > maxValue) {
      problems.push(
        problem("K3014", span, `the value of the tag \`${key}\` is longer than ${maxValue} characters`, { hint: "shorten it" }),
      );
    }
  }
  return problems;
}
