// Answers pins by asking Azure: the newest version of a Marketplace image. Read calls only; an alias that matches nothing is an answer, not a
// throw.

import type { NativeValue, PinRequest } from "../../engine/lower/native-value.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { PinAnswer } from "../../engine/provider/provider.ts";
import { answerPins } from "../handlers/answer-pins.ts";
import { isMap } from "../handlers/body.ts";
import { formatUrn } from "./catalog/images.ts";
import { textAt } from "./json.ts";
import type { Arm } from "./operations.ts";

/** Answers each request, in the given order. Throws `ProviderError` when the cloud cannot be asked. */
export function resolveAzurePins(
  client: Pick<Arm, "send">,
  requests: readonly PinRequest[],
  signal: AbortSignal,
): Promise<readonly PinAnswer[]> {
  return answerPins(requests, (request) => resolveOne(client, request, signal));
}

async function resolveOne(client: Pick<Arm, "send">, request: PinRequest, signal: AbortSignal): Promise<PinAnswer["answer"]> {
  if (request.kind !== "image") {
    return { mistake: `Azure cannot be asked for a ${request.kind}`, hint: "run `koine lock` to choose it from the catalog" };
  }
  const { alias = "", region = "", arch = "", publisher = "", offer = "", sku = "" } = request.parameters;
  const newest = pickNewest(await readVersions(client, [region, publisher, offer, sku], signal));
  if (newest !== undefined) {
    const id = formatUrn({ publisher, offer, sku, version: newest });
    return { id, name: id, date: dateIn(newest) };
  }
  return {
    mistake: `${publisher} offers no image \`${offer}:${sku}\` in ${region} (\`${alias}\`, ${arch})`,
    hint: "name another alias, or an image by its URN: `az vm image list --all`",
  };
}

/** The answer is a bare list. https://learn.microsoft.com/rest/api/compute/virtual-machine-images/list */
async function readVersions(client: Pick<Arm, "send">, at: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { body } = await client.send("virtualMachineImages.list", { at }, signal);
    const list: NativeValue = body.value ?? [];
    return Array.isArray(list) ? list.flatMap((each: NativeValue) => (isMap(each) ? (textAt(each, "name") ?? []) : [])) : [];
  } catch (error) {
    // A publisher, offer or SKU that the region does not have.
    if (error instanceof ProviderError && ["not_found", "invalid"].includes(error.details.code)) return [];
    throw error;
  }
}

/** Versions are numbers between points. */
function pickNewest(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => /^\d+(\.\d+)+$/.test(version))
    .toSorted(compareVersions)
    .at(-1);
}

function compareVersions(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Most publishers write the day into one of the numbers: `24.04.202510010`, `0.20250814.2204`. */
function dateIn(version: string): string {
  const [, year, month, day] = /\.(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])/.exec(version) ?? [];
  return year === undefined ? "" : `${year}-${month}-${day}`;
}
