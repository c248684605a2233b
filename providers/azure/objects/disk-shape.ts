// What is the same for a disk of its own and for one that belongs to a machine: how it is changed, and what cannot be. Pure but for the request.
// https://learn.microsoft.com/rest/api/compute/disks/update

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { Ack } from "../../../engine/provider/provider.ts";
import { known, text, whole } from "../../handlers/body.ts";
import { canonicalId, namesIn } from "../arm-id.ts";
import { type Json, numberAt, textAt } from "../json.ts";
import type { ArmCall } from "../reads.ts";
import { acknowledge } from "../requests.ts";

/** Why a change of size needs another disk. https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks */
export function shrinks(from: NativeValue, to: NativeValue): string | undefined {
  return typeof from === "number" && typeof to === "number" && to < from
    ? `a disk cannot shrink: ${from} GiB to ${to} GiB needs a new one`
    : undefined;
}

/**
 * Whether a disk can only grow while its machine is deallocated: those of up to 4 TiB cannot pass that size under a running one.
 * https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks#expand-without-downtime
 */
export function growsOffline(from: NativeValue | undefined, to: NativeValue | undefined): boolean {
  return typeof from === "number" && typeof to === "number" && from <= 4_095 && to > 4_095;
}

/** What Azure takes besides size and sort, and only of PremiumV2. https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-v2 */
export const performance = ["diskIOPSReadWrite", "diskMBpsReadWrite"] as const;

/** What comes with every disk of PremiumV2. */
export const includedPerformance = { diskIOPSReadWrite: 3_000, diskMBpsReadWrite: 125 } as const;

/** Operations and throughput as a body names them. */
export function writePerformance(body: NativeMap): Json {
  return known(Object.fromEntries(performance.map((name) => [name, whole(body, name)])));
}

/** Changes size, sort or performance by PATCH. */
export async function changeDisk(call: ArmCall, id: string, body: NativeMap): Promise<Ack> {
  const sku = text(body, "sku");
  const properties = known({ diskSizeGB: whole(body, "diskSizeGB"), ...writePerformance(body) });
  const change = {
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(sku === undefined ? {} : { sku: { name: sku } }),
  };
  try {
    return acknowledge(await call.client.send("disks.update", { at: namesIn(id), body: change }, call.signal));
  } catch (error) {
    throw explainRunning(error);
  }
}

/** https://learn.microsoft.com/azure/virtual-machines/disks-convert-types */
function explainRunning(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.details.vendorCode !== "OperationNotAllowed") return error;
  if (error.details.code !== "dependency") return error;
  const hint = 'a running machine holds the disk; set `power = "off"` on it, apply, and change the disk then';
  return new ProviderError(error.message, { ...error.details, code: "invalid", hint }, error);
}

/** A disk as its row in a list shows it. */
export function describeDisk(resource: Json): {
  readonly id: string;
  readonly size: number | undefined;
  readonly sku: string | undefined;
  readonly holder: string | undefined;
} {
  const holder = textAt(resource, "managedBy");
  return {
    id: canonicalId(textAt(resource, "id") ?? ""),
    size: numberAt(resource, "properties", "diskSizeGB"),
    sku: textAt(resource, "sku", "name"),
    holder: holder === undefined ? undefined : canonicalId(holder),
  };
}

/** What a disk or a snapshot was copied of. */
export function sourceOf(resource: Json): string | undefined {
  const source = textAt(resource, "properties", "creationData", "sourceResourceId");
  return source === undefined ? undefined : canonicalId(source);
}
