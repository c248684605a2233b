// The tag requests that all taggable types share. Both set a state and may be repeated.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html

import { map, texts } from "../handlers/body.ts";
import type { Request } from "../handlers/request.ts";
import { writeMarks, writeUserTags } from "./marks.ts";
import type { Ec2, Ec2Call } from "./operations.ts";

export const tagRequests: Readonly<Record<string, Request<Ec2>>> = {
  async CreateTags(call, body, step) {
    const tags = [...writeUserTags(map(body, "Tags")), ...(step.marks === true ? writeMarks(call.marks) : [])];
    await call.client.send("CreateTags", { Resources: resources(call, texts(body, "Resources")), Tags: tags }, call.signal);
    return {};
  },

  async DeleteTags(call, body) {
    const keys = texts(body, "Keys").map((Key) => ({ Key }));
    await call.client.send("DeleteTags", { Resources: resources(call, texts(body, "Resources")), Tags: keys }, call.signal);
    return {};
  },
};

function resources(call: Ec2Call, children: readonly string[]): string[] {
  if (call.id === undefined) throw new Error("tags are written on an object without its id");
  return [call.id.id, ...children];
}
