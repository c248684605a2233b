// Names and tags of EC2 objects, and what EC2 allows in them. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { checkTags as checkTagsBy, judgeLengths, type TagFlaw, type TagRules } from "../../lowering/tags.ts";

const lengths = { name: 127, value: 256, measure: (text: string) => [...text].length };
/** EC2 allows 50; four are the ownership marks and one is `Name`. */
const maxTags = 45;
const anyCharacter = /./su;

/** The stack's tags and the resource's, with the `Name` that the console shows unless the author gave one. */
export function nameAndTags(context: LoweringContext, name = displayName(context)): NativeMap {
  return { Name: name, ...context.tags };
}

/** `shop-web-0`: what people see; nothing has to be unique. */
export function displayName(context: LoweringContext): string {
  return context.name({ length: lengths.value, alphabet: anyCharacter });
}

/**
 * The name of a security group. Unique within its VPC without regard to case, hence small letters only; may not begin with `sg-`.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 */
export function groupName(context: LoweringContext, suffix = ""): string {
  const name = context.name({ length: 255 - "koine-".length - suffix.length, alphabet: /[a-z0-9 ._:/()#,@[\]+=&;{}!$*-]/ }) + suffix;
  return name.startsWith("sg-") ? `koine-${name}` : name;
}

/** 3 to 128 characters, unique in the account and region. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html */
export function imageName(context: LoweringContext): string {
  return context.name({ length: 124, alphabet: /[A-Za-z0-9()[\] ./\-'@_]/ });
}

/** Up to 255 printable ASCII characters. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html */
export function keyName(context: LoweringContext): string {
  return context.name({ length: 255, alphabet: /[!-~]/ });
}

const rules: TagRules = { cloud: "EC2", most: maxTags, free: new Set(["Name"]), judge: judgeTag };

/** What EC2 would refuse in the tags of this resource. */
export function checkTags(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  return checkTagsBy(resource, rules, context);
}

function judgeTag(key: string, value: string | undefined): readonly TagFlaw[] {
  const flaws: TagFlaw[] = [];
  const reserved = /^(aws|koine):/i.exec(key)?.[1]?.toLowerCase();
  if (reserved !== undefined) {
    const owner = reserved === "aws" ? "AWS" : "Koine's ownership marks";
    flaws.push({
      code: "K3013",
      message: `the tag \`${key}\` begins with \`${reserved}:\`, which is reserved for ${owner}`,
      hint: "give it another prefix",
    });
  }
  return [...flaws, ...judgeLengths(key, value, lengths)];
}
