// Images on Azure: aliases of the catalog, and what the other ways to name one say of it. Pure; which version an alias stands for is asked of the cloud by pins.ts.
// https://learn.microsoft.com/azure/virtual-machines/linux/cli-ps-findimage

import type { CatalogImage } from "./catalog-image.ts";
import { imageRows } from "./images.generated.ts";

/** `publisher:offer:sku:version`, the four parts by which the Marketplace knows an image. */
export interface Urn {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

export function findImage(alias: string): CatalogImage | undefined {
  return Object.hasOwn(imageRows, alias) ? imageRows[alias] : undefined;
}

export function imageAliases(): readonly string[] {
  return Object.keys(imageRows);
}

/** Undefined for what is no URN. */
export function parseUrn(text: string): Urn | undefined {
  const [publisher = "", offer = "", sku = "", version = "", ...rest] = text.split(":");
  const parts = [publisher, offer, sku, version];
  return rest.length === 0 && parts.every((part) => /^[\w.-]+$/.test(part)) ? { publisher, offer, sku, version } : undefined;
}

export function formatUrn({ publisher, offer, sku, version }: Urn): string {
  return [publisher, offer, sku, version].join(":");
}

const groupOf = "/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft.Compute";
const managedImage = new RegExp(`^${groupOf}/images/[^/]+$`, "i");
const galleryImage = new RegExp(`^${groupOf}/galleries/[^/]+/images/[^/]+(/versions/[^/]+)?$`, "i");
const sharedImage = /^\/(SharedGalleries|CommunityGalleries)\/[^/]+\/images\/[^/]+(\/versions\/[^/]+)?$/i;

/** Which sort of image an id of Azure Resource Manager names: one of the subscription's own, or one of a gallery; undefined for what is no id of an image. */
export function sortOfId(id: string): "managed" | "gallery" | undefined {
  if (managedImage.test(id)) return "managed";
  return galleryImage.test(id) || sharedImage.test(id) ? "gallery" : undefined;
}
