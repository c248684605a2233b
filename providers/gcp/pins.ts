// Answers pins by asking Compute Engine: the image that a family stands for now. Read calls only; a family that holds nothing is an answer, not a throw.
// https://cloud.google.com/compute/docs/images/image-families-best-practices

import type { PinRequest } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { PinAnswer } from "../../engine/provider/provider.ts";
import { answerPins } from "../handlers/answer-pins.ts";
import type { Gce, Image } from "./operations.ts";
import { nameOf, pathOf } from "./paths.ts";

/** Answers each request, in the given order. Throws `ProviderError` when the cloud cannot be asked. */
export async function resolveGcePins(
  client: Pick<Gce, "send">,
  requests: readonly PinRequest[],
  signal: AbortSignal,
): Promise<readonly PinAnswer[]> {
  return answerPins(requests, (request) => answerOne(client, request, signal));
}

async function answerOne(client: Pick<Gce, "send">, request: PinRequest, signal: AbortSignal): Promise<PinAnswer["answer"]> {
  if (request.kind !== "image") {
    return { mistake: `Google Cloud cannot be asked for a ${request.kind}`, hint: "run `koine lock` to choose it from the catalog" };
  }
  const { alias = "", project = "", family = "", arch = "" } = request.parameters;
  const image = await readNewest(client, project, family, signal);
  const named = image === undefined ? undefined : describeImage(image);
  const offered = image?.architecture;
  if (named !== undefined && (!offered || offered === (architectures[arch] ?? arch))) return named;
  return {
    mistake:
      named === undefined
        ? `the project ${project} has no image in the family \`${family}\` (\`${alias}\`, ${arch})`
        : `the newest image of the family \`${family}\` of ${project} is for ${offered}, not for ${arch} (\`${alias}\`)`,
    hint: "name another alias, or an image by its path: projects/P/global/images/NAME",
  };
}

/** Compute Engine's words for architectures. https://cloud.google.com/compute/docs/reference/rest/v1/images (architecture) */
const architectures: Readonly<Record<string, string>> = { x86_64: "X86_64", arm64: "ARM64", aarch64: "ARM64" };

/** The newest image of a family that is not deprecated: the cloud itself chooses it. https://cloud.google.com/compute/docs/reference/rest/v1/images/getFromFamily */
async function readNewest(client: Pick<Gce, "send">, project: string, family: string, signal: AbortSignal): Promise<Image | undefined> {
  try {
    return await client.send("images.getFromFamily", { project, family }, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.details.code === "not_found") return undefined;
    throw error;
  }
}

function describeImage(image: Image): PinAnswer["answer"] | undefined {
  if (!image.selfLink) return undefined;
  const id = pathOf(image.selfLink);
  return { id, name: image.name ?? nameOf(id), date: image.creationTimestamp?.slice(0, 10) ?? "" };
}
