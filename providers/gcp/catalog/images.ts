// Image aliases on Google Compute Engine, and what is known of an image that is named by its path. Pure; which image a family stands for is asked of the
// cloud by the provider.

import type { CatalogImage } from "./catalog-image.ts";
import { imageRows } from "./images.generated.ts";

export function findImage(alias: string): CatalogImage | undefined {
  return Object.hasOwn(imageRows, alias) ? imageRows[alias] : undefined;
}

export function imageAliases(): readonly string[] {
  return Object.keys(imageRows);
}

/** `projects/my-project/global/images/base-1`: taken as it is. A family is not one image, and can be no path. */
export function isImagePath(image: string): boolean {
  return /^projects\/[a-z0-9.:-]+\/global\/images\/[a-z]([-a-z0-9]*[a-z0-9])?$/.test(image);
}
