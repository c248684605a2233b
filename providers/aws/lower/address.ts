// address on aws: an Elastic IP. Its association is made with the machine that uses it.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkTags, nameAndTags } from "./names-and-tags.ts";

export const lowerAddress: Lowering = (resource, context) => {
  const eip = context.object("eip", "aws.ec2.Eip", { Domain: "vpc", Tags: nameAndTags(context) }, { from: { Tags: "tags" } });
  return { objects: [eip.object], outputs: { ip: eip.ref("PublicIp") }, diagnostics: checkTags(resource, context) };
};
