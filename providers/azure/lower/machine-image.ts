// The image of a machine: an alias of the catalog, pinned in koine.lock; a Marketplace image by its URN; an image by its id; or one of this stack. Pure.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { originOfImage } from "../../../grammar/kinds/image-origin.ts";
import { imageKey, reportUnknownImage } from "../../lowering/images.ts";
import { problem } from "../../lowering/problems.ts";
import { followRef, regionOf } from "../../lowering/read-props.ts";
import type { MarketplaceImage } from "../catalog/catalog-image.ts";
import { findImage, formatUrn, imageAliases, parseUrn, sortOfId, type Urn } from "../catalog/images.ts";

export interface MachineImage {
  readonly reference: NativeMap;
  readonly plan?: NativeMap;
  /** GiB of the image's own disk; 0 where that is not known. */
  readonly rootGib: number;
  readonly user: string;
  /** Whether it starts from NVMe disks. */
  readonly nvme: "yes" | "no" | "unknown";
  readonly trustedLaunch: "yes" | "no" | "unknown";
  readonly diagnostics: readonly Diagnostic[];
}

const gib = 1024 ** 3;
const usualUser = "azureuser";
const unknown = { rootGib: 0, user: usualUser, nvme: "unknown", trustedLaunch: "unknown", diagnostics: [] } as const;

/**
 * A managed image cannot say that it starts from NVMe disks (https://learn.microsoft.com/azure/virtual-machines/enable-nvme-remote-faqs), nor with trusted launch
 * (https://learn.microsoft.com/azure/virtual-machines/trusted-launch#unsupported-features).
 */
const managed = { ...unknown, nvme: "no", trustedLaunch: "no" } as const;

export function lowerImage(resource: PortableResource, context: LoweringContext): MachineImage {
  const image = readImage(resource, context);
  const { plan } = resource.refinement;
  if (typeof plan !== "string") return image;
  const parts = plan.split(":");
  const [publisher = "", product = "", name = ""] = parts;
  if (parts.length === 3 && publisher !== "" && product !== "" && name !== "") return { ...image, plan: { publisher, product, name } };
  const refused = problem("K3078", context.place("on.azure.plan"), `\`${plan}\` is no purchase plan`, {
    hint: 'write "PUBLISHER:PRODUCT:NAME", as `az vm image show` tells it',
  });
  return { ...image, diagnostics: [...image.diagnostics, refused] };
}

function readImage(resource: PortableResource, context: LoweringContext): MachineImage {
  const { image: written, arch = "x86_64" } = resource.props;
  if (isRef(written)) return { ...managed, reference: { id: context.native(written) }, ...readOwn(resource, context) };

  const name = String(written ?? "");
  const sort = sortOfId(name);
  if (sort) return { ...(sort === "managed" ? managed : unknown), reference: { id: name } };

  const urn = parseUrn(name);
  if (urn) return { ...unknown, reference: referTo(urn, name, String(arch), context) };

  const image = findImage(name);
  const found = image?.arch[String(arch)];
  if (!image || !found) {
    const otherwise = "a URN of the Marketplace, or an image by its id";
    const refused = reportUnknownImage(name, String(arch), { cloud: "Azure", aliases: imageAliases(), otherwise }, context.place("image"));
    return { ...unknown, reference: {}, diagnostics: [refused] };
  }
  return {
    reference: referTo({ ...found, version: "latest" }, name, String(arch), context),
    ...(image.plan ? { plan: planOf(found) } : {}),
    rootGib: image.rootGib,
    user: image.user,
    nvme: found.nvme ? "yes" : "unknown",
    trustedLaunch: found.trustedLaunch ? "yes" : "unknown",
    diagnostics: [],
  };
}

function planOf({ publisher, offer, sku }: MarketplaceImage): NativeMap {
  return { publisher, product: offer, name: sku };
}

/** The newest version is asked for once and pinned as a whole URN, which stays right when the catalog moves on to another SKU. */
function referTo({ publisher, offer, sku, version }: Urn, alias: string, arch: string, context: LoweringContext): NativeMap {
  if (version !== "latest") return { publisher, offer, sku, version };
  const region = regionOf(context);
  const key = imageKey(alias, region, arch);
  const pinned = parseUrn(context.pinned("image", key) ?? "");
  if (pinned) return { ...pinned };
  const parameters = { alias, region, arch, publisher, offer, sku };
  const asked: NativeValue = context.pin({ kind: "image", key, parameters });
  return { publisher, offer, sku, version: typeof asked === "string" ? formatUrn({ publisher, offer, sku, version: asked }) : asked };
}

/** What an image of this stack has from the machine it was made of: its first user, the size of its root, and the plan of the image that this one was made of. */
function readOwn(resource: PortableResource, context: LoweringContext): Pick<MachineImage, "user" | "rootGib" | "plan"> {
  const own = followRef(resource.props.image, context);
  const origin = own && originOfImage(context.graph, own);
  if (!origin) return { user: usualUser, rootGib: 0 };
  const { admin_user: named } = origin.machine.refinement;
  const size = origin.machine.blocks.disk?.root?.props.size;
  const image = findImage(origin.written ?? "");
  const sold = image?.plan ? image.arch[origin.arch] : undefined;
  return {
    user: typeof named === "string" ? named : (image?.user ?? usualUser),
    rootGib: typeof size === "number" ? Math.ceil(size / gib) : (image?.rootGib ?? 0),
    ...(sold ? { plan: planOf(sold) } : {}),
  };
}
