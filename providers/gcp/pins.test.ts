import { expect, it } from "vitest";
import type { PinRequest } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Gce, Image } from "./operations.ts";
import { resolveGcePins } from "./pins.ts";

function cloudOf(families: Readonly<Record<string, Image>>) {
  const asked: unknown[] = [];
  const send = async (operation: string, input: { project?: string; family?: string }): Promise<unknown> => {
    asked.push([operation, input]);
    const image = families[`${input.project}/${input.family}`];
    if (image === undefined) throw new ProviderError("no such family", { code: "not_found", effect: "none" });
    return image;
  };
  return { asked, client: { send } as unknown as Pick<Gce, "send"> };
}

const request = (family: string, arch = "x86_64", kind: PinRequest["kind"] = "image"): PinRequest => ({
  cloud: "gcp",
  provider: "gcp",
  kind,
  key: `debian-12/europe-west1/${arch}`,
  parameters: { alias: "debian-12", project: "debian-cloud", family, arch, region: "europe-west1" },
});

const link = "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images";
const image = { name: "debian-12-v20260101", selfLink: `${link}/debian-12-v20260101`, creationTimestamp: "2026-01-01T10:00:00.000-08:00" };
const signal = AbortSignal.timeout(5_000);

it("answers with the exact image that a family stands for now", async () => {
  const { client, asked } = cloudOf({ "debian-cloud/debian-12": { ...image, architecture: "X86_64" } });
  const [answer] = await resolveGcePins(client, [request("debian-12")], signal);
  expect(answer?.answer).toEqual({
    id: "projects/debian-cloud/global/images/debian-12-v20260101",
    name: "debian-12-v20260101",
    date: "2026-01-01",
  });
  expect(asked).toEqual([["images.getFromFamily", { project: "debian-cloud", family: "debian-12" }]]);
});

it("says so where a family is empty, or for another architecture", async () => {
  const { client } = cloudOf({ "debian-cloud/arm": { ...image, architecture: "ARM64" } });
  const answers = await resolveGcePins(client, [request("none"), request("arm"), request("arm", "arm64")], signal);
  expect(answers.map(({ answer }) => ("mistake" in answer ? answer.mistake : answer.id))).toEqual([
    "the project debian-cloud has no image in the family `none` (`debian-12`, x86_64)",
    "the newest image of the family `arm` of debian-cloud is for ARM64, not for x86_64 (`debian-12`)",
    "projects/debian-cloud/global/images/debian-12-v20260101",
  ]);
});

it("cannot be asked for what is no image, and throws what the cloud refuses", async () => {
  const { client } = cloudOf({});
  const [answer] = await resolveGcePins(client, [request("none", "x86_64", "size")], signal);
  expect(answer?.answer).toMatchObject({ mistake: "Google Cloud cannot be asked for a size" });
  const refusing = { send: () => Promise.reject(new ProviderError("no", { code: "denied", effect: "none" })) } as unknown as Pick<
    Gce,
    "send"
  >;
  await expect(resolveGcePins(refusing, [request("debian-12")], signal)).rejects.toMatchObject({ details: { code: "denied" } });
});
