// Answers pins by asking EC2: the newest image behind an alias. Read calls only; an alias that matches nothing is an answer, not a throw.

import type { DescribeImagesCommandInput, Image } from "@aws-sdk/client-ec2";
import type { PinRequest } from "../../engine/lower/native-value.ts";
import type { PinAnswer } from "../../engine/provider/provider.ts";
import { answerPins } from "../handlers/answer-pins.ts";
import type { Ec2 } from "./operations.ts";

/**
 * Answers each request, in the given order. Images are asked one alias at a time: owner, name and architecture are filters, so the cloud sends only candidates.
 * Throws `ProviderError` when the cloud cannot be asked.
 */
export async function resolveAwsPins(
  client: Pick<Ec2, "send">,
  requests: readonly PinRequest[],
  signal: AbortSignal,
): Promise<readonly PinAnswer[]> {
  return answerPins(requests, (request) => resolveOne(client, request, signal));
}

async function resolveOne(client: Pick<Ec2, "send">, request: PinRequest, signal: AbortSignal): Promise<PinAnswer["answer"]> {
  if (request.kind !== "image")
    return { mistake: `AWS cannot be asked for a ${request.kind}`, hint: "run `koine lock` to choose it from the catalog" };
  const { alias = "", region = "", arch = "", owner = "", name = "" } = request.parameters;
  const newest = pickNewest(await readImages(client, { owner, name, arch }, signal));
  if (newest?.ImageId !== undefined) {
    return { id: newest.ImageId, name: newest.Name ?? newest.ImageId, date: newest.CreationDate?.slice(0, 10) ?? "" };
  }
  return {
    mistake: `no image of the owner ${owner} in ${region} is named \`${name}\` (\`${alias}\`, ${arch})`,
    hint: "name another alias, or an AMI of the region by its id",
  };
}

/** Deprecated images are left out by EC2 unless asked for. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
async function readImages(
  client: Pick<Ec2, "send">,
  { owner, name, arch }: { readonly owner: string; readonly name: string; readonly arch: string },
  signal: AbortSignal,
): Promise<readonly Image[]> {
  const images: Image[] = [];
  const input: DescribeImagesCommandInput = {
    Owners: [owner],
    Filters: [
      { Name: "name", Values: [name] },
      { Name: "architecture", Values: [arch] },
      { Name: "state", Values: ["available"] },
      { Name: "root-device-type", Values: ["ebs"] },
      { Name: "virtualization-type", Values: ["hvm"] },
    ],
  };
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const page = await client.send("DescribeImages", token === undefined ? input : { ...input, NextToken: token }, signal);
    images.push(...(page.Images ?? []));
    token = page.NextToken === "" ? undefined : page.NextToken;
  }
  return images;
}

/** Newest by creation date, of equals the greatest id, so that the answer does not depend on the order of the list. */
function pickNewest(images: readonly Image[]): Image | undefined {
  let newest: Image | undefined;
  for (const image of images) {
    if (image.ImageId === undefined) continue;
    if (!newest || rank(image) > rank(newest)) newest = image;
  }
  return newest;
}

function rank(image: Image): string {
  return `${image.CreationDate ?? ""} ${image.ImageId ?? ""}`;
}
